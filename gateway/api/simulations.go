package api

import (
	"errors"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/offers"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/simulator"
	"github.com/hoidap/hoidap/gateway/web"
	"github.com/hoidap/hoidap/preferences"
)

// maxTalk is how many characters a talk's text has at most.
const maxTalk = 64 << 10

// talkOut is a talk as it is answered.
type talkOut struct {
	Script string     `json:"script"`
	Test   string     `json:"test"`
	Steps  []stepOut  `json:"steps"`
	Known  []knownOut `json:"known"`
	Now    time.Time  `json:"now"`
	Wake   time.Time  `json:"wake,omitzero"`
	Failed bool       `json:"failed"`
}

type stepOut struct {
	Move     string                `json:"move"`
	At       time.Time             `json:"at"`
	Problem  string                `json:"problem,omitempty"`
	Bubbles  []bubbleOut           `json:"bubbles"`
	Withheld []withheldOut         `json:"withheld"`
	Ledger   []preferences.Entry   `json:"ledger"`
	Offers   []offers.Considered   `json:"offers"`
	Inbox    []campaigns.InboxItem `json:"inbox"`
}

type bubbleOut struct {
	At      time.Time `json:"at"`
	Mine    bool      `json:"mine,omitempty"`
	Text    string    `json:"text"`
	Parts   []string  `json:"parts,omitempty"`
	Options []string  `json:"options,omitempty"`
	Class   string    `json:"class,omitempty"`
	Losses  []string  `json:"losses,omitempty"`
}

type withheldOut struct {
	Text   string    `json:"text"`
	Class  string    `json:"class"`
	Reason string    `json:"reason"`
	Until  time.Time `json:"until,omitzero"`
}

type knownOut struct {
	Name      string `json:"name"`
	Attribute string `json:"attribute"`
	Value     string `json:"value"`
}

// Simulate plays a talk from its beginning.
func (h *handlers) Simulate(c echo.Context) error {
	var text, draft string
	err := decode(c, func(o *object) {
		text, draft = o.need("script", maxTalk, "the talk"), o.optional("draft", maxFile)
	})
	if err != nil {
		return err
	}
	script, err := h.control.ReadTalk(c.Request().Context(), text)
	if err != nil {
		return talkProblem(err)
	}
	t, err := h.control.Simulate(c.Request().Context(), script, draft)
	if err != nil {
		return talkProblem(err)
	}
	return ok(c, shownTalk(script, t), nil)
}

// talkProblem says what is wrong with a script, or each mistake of the draft.
func talkProblem(err error) error {
	x := (*control.TalkError)(nil)
	if !errors.As(err, &x) || len(x.Draft) == 0 {
		return err
	}
	p := web.NewProblem(400, "The draft has mistakes; see `errors`.")
	for _, d := range x.Draft[:min(len(x.Draft), maxErrors)] {
		p.Errors = append(p.Errors, web.FieldError{Pointer: "#/draft", Detail: d.String()})
	}
	return p
}

func shownTalk(s simulator.Script, t simulator.Talk) talkOut {
	out := talkOut{Script: s.String(), Test: t.Test(s), Steps: []stepOut{}, Known: []knownOut{}, Now: t.Now, Wake: t.Wake, Failed: t.Failed()}
	for _, k := range t.Known {
		out.Known = append(out.Known, knownOut(k))
	}
	for _, x := range t.Steps {
		step := stepOut{Move: moveText(x.Move), At: x.At, Problem: x.Problem, Bubbles: []bubbleOut{}, Withheld: []withheldOut{},
			Ledger: full(x.Ledger), Offers: full(x.Offers), Inbox: full(x.Inbox)}
		for _, b := range x.Bubbles {
			step.Bubbles = append(step.Bubbles, bubbleOut(b))
		}
		for _, w := range x.Withheld {
			step.Withheld = append(step.Withheld, withheldOut(w))
		}
		out.Steps = append(out.Steps, step)
	}
	return out
}

// moveText is a move as the script has it; the first is the campaign's beginning.
func moveText(m simulator.Move) string {
	if m.Verb == simulator.Says {
		return "> " + m.Text
	}
	return strings.TrimSpace("! " + m.Verb + " " + m.Text)
}
