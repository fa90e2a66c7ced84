package gateway_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/campaigns/files"
	"github.com/hoidap/hoidap/preferences"
)

var update = flag.Bool("update", false, "rewrite testdata/renders/*.txt")

// TestRenders holds what each kind of question looks like on each account: what Fit makes of it, what the phone shows
// where that is something else, and that whatever can be tapped or typed means the same.
func TestRenders(t *testing.T) {
	t.Parallel()
	written := map[string]bool{}
	for _, r := range channels() {
		if r.templates != "" {
			continue // the provider writes the text
		}
		name := filepath.Join("testdata", "renders", strings.Trim(regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(strings.ToLower(r.name()), "-"), "-")+".txt")
		written[name] = true
		t.Run(r.name(), func(t *testing.T) {
			t.Parallel()
			got := newStudio(t, r).all()
			if *update {
				require.NoError(t, os.WriteFile(name, []byte(got), 0o644))
				return
			}
			want, err := os.ReadFile(name)
			require.NoError(t, err, "run with -update to write the golden file of a new row, and read it")
			require.Equal(t, string(want), got)
		})
	}
	found, err := filepath.Glob("testdata/renders/*.txt")
	require.NoError(t, err)
	for _, name := range found {
		require.True(t, written[name], "%s belongs to no row", name)
	}
}

// studio renders a row's questions, without Redis.
type studio struct {
	*testing.T
	row     row
	adapter adapters.Adapter
	phone   provider
	world   *campaigns.World
	now     time.Time
}

func newStudio(t *testing.T, r row) *studio {
	t.Helper()
	s := &studio{T: t, row: r, phone: r.provider(r.hooked("main")), now: time.Date(2026, 12, 5, 10, 0, 0, 0, hanoi)}
	base, err := s.phone.Start()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.phone.Close()) })
	settings := r.settingsAt(base)
	s.adapter, err = r.kind(t).Open(adapters.Account{ID: "main", Channel: r.channel, Settings: settings, WebhookURL: publicURL + "/hooks/main", HTTPClient: http.DefaultClient, Vault: &keptVault{}, Now: func() time.Time { return s.now }})
	require.NoError(t, err)
	if l, ok := s.adapter.(adapters.Listener); ok { // it sends by its session
		ctx, end := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- l.Listen(ctx, func(context.Context, []adapters.Event) error { return nil }) }()
		t.Cleanup(func() { end(); require.ErrorIs(t, <-ended, context.Canceled) })
	}
	pack, _ := compliance.PackFor("vn")
	asks, err := os.ReadFile("testdata/renders/questions.yaml")
	require.NoError(t, err)
	set, problems := files.Load(fstest.MapFS{"questions.yaml": {Data: bytes.ReplaceAll(asks, []byte("questions:\n"), []byte(r.replies+"\nquestions:\n"))}}, files.Options{Zone: hanoi})
	require.Empty(t, problems)
	c := s.adapter.Capabilities()
	s.world = &campaigns.World{Brand: campaigns.Brand{Name: "Lụa", Locale: "vi", Zone: hanoi}, Pack: pack, Campaigns: set.Campaigns,
		Routes:    []campaigns.Route{{Account: "main", Channel: r.channel, Inbound: c.Inbound, Options: c.Options.Max, Window: c.Window, Templates: campaigns.TemplateUse(c.Templates)}},
		ReplyLink: func(string) string { return "https://msg.example.com/l/0-abc" },
	}
	if r.answers != nil {
		s.world.Routes = append(s.world.Routes, campaigns.Route{Account: "answers", Channel: r.channel, Inbound: true, Carries: []string{campaigns.ClassReply}})
	}
	return s
}

// all is every question, in the order of the file.
func (s *studio) all() string {
	raw, err := os.ReadFile("testdata/renders/questions.yaml")
	require.NoError(s, err)
	c := s.adapter.Capabilities()
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s\ntexts of %d, %d options of %d characters\n", s.row.name(), c.TextMax, c.Options.Max, c.Options.LabelMax)
	for _, found := range regexp.MustCompile(`(?m)^campaign: (.*)$`).FindAllStringSubmatch(string(raw), -1) {
		fmt.Fprintf(&out, "\n== %s\n%s", found[1], s.render(found[1]))
	}
	return out.String()
}

// asked is a customer who was asked: the state, and the message.
func (s *studio) asked(campaign string) (campaigns.State, campaigns.Outbound) {
	who, name := s.row.person(1), "Lan"
	state := campaigns.State{ID: "c1-abc"}
	step := func(e campaigns.Event) campaigns.Outcome {
		e.ID, e.At = "e"+strconv.Itoa(int(s.now.Unix())), s.now
		out := campaigns.Step(s.world, state, e, s.now, nil)
		state = out.State
		return out
	}
	step(campaigns.Event{Kind: campaigns.Edit, From: who, Contact: &campaigns.ContactEdit{Addresses: nil, Name: &name,
		Consents: []preferences.Consent{{Purpose: preferences.Marketing, Granted: true, Source: "form", At: s.now}}}})
	step(campaigns.Event{Kind: campaigns.MessageIn, From: who, Account: "main", Channel: s.row.channel, Text: "chào shop", MessageID: "m0"})
	out := step(campaigns.Event{Kind: campaigns.RunAsk, Campaign: campaign, Run: "r1"})
	require.Len(s, out.Send, 1, "%s: %+v", campaign, out.Ledger)
	return state, out.Send[0]
}

