package smpp_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/smpp"
	"github.com/hoidap/hoidap/adapters/smpp/fake"
	"github.com/hoidap/hoidap/adapters/smpp/pdu"
)

const number = "84901234567"

var long = strings.Repeat("Dạ chị thích đồ công sở ạ. ", 6) // 3 parts

// deliver lets the centre deliver one message, and says whether it was acknowledged.
func (r *rig) deliver(all ...fake.Deliver) error {
	r.t.Helper()
	err := r.fake.Deliver(r.t.Context(), all...)
	if err != nil && !errors.Is(err, fake.ErrRefused) {
		r.t.Fatal(err)
	}
	return err
}

func TestPartsInAnyOrder(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil, 5*time.Second, time.Hour)
	p := r.fake.Typed(number, long)
	other := r.fake.Typed("84912345678", long)
	if err := r.deliver(p[2], other[0], p[0], p[0], other[2], p[1], other[1]); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if e := r.next(); e.Text != long {
			t.Errorf("%q", e.Text)
		}
	}
	r.nothing()
}

// A centre may wait for the answer to a part before it delivers the next: then it is asked to deliver the part again, and
// the text is stored as soon as all of it has been here.
func TestACentreThatWaitsForEachAnswer(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil, 10*time.Millisecond, time.Hour)
	r.forward(0)
	p := r.fake.Typed(number, long)
	for _, part := range p[:2] {
		done := make(chan error, 1)
		go func() { done <- r.fake.Deliver(t.Context(), part) }()
		wait(t, "the part is sent back", func() bool {
			r.forward(time.Second)
			select {
			case err := <-done:
				return errors.Is(err, fake.ErrRefused)
			default:
				return false
			}
		})
	}
	r.nothing()
	if err := r.deliver(p[2]); err != nil {
		t.Errorf("the text is whole: %v", err)
	}
	if e := r.next(); e.Text != long {
		t.Errorf("%q", e.Text)
	}
	if err := r.deliver(p[0], p[1]); err != nil {
		t.Errorf("what is stored is acknowledged when it comes again: %v", err)
	}
	r.nothing()
}

// No part is acknowledged before the text is stored.
func TestPartsThatCannotBeStored(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil, 5*time.Second, time.Hour)
	p := r.fake.Typed(number, long)
	r.deafen(1)
	if err := r.deliver(p...); strings.Count(err.Error(), "0x64") != 3 {
		t.Errorf("all three come again later: %v", err)
	}
	r.nothing()
	if err := r.deliver(p...); err != nil || r.next().Text != long {
		t.Errorf("they came again: %v", err)
	}
	r.nothing()
}

// Parts that lie here when the process dies have no answer: the centre delivers them to the next.
func TestACrashLosesNoPart(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil, time.Hour, time.Hour)
	p := r.fake.Typed(number, long)
	done := make(chan error, 1)
	go func() { done <- r.fake.Deliver(t.Context(), p[0], p[1]) }()
	select {
	case err := <-done:
		t.Fatalf("acknowledged and not stored: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	r.fake.Cut()
	r.stop()
	<-done //nolint:errcheck // the session has gone
	wait(t, "the end of the old session", func() bool { return r.fake.Bound() == 0 })
	r.listen(time.Hour, time.Hour)
	if err := r.deliver(p...); err != nil || r.next().Text != long {
		t.Errorf("%v", err)
	}
	r.nothing()
}

// What stays incomplete counts as it is, after a while, and does not read as if it were all.
func TestAnIncompleteTextIsNotLost(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil, time.Hour, 5*time.Minute)
	p := r.fake.Typed(number, long)
	done := make(chan error, 1)
	go func() { done <- r.fake.Deliver(t.Context(), p[2], p[0]) }()
	wait(t, "the text is stored", func() bool { r.forward(time.Minute); return len(done) == 1 })
	if err := <-done; err != nil {
		t.Error(err)
	}
	e := r.next()
	runes := []rune(long)
	if want := string(runes[:67]) + " … " + string(runes[134:]); e.Text != want {
		t.Errorf("%q, want %q", e.Text, want)
	}
}

// There is an end to what is kept: the oldest counts as it is.
func TestPartsAreBounded(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil, time.Hour, time.Hour)
	var all []fake.Deliver
	for i := range 1001 {
		d := r.fake.Typed(number, long)[0]
		d.From = "849" + strings.Repeat("0", 4) + string([]byte{'0' + byte(i/1000), '0' + byte(i/100%10), '0' + byte(i/10%10), '0' + byte(i%10)})
		all = append(all, d)
	}
	var ended sync.WaitGroup
	for _, d := range all {
		ended.Go(func() {
			for errors.Is(r.fake.Deliver(t.Context(), d), fake.ErrRefused) { // too many at once
			}
		})
	}
	if e := r.next(); !strings.HasSuffix(e.Text, " … ") {
		t.Errorf("%q", e.Text)
	}
	r.nothing()
	r.fake.Cut() // lets those end that still wait
	ended.Wait()
}

