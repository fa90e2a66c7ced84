package gateway_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns/files"
	"github.com/hoidap/hoidap/gateway"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
)

// gift is a file with one offer, and sizes one with a campaign that gives it.
const (
	gift  = "offer: gift\ntext: {vi: \"Quà của mình đây ạ.\"}\n"
	sizes = "# asked in spring\ncampaign: sizes\nname: Size\nquestions:\n  - {id: size, kind: text, text: {vi: \"Mình mặc size nào ạ?\"}}\noffers: [gift]\n"
)

// as is a context of a marketer.
func as(t *testing.T, name string) context.Context {
	return access.As(t.Context(), access.Caller{Name: name, Role: access.Marketer})
}

func (r *rig) save(name, text string, was int, by string) control.FileDetail {
	r.t.Helper()
	d, err := r.g.Control.SaveFile(as(r.t, by), control.FileEdit{Name: name, Text: text, Was: was})
	require.NoError(r.t, err)
	return d
}

func (r *rig) publish(name string, version int) control.FileDetail {
	r.t.Helper()
	p, err := r.g.Control.PublishFile(as(r.t, "lan"), control.PublishOrder{Name: name, Version: version})
	require.NoError(r.t, err)
	require.Nil(r.t, p.Request)
	return p.File
}

func (r *rig) inForce(campaign string) bool { return r.g.World().Campaigns[campaign] != nil }

// A draft is in force nowhere; what is published is on every replica, at once on the one that was asked.
func TestFilesFromDraftToArchive(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	other, err := gateway.New(r.opts)
	require.NoError(t, err)
	_, err = other.Start(t.Context())
	require.NoError(t, err)
	defer other.Stop(t.Context()) //nolint:errcheck // the test is over

	d := r.save("sizes.yaml", sizes, 0, "lan")
	require.Equal(t, control.Draft, d.State)
	require.Equal(t, []files.Defined{{Kind: "campaign", ID: "sizes", Name: "Size", Line: 2}}, d.Defines)
	require.Len(t, d.Problems, 1, "the offer is in no file in force")
	require.Equal(t, "campaign.sizes.offers.0", d.Problems[0].Field)
	require.False(t, r.inForce("sizes"))
	_, err = r.g.Control.PublishFile(as(t, "lan"), control.PublishOrder{Name: "sizes.yaml", Version: 1})
	require.ErrorIs(t, err, control.ErrInvalid)
	var mistakes *control.FileMistakes
	require.ErrorAs(t, err, &mistakes)
	require.Contains(t, mistakes.Error(), "sizes.yaml:6:10: there is no offer gift")

	r.save("gift.yaml", gift, 0, "lan")
	require.Equal(t, control.InForce, r.publish("gift.yaml", 1).State)
	require.Equal(t, control.InForce, r.publish("sizes.yaml", 1).State)
	require.True(t, r.inForce("sizes"))
	r.until("the other replica hears of it", func() bool { return other.World().Campaigns["sizes"] != nil })

	d = r.save("sizes.yaml", strings.Replace(sizes, "name: Size", "name: Cỡ", 1), 1, "minh")
	require.Equal(t, control.Changed, d.State)
	require.Equal(t, "Size", r.g.World().Campaigns["sizes"].Name, "a draft changes nothing")
	_, err = r.g.Control.UnpublishFile(as(t, "lan"), "gift.yaml", control.FileSeen{Version: 1})
	require.ErrorAs(t, err, &mistakes, "another file needs it")

	d, err = r.g.Control.ArchiveFile(as(t, "lan"), "sizes.yaml", control.FileSeen{Version: 2})
	require.NoError(t, err)
	require.Equal(t, control.InArchive, d.State)
	require.False(t, r.inForce("sizes"))
	r.until("the other replica hears of it", func() bool { return other.World().Campaigns["sizes"] == nil })

	d, err = r.g.Control.RestoreFile(as(t, "lan"), "sizes.yaml", 1, control.FileSeen{Version: 2})
	require.NoError(t, err)
	require.Equal(t, 3, d.Version)
	require.Equal(t, sizes, d.Text)
	versions, err := r.g.Control.FileVersions(t.Context(), "sizes.yaml")
	require.NoError(t, err)
	var told []string
	for _, v := range versions {
		told = append(told, v.What+" by "+v.By)
	}
	require.Equal(t, []string{"restored by lan", "archived by lan", "saved by minh", "published by lan", "saved by lan"}, told)
	diff, err := r.g.Control.CompareFile(t.Context(), "sizes.yaml", 1, 2)
	require.NoError(t, err)
	require.Contains(t, diff, control.DiffLine{Kind: "removed", Text: "name: Size", From: 3})
	require.Contains(t, diff, control.DiffLine{Kind: "added", Text: "name: Cỡ", To: 3})
	require.Contains(t, diff, control.DiffLine{Kind: "same", Text: "campaign: sizes", From: 2, To: 2})
}

