package main

import (
	"bytes"
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/files"
	roles "github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/api"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/gateway/store/redistest"
	"github.com/hoidap/hoidap/gateway/web"
)

// The files of the tests.
const (
	giftFile  = "offer: gift\ntext: {vi: \"Quà của mình đây ạ.\"}\n"
	sizesFile = "# asked in spring\ncampaign: sizes\nname: Size\nquestions:\n  - {id: size, kind: text, text: {vi: \"Mình mặc size nào ạ?\"}}\noffers: [gift]\n"
)

// fileHouse is the API over a control at work, with a folder of its own that has the offer.
type fileHouse struct {
	t       *testing.T
	control *control.Service
	url     string
	api     http.Handler
	instead func(w http.ResponseWriter, r *http.Request) bool // answers in the place of the API, where it returns true
}

func newFileHouse(t *testing.T) *fileHouse {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{URL: redistest.Start(t).URL})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	c := &control.Service{Store: s, Now: time.Now, Log: slog.New(slog.DiscardHandler), World: func() *campaigns.World { return &campaigns.World{} }, Reread: func(context.Context) {},
		FileOptions: func() files.Options { return files.Options{} },
		Shelf:       control.Shelf{Folder: fstest.MapFS{"gift.yaml": {Data: []byte(giftFile)}}, Store: s}}
	tokens, err := web.NewTokens(web.Token{Name: "ci", Secret: "secret", Role: roles.Marketer}, web.Token{Name: "lan", Secret: "the-second-one", Role: roles.Marketer})
	require.NoError(t, err)
	server := web.New(web.Options{})
	api.Mount(server.Group(api.Prefix), c, tokens)
	house := &fileHouse{t: t, control: c, api: server.Echo(), instead: func(http.ResponseWriter, *http.Request) bool { return false }}
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !house.instead(w, r) {
			house.api.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(h.Close)
	house.url = h.URL
	return house
}

// say runs a command line, which must end with a code, and gives what it said.
func (h *fileHouse) say(code int, line ...string) string {
	h.t.Helper()
	var out, errs bytes.Buffer
	got := run(h.t.Context(), append(line, "--api", h.url, "--token", "secret"), strings.NewReader(""), &out, &errs)
	require.Equal(h.t, code, got, "%v: %s%s", line, &out, &errs)
	return out.String() + errs.String()
}

// console saves a file in the console, over what is there, and puts it in force.
func (h *fileHouse) console(name, text string, publish bool) {
	h.t.Helper()
	ctx, was := roles.As(h.t.Context(), roles.Caller{Name: "mai", Role: roles.Marketer}), 0
	if f, err := h.control.File(ctx, name); err == nil {
		was = f.Version
	}
	d, err := h.control.SaveFile(ctx, control.FileEdit{Name: name, Text: text, Was: was})
	require.NoError(h.t, err)
	if publish {
		_, err = h.control.PublishFile(ctx, control.PublishOrder{Name: name, Version: d.Version})
		require.NoError(h.t, err)
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
}

// tree is every file of a folder, with what it holds.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	require.NoError(t, fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(filepath.Join(dir, name))
		all[name] = string(b)
		return err
	}))
	return all
}

