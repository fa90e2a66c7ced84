package gateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hoidap/hoidap/gateway/record"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters/twilio/fake"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences"
)

// asAdmin is a context of somebody who may answer customers, and do more.
func asAdmin(t *testing.T, name string) context.Context {
	return access.As(t.Context(), access.Caller{Name: name, Role: access.Admin})
}

// unclear asks somebody and has them answer in a way that nobody understands, until a person has to look. It returns who
// it is, and the item.
func unclear(r *rig) (id string, item control.InboxEntry) {
	r.t.Helper()
	id = r.contact(lan, "Lan")
	r.run("style")
	r.phone(lan, 1)
	for i, text := range []string{"em ơi đồ để mặc chỗ nghiêm túc ấy", "thì đồ để mặc chỗ nghiêm túc ấy em", "chỗ nghiêm túc mặc áo gì được thì lấy"} {
		r.reply(lan, text)
		r.phone(lan, i+2)
	}
	r.settled(id, func(es []entryView) bool {
		return count(es, "inbox.added", "unclear") == 1 && count(es, "message.sent", "") == 4
	})
	page, next, err := r.g.Control.InboxPage(r.t.Context(), "unclear", "", 10)
	require.NoError(r.t, err)
	require.Empty(r.t, next)
	require.Len(r.t, page, 1)
	return id, page[0]
}

// What nobody understood is settled by a person: the evidence is all that the customer wrote, and the talk goes on.
func TestAPersonSettlesWhatNobodyUnderstood(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id, item := unclear(r)
	c, ctx := r.g.Control, asAdmin(t, "Hoa")
	require.Equal(t, "Lan", item.Name)
	require.Equal(t, "chỗ nghiêm túc mặc áo gì được thì lấy", item.Text)
	v, err := c.InboxItem(ctx, id, item.ID)
	require.NoError(t, err)
	require.Equal(t, "Chị Lan thích phong cách nào?", v.Pending.Text)
	require.Equal(t, []string{"Thể thao", "Công sở"}, v.Pending.Options)
	require.Equal(t, "sms", v.Writable.Account)
	var meant *campaigns.Suggestion
	for i, s := range v.Suggestions {
		if s.Value.Text == "office" {
			meant = &v.Suggestions[i]
		}
	}
	require.NotNil(t, meant, "%+v", v.Suggestions)
	require.Equal(t, "Công sở", meant.Label)
	require.True(t, v.Suggestions[len(v.Suggestions)-1].Declined)
	read, err := c.ReadAs(ctx, id, item.ID, "công sở nha")
	require.NoError(t, err)
	require.Equal(t, "office", read.Value.Text)
	_, err = c.ReadAs(ctx, id, item.ID, "blah blah gì đó")
	require.ErrorIs(t, err, control.ErrInvalid)

	d := control.Doing{Key: "k1", Contact: id, Item: item.ID}
	require.ErrorIs(t, c.Settle(ctx, d, json.RawMessage(`"leather"`), false), control.ErrConflict)
	require.ErrorIs(t, c.Settle(ctx, d, json.RawMessage(`7`), false), control.ErrInvalid)
	d.Key = "k2"
	require.NoError(t, c.Settle(ctx, d, json.RawMessage(`"office"`), false))
	require.Equal(t, "Ngân sách cho một bộ khoảng bao nhiêu ạ?", r.phone(lan, 5)[4])
	require.NotErrorIs(t, c.Settle(ctx, d, json.RawMessage(`"office"`), false), control.ErrConflict, "the same once more")
	p, err := c.Person(ctx, id)
	require.NoError(t, err)
	require.Len(t, p.Preferences, 1)
	require.Equal(t, "Công sở", p.Preferences[0].Shown)
	require.Equal(t, preferences.Declared, p.Preferences[0].Class)
	e := p.Preferences[0].Evidence
	require.Equal(t, preferences.Evidence{
		Text:  "em ơi đồ để mặc chỗ nghiêm túc ấy\nthì đồ để mặc chỗ nghiêm túc ấy em\nchỗ nghiêm túc mặc áo gì được thì lấy",
		Words: item.Text, Rule: "person", By: "Hoa", MessageID: item.Message, Channel: "sms", Account: "sms", Campaign: "style", Run: e.Run, Question: "style", At: e.At,
	}, e)
	require.Empty(t, p.Open)
	_, err = c.InboxItem(ctx, id, item.ID)
	require.ErrorIs(t, err, control.ErrNotFound)
	counts, err := c.InboxCounts(ctx)
	require.NoError(t, err)
	require.Zero(t, counts["unclear"])
	require.Equal(t, 1, count(r.ledger(id), "preference.changed", ""))
	require.Equal(t, 1, count(r.ledger(id), "inbox.closed", "person"))
}

