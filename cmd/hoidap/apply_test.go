package main

import (
	"bytes"
	"context"
	"io/fs"
	"log/slog"
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
}

func newFileHouse(t *testing.T) *fileHouse {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{URL: redistest.Start(t).URL})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	c := &control.Service{Store: s, Now: time.Now, Log: slog.New(slog.DiscardHandler), World: func() *campaigns.World { return &campaigns.World{} }, Reread: func(context.Context) {},
		FileOptions: func() files.Options { return files.Options{} },
		Shelf:       control.Shelf{Folder: fstest.MapFS{"gift.yaml": {Data: []byte(giftFile)}}, Store: s}}
	tokens, err := web.NewTokens(web.Token{Name: "ci", Secret: "secret", Role: roles.Marketer})
	require.NoError(t, err)
	server := web.New(web.Options{})
	api.Mount(server.Group(api.Prefix), c, tokens)
	h := httptest.NewServer(server.Echo())
	t.Cleanup(h.Close)
	return &fileHouse{t, c, h.URL}
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