// What is exported, edited and applied is what another export writes, byte for byte, and applying it again changes nothing.
func TestExportEditApplyExport(t *testing.T) {
	t.Parallel()
	h := newFileHouse(t)
	h.console("spring/sizes.yaml", sizesFile, true)
	dir, other := t.TempDir(), t.TempDir()
	require.Contains(t, h.say(0, "export", dir), "2 files in force; 2 written, 0 removed\n")
	require.Equal(t, map[string]string{"gift.yaml": giftFile, "spring/sizes.yaml": sizesFile}, without(tree(t, dir)))
	require.Contains(t, h.say(0, "apply", dir), "0 files to change, 2 the same\n")

	edited := strings.Replace(sizesFile, "size nào ạ?", "cỡ nào ạ?", 1)
	brought := "campaign: shoes\nquestions:\n  - {id: shoe, kind: text, text: {vi: \"Giày cỡ mấy ạ?\"}}\noffers: [a-thanks]\n"
	write(t, dir, "spring/sizes.yaml", edited)
	write(t, dir, "autumn/shoes.yaml", brought) // in force only once the file behind it is
	write(t, dir, "winter/thanks.yaml", "offer: a-thanks\ntext: {vi: \"Cảm ơn ạ.\"}\n")
	says := h.say(0, "apply", dir, "--dry-run")
	require.Contains(t, says, "spring/sizes.yaml: changed, 1 line added, 1 removed\n")
	require.Contains(t, says, "  +   - {id: size, kind: text, text: {vi: \"Mình mặc cỡ nào ạ?\"}}\n")
	require.Contains(t, says, "autumn/shoes.yaml: new, 4 lines added, 0 removed\n")
	require.Contains(t, says, "3 files to change, 1 the same\n")
	h.say(0, "export", other)
	require.Len(t, without(tree(t, other)), 2, "nothing was done")

	says = h.say(0, "apply", dir)
	require.Contains(t, says, "spring/sizes.yaml is in force, version 2\n")
	require.Contains(t, says, "autumn/shoes.yaml is in force, version 1\n")
	require.Contains(t, h.say(0, "export", other), "wrote autumn/shoes.yaml")
	require.Equal(t, tree(t, dir), tree(t, other))
	require.Contains(t, h.say(0, "apply", dir), "0 files to change, 4 the same\n")
	require.Contains(t, h.say(0, "export", dir), "4 files in force; 0 written, 0 removed\n")

	require.NoError(t, os.Remove(filepath.Join(dir, "autumn", "shoes.yaml")))
	require.Contains(t, h.say(0, "apply", dir), "autumn/shoes.yaml is not here any more and stays in force; say --prune to take it out\n")
	require.Contains(t, h.say(0, "apply", dir, "--prune"), "autumn/shoes.yaml is in the archive\n")
	require.Contains(t, h.say(0, "export", other), "removed autumn/shoes.yaml")
	require.Equal(t, tree(t, dir), tree(t, other))
}

// without is a tree without what tells where it comes from.
func without(all map[string]string) map[string]string {
	delete(all, originName)
	return all
}

// What somebody else has done meanwhile is neither lost nor mixed up.
func TestApplyRefusesConflicts(t *testing.T) {
	t.Parallel()
	h := newFileHouse(t)
	h.console("sizes.yaml", sizesFile, true)
	dir := t.TempDir()
	h.say(0, "export", dir)
	ours, theirs := strings.Replace(sizesFile, "Size\n", "Ours\n", 1), strings.Replace(sizesFile, "Size\n", "Theirs\n", 1)

	h.console("sizes.yaml", theirs, true)
	require.Contains(t, h.say(0, "apply", dir), "sizes.yaml is newer there, and unchanged here")
	write(t, dir, "sizes.yaml", ours)
	says := h.say(1, "apply", dir)
	require.Contains(t, says, "conflict: sizes.yaml was changed there by mai\n")
	require.Contains(t, says, "1 conflict; nothing was done")
	require.Contains(t, h.say(1, "export", dir), "edited here and not applied: sizes.yaml")
	require.Equal(t, ours, tree(t, dir)["sizes.yaml"])
	require.Contains(t, h.say(0, "apply", dir, "--force"), "sizes.yaml is in force, version 3\n")
	d, err := h.control.File(t.Context(), "sizes.yaml")
	require.NoError(t, err)
	require.Equal(t, ours, d.Text)

	h.console("sizes.yaml", theirs, false)
	write(t, dir, "sizes.yaml", sizesFile)
	require.Contains(t, h.say(1, "apply", dir), "conflict: sizes.yaml has a draft there, version 4 of mai, that is not in force")
	require.Contains(t, h.say(0, "export", dir, "--force"), "wrote sizes.yaml")
	require.Equal(t, ours, tree(t, dir)["sizes.yaml"], "what is in force")

	bare := t.TempDir()
	write(t, bare, "sizes.yaml", sizesFile)
	h.say(1, "apply", bare)
	write(t, bare, "sizes.yaml", "campaign: sizes\nquestions: 7\n")
	require.Contains(t, h.say(2, "apply", bare, "--force"), "sizes.yaml:2:12")
}