// Who comes second is told what stands there, and overwrites nothing.
func TestTwoPeopleEditOneFile(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.save("gift.yaml", gift, 0, "lan")
	r.save("gift.yaml", gift+"priority: 5\n", 1, "lan")
	for _, was := range []int{0, 1, 3} {
		_, err := r.g.Control.SaveFile(as(t, "minh"), control.FileEdit{Name: "gift.yaml", Text: gift, Was: was})
		var conflict *control.FileConflict
		require.ErrorAs(t, err, &conflict)
		require.ErrorIs(t, err, control.ErrConflict)
		require.Equal(t, gift+"priority: 5\n", conflict.Theirs.Text)
		require.Equal(t, "lan", conflict.Theirs.By)
	}
	d, err := r.g.Control.File(t.Context(), "gift.yaml")
	require.NoError(t, err)
	require.Equal(t, 2, d.Version)
}

// A file of the folder is only looked at, until it is adopted; then the folder's is not read, until it is given back.
func TestAFileHasOneHome(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "sizes.yaml"), []byte(text), 0o600))
	}
	write(strings.Replace(sizes, "offers: [gift]\n", "", 1))
	r := newRig(t, func(r *rig) { r.opts.Files = os.DirFS(dir) })
	d, err := r.g.Control.File(t.Context(), "sizes.yaml")
	require.NoError(t, err)
	require.Equal(t, control.InFolder, d.State)
	require.Zero(t, d.Version)
	_, err = r.g.Control.SaveFile(as(t, "lan"), control.FileEdit{Name: "sizes.yaml", Text: sizes})
	require.ErrorContains(t, err, "adopt it")
	_, err = r.g.Control.ArchiveFile(as(t, "lan"), "sizes.yaml", control.FileSeen{Version: 0})
	require.ErrorIs(t, err, control.ErrConflict)

	d, err = r.g.Control.AdoptFile(as(t, "lan"), "sizes.yaml")
	require.NoError(t, err)
	require.Equal(t, control.InForce, d.State)
	require.True(t, d.Adopted)
	write(strings.Replace(sizes, "campaign: sizes", "campaign: folders", 1))
	all, err := r.g.Control.Files(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 1)
	r.g.Control.Reread(t.Context())
	require.True(t, r.inForce("sizes"))
	require.False(t, r.inForce("folders"))

	_, err = r.g.Control.ReleaseFile(as(t, "lan"), "sizes.yaml", control.FileSeen{Version: 1})
	var mistakes *control.FileMistakes
	require.ErrorAs(t, err, &mistakes, "the folder's has a mistake by now: there is no offer")
	write(strings.Replace(strings.Replace(sizes, "campaign: sizes", "campaign: folders", 1), "offers: [gift]\n", "", 1))
	_, err = r.g.Control.ReleaseFile(as(t, "lan"), "sizes.yaml", control.FileSeen{Version: 1})
	require.NoError(t, err)
	require.True(t, r.inForce("folders"))
	require.False(t, r.inForce("sizes"))
}

