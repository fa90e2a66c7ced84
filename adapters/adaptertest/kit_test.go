package adaptertest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/twilio"
	"github.com/hoidap/hoidap/adapters/twilio/fake"
	"github.com/hoidap/hoidap/preferences/address"
)

var lan = address.Address{Scheme: "tel", ID: "+84901234567"}

// kit is Twilio's, with each adapter put into wrap.
func kit(wrap func(sound) adapters.Adapter) adaptertest.Kit {
	return adaptertest.Kit{
		Open: func() (adapters.Type, adaptertest.Fake) {
			kind := twilio.Type()
			kind.Open = func(acc adapters.Account) (adapters.Adapter, error) {
				a, err := twilio.Type().Open(acc)
				if err != nil {
					return nil, err
				}
				return wrap(sound{a.(*twilio.Adapter), acc}), nil
			}
			return kind, fake.New(fake.Options{Webhook: adaptertest.Webhook})
		},
		Channel:  address.SMS,
		Settings: map[string]string{"account_sid": "AC00000000000000000000000000000001", "auth_token": "12345678901234567890123456789012", "from": "+15005550006"},
		To:       lan,
		Proofs:   []adaptertest.Proof{{Header: twilio.SignatureHeader, URL: true, Body: true}},
		Events: []adapters.Event{
			{Kind: adapters.Inbound, From: lan, MessageID: "SM1", Text: "2", Payload: "style=office"},
			{Kind: adapters.Report, From: lan, Ours: "m1", Theirs: "SM2", Status: adapters.Delivered},
		},
	}
}

// sound is an adapter that keeps its promises; the mutants below break one each.
type sound struct {
	*twilio.Adapter
	acc adapters.Account
}

type retries struct{ sound }

func (a retries) Send(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	s, err := a.sound.Send(ctx, m)
	if err != nil {
		return a.sound.Send(ctx, m)
	}
	return s, nil
}

type guesses struct{ sound } // that a lost answer means not taken

func (a guesses) Send(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	s, err := a.sound.Send(ctx, m)
	var e *adapters.Error
	if err != nil && !errors.As(err, &e) {
		err = &adapters.Error{Fault: adapters.Transient, Err: err}
	}
	return s, err
}

type chatty struct{ sound } // tells whom it wrote to

func (a chatty) Send(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	s, err := a.sound.Send(ctx, m)
	if err != nil {
		err = fmt.Errorf("sending to %s: %w", m.To, err)
	}
	return s, err
}

type indiscreet struct{ sound } // tells the token

func (a indiscreet) Send(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	s, err := a.sound.Send(ctx, m)
	if err != nil {
		err = fmt.Errorf("%w (token %s)", err, a.acc.Settings["auth_token"])
	}
	return s, err
}

type impatient struct{ sound } // forgets how long to wait

func (a impatient) Send(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	s, err := a.sound.Send(ctx, m)
	var e *adapters.Error
	if errors.As(err, &e) {
		e.After = time.Time{}
	}
	return s, err
}

type deaf struct{ sound } // does not notice that nobody waits

func (a deaf) Send(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	return a.sound.Send(context.WithoutCancel(ctx), m)
}

type ascii struct{ sound }

func (a ascii) Send(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	m.Text = strings.ReplaceAll(m.Text, "ữ", "u")
	return a.sound.Send(ctx, m)
}

type boastful struct{ sound }

func (a boastful) Capabilities() adapters.Capabilities {
	c := a.sound.Capabilities()
	c.TextMax = 1601
	return c
}

type modest struct{ sound }

func (a modest) Capabilities() adapters.Capabilities {
	c := a.sound.Capabilities()
	c.TextMax = 160
	return c
}

type trusting struct{ sound } // takes unsigned webhooks

func (a trusting) Decode(r adapters.Request) (adapters.Decoded, error) {
	d, err := a.sound.Decode(r)
	if errors.Is(err, adapters.ErrForged) {
		return adapters.Decoded{}, nil
	}
	return d, err
}

type hasty struct{ sound } // compares the beginning of the signature

func (a hasty) Decode(r adapters.Request) (adapters.Decoded, error) {
	d, err := a.sound.Decode(r)
	if given := r.Header.Get(twilio.SignatureHeader); errors.Is(err, adapters.ErrForged) && strings.HasSuffix(given, "A") {
		r.Header = r.Header.Clone()
		r.Header.Set(twilio.SignatureHeader, strings.TrimSuffix(given, "A"))
		return a.sound.Decode(r)
	}
	return d, err
}