// A file of the gateway's folder is changed there, or adopted; a draft of ours that could not be published is no conflict.
func TestApplyToAFileOfTheFolder(t *testing.T) {
	t.Parallel()
	h := newFileHouse(t)
	dir := t.TempDir()
	h.say(0, "export", dir)
	ours := strings.Replace(giftFile, "Quà", "Món quà", 1)
	write(t, dir, "gift.yaml", ours)
	require.Contains(t, h.say(1, "apply", dir, "--force"), "refused: gift.yaml is kept in the gateway's own folder")
	require.Contains(t, h.say(0, "apply", dir, "--adopt"), "gift.yaml is in force, version 2\n")
	require.Contains(t, h.say(0, "apply", dir), "0 files to change, 1 the same\n")

	ours = strings.Replace(ours, "Món quà", "Quà nhỏ", 1)
	h.console("gift.yaml", ours, false)
	write(t, dir, "gift.yaml", ours)
	require.Contains(t, h.say(0, "apply", dir), "gift.yaml is in force, version 3\n")

	for _, line := range [][]string{{"apply", filepath.Join(dir, "nowhere")}, {"apply"}, {"export"}, {"apply", dir, "--api", "nowhere"}} {
		var out, errs bytes.Buffer
		require.Equal(t, exitUsage, run(t.Context(), append(line, "--token", "secret"), strings.NewReader(""), &out, &errs), line)
	}
	var out, errs bytes.Buffer
	require.Equal(t, exitFailed, run(t.Context(), []string{"apply", dir, "--api", h.url, "--token", "wrong"}, strings.NewReader(""), &out, &errs))
}

// onPublish answers the publishing of one file in the place of the API.
func (h *fileHouse) onPublish(name string, answer http.HandlerFunc) {
	h.instead = func(w http.ResponseWriter, r *http.Request) bool {
		hit := r.Method == http.MethodPost && strings.HasSuffix(r.URL.EscapedPath(), filePath(name, "/publish"))
		if hit {
			answer(w, r)
		}
		return hit
	}
}

const thanksFile = "offer: thanks\ntext: {vi: \"Cảm ơn ạ.\"}\n"

// What a run that broke half-way has put in force and saved is ours: the next run goes on, also where the folder was edited since.
func TestApplyGoesOnWhereItBroke(t *testing.T) {
	t.Parallel()
	h := newFileHouse(t)
	dir := t.TempDir()
	h.say(0, "export", dir)
	write(t, dir, "sizes.yaml", sizesFile)
	write(t, dir, "thanks.yaml", thanksFile)
	h.onPublish("thanks.yaml", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	require.Contains(t, h.say(1, "apply", dir), "thanks.yaml is saved as a draft, and not in force")
	require.Contains(t, tree(t, dir)[originName], textHash(sizesFile), "what is in force is noted")

	h.instead = func(http.ResponseWriter, *http.Request) bool { return false }
	write(t, dir, "sizes.yaml", strings.Replace(sizesFile, "nào ạ?", "mấy ạ?", 1))
	write(t, dir, "thanks.yaml", strings.Replace(thanksFile, "Cảm ơn", "Xin cảm ơn", 1))
	says := h.say(0, "apply", dir)
	require.Contains(t, says, "sizes.yaml is in force, version 2\n")
	require.Contains(t, says, "thanks.yaml is in force, version 2\n")
	require.Contains(t, h.say(0, "apply", dir), "0 files to change, 3 the same\n")

	h.console("thanks.yaml", thanksFile, false)
	write(t, dir, "thanks.yaml", strings.Replace(thanksFile, "ơn", "ơn nhiều", 1))
	require.Contains(t, h.say(1, "apply", dir), "conflict: thanks.yaml has a draft there, version 3 of mai")
}

// approve has another of the brand's people agree to the request that an answer tells of, and gives the status.
func (h *fileHouse) approve(says, token string) int {
	h.t.Helper()
	_, id, found := strings.Cut(says, "a second person must agree to request ")
	require.True(h.t, found, says)
	id, _, _ = strings.Cut(id, "\n")
	r, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, h.url+api.Prefix+"/requests/"+id+"/approve", nil)
	require.NoError(h.t, err)
	r.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(r)
	require.NoError(h.t, err)
	require.NoError(h.t, resp.Body.Close())
	return resp.StatusCode
}

