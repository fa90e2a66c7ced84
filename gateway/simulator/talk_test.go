package simulator

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/campaigns/files"
	"github.com/hoidap/hoidap/preferences"
)

var saigon = time.FixedZone("+07", 7*3600)

func stage(t testing.TB) Stage {
	t.Helper()
	set, problems := files.LoadFiles([]string{"testdata/style.yaml"}, os.ReadFile, files.Options{Zone: saigon})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	pack, _ := compliance.PackFor("vn")
	return Stage{World: &campaigns.World{Brand: campaigns.Brand{Name: "Lụa", Locale: "vi", Zone: saigon}, Campaigns: set.Campaigns, Offers: set.Offers, Pack: pack}}
}

func golden(t testing.TB) (string, Script) {
	t.Helper()
	raw, err := os.ReadFile("testdata/style.talk")
	if err != nil {
		t.Fatal(err)
	}
	s, err := Read(string(raw), saigon)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw), s
}

// A talk that was saved is played as it went, and saved the same again.
func TestASavedTalkIsPlayedAgain(t *testing.T) {
	t.Parallel()
	raw, s := golden(t)
	talk, err := stage(t).Play(s)
	if err != nil || talk.Failed() {
		t.Fatal(err, talk.Steps)
	}
	if got := talk.Test(s); got != raw {
		t.Errorf("saved as\n%s\nbefore\n%s", got, raw)
	}
}

// Whatever comes otherwise than expected is found.
func TestWhatComesOtherwiseIsFound(t *testing.T) {
	t.Parallel()
	raw, _ := golden(t)
	for name, change := range map[string][2]string{
		"a text":         {"< Ngân sách", "< Giá"},
		"a value":        {"= style = Công sở", "= style = Thể thao"},
		"nothing said":   {"! again\n", "! again\n< Dạ?\n"},
		"said too much":  {`< [QC] Dạ bên em vẫn mong câu trả lời của mình ạ.\nChị Lan thích phong cách nào ạ?\n1. Thể thao\n2. Công sở\nTu choi: soan TC\n(1) Thể thao\n(2) Công sở` + "\n", ""},
		"another answer": {"> 2\n", "> 1\n"},
	} {
		if !strings.Contains(raw, change[0]) {
			t.Fatal(name)
		}
		s, err := Read(strings.Replace(raw, change[0], change[1], 1), saigon)
		if err != nil {
			t.Fatal(name, err)
		}
		if talk, err := stage(t).Play(s); err != nil || !talk.Failed() {
			t.Errorf("%s: %v: nothing is wrong with it", name, err)
		}
	}
}

// Who writes a talk by hand need not write a long text out.
func TestATextMayBeLeftOpenAtItsEnd(t *testing.T) {
	t.Parallel()
	raw, _ := golden(t)
	for _, open := range []struct {
		want string
		fits bool
	}{{"[QC] Chị Lan thích phong cách nào ạ? ...", true}, {"[QC] Chị Lan thích phong cách ...", true}, {"[QC] Chị Mai ...", false}, {"[QC] Chị Lan thích phong cách nào ạ?", false}} {
		s, err := Read(strings.Replace(raw, `[QC] Chị Lan thích phong cách nào ạ?\n1. Thể thao\n2. Công sở\nTu choi: soan TC\n(1) Thể thao\n(2) Công sở`, open.want, 1), saigon)
		if err != nil {
			t.Fatal(err)
		}
		if talk, err := stage(t).Play(s); err != nil || talk.Failed() == open.fits {
			t.Errorf("%s: %v, failed: %t", open.want, err, talk.Failed())
		}
	}
}

// What is seen beside the talk: how it was read, what was considered, what did not go and why.
func TestWhatIsSeenBesideTheTalk(t *testing.T) {
	t.Parallel()
	_, s := golden(t)
	talk, err := stage(t).Play(s)
	if err != nil {
		t.Fatal(err)
	}
	first, answer, again, last := talk.Steps[0], talk.Steps[5], talk.Steps[6], talk.Steps[7]
	if len(first.Bubbles) != 0 || len(first.Ledger) == 0 || first.Ledger[len(first.Ledger)-1].Kind != preferences.EntryHeld {
		t.Errorf("at night nothing is asked: %+v", first)
	}
	read := answer.Ledger[1]
	if read.Kind != preferences.EntryUnderstood || read.Detail["rule"] != "menu-position" || read.Detail["trace"] == nil {
		t.Errorf("how it was read: %+v", read)
	}
	if len(again.Withheld) != 1 || again.Withheld[0].Reason != "repeated" || len(again.Ledger) != 0 {
		t.Errorf("a repeat changes nothing: %+v", again)
	}
	if len(last.Offers) != 2 || last.Offers[0].Offer != "office-20" {
		t.Errorf("what was considered: %+v", last.Offers)
	}
	if b := last.Bubbles[1]; b.Mine || !strings.Contains(b.Parts[0], "TEST-0001") {
		t.Errorf("codes are made up: %+v", b)
	}
}

