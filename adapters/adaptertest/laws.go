package adaptertest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/preferences/address"
	"pgregory.net/rapid"
)

// Letters are all Vietnamese letters that have marks, and the signs that encodings of forms, JSON and XML stumble over.
const Letters = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ" +
	"ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ ₫ 😀👍🏽 &=+%#?;/\\\"'<>{}[]~|^€\nhết"

var laws = []law{
	{"nothing private is logged", discretion, true},
	{"settings are declared", settingsAreDeclared, false},
	{"capabilities are constant and sound", capabilitiesAreSound, false},
	{"text arrives up to the limit and is refused beyond it", textLimit, false},
	{"options arrive up to the limit", optionLimit, false},
	{"every letter arrives", everyLetter, false},
	{"ids of the provider are stable", idsAreStable, false},
	{"what the provider tells is understood", eventsAreUnderstood, false},
	{"one flipped byte is forged", flippedByte, false},
	{"garbage is refused", garbage, false},
	{"failures are classified", failures, false},
	{"a lost answer is unknown and can be settled", lostAnswer, false},
	{"giving up takes no time", givingUp, false},
	{"recorded webhooks are read", recorded, false},
	{"options, labels, payloads and pictures beyond the limit are refused", beyondLimits, false},
	{"pictures arrive up to the limit", mediaLimit, false},
	{"templates arrive", templates, false},
	{"what is not in the documents is unknown", oddAnswers, false},
	{"without a connection nothing was sent", noConnection, false},
	{"a proxy's answers are classified", proxies, false},
	{"ids of 64 bits are tried", largeIDs, false},
	{"a batch tells all", batches, false},
	{"handshakes are answered", handshakes, false},
	{"unknown kinds are set aside", unknownKinds, false},
	{"everything may happen at once", atOnce, false},
	{"a session acknowledges what is stored, and no more", sessions, false},
}

func settingsAreDeclared(b *bench) {
	b.nothingLeftToWrite()
	seen := map[string]bool{}
	for _, s := range b.kind.Settings {
		if s.Name == "" || s.Doc == "" || seen[s.Name] {
			b.breach("setting %q has no name, no doc, or is there twice", s.Name)
		}
		seen[s.Name] = true
		acc := b.account
		acc.Settings = map[string]string{}
		for k, v := range b.account.Settings {
			if k != s.Name {
				acc.Settings[k] = v
			}
		}
		if _, err := b.kind.Open(acc); s.Required {
			if err == nil || !strings.Contains(err.Error(), s.Name) {
				b.breach("the account opens without %s, or does not name it: %v", s.Name, err)
			}
			b.discreet(err, "")
		}
	}
	for name := range b.account.Settings {
		if !seen[name] {
			b.breach("setting %s is used and not declared", name)
		}
	}
}

func capabilitiesAreSound(b *bench) {
	c := b.Capabilities()
	if len(c.Carries) == 0 {
		b.breach("the account carries no class: write into Capabilities.Carries which may leave by it, such as adapters.Service and adapters.Reply")
	}
	switch c.Reports {
	case adapters.SentOn, adapters.Delivered, adapters.Read:
	default:
		b.breach("Capabilities.Reports is %q: write the highest status that the provider tells of, adapters.SentOn (it tells nothing), Delivered or Read", c.Reports)
	}
	switch _, finds := b.Adapter.(adapters.Finder); c.Repeat {
	case adapters.Finds:
		if !finds {
			b.breach("Capabilities.Repeat is finder, and the adapter has no method Find")
		}
	case adapters.Keyed, adapters.Echoed, adapters.Blind:
	default:
		b.breach("Capabilities.Repeat is %q: write what settles a lost answer, adapters.Keyed, Finds, Echoed or Blind", c.Repeat)
	}
	if c.TextMax < 0 {
		b.breach("Capabilities.TextMax is %d: write how many UTF-16 units the provider takes in one message, 0 where it names no limit", c.TextMax)
	}
	if _, err := b.send(b.message("m1", "một")); err != nil {
		b.breach("a plain message: %v", err)
	}
	if again := b.Capabilities(); !reflect.DeepEqual(c, again) {
		b.breach("capabilities changed from %+v to %+v", c, again)
	}
}