// A replica that could not read the texts of a new set reads them at its next look; nothing else changes in between.
func TestFilesThatCouldNotBeReadAreReadLater(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var away atomic.Bool
	met := make(chan struct{}, 1)
	r.opts.Redis.Intercept = func(after bool, command string) error {
		if after || command != "pipeline hget" || !away.Load() {
			return nil
		}
		select {
		case met <- struct{}{}:
		default:
		}
		return &net.OpError{Op: "read", Err: errors.New("connection reset")}
	}
	other := r.replica()
	away.Store(true)
	r.save("gift.yaml", gift, 0, "lan")
	r.publish("gift.yaml", 1)
	<-met
	away.Store(false)
	r.until("the other replica has read it after all", func() bool { return other.World().Offers["gift"] != nil })
}

// Whoever publishes and goes away has published: the files are read to the end, but not for ever.
func TestAPublishedFileIsReadThoughTheBrowserIsGone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.save("gift.yaml", gift, 0, "lan")
	browser, leave := context.WithCancel(as(t, "lan"))
	reread := r.g.Control.Reread
	r.g.Control.Reread = func(ctx context.Context) {
		leave()
		require.NoError(t, ctx.Err())
		_, bounded := ctx.Deadline()
		require.True(t, bounded)
		reread(ctx)
	}
	r.g.Control.PublishFile(browser, control.PublishOrder{Name: "gift.yaml", Version: 1}) //nolint:errcheck // nobody hears it
	require.NotNil(t, r.g.World().Offers["gift"])
}

// A start that has passed is a mistake of the file that is published, as long as the campaign has never run, and a warning after
// that; other files are put in force beside it, and a gateway starts with it.
func TestPublishingWhatCanNeverStart(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	passed := r.clock.Now().In(hanoi).Add(-time.Hour).Format("2006-01-02T15:04")
	late := "schedule: {at: " + passed + "}\n" + strings.Replace(sizes, "offers: [gift]\n", "", 1)
	d := r.save("sizes.yaml", late, 0, "lan")
	require.Empty(t, d.Warnings)
	require.Len(t, d.Problems, 1)
	require.Equal(t, passed+" has passed, and the campaign has never run", d.Problems[0].Message)
	require.Equal(t, "campaign.sizes.schedule.at", d.Problems[0].Field)
	_, err := r.g.Control.PublishFile(as(t, "lan"), control.PublishOrder{Name: "sizes.yaml", Version: 1})
	var mistakes *control.FileMistakes
	require.ErrorAs(t, err, &mistakes)
	require.Contains(t, mistakes.Error(), "sizes.yaml:1:16: "+passed+" has passed, and the campaign has never run")

	at := r.clock.Now().In(hanoi).Add(time.Hour).Format("2006-01-02T15:04")
	r.save("sizes.yaml", strings.Replace(late, passed, at, 1), 1, "lan")
	require.Empty(t, r.publish("sizes.yaml", 2).Warnings)
	_, err = r.g.Control.Launch(as(t, "lan"), control.LaunchOrder{Campaign: "sizes"})
	require.NoError(t, err)
	r.clock.Forward(90 * time.Minute)
	d = r.save("sizes.yaml", strings.Replace(strings.Replace(late, passed, at, 1), "name: Size", "name: Cỡ", 1), 2, "lan")
	require.Empty(t, d.Problems)
	require.Len(t, d.Warnings, 1)
	require.Equal(t, at+" has passed: the campaign does not start by itself any more", d.Warnings[0].Message)
	require.Equal(t, control.InForce, r.publish("sizes.yaml", 3).State)

	at = r.clock.Now().In(hanoi).Add(time.Hour).Format("2006-01-02T15:04")
	r.save("missed.yaml", strings.Replace(strings.Replace(late, passed, at, 1), "campaign: sizes", "campaign: missed", 1), 0, "lan")
	r.publish("missed.yaml", 1)
	r.clock.Forward(3 * time.Hour) // over an hour late it is not made up for
	d, err = r.g.Control.File(t.Context(), "missed.yaml")
	require.NoError(t, err)
	require.Len(t, d.Problems, 1)
	r.save("gift.yaml", gift, 0, "lan")
	require.Equal(t, control.InForce, r.publish("gift.yaml", 1).State)
	var log bytes.Buffer
	opts := r.opts
	opts.Log = slog.New(slog.NewTextHandler(&log, nil))
	other, err := gateway.New(opts)
	require.NoError(t, err)
	_, err = other.Start(t.Context())
	require.NoError(t, err)
	require.NoError(t, other.Stop(t.Context()))
	require.Contains(t, log.String(), "missed.yaml:1:16: "+at+" has passed: the campaign does not start by itself any more")
}