// What was refused while somebody else had the contact is done when it is sent again as it was, and after that once.
func TestARefusedActIsDoneLater(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id, item := unclear(r)
	c, hoa, nam := r.g.Control, asAdmin(t, "Hoa"), asAdmin(t, "Nam")
	_, err := c.TakeOver(hoa, control.Doing{Contact: id, Item: item.ID})
	require.NoError(t, err)
	d := control.Doing{Key: "k1", Contact: id, Item: item.ID}
	for range 2 {
		_, err = c.Say(nam, d, "Dạ em Nam đây ạ.")
		require.ErrorIs(t, err, control.ErrConflict)
	}
	require.NoError(t, c.HandBack(hoa, control.Doing{Contact: id}))
	require.Contains(t, r.phone(lan, 5)[4], "Chị Lan thích phong cách nào?")
	for range 2 {
		_, err = c.Say(nam, d, "Dạ em Nam đây ạ.")
		require.NoError(t, err)
	}
	require.Equal(t, "Dạ em Nam đây ạ.", r.phone(lan, 6)[5])
	require.NoError(t, c.HandBack(nam, control.Doing{Contact: id}))
	require.Contains(t, r.phone(lan, 7)[6], "Chị Lan thích phong cách nào?", "it was said once")
}

// Of two people at once the second is told who has the contact; while somebody has it nothing is asked, and when they
// have done nothing for a while the question comes back.
func TestWhoHasTakenAContactOver(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id, item := unclear(r)
	c, ctx := r.g.Control, asAdmin(t, "Hoa")
	hoa, nam, other := control.Doing{Contact: id, Item: item.ID}, control.Doing{Contact: id, Item: item.ID}, asAdmin(t, "Nam")
	viewer := access.As(t.Context(), access.Caller{Name: "Bình", Role: access.Viewer})
	_, err := c.TakeOver(viewer, hoa)
	require.ErrorIs(t, err, control.ErrForbidden)
	lease, err := c.TakeOver(ctx, hoa)
	require.NoError(t, err)
	require.Equal(t, "Hoa", lease.By)
	require.WithinDuration(t, r.clock.Now().Add(campaigns.LeaseLasts), lease.Until, 10*time.Second)
	var refused *control.RefusedError
	for name, do := range map[string]func() error{
		"take over": func() error { _, err := c.TakeOver(other, nam); return err },
		"say":       func() error { _, err := c.Say(other, nam, "Dạ"); return err },
		"settle":    func() error { return c.Settle(other, nam, json.RawMessage(`"office"`), false) },
		"hand back": func() error { return c.HandBack(other, nam) },
		"done":      func() error { return c.CloseItem(other, nam) },
	} {
		require.ErrorAs(t, do(), &refused, name)
		require.Equal(t, campaigns.RefusedTaken, refused.Reason, name)
		require.Equal(t, "Hoa", refused.Taken.By, name)
	}
	_, err = c.Say(ctx, hoa, "Dạ chị thích đồ công sở hay thể thao ạ?")
	require.NoError(t, err)
	require.Equal(t, "Dạ chị thích đồ công sở hay thể thao ạ?", r.phone(lan, 5)[4])
	r.reply(lan, "2")
	r.settled(id, has("inbox.added", "taken_over"))
	require.Zero(t, count(r.ledger(id), "preference.changed", ""), "it was said to a person")
	page, _, err := c.InboxPage(ctx, "", "", 10)
	require.NoError(t, err)
	require.Len(t, page, 1)
	require.Equal(t, "taken_over", page[0].Reason)
	require.Equal(t, "Hoa", page[0].Taken.By)

	r.clock.Forward(campaigns.LeaseLasts + time.Minute)
	require.Contains(t, r.phone(lan, 6)[5], "Chị Lan thích phong cách nào?")
	require.Equal(t, 1, count(r.ledger(id), "conversation.handed_back", "lease_over"))
	_, err = c.TakeOver(other, nam)
	require.NoError(t, err)
	require.NoError(t, c.HandBack(other, control.Doing{Contact: id}))
	require.Contains(t, r.phone(lan, 7)[6], "Chị Lan thích phong cách nào?")
	r.reply(lan, "2")
	require.Contains(t, r.phone(lan, 8)[7], "Ngân sách")
	counts, err := c.InboxCounts(ctx)
	require.NoError(t, err)
	for reason, n := range counts {
		require.Zero(t, n, reason)
	}
}