func textLimit(b *bench) {
	n := b.Capabilities().TextMax
	if n <= 0 {
		return
	}
	for _, letter := range []string{"a", "ê"} {
		b.arrives(b.message("n"+letter, strings.Repeat(letter, n)))
		before := len(b.fake.Shown(b.kit.To))
		_, err := b.send(b.message("over"+letter, strings.Repeat(letter, n+1)))
		if faultOf(err) != adapters.BadMessage {
			b.breach("one unit more than TextMax: %v, want BadMessage", err)
		}
		if len(b.fake.Shown(b.kit.To)) != before {
			b.breach("one unit more than TextMax arrived somehow")
		}
	}
	b.arrives(b.message("pairs", strings.Repeat("😀", n/2)))
}

// arrives sends m and looks at the phone.
func (b *bench) arrives(m adapters.Message) {
	if _, err := b.send(m); err != nil {
		b.breach("message %s of %d bytes is refused: %v", m.ID, len(m.Text), err)
		return
	}
	shown := b.fake.Shown(m.To)
	if len(shown) == 0 {
		b.breach("message %s was taken and is not shown", m.ID)
		return
	}
	last := shown[len(shown)-1]
	if m.Template != nil {
		if !reflect.DeepEqual(last.Template, m.Template) {
			b.breach("the template of %s arrived changed: %+v, want %+v", m.ID, last.Template, m.Template)
		}
		return
	}
	if last.Text != m.Text {
		b.breach("message %s arrived changed: %q, want %q", m.ID, last.Text, m.Text)
	}
	if !reflect.DeepEqual(last.Options, m.Options) {
		b.breach("the options of %s arrived changed: %v", m.ID, last.Options)
	}
}

func optionLimit(b *bench) {
	limits := b.Capabilities().Options
	m := b.message("options", "Gu nào ạ?")
	for i := range limits.Max {
		letter := string(rune('a' + i%26))
		m.Options = append(m.Options, adapters.Option{
			Label: letter + strings.Repeat("ế", limits.LabelMax-1), Payload: letter + strings.Repeat("p", limits.PayloadMax-1),
		})
	}
	b.arrives(m)
}

func everyLetter(b *bench) { b.arrives(b.message("letters", Letters)) }

func idsAreStable(b *bench) {
	m := b.message("m1", "một")
	one, err := b.send(m)
	if err != nil {
		b.breach("%v", err)
	}
	other, err := b.send(b.message("m2", "hai"))
	if err != nil || reflect.DeepEqual(one.IDs, other.IDs) {
		b.breach("two messages have the ids %v and %v, %v", one.IDs, other.IDs, err)
	}
	if b.Capabilities().Repeat != adapters.Keyed {
		return
	}
	before := len(b.fake.Shown(b.kit.To))
	if again, err := b.send(m); err != nil || !reflect.DeepEqual(one.IDs, again.IDs) {
		b.breach("the same message has the ids %v and %v, %v", one.IDs, again.IDs, err)
	}
	if len(b.fake.Shown(b.kit.To)) != before {
		b.breach("the same message is shown twice")
	}
}

// events are the kit's, and one that holds every letter.
func (b *bench) events() []adapters.Event {
	all := append([]adapters.Event{}, b.kit.Events...)
	if b.Capabilities().Inbound {
		letters := adapters.Event{Kind: adapters.Inbound, From: b.kit.To, MessageID: strings.TrimPrefix(cmp.Or(b.kit.LettersID, "in-letters"), "-"), Text: Letters}
		if b.kit.Answers != "" {
			letters.From, letters.Ours = address.Address{}, b.kit.Answers
		}
		all = append(all, letters)
	}
	for i := range all {
		if all[i].At.IsZero() {
			all[i].At = time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
		}
	}
	return all
}