// Two files that define one id are never in force together, and the mistake has both places.
func TestOneIDInTwoFiles(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.save("a.yaml", gift, 0, "lan")
	r.publish("a.yaml", 1)
	d := r.save("b.yaml", gift, 0, "lan")
	require.Len(t, d.Problems, 1)
	require.Contains(t, d.Problems[0].Message, "at a.yaml:1:8")
	_, err := r.g.Control.PublishFile(as(t, "lan"), control.PublishOrder{Name: "b.yaml", Version: 1})
	require.ErrorIs(t, err, control.ErrInvalid)
	out, err := r.g.Control.ExportFiles(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"a.yaml", "campaigns.yaml"}, []string{out[0].Name, out[1].Name})
}

// Of two files that cannot be in force together, published at the same time, one is.
func TestPublishingAtTheSameTime(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	names := []string{"a.yaml", "b.yaml", "c.yaml", "d.yaml"}
	results := make(chan error, len(names))
	for _, name := range names {
		r.save(name, gift, 0, "lan")
	}
	for _, name := range names {
		go func() {
			_, err := r.g.Control.PublishFile(as(t, "lan"), control.PublishOrder{Name: name, Version: 1})
			results <- err
		}()
	}
	made := 0
	for range names {
		if err := <-results; err == nil {
			made++
		}
	}
	require.Equal(t, 1, made)
	require.NotNil(t, r.g.World().Offers["gift"])
}

// What a file may be called and how large it may be is said in a sentence; whatever it holds harms nobody.
func TestFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, e := range []control.FileEdit{{Name: "../x.yaml", Text: gift}, {Name: "x.txt", Text: gift}, {Name: "x.yaml"}, {Name: "x.yaml", Text: strings.Repeat("#", 300<<10)}} {
		_, err := r.g.Control.SaveFile(as(t, "lan"), e)
		require.ErrorIs(t, err, control.ErrInvalid, e.Name)
	}
	d := r.save("x.yaml", "campaign: [\n\x00<script>", 0, "lan")
	require.NotEmpty(t, d.Problems)
	_, err := r.g.Control.File(t.Context(), "y.yaml")
	require.ErrorIs(t, err, control.ErrNotFound)
	_, err = r.g.Control.FileText(t.Context(), "x.yaml", 7)
	require.ErrorIs(t, err, control.ErrNotFound)
}

// A preview is what the account would hand to its provider.
func TestPreviewIsWhatIsSent(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	phones, err := r.g.Control.Preview(t.Context(), control.Draught{Name: "campaigns.yaml", Text: styleCampaign, Campaign: "style", Locale: "vi", Customer: "Lan"})
	require.NoError(t, err)
	require.Len(t, phones, 1)
	r.contact(lan, "Lan")
	r.run("style")
	require.Equal(t, r.phone(lan, 1)[0], phones[0].Questions[0].Parts[0].Text)
	require.NotZero(t, phones[0].Questions[0].Parts[0].Segments)
	_, err = r.g.Control.Preview(t.Context(), control.Draught{Name: "campaigns.yaml", Text: "campaign: style\n", Campaign: "style"})
	require.ErrorIs(t, err, control.ErrInvalid)
}