type forgetful struct{ sound } // drops what was tapped

func (a forgetful) Decode(r adapters.Request) (adapters.Decoded, error) {
	d, err := a.sound.Decode(r)
	for i := range d.Events {
		d.Events[i].Payload = ""
	}
	return d, err
}

type panicky struct{ sound }

func (a panicky) Decode(r adapters.Request) (adapters.Decoded, error) {
	_ = r.Body[0]
	return a.sound.Decode(r)
}

type blindFinder struct{ sound } // never finds anything

func (blindFinder) Find(context.Context, adapters.Message) (adapters.Sent, bool, error) {
	return adapters.Sent{}, false, nil
}

type noFinder struct{ adapters.Adapter } // promises to look, and cannot

type wanderer struct{ sound } // asks somebody else

func (a wanderer) Send(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	_, _ = a.acc.HTTPClient.Get("http://elsewhere.invalid/")
	return a.sound.Send(ctx, m)
}

func TestTheKitCatches(t *testing.T) {
	for name, x := range map[string]struct {
		wrap func(sound) adapters.Adapter
		law  string
	}{
		"retries":     {func(a sound) adapters.Adapter { return retries{a} }, "a lost answer is unknown and can be settled"},
		"guesses":     {func(a sound) adapters.Adapter { return guesses{a} }, "a lost answer is unknown and can be settled"},
		"chatty":      {func(a sound) adapters.Adapter { return chatty{a} }, "failures are classified"},
		"indiscreet":  {func(a sound) adapters.Adapter { return indiscreet{a} }, "failures are classified"},
		"impatient":   {func(a sound) adapters.Adapter { return impatient{a} }, "failures are classified"},
		"deaf":        {func(a sound) adapters.Adapter { return deaf{a} }, "giving up takes no time"},
		"ascii":       {func(a sound) adapters.Adapter { return ascii{a} }, "every letter arrives"},
		"boastful":    {func(a sound) adapters.Adapter { return boastful{a} }, "text arrives up to the limit and is refused beyond it"},
		"modest":      {func(a sound) adapters.Adapter { return modest{a} }, "text arrives up to the limit and is refused beyond it"},
		"trusting":    {func(a sound) adapters.Adapter { return trusting{a} }, "one flipped byte is forged"},
		"hasty":       {func(a sound) adapters.Adapter { return hasty{a} }, "one flipped byte is forged"},
		"forgetful":   {func(a sound) adapters.Adapter { return forgetful{a} }, "what the provider tells is understood"},
		"panicky":     {func(a sound) adapters.Adapter { return panicky{a} }, "garbage is refused"},
		"blindFinder": {func(a sound) adapters.Adapter { return blindFinder{a} }, "a lost answer is unknown and can be settled"},
		"noFinder":    {func(a sound) adapters.Adapter { return noFinder{a.Adapter} }, "capabilities are constant and sound"},
		"wanderer":    {func(a sound) adapters.Adapter { return wanderer{a} }, "every letter arrives"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := adaptertest.Breaches(t.Context(), kit(x.wrap))
			if len(found[x.law]) == 0 {
				t.Errorf("the law %q did not notice; others found %v", x.law, found)
			}
		})
	}
}

func TestTheKitHasNoComplaints(t *testing.T) {
	if found := adaptertest.Breaches(t.Context(), kit(func(a sound) adapters.Adapter { return a })); len(found) > 0 {
		t.Errorf("%v", found)
	}
}

// Recorded cases count: one that expects what is not there is a breach.
func TestTheKitReadsRecordings(t *testing.T) {
	const forged = "-- request --\nPOST https://gw.example.com/\nX-Twilio-Signature: x\n\na=b\n"
	for want, ok := range map[string]bool{"-- error --\nforged\n": true, "-- error --\nmalformed\n": false, "-- events --\n[]\n": false, "": false} {
		k := kit(func(a sound) adapters.Adapter { return a })
		k.Recorded = fstest.MapFS{"a.txtar": {Data: []byte(forged + want)}}
		if found := adaptertest.Breaches(t.Context(), k); (len(found) == 0) != ok {
			t.Errorf("%q: %v", want, found)
		}
	}
}