func eventsAreUnderstood(b *bench) {
	if _, ok := b.fake.(Teller); ok {
		return // see sessions
	}
	ids := map[string]bool{}
	for _, want := range b.events() {
		r, ok := b.fake.Hook(want)
		if !ok {
			b.breach("the fake cannot tell %s: write it in the fake's Hook, give it ids that the provider could have (Kit.Events, Kit.LettersID), or take it out of Kit.Events", fieldsOf(want))
			continue
		}
		got, err := b.Decode(r)
		if err != nil || len(got.Events) != 1 {
			b.breach("of %s Decode made %d events, error: %v", fieldsOf(want), len(got.Events), err)
			continue
		}
		e := got.Events[0]
		if e.ID == "" || ids[e.ID] {
			b.breach("the event's ID %q is empty or another's", e.ID)
		}
		ids[e.ID] = true
		want.ID = e.ID
		if !reflect.DeepEqual(e, want) {
			b.breach("told %s, understood otherwise: %s", fieldsOf(want), difference(want, e))
		}
		if again, err := b.Decode(r); err != nil || !reflect.DeepEqual(got, again) {
			b.breach("the same request was read otherwise the second time: %+v, %v", again, err)
		}
		if got.Answer.Status >= 300 {
			b.breach("answered with %d", got.Answer.Status)
		}
	}
}

func flip(s string, i int) string {
	c := []byte(s)
	c[i] ^= 1
	return string(c)
}

func garbage(b *bench) {
	requests := rapid.Custom(func(t *rapid.T) adapters.Request {
		return adapters.Request{
			Method: rapid.SampledFrom([]string{"GET", "POST", "PUT", ""}).Draw(t, "method"),
			URL:    rapid.SampledFrom([]string{Webhook, Webhook + "?", Webhook + "?a=%zz&bodySHA256=1", "", "::", "?"}).Draw(t, "url") + rapid.String().Draw(t, "more"),
			Header: http.Header{
				b.header():     rapid.SliceOfN(rapid.String(), 0, 2).Draw(t, "signature"),
				"Content-Type": {rapid.SampledFrom([]string{"", "application/json", "application/x-www-form-urlencoded; charset=utf-8", "text/xml", ";"}).Draw(t, "type")},
			},
			Body: rapid.SliceOf(rapid.Byte()).Draw(t, "body"),
		}
	})
	check := func(r adapters.Request, allowed bool) {
		_, err := b.Decode(r)
		if !errors.Is(err, adapters.ErrForged) && !errors.Is(err, adapters.ErrMalformed) && !((allowed || b.probes(r)) && err == nil) {
			b.breach("%.200q was answered with %v", r.Body, err)
		}
		b.discreet(err, Letters)
	}
	check(adapters.Request{}, false)
	for seed := range 200 {
		check(requests.Example(seed), false)
	}
	for _, e := range b.events() { // what is authentic may still be cut short
		r, ok := b.fake.Hook(e)
		for i := 0; ok && i < len(r.Body); i++ {
			x := r
			x.Body = r.Body[:i]
			check(x, !b.kit.signsBody())
		}
		base, _, _ := strings.Cut(r.URL, "?")
		for i := len(base); ok && r.Method == http.MethodGet && i < len(r.URL); i++ {
			x := r
			x.URL = r.URL[:i]
			check(x, true)
		}
	}
}

// probes reports whether a call is one of the handshakes that show nothing.
func (b *bench) probes(r adapters.Request) bool {
	return slices.ContainsFunc(b.kit.Handshakes, func(h Handshake) bool {
		return h.Token == "" && r.Method == h.Request.Method && strings.TrimSuffix(r.URL, "?") == h.Request.URL && bytes.Equal(r.Body, h.Request.Body)
	})
}

func failures(b *bench) {
	for _, f := range []adapters.Fault{
		adapters.Transient, adapters.Throttled, adapters.Later, adapters.Recipient, adapters.Stopped, adapters.Window, adapters.BadMessage, adapters.Operator,
	} {
		if lacks := slices.Contains(b.kit.Lacks, f); !b.fake.Break(f) {
			if !lacks {
				b.breach("the fake cannot play %s: give fakekit.New the provider's answer for it, or name it in Kit.Lacks where the provider has no such failure", f)
			}
			continue
		} else if lacks {
			b.breach("the provider is said to lack %s, and the fake plays it", f)
		}
		b.fails(f)
		for range b.ways(f) - 1 {
			b.fake.Break(f)
			b.fails(f)
		}
	}
}