func (s *studio) render(campaign string) string {
	state, o := s.asked(campaign)
	m := adapters.Message{ID: "m-" + campaign, To: o.To, Class: adapters.Class(o.Class), Text: o.Text}
	for _, x := range o.Options {
		m.Options = append(m.Options, adapters.Option{Payload: x.Payload, Label: x.Label})
	}
	parts, losses, err := adapters.Fit(m, s.adapter.Capabilities())
	if err != nil {
		return "refused: " + err.Error() + "\n"
	}
	var out bytes.Buffer
	for _, l := range losses {
		fmt.Fprintf(&out, "simpler: %s\n", l)
	}
	before := len(s.phone.Shown(o.To))
	for i, p := range parts {
		if i > 0 {
			fmt.Fprintf(&out, "  part %d:\n", i+1)
		}
		require.NoError(s, s.adapter.Capabilities().Check(p))
		_, err := s.adapter.Send(context.Background(), p)
		require.NoError(s, err, campaign)
		out.WriteString(drawn(p))
	}
	shown := s.phone.Shown(o.To)[before:]
	require.Len(s, shown, len(parts))
	if !slices.EqualFunc(shown, parts, func(a, b adapters.Message) bool { return drawn(a) == drawn(b) }) {
		out.WriteString("on the phone:\n")
		for i, p := range shown {
			if i > 0 {
				fmt.Fprintf(&out, "  part %d:\n", i+1)
			}
			out.WriteString(drawn(p))
		}
	}
	s.meanTheSame(campaign, state, shown)
	return out.String()
}

// drawn is a message as a golden file has it; the middle of long texts is left out.
func drawn(m adapters.Message) string {
	const edge = 40
	text := m.Text
	if r := []rune(text); len(r) > 4*edge {
		text = fmt.Sprintf("%s [%d characters] %s", string(r[:edge]), len(r)-3*edge, string(r[len(r)-2*edge:]))
	}
	out := "  | " + strings.ReplaceAll(text, "\n", "\n  | ") + "\n"
	for _, o := range m.Options {
		out += fmt.Sprintf("  [%s] brings %s\n", o.Label, o.Payload)
	}
	return out
}

// way is one answer of a question, in whatever way it can be given.
type way struct {
	payload, label string
	typed          []string // what else means it
	value          preferences.Value
}

// waysOf are the answers that a question has buttons for.
func waysOf(q campaigns.Question) (all []way) {
	switch q.Ask.Kind {
	case preferences.YesNo:
		return []way{
			{"Có", "Có", []string{"có ạ", "dạ co", "yes"}, preferences.Value{Kind: preferences.YesNo, Bool: true}},
			{"Không", "Không", []string{"dạ không", "ko", "no"}, preferences.Value{Kind: preferences.YesNo}},
		}
	case preferences.Rating:
		for x := 1; x <= 5; x++ {
			n := strconv.Itoa(x)
			all = append(all, way{n + "/5", n, []string{n + " điểm", n + " ạ"}, preferences.Exact(preferences.Rating, float64(x), "")})
		}
	}
	for i, o := range q.Ask.Options {
		label := o.Label["vi"]
		w := way{strconv.Itoa(i + 1), label, []string{plain(strings.ToLower(label))}, preferences.Value{Kind: q.Ask.Kind, Text: o.Value}}
		if q.Ask.Kind == preferences.Choices {
			w.value = preferences.Value{Kind: q.Ask.Kind, List: []string{o.Value}}
		}
		all = append(all, w)
	}
	return all
}

// meanTheSame holds that each option is in what the phone shows, once, and that its number, its label and its button are
// read as the same value. A yes, a no and marks are shown as buttons or not at all.
func (s *studio) meanTheSame(campaign string, state campaigns.State, shown []adapters.Message) {
	s.Helper()
	q := s.world.Campaigns[campaign].Questions[0]
	last := shown[len(shown)-1]
	all := ""
	for _, m := range shown {
		all += "\n" + m.Text
	}
	answers := waysOf(q)
	if len(q.Ask.Options) == 0 && s.adapter.Capabilities().Options.Max >= len(answers) {
		require.Len(s, last.Options, len(answers), campaign)
	}
	for i, w := range answers {
		ways := []campaigns.Event{{Text: w.payload}, {Text: w.label}}
		for _, x := range w.typed {
			ways = append(ways, campaigns.Event{Text: x})
		}
		switch {
		case s.row.replies == byPage: // the page shows them, and tells number and label
			require.NotContains(s, all, "\n"+w.payload+". ")
			ways = append(ways, campaigns.Event{Payload: w.payload, Text: w.label})
		case len(last.Options) > 0:
			require.Len(s, last.Options, len(answers))
			x := last.Options[i]
			require.Equal(s, adapters.Option{Payload: w.payload, Label: w.label}, x)
			text := x.Payload
			if s.row.tapped != nil {
				_, text, _ = s.row.tapped(i, x, len(last.Options) > 3)
			}
			ways = append(ways, campaigns.Event{Payload: x.Payload, Text: text}, campaigns.Event{Payload: x.Payload}, campaigns.Event{Text: x.Payload})
		case len(q.Ask.Options) == 0:
			require.NotContains(s, all, w.label+"\n", "%s: nothing is added to the text", campaign)
		default:
			require.Contains(s, plain(strings.ReplaceAll(all, ", ", "\n")+"\n"), w.payload+". "+plain(w.label)+"\n", campaign)
		}
		for _, e := range ways {
			e.Kind, e.ID, e.At, e.From, e.Account, e.Channel, e.MessageID = campaigns.MessageIn, "answer", s.now, s.row.person(1), "main", s.row.channel, "m1"
			out := campaigns.Step(s.world, state, e, s.now, nil)
			p, ok := out.State.Contact.Preferences[q.Attribute]
			require.True(s, ok, "%s: %q %q is not understood", campaign, e.Text, e.Payload)
			require.Equal(s, w.value, p.Value, "%s: %q %q", campaign, e.Text, e.Payload)
		}
	}
}