// The same words twice are two answers, unless the centre repeats itself.
func TestTheSameAnswerTwice(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil, time.Second, time.Hour)
	two := r.fake.Typed(number, "2")
	ids := map[string]bool{}
	if err := r.deliver(two[0], two[0]); err != nil { // even where they are stored together
		t.Fatal(err)
	}
	if err := r.deliver(two[0]); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		ids[r.next().ID] = true
	}
	if len(ids) != 3 {
		t.Fatalf("three answers have the ids %v", ids)
	}
	binds := r.fake.Binds()
	r.fake.Cut() // the centre may not have got our answers: it delivers again
	wait(t, "a new session", func() bool { return r.fake.Binds() > binds && r.fake.Bound() == 1 })
	for range 3 {
		if err := r.deliver(two[0]); err != nil {
			t.Fatal(err)
		}
		if id := r.next().ID; !ids[id] {
			t.Errorf("a repeat has a new id")
		} else {
			delete(ids, id)
		}
	}
	if err := r.deliver(two[0]); err != nil || len(ids) != 0 {
		t.Fatal(err, ids)
	}
	if id := r.next().ID; ids[id] {
		t.Errorf("what was said anew has an old id")
	}
}

// Where the centre has answered something that we asked after our acknowledgement, it has got that: what it delivers in
// the next session is no repeat, as short as the time may have been.
func TestAnAnswerThatIsKnownToBeAcknowledged(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil, time.Second, time.Hour)
	two := r.fake.Typed(number, "2")
	if err := r.deliver(two...); err != nil {
		t.Fatal(err)
	}
	first := r.next().ID
	if _, err := r.send("c1.1", "Ngân sách khoảng bao nhiêu ạ?"); err != nil { // the next question
		t.Fatal(err)
	}
	binds := r.fake.Binds()
	r.fake.Cut()
	wait(t, "a new session", func() bool { return r.fake.Binds() > binds && r.fake.Bound() == 1 })
	if err := r.deliver(two...); err != nil || r.next().ID == first {
		t.Errorf("the answer to the next question counts as a repeat: %v", err)
	}
}

// After a crash nothing is remembered: the id is the one that the words had the first time.
func TestARepeatAfterACrash(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil, time.Second, time.Hour)
	two := r.fake.Typed(number, "2")
	if err := r.deliver(two...); err != nil {
		t.Fatal(err)
	}
	first := r.next().ID
	r.stop()
	wait(t, "the end of the old session", func() bool { return r.fake.Bound() == 0 })
	r.listen(time.Second, time.Hour)
	if err := r.deliver(two...); err != nil || r.next().ID != first {
		t.Errorf("the repeat has another id: %v", err)
	}
}

func TestReceipts(t *testing.T) {
	t.Parallel()
	const text = "id:0005F3A9C01 sub:001 dlvrd:001 submit date:2608010930 done date:2608010931 stat:UNDELIV err:027 text:id:7 stat:DELIVRD"
	for name, c := range map[string]struct {
		form   string
		d      fake.Deliver
		want   adapters.Event
		reject bool
		quiet  bool
	}{
		"words":             {d: fake.Deliver{Class: 4, Octets: []byte(text)}, want: adapters.Event{Theirs: "0005F3A9C01", Status: adapters.Undelivered, Fault: adapters.Recipient, Code: "027"}},
		"words in capitals": {d: fake.Deliver{Class: 4, Octets: []byte("ID:77 STAT:delivrd ERR:000")}, want: adapters.Event{Theirs: "77", Status: adapters.Delivered}},
		"parameters win":    {d: fake.Deliver{Class: 4, Octets: []byte(text), Params: append(fake.Param(0x1E, "99\x00"), fake.Param(0x427, "\x02")...)}, want: adapters.Event{Theirs: "99", Status: adapters.Delivered, Code: "027"}},
		"parameters alone":  {d: fake.Deliver{Class: 4, Params: append(append(fake.Param(0x1E, "99"), fake.Param(0x427, "\x05")...), fake.Param(0x423, "\x03\x00\x1b")...)}, want: adapters.Event{Theirs: "99", Status: adapters.Undelivered, Fault: adapters.Recipient, Code: "27"}},
		"on its way":        {d: fake.Deliver{Class: 0x20, Octets: []byte("id:77 stat:ENROUTE err:000")}, want: adapters.Event{Theirs: "77", Status: adapters.SentOn}},
		"hexadecimal ids":   {form: "hex", d: fake.Deliver{Class: 4, Octets: []byte("id:005F3A9C01 stat:DELIVRD")}, want: adapters.Event{Theirs: "5f3a9c01", Status: adapters.Delivered}},
		"decimal ids":       {form: "decimal", d: fake.Deliver{Class: 4, Octets: []byte("id:001597676545 stat:DELIVRD")}, want: adapters.Event{Theirs: "1597676545", Status: adapters.Delivered}},
		"no number":         {form: "decimal", d: fake.Deliver{Class: 4, Octets: []byte("id:ab-1 stat:DELIVRD")}, want: adapters.Event{Theirs: "ab-1", Status: adapters.Delivered}},
		"an unknown state":  {d: fake.Deliver{Class: 4, Octets: []byte("id:77 stat:LOITERING")}, quiet: true},
		"no id":             {d: fake.Deliver{Class: 4, Octets: []byte("stat:DELIVRD")}, reject: true},
	} {
		r := newRig(t, map[string]string{"receipt_ids": c.form}, time.Second, time.Hour)
		c.d.From, c.d.FromTON, c.d.To = number, 1, "8041"
		err := r.deliver(c.d)
		if c.reject != (err != nil) {
			t.Errorf("%s: %v", name, err)
		}
		if c.reject || c.quiet {
			r.nothing()
			r.stop()
			continue
		}
		c.want.Kind, c.want.From, c.want.At = adapters.Report, lan, r.now()
		got := r.next()
		c.want.ID = got.ID
		if got.ID == "" || !same(got, c.want) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
		r.stop()
	}
}