// ways is how many failures of a kind the fake has.
func (b *bench) ways(f adapters.Fault) int {
	if w, ok := b.fake.(interface{ Ways(adapters.Fault) int }); ok {
		return w.Ways(f)
	}
	return 1
}

// fails sends a message that meets f, and one that does not.
func (b *bench) fails(f adapters.Fault) {
	before := len(b.fake.Shown(b.kit.To))
	_, err := b.send(b.message("bad-"+string(f), "không tới được"))
	var e *adapters.Error
	if !errors.As(err, &e) || e.Fault != f {
		b.breach("%s: Send says %q, want an *adapters.Error of fault %s: is the code that the fake answers with in the adapter's table?", f, fmt.Sprint(err), f)
		return
	}
	if f == adapters.Later && !e.After.After(time.Now()) {
		b.breach("%s: After is %v", f, e.After)
	}
	if len(b.fake.Shown(b.kit.To)) != before {
		b.breach("%s: the message was sent again, without being asked", f)
	}
	if _, err := b.send(b.message("good-"+string(f), "tới nơi")); err != nil {
		b.breach("after %s nothing goes any more: %v", f, err)
	}
}

func faultOf(err error) adapters.Fault {
	var e *adapters.Error
	if errors.As(err, &e) {
		return e.Fault
	}
	return adapters.Unknown
}

func lostAnswer(b *bench) {
	if !b.fake.Break(adapters.Unknown) {
		return
	}
	m := b.message("lost", "Chị thích phong cách nào?")
	_, err := b.send(m)
	if err == nil || faultOf(err) != adapters.Unknown {
		b.breach("the answer was lost, and Send says %v", err)
	}
	if n := len(b.fake.Shown(m.To)); n != 1 {
		b.breach("the message whose answer was lost is shown %d times, want once: the fake takes it and Shows it", n)
	}
	switch f, ok := b.Adapter.(adapters.Finder); {
	case ok:
		s, taken, err := f.Find(b.ctx, m)
		if err != nil || !taken || len(s.IDs) == 0 {
			b.breach("Find says %+v, %v, %v of a message that was taken", s, taken, err)
		}
		other := b.message("other", "Ngân sách khoảng bao nhiêu ạ?")
		if _, taken, err := f.Find(b.ctx, other); err != nil || taken {
			b.breach("Find says %v, %v of a message that was not", taken, err)
		}
		if n := len(b.fake.Shown(m.To)); n != 1 {
			b.breach("looking sent something")
		}
	case b.Capabilities().Repeat == adapters.Keyed:
		if _, err := b.send(m); err != nil || len(b.fake.Shown(m.To)) != 1 {
			b.breach("sending again: %v, shown %d times", err, len(b.fake.Shown(m.To)))
		}
	}
}

func givingUp(b *bench) {
	ctx, cancel := context.WithCancel(b.ctx)
	cancel()
	if _, err := b.Send(ctx, b.message("m1", "một")); err == nil {
		b.breach("a message was sent that nobody waited for")
	}
	slow, ok := b.fake.(interface{ Slow(time.Duration) })
	if !ok {
		return
	}
	_, _ = b.Send(b.ctx, b.message("m0", "không")) // has a connection ready: without one, nothing would have been sent
	slow.Slow(10 * time.Second)
	ctx, cancel = context.WithTimeout(b.ctx, 200*time.Millisecond)
	defer cancel()
	m, start := b.message("m2", "hai ba bốn"), time.Now()
	_, err := b.Send(ctx, m)
	if took := time.Since(start); took > 5*time.Second {
		b.breach("Send went on for %v", took)
	}
	if err == nil || faultOf(err) != adapters.Unknown {
		b.breach("nobody knows the outcome, and Send says %v", err)
	}
	b.discreet(err, m.Text)
}