// What waits for the morning is what happens next, before any reminder.
func TestTheNextThingIsTheHeldQuestion(t *testing.T) {
	t.Parallel()
	_, s := golden(t)
	s.Moves = nil
	st := stage(t)
	talk, err := st.Play(s)
	if err != nil {
		t.Fatal(err)
	}
	at := s.At.In(saigon)
	morning := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, saigon).Add(st.World.Pack.QuietTo)
	if morning.Before(at) {
		morning = morning.AddDate(0, 0, 1)
	}
	if !talk.Wake.Equal(morning) {
		t.Errorf("asked at %v, next %v, want %v", at, talk.Wake, morning)
	}
}

// What is on its way when somebody takes the conversation over waits until they hand it back.
func TestATalkIsTakenOver(t *testing.T) {
	t.Parallel()
	s, err := Read("campaign: style\nname: Lan\nchannel: sms\nconsent: marketing\nat: 2026-12-05 22:30\n---\n! wait 8h25m\n! takeover\n! wait 10m\n! handback\n", saigon)
	if err != nil {
		t.Fatal(err)
	}
	talk, err := stage(t).Play(s)
	if err != nil {
		t.Fatal(err)
	}
	held, back := talk.Steps[3], talk.Steps[4]
	if len(held.Bubbles) != 0 || len(talk.Steps[1].Bubbles) != 0 {
		t.Errorf("while somebody talks: %+v", held)
	}
	if len(back.Bubbles) != 1 || !strings.Contains(back.Bubbles[0].Text, "Chị Lan thích phong cách nào ạ?") {
		t.Errorf("handed back: %+v", back)
	}
}

func TestMistakesInATalkSayWhere(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                   "line 1: a talk says which campaign",
		"campaign: style\nhello":             "line 2: the head has lines",
		"campaign: style\nhue: blue":         `line 2: there is no setting "hue"`,
		"campaign: style\nat: tomorrow":      "line 2: at is written",
		"campaign: style\n---\nhello":        "line 3: a line begins with",
		"campaign: style\n---\n! dance":      `line 3: there is no "dance"`,
		"campaign: style\n---\n! wait 1y":    "line 3: a time is written",
		"campaign: style\n---\n! wait 9999d": "line 3: a time is written",
		"campaign: style\n---\n! tap":        "line 3: tap wants",
		"campaign: style\nfact: x\n---\n":    "line 2: fact is written",
		"campaign: style\n---\n" + strings.Repeat("> a\n", movesMax+1): "a talk has at most 200 moves",
		strings.Repeat("#", textMax+1):                                 "a talk has at most",
	} {
		if _, err := Read(text, saigon); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: %v, want %s", text, err, want)
		}
	}
	for _, s := range []Script{{Campaign: "none"}, {Campaign: "style", Persona: Persona{Account: "none"}}, {Campaign: "style"},
		{Campaign: "style", Persona: Persona{Channel: "sms", Consents: []string{"marketting"}, Known: map[string]string{"style": "1"}}}} {
		if _, err := stage(t).Play(s); err == nil {
			t.Errorf("%+v is played", s)
		}
	}
}

// What is written of any script is read as the same, and any talk can be played, twice the same.
func TestAnyTalkIsReadAndPlayed(t *testing.T) {
	t.Parallel()
	st := stage(t)
	rapid.Check(t, func(rt *rapid.T) {
		s := Script{Campaign: "style", At: time.Date(2026, 12, 5, 10, 0, 0, 0, saigon), Persona: Persona{Name: "Lan", Channel: "sms"}}
		if rapid.Bool().Draw(rt, "agreed") {
			s.Persona.Consents = []string{"marketing"}
		}
		for range rapid.IntRange(0, 12).Draw(rt, "moves") {
			m := Move{Verb: rapid.SampledFrom([]string{Says, Says, Says, Taps, Again, Late, Wait, Event, TakeOver, HandBack}).Draw(rt, "verb")}
			switch m.Verb {
			case Says, Late:
				m.Text = rapid.SampledFrom([]string{"2", "tầm 600k", "STOP", "hmm", "còn size M không?", "à nhầm, thể thao", "hai\ndòng", "<script>", "XOA DU LIEU"}).Draw(rt, "text")
			case Taps:
				m.Text = rapid.SampledFrom([]string{"1", "2", "9"}).Draw(rt, "option")
			case Event:
				m.Text = "order.returned"
			}
			if m.Verb == Late || m.Verb == Wait {
				m.Wait = time.Duration(rapid.IntRange(1, 72*60).Draw(rt, "minutes")) * time.Minute
			}
			s.Moves = append(s.Moves, m)
		}
		back, err := Read(s.String(), saigon)
		if err != nil {
			rt.Fatalf("%v\n%s", err, s)
		}
		for i := range back.Moves {
			back.Moves[i].Line = 0
		}
		if !reflect.DeepEqual(back, s) {
			rt.Fatalf("written %+v\nread %+v", s, back)
		}
		one, err := st.Play(s)
		if err != nil {
			rt.Fatal(err)
		}
		expected, err := Read(one.Test(s), saigon)
		if err != nil {
			rt.Fatal(err)
		}
		if two, err := st.Play(expected); err != nil || two.Failed() {
			rt.Fatalf("%v\n%s\n%+v", err, one.Test(s), two.Steps)
		}
	})
}