func same(a, b adapters.Event) bool {
	return a.Kind == b.Kind && a.ID == b.ID && a.From == b.From && a.At.Equal(b.At) && a.Theirs == b.Theirs && a.Status == b.Status && a.Fault == b.Fault && a.Code == b.Code && a.Text == b.Text
}

// The ids of what is sent are written as receipts write them.
func TestIDsOfAnswersAndReceiptsMeet(t *testing.T) {
	t.Parallel()
	for form, c := range map[string][2]string{"same": {"9007199254740993", "9007199254740993"}, "hex": {"9007199254740993", "0020000000000001"}} {
		r := newRig(t, map[string]string{"receipt_ids": form}, time.Second, time.Hour)
		s, err := r.send("c1.1", "a")
		if err != nil {
			t.Fatal(err)
		}
		if err := r.deliver(fake.Deliver{From: number, FromTON: 1, To: "8041", Class: 4, Octets: []byte("id:" + c[1] + " stat:DELIVRD")}); err != nil {
			t.Fatal(err)
		}
		if e := r.next(); s.IDs[0] != e.Theirs {
			t.Errorf("%s: sent as %v, reported as %s", form, s.IDs, e.Theirs)
		}
		r.stop()
	}
}

func TestWhoWrites(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil, time.Second, time.Hour)
	for _, c := range []struct {
		from string
		ton  byte
		want string
	}{
		{"84901234567", 1, "tel:+84901234567"}, {"+84901234567", 1, "tel:+84901234567"}, {"84901234567", 0, "tel:+84901234567"},
		{"0901234567", 0, "tel:+84901234567"}, {"901234567", 2, "tel:+84901234567"}, {"Viettel", 5, ""}, {"", 0, ""}, {"123", 1, ""},
	} {
		err := r.deliver(fake.Deliver{From: c.from, FromTON: c.ton, To: "8041", Octets: []byte("2")})
		if (c.want == "") != (err != nil) {
			t.Errorf("%s: %v", c.from, err)
		}
		if c.want == "" {
			r.nothing()
		} else if e := r.next(); e.From.String() != c.want {
			t.Errorf("%s is %s", c.from, e.From)
		}
	}
	if err := r.deliver(fake.Deliver{From: number, FromTON: 1, Coding: 4, Octets: []byte{1, 2}}); err == nil || !strings.Contains(err.Error(), "0x65") {
		t.Errorf("what nobody can read is not acknowledged, and need not come again: %v", err)
	}
	r.nothing()
}

// Whatever a centre delivers is answered, or waits as a part, and nothing of it brings the session down.
func FuzzDecode(f *testing.F) {
	seed := pdu.SM{From: pdu.Address{TON: 1, Addr: number}, To: pdu.Address{Addr: "8041"}}
	for _, sm := range []pdu.SM{
		{Message: []byte("2")}, {Class: 0x40, Message: []byte("\x05\x00\x03\x2a\x02\x01hi")}, {Coding: 8, Message: []byte("\x1e\xbf\x1e")},
		{Class: 4, Message: []byte("id:5F3A9C01 stat:DELIVRD err:000")}, {Class: 4, TLVs: []pdu.TLV{{Tag: pdu.TagReceiptedMessageID, Value: []byte("1\x00")}, {Tag: pdu.TagMessageState, Value: []byte{2}}}},
	} {
		sm.From, sm.To = seed.From, seed.To
		body, err := sm.Bytes()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		events, answers := smpp.Deliver(body)
		for _, e := range events {
			if e.ID == "" || e.At.IsZero() || e.Kind == adapters.Report && e.Theirs == "" || e.Kind == adapters.Inbound && e.From.IsZero() {
				t.Fatalf("%x became %+v", body, e)
			}
		}
		if len(events) > 1 || len(answers) > 1 || len(events) == 1 && len(answers) != 1 {
			t.Fatalf("%x became %d events, and was answered with %v", body, len(events), answers)
		}
	})
}