// STOP counts as ever, and nobody writes to whoever has opted out, unless they write themselves.
func TestStoppingWhileAPersonTalks(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id, item := unclear(r)
	c, ctx := r.g.Control, asAdmin(t, "Hoa")
	_, err := c.TakeOver(ctx, control.Doing{Contact: id, Item: item.ID})
	require.NoError(t, err)
	require.NoError(t, c.CloseItem(ctx, control.Doing{Contact: id, Item: item.ID}))
	r.reply(lan, "STOP")
	r.settled(id, has("contact.suppressed", ""))
	r.phone(lan, 5)
	var refused *control.RefusedError
	_, err = c.Say(ctx, control.Doing{Contact: id}, "Dạ em xin lỗi")
	require.ErrorAs(t, err, &refused)
	require.Equal(t, campaigns.RefusedStopped, refused.Reason)
	require.NoError(t, c.Erase(ctx, id, time.Time{}))
	page, _, err := c.InboxPage(ctx, "", "", 10)
	require.NoError(t, err)
	require.Empty(t, page)
	require.ErrorIs(t, c.HandBack(ctx, control.Doing{Contact: id}), control.ErrNotFound)
}

// TestTheTimelineIsReadByPages: newest first, each entry once, and what one event did together.
func TestTheTimelineIsReadByPages(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id, _ := unclear(r)
	all, err := r.g.Control.Ledger(t.Context(), id, 0)
	require.NoError(t, err)
	slices.Reverse(all)
	for _, n := range []int{1, 3, 1000} {
		var got []preferences.Entry
		for cursor := ""; ; {
			page, next, err := r.g.Control.Timeline(t.Context(), id, cursor, n)
			require.NoError(t, err)
			got = append(got, page...)
			if cursor = next; next == "" {
				break
			}
		}
		require.Equal(t, all, got, n)
	}
}

// What somebody of the brand knows is recorded as that, and never in the place of the customer's own word.
func TestCorrectingOnTheirBehalf(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.contact(lan, "Lan")
	c, ctx := r.g.Control, asAdmin(t, "Hoa")
	fix := control.Correction{Attribute: "style", Value: json.RawMessage(`"office"`), Why: "chị nói qua điện thoại"}
	_, err := c.Correct(ctx, id, fix)
	require.NoError(t, err)
	p, err := c.Person(ctx, id)
	require.NoError(t, err)
	require.Equal(t, preferences.Imported, p.Preferences[0].Class)
	require.Equal(t, "Hoa", p.Preferences[0].Evidence.By)
	require.Equal(t, "chị nói qua điện thoại", p.Preferences[0].Evidence.Text)
	for _, bad := range []control.Correction{{Attribute: "style", Value: json.RawMessage(`7`), Why: "x"}, {Attribute: "none", Why: "x"}, {Attribute: "style", Value: json.RawMessage(`"office"`)}} {
		_, err := c.Correct(ctx, id, bad)
		require.ErrorIs(t, err, control.ErrInvalid)
	}
	list, err := c.Standings(ctx, id)
	require.NoError(t, err)
	require.True(t, list[0].Asks, "what somebody else says stands in for no answer: %+v", list[0])

	_, err = c.OptOut(ctx, id, "chị không muốn nhận nữa")
	require.NoError(t, err)
	list, err = c.Standings(ctx, id)
	require.NoError(t, err)
	require.False(t, list[0].Asks)
	require.Equal(t, "not_in_audience", list[0].Reason)
	_, err = c.Export(access.As(t.Context(), access.Caller{Name: "Nam", Role: access.Agent}), id)
	require.ErrorIs(t, err, control.ErrForbidden)
	p, err = c.Person(access.As(t.Context(), access.Caller{Name: "Bình", Role: access.Viewer}), id)
	require.NoError(t, err)
	require.Equal(t, "+8490•••567", p.Addresses[0].ID)
	x, err := c.Export(ctx, id)
	require.NoError(t, err)
	require.Equal(t, "console Hoa", x.Contact.Consents[1].Source)
	require.False(t, x.Contact.Consents[1].Granted)
	require.Len(t, x.Preferences, 1)
	require.Equal(t, preferences.EntryCreated, x.Ledger[0].Kind)
}

// The customer's own word is not corrected by anybody else.
func TestNobodyCorrectsTheCustomersOwnWord(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.contact(lan, "Lan")
	r.run("style")
	r.phone(lan, 1)
	r.reply(lan, "2")
	r.phone(lan, 2)
	var refused *control.RefusedError
	_, err := r.g.Control.Correct(asAdmin(t, "Hoa"), id, control.Correction{Attribute: "style", Value: json.RawMessage(`"sporty"`), Why: "x"})
	require.ErrorAs(t, err, &refused)
	require.Equal(t, "declared_kept", refused.Reason)
}

