package gateway_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences/address"
)

// edited makes a call with an If-Match, and gives the status, the ETag and what the answer says.
func (r *rig) edited(method, path, tag string, body any) (status int, etag, said string) {
	r.t.Helper()
	b, err := json.Marshal(body)
	require.NoError(r.t, err)
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.base+"/api/v1"+path, strings.NewReader(string(b)))
	require.NoError(r.t, err)
	req.Header.Set("Authorization", "Bearer "+apiToken)
	if method != http.MethodGet && body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if tag != "" {
		req.Header.Set("If-Match", tag)
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(r.t, err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(r.t, err)
	return resp.StatusCode, resp.Header.Get("ETag"), string(raw)
}

// Of writers at the same moment who have seen the same, one wins, and each of the others is told what is another by now.
func TestOfWritersAtOnceOneWins(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.contact(lan, "Lan")
	_, seen, _ := r.edited(http.MethodGet, "/contacts/"+id, "", nil)
	var (
		wg  sync.WaitGroup
		mu  sync.Mutex
		won int
	)
	for i := range 8 {
		wg.Go(func() {
			status, tag, said := r.edited(http.MethodPut, "/contacts", seen, m{"addresses": []string{"tel:" + lan}, "facts": m{"writer": i}})
			mu.Lock()
			defer mu.Unlock()
			if status == http.StatusOK {
				won++
				return
			}
			if status != http.StatusPreconditionFailed || !strings.Contains(said, "facts.writer") || tag == seen {
				t.Errorf("%d %s %s", status, tag, said)
			}
		})
	}
	wg.Wait()
	require.Equal(t, 1, won)
	require.Equal(t, 2, count(r.ledger(id), "contact.edited", ""), "by which they were made, and by the one who won")
}

// A contact that was changed after somebody looked is neither edited, corrected nor erased by them.
func TestAContactThatHasChangedIsLeftAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.contact(lan, "Lan")
	c, ctx := r.g.Control, asAdmin(t, "Hoa")
	v, err := c.Contact(ctx, id)
	require.NoError(t, err)
	name := func(s string, seen time.Time) error {
		_, _, err := c.Upsert(ctx, campaigns.ContactEdit{Addresses: []address.Address{tel(lan)}, Name: &s, Seen: seen})
		return err
	}
	require.NoError(t, name("Lan Anh", v.Updated))
	var conflict *control.ContactConflict
	require.ErrorAs(t, name("Lan Chi", v.Updated), &conflict)
	require.Equal(t, []string{"name"}, conflict.Since)
	require.Equal(t, "Lan Anh", conflict.Now.Name)
	_, err = c.Correct(ctx, id, control.Correction{Attribute: "style", Value: json.RawMessage(`"office"`), Why: "she rang", Seen: v.Updated})
	require.ErrorAs(t, err, &conflict)
	require.ErrorAs(t, c.Erase(ctx, id, v.Updated), &conflict)

	now, err := c.Contact(ctx, id)
	require.Equal(t, "Lan Anh", now.Name)
	require.NoError(t, err)
	require.NoError(t, c.Erase(ctx, id, now.Updated))
	require.ErrorIs(t, name("Lan", now.Updated), control.ErrNotFound, "nobody is made anew by an edit of somebody")
	_, known := r.byPhone(lan)
	require.False(t, known)
	status, _, said := r.edited(http.MethodPut, "/contacts", `"u1.x"`, m{"addresses": []string{"tel:" + lan}})
	require.Equal(t, http.StatusPreconditionFailed, status, said)
}

// A user who was changed after an administrator looked is not removed by them.
func TestAUserThatHasChangedIsNotRemoved(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c, ctx := r.g.Control, asAdmin(t, "Hoa")
	_, err := c.Invite(ctx, control.User{Name: "mai", Role: access.Agent})
	require.NoError(t, err)
	u, err := c.User(ctx, "mai")
	require.NoError(t, err)
	_, err = c.ChangeUser(ctx, control.User{Name: "mai", Role: access.Admin, Revision: u.Revision})
	require.NoError(t, err)
	require.ErrorIs(t, c.RemoveUser(ctx, "mai", u.Revision), control.ErrUserChanged)
	_, err = c.User(ctx, "mai")
	require.NoError(t, err)
}

// Whoever has seen a file in force does not put it in force again once somebody has taken it out, though its version is the same.
func TestAFileThatWasTakenOutIsLeftAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.g.Control
	r.save("thanks.yaml", "offer: thanks\ntext: {vi: \"Cảm ơn ạ.\"}\n", 0, "lan")
	d := r.publish("thanks.yaml", 1)
	seen := control.FileSeen{Version: 1, Revision: d.Revision()}
	_, err := c.UnpublishFile(as(t, "minh"), "thanks.yaml", seen)
	require.NoError(t, err)
	var conflict *control.FileConflict
	_, err = c.PublishFile(as(t, "lan"), control.PublishOrder{Name: "thanks.yaml", Version: 1, Revision: seen.Revision})
	require.ErrorAs(t, err, &conflict)
	require.Equal(t, control.Draft, conflict.Theirs.State)
	_, err = c.ArchiveFile(as(t, "lan"), "thanks.yaml", seen)
	require.ErrorAs(t, err, &conflict)
	_, err = c.RestoreFile(as(t, "lan"), "thanks.yaml", 1, seen)
	require.ErrorAs(t, err, &conflict)
	_, err = c.SaveFile(as(t, "lan"), control.FileEdit{Name: "thanks.yaml", Text: "offer: thanks\ntext: {vi: \"Xin cảm ơn ạ.\"}\n", Was: 1, Revision: seen.Revision})
	require.ErrorAs(t, err, &conflict)
}

// Who is invited again keeps their role until somebody changes it, and the record of changes says that one.
func TestAnotherInvitationChangesNoRole(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c, ctx := r.g.Control, asAdmin(t, "hoa")
	for _, asked := range []access.Role{access.Agent, access.Admin} {
		_, err := c.Invite(ctx, control.User{Name: "mai", Role: asked})
		require.NoError(t, err)
	}
	u, err := c.User(ctx, "mai")
	require.NoError(t, err)
	require.Equal(t, access.Agent, u.Role)
	changes, err := c.Changes(ctx, "", 10)
	require.NoError(t, err)
	var said []string
	for _, x := range changes {
		if x.Action == "invited" && x.Of == "mai" {
			said = append(said, x.Detail)
		}
	}
	require.Equal(t, []string{"agent", "agent"}, said)
}