// While a second person is to agree nothing is archived, and the run says that it is not done. Running it again asks nobody
// twice; once somebody else has agreed it goes on, and makes no version anew.
func TestApplyWaitsForASecondPerson(t *testing.T) {
	t.Parallel()
	h := newFileHouse(t)
	h.control.Care = control.Care{ApproveFrom: 1000}
	h.control.Reach = func(context.Context, *campaigns.Campaign) (control.Reach, error) {
		return control.Reach{Matches: 5000, People: 5000}, nil
	}
	h.console("thanks.yaml", thanksFile, true)
	dir := t.TempDir()
	h.say(0, "export", dir)
	require.NoError(t, os.Remove(filepath.Join(dir, "thanks.yaml")))
	write(t, dir, "sizes.yaml", sizesFile+"schedule: {cron: \"0 10 * * SAT\"}\n")
	bye := "offer: bye\ntext: {vi: \"Tạm biệt ạ.\"}\n"
	write(t, dir, "bye.yaml", bye)
	var says string
	for range 2 {
		says = h.say(exitFailed, "apply", dir, "--prune")
		require.Contains(t, says, "sizes.yaml reaches 5000 people: a second person must agree to request ")
		require.Contains(t, says, "1 file is not in force before a second person has agreed; apply again then")
		require.NotContains(t, says, "archive")
		require.Contains(t, tree(t, dir)[originName], textHash(bye), "what is in force is noted")
	}
	asked, err := h.control.Requests(t.Context())
	require.NoError(t, err)
	require.Len(t, asked, 1, "asked for once")
	require.Equal(t, http.StatusConflict, h.approve(says, "secret"), "not by whoever asked")
	require.Equal(t, http.StatusOK, h.approve(says, "the-second-one"))

	says = h.say(0, "apply", dir, "--prune")
	require.Contains(t, says, "thanks.yaml is in the archive\n")
	require.NotContains(t, says, "in force, version")
	require.Contains(t, h.say(0, "apply", dir, "--prune"), "0 files to change, 3 the same\n")
	for _, name := range []string{"sizes.yaml", "bye.yaml"} {
		f, err := h.control.File(t.Context(), name)
		require.NoError(t, err)
		require.Equal(t, control.InForce, f.State, name)
		require.Equal(t, 1, f.Version, name)
	}
}

// A version that was refused may be asked for again, and then there is one request that waits.
func TestARefusedVersionIsAskedForAgain(t *testing.T) {
	t.Parallel()
	h := newFileHouse(t)
	h.control.Care = control.Care{ApproveFrom: 1000}
	h.control.Reach = func(context.Context, *campaigns.Campaign) (control.Reach, error) {
		return control.Reach{People: 5000}, nil
	}
	dir := t.TempDir()
	h.say(0, "export", dir)
	write(t, dir, "sizes.yaml", sizesFile+"schedule: {cron: \"0 10 * * SAT\"}\n")
	h.say(exitFailed, "apply", dir)
	asked, err := h.control.Requests(t.Context())
	require.NoError(t, err)
	_, err = h.control.Refuse(roles.As(t.Context(), roles.Caller{Name: "lan", Role: roles.Marketer}), asked[0].ID, "not before Tết")
	require.NoError(t, err)
	h.say(exitFailed, "apply", dir)
	says := h.say(exitFailed, "apply", dir)
	asked, err = h.control.Requests(t.Context())
	require.NoError(t, err)
	require.Len(t, asked, 2, "the refused one, and the one that waits")
	require.Equal(t, http.StatusOK, h.approve(says, "the-second-one"))
	require.Contains(t, h.say(0, "apply", dir), "0 files to change, 2 the same\n")
}