// TestAPersonsWorkSurvivesACrashAtAnyWrite dies at each write of what a person does: what they write is sent once, and what
// they settle is recorded once.
func TestAPersonsWorkSurvivesACrashAtAnyWrite(t *testing.T) {
	t.Parallel()
	dieAtEachWrite(t, 5, atTheDesk)
}

func atTheDesk(t *testing.T, d *dying) {
	r := newRig(t, withIntercept(d.intercept), withFake(fake.Options{Callbacks: false}))
	id, item := unclear(r)
	mu, enough := r.startedAnew(d)
	defer enough()
	until := func(what string, do func(c *control.Service) error) {
		t.Helper()
		r.until(what, func() bool {
			return locked(mu, func() bool {
				if r.g == nil {
					return false
				}
				err := do(r.g.Control)
				var refused *control.RefusedError
				require.False(t, errors.As(err, &refused), "%s: %v", what, err)
				return err == nil
			})
		})
	}
	ctx, hoa := asAdmin(t, "Hoa"), control.Doing{Contact: id, Item: item.ID}
	d.armed.Store(true)
	keyed := func(key string) control.Doing { k := hoa; k.Key = key; return k }
	until("taken over", func(c *control.Service) error { _, err := c.TakeOver(ctx, keyed("1")); return err })
	talk := control.Doing{Contact: id, Key: "2"}
	until("said", func(c *control.Service) error {
		_, err := c.Say(ctx, talk, "Dạ chị đợi em chút ạ")
		return err
	})
	until("settled", func(c *control.Service) error {
		err := c.Settle(ctx, keyed("3"), json.RawMessage(`"office"`), false)
		if errors.Is(err, control.ErrNotFound) { // by a call whose answer was lost
			return nil
		}
		return err
	})
	r.until("everything was sent", func() bool { return len(r.fake.Phone(lan)) == 6 })
	d.armed.Store(false) // whoever has not died by now lives
	r.until("somebody answers", func() bool {
		return locked(mu, func() bool { s, _ := r.try("GET", "/readyz", nil); return s == http.StatusOK })
	})
	mu.Lock()
	defer mu.Unlock()
	es := r.settled(id, func(es []entryView) bool { return count(es, "message.sent", "") == 6 })
	got := texts(r.fake.Phone(lan))
	require.Len(t, got, 6, "nothing twice: %v", got)
	require.Equal(t, "Dạ chị đợi em chút ạ", got[4])
	require.Contains(t, got[5], "Ngân sách")
	require.Equal(t, 1, count(es, "preference.changed", ""))
	require.Equal(t, 1, count(es, "conversation.taken_over", ""))
	require.Equal(t, 1, count(es, "inbox.closed", ""))
	page, _, err := r.g.Control.InboxPage(ctx, "", "", 10)
	require.NoError(t, err)
	require.Empty(t, page)
}

// A refusal that comes late, for somebody who has gone, is not what the next one under its key is told, whose act was done; and
// it waits for the one whom it is for.
func TestALateRefusalIsNotTheNextOnesAnswer(t *testing.T) {
	t.Parallel()
	var came atomic.Pointer[func() error]
	r := newRig(t, steady, withIntercept(func(after bool, command string) error {
		if now := came.Load(); after && command == "del" && now != nil && came.CompareAndSwap(now, nil) {
			return (*now)()
		}
		return nil
	}))
	id, item := unclear(r)
	rdb := r.redis.Client()
	defer rdb.Close()
	refusal := record.Result(campaigns.Result{Contact: id, Refused: campaigns.RefusedTaken, Problem: "Hoa talks to this contact", Try: "the-first"})
	answers := fmt.Sprintf("{p%02s}:answer:act:said:%s:k1", strings.TrimPrefix(strings.Split(id, "-")[0], "c"), id)
	late := func() error { return rdb.RPush(t.Context(), answers, refusal).Err() } // right after the way was cleared
	came.Store(&late)
	taken, err := r.g.Control.Say(asAdmin(t, "Nam"), control.Doing{Key: "k1", Contact: id, Item: item.ID}, "Dạ em Nam đây ạ.")
	require.Nil(t, came.Load(), "it came")
	require.NoError(t, err)
	require.Equal(t, "Nam", taken.By)
	require.Equal(t, "Dạ em Nam đây ạ.", r.phone(lan, 5)[4])
	handed, err := rdb.LRange(t.Context(), answers+"#the-first", 0, -1).Result()
	require.NoError(t, err)
	require.Equal(t, []string{string(refusal)}, handed)
}