// A dry run finds what only shows in the order in which things are done, and what only the gateway knows.
func TestADryRunFindsWhatTheGatewayWouldRefuse(t *testing.T) {
	t.Parallel()
	h := newFileHouse(t)
	h.console("sizes.yaml", sizesFile, true)
	h.console("thanks.yaml", thanksFile, true)
	h.instead = func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/accounts") {
			return false
		}
		w.Header().Set("Content-Type", "application/json")
		_, err := w.Write([]byte(`{"accounts": [{"id": "sms", "channel": "sms"}]}`))
		require.NoError(t, err)
		return true
	}
	for name, c := range map[string]struct {
		files map[string]string // "" takes one away
		want  string
	}{
		"a name":                     {map[string]string{"a b.yaml": giftFile}, "a b.yaml: "},
		"too large":                  {map[string]string{"large.yaml": "# " + strings.Repeat("x", 256<<10) + "\n" + thanksFile}, "larger than 256 kB"},
		"a channel without account":  {map[string]string{"sizes.yaml": sizesFile + "channels: [zalo]\n"}, "zalo"},
		"two files change places":    {map[string]string{"sizes.yaml": thanksFile, "thanks.yaml": sizesFile}, "sizes.yaml, thanks.yaml cannot be put in force one after the other"},
		"moved out of a removed one": {map[string]string{"sizes.yaml": "", "other.yaml": sizesFile}, "other.yaml cannot be put in force one after the other"},
		"an offer that is nowhere":   {map[string]string{"sizes.yaml": strings.Replace(sizesFile, "[gift]", "[gift3]", 1)}, "gift3"},
	} {
		dir := t.TempDir()
		h.say(0, "export", dir)
		for file, text := range c.files {
			if text == "" {
				require.NoError(t, os.Remove(filepath.Join(dir, file)))
			} else {
				write(t, dir, file, text)
			}
		}
		require.Contains(t, h.say(2, "apply", dir, "--dry-run", "--prune", "--force"), c.want, name)
	}
	dir := t.TempDir()
	h.say(0, "export", dir)
	write(t, dir, "sizes.yaml", thanksFile) // what moves in the order that is tried needs nothing done by hand
	write(t, dir, "thanks.yaml", "offer: bye\ntext: {vi: \"Tạm biệt ạ.\"}\n")
	h.say(0, "apply", dir, "--dry-run")
	h.say(0, "apply", dir)
}

// A call whose answer is lost is made again under the same key, and a call under way is waited for.
func TestALostAnswerIsAskedForAgain(t *testing.T) {
	t.Parallel()
	h := newFileHouse(t)
	dir := t.TempDir()
	h.say(0, "export", dir)
	write(t, dir, "sizes.yaml", sizesFile)
	var keys []string
	h.instead = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost || strings.HasSuffix(r.URL.EscapedPath(), "/check") { // which only asks
			return false
		}
		keys = append(keys, r.Header.Get("Idempotency-Key"))
		switch len(keys) {
		case 1: // it is done, and nobody hears of it
			h.api.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		case 2:
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusConflict)
			return true
		}
		return false
	}
	require.Contains(t, h.say(0, "apply", dir), "sizes.yaml is in force, version 1\n")
	require.Len(t, keys, 3)
	require.NotEmpty(t, keys[0])
	require.Equal(t, []string{keys[0], keys[0], keys[0]}, keys)
}

// What only the gateway knows is asked before anything is begun: what can never start is refused, what is over is told.
func TestApplyAsksTheGatewayFirst(t *testing.T) {
	t.Parallel()
	h := newFileHouse(t)
	dir := t.TempDir()
	h.say(0, "export", dir)
	write(t, dir, "sizes.yaml", "schedule: {at: 2020-02-01T10:00}\n"+strings.Replace(sizesFile, "# asked in spring\n", "", 1))
	write(t, dir, "gift.yaml", giftFile+"valid: {until: 2020-01-31}\n")
	for _, line := range [][]string{{"apply", dir, "--dry-run", "--adopt"}, {"apply", dir, "--adopt"}} {
		says := h.say(2, line...)
		require.Contains(t, says, "gift.yaml:3:16: warning: the offer gift is over: nobody is given it any more")
		require.Contains(t, says, "sizes.yaml:1:16: 2020-02-01T10:00 has passed, and the campaign has never run; write a time to come")
	}
	f, err := h.control.Files(t.Context())
	require.NoError(t, err)
	require.Len(t, f, 1)
	require.Equal(t, control.InFolder, f[0].State, "nothing was begun")
	write(t, dir, "sizes.yaml", sizesFile)
	require.Contains(t, h.say(0, "apply", dir, "--adopt"), "sizes.yaml is in force, version 1\n")
}
