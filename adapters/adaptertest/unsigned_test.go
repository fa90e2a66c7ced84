package adaptertest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/fakekit"
	"github.com/hoidap/hoidap/adapters/httpcall"
	"github.com/hoidap/hoidap/preferences/address"
)

// Acme is a provider that was made up for the kit's own test: it signs nothing, its ids are numbers, and it reports
// failures with HTTP 200. acme is a whole adapter for it, as small as one can be.
type acme struct {
	acc  adapters.Account
	http *httpcall.Client
}

func acmeSettings() []adapters.Setting {
	return []adapters.Setting{
		{Name: "token", Doc: "The token.", Required: true, Secret: true}, adapters.PathSecret(), httpcall.BaseURL("https://api.acme.test"),
	}
}

func openAcme(acc adapters.Account) (adapters.Adapter, error) {
	if err := httpcall.Open(acc, acmeSettings()); err != nil {
		return nil, err
	}
	client, err := httpcall.New(acc, "Acme", "https://api.acme.test")
	return &acme{acc, client}, err
}

func (a *acme) Capabilities() adapters.Capabilities {
	return adapters.Capabilities{Inbound: true, Carries: []adapters.Class{adapters.Reply}, TextMax: 1000, Reports: adapters.Delivered, Repeat: adapters.Blind}
}

func acmeFaults() map[string]httpcall.Known {
	return map[string]httpcall.Known{
		"1": {Fault: adapters.Operator, Detail: "credentials refused"}, "2": {Fault: adapters.Operator, Detail: "no balance"},
		"3": {Fault: adapters.Recipient, Detail: "no such person"}, "4": {Fault: adapters.Stopped, Detail: "opted out"}, "5": {Fault: adapters.Throttled, Detail: "too fast"},
	}
}

func (a *acme) Send(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	if err := a.Capabilities().Check(m); err != nil {
		return adapters.Sent{}, err
	}
	to, err := strconv.ParseInt(m.To.ID, 10, 64)
	if err != nil {
		return adapters.Sent{}, &adapters.Error{Fault: adapters.Recipient, Detail: "not an id of Acme's"}
	}
	answer, err := a.http.PostJSON(ctx, "/"+a.acc.Settings["token"]+"/send", nil, map[string]any{"to": to, "text": m.Text})
	if err != nil {
		return adapters.Sent{}, err
	}
	var told struct {
		ID   int64
		Code int
	}
	_ = json.Unmarshal(answer.Body, &told) // a proxy's page has neither
	code := strconv.Itoa(told.Code)
	if err := answer.RefusedAs(code, acmeFaults()[code], a.acc.Now()); err != nil {
		return adapters.Sent{}, err
	}
	if told.ID == 0 || told.Code != 0 {
		return adapters.Sent{}, answer.Odd("names no message")
	}
	return adapters.Sent{IDs: []string{strconv.FormatInt(told.ID, 10)}}, nil
}

// told is what Acme tells: {"kind":"text","id":1,"from":2,"text":"..."}.
type told struct {
	Kind string `json:"kind"`
	ID   int64  `json:"id"`
	From int64  `json:"from"`
	Text string `json:"text"`
}

func (a *acme) Decode(r adapters.Request) (d adapters.Decoded, err error) {
	if err := adapters.CheckPath(r, a.acc); err != nil {
		return d, err
	}
	var in []told
	if err := json.Unmarshal(r.Body, &in); err != nil {
		return d, fmt.Errorf("%w: not Acme's JSON", adapters.ErrMalformed)
	}
	for _, x := range in {
		id := strconv.FormatInt(x.ID, 10)
		e := adapters.Event{ID: x.Kind + id, From: address.Address{Scheme: "zalo", ID: strconv.FormatInt(x.From, 10)}, At: r.At}
		switch x.Kind {
		case "text":
			e.Kind, e.MessageID, e.Text = adapters.Inbound, id, x.Text
		case "delivered":
			e.Kind, e.Theirs, e.Status = adapters.Report, id, adapters.Delivered
		case "phone":
			e.Kind, e.Also = adapters.Linked, address.Address{Scheme: "tel", ID: x.Text}
		case "hello":
			d.Answer.Body = []byte(x.Text)
			continue
		default:
			d.Ignored = append(d.Ignored, adapters.Ignored{Kind: x.Kind, Raw: r.Body})
			continue
		}
		d.Events = append(d.Events, e)
	}
	return d, nil
}

// acmeFake plays Acme.
type acmeFake struct{ *fakekit.Provider }

func newAcmeFake() acmeFake {
	code := func(n int) fakekit.Play { return fakekit.Play{Status: 200, Body: fmt.Sprintf(`{"code":%d}`, n)} }
	var f acmeFake
	f.Provider = fakekit.New(adaptertest.Webhook+"/"+pathSecret, map[adapters.Fault][]fakekit.Play{
		adapters.Operator: {code(1), code(2)}, adapters.Recipient: {code(3)}, adapters.Stopped: {code(4)}, adapters.Throttled: {code(5)},
	}, func(w http.ResponseWriter, r *http.Request) { f.send(w, r) })
	return f
}

func (f *acmeFake) send(w http.ResponseWriter, r *http.Request) {
	var in struct {
		To   json.Number
		Text string
	}
	if r.URL.Path != "/t0ken-of-acme/send" || json.NewDecoder(r.Body).Decode(&in) != nil {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	f.Show(adapters.Message{To: address.Address{Scheme: "zalo", ID: in.To.String()}, Text: in.Text})
	_, _ = fmt.Fprintf(w, `{"id":%d}`, f.Next())
}

func (f acmeFake) Hook(e adapters.Event) (adapters.Request, bool) {
	return f.Batch([]adapters.Event{e})
}

func (f acmeFake) Batch(events []adapters.Event) (r adapters.Request, ok bool) {
	var all []told
	for _, e := range events {
		var x told
		x.From, _ = strconv.ParseInt(e.From.ID, 10, 64)
		switch e.Kind {
		case adapters.Inbound:
			x.Kind, x.Text = "text", e.Text
			x.ID, _ = strconv.ParseInt(e.MessageID, 10, 64)
		case adapters.Report:
			x.Kind = "delivered"
			x.ID, _ = strconv.ParseInt(e.Theirs, 10, 64)
		case adapters.Linked:
			x.Kind, x.Text, x.ID = "phone", e.Also.ID, 7
		default:
			return r, false
		}
		all = append(all, x)
	}
	body, err := json.Marshal(all)
	return adapters.Request{Method: http.MethodPost, URL: f.Webhook(), Body: body, At: events[0].At}, err == nil
}

const pathSecret = "0123456789abcdef0123456789abcdef"

var minh = address.Address{Scheme: "zalo", ID: "9007199254740993"}

func acmeKit(wrap func(*acme) adapters.Adapter) adaptertest.Kit {
	call := func(body string) adapters.Request {
		return adapters.Request{Method: http.MethodPost, URL: adaptertest.Webhook + "/" + pathSecret, Body: []byte(body)}
	}
	return adaptertest.Kit{
		Open: func() (adapters.Type, adaptertest.Fake) {
			return adapters.Type{Name: "acme", Settings: acmeSettings(), Open: func(acc adapters.Account) (adapters.Adapter, error) {
				a, err := openAcme(acc)
				if err != nil {
					return nil, err
				}
				return wrap(a.(*acme)), nil
			}}, newAcmeFake()
		},
		Channel:  address.Zalo,
		Settings: map[string]string{"token": "t0ken-of-acme", "path_secret": pathSecret},
		To:       minh,
		Proofs:   []adaptertest.Proof{{Path: true}},
		Events: []adapters.Event{
			{Kind: adapters.Inbound, From: minh, MessageID: "9007199254740995", Text: "2"},
			{Kind: adapters.Report, From: minh, Theirs: "9007199254740997", Status: adapters.Delivered},
			{Kind: adapters.Linked, From: minh, Also: lan},
		},
		LettersID:  "9007199254740999",
		Handshakes: []adaptertest.Handshake{{Request: call(`[{"kind":"hello","text":"42"}]`), Answer: adapters.Answer{Body: []byte("42")}, Token: pathSecret}},
		Unknown:    []adapters.Request{call(`[{"kind":"poll"}]`)},
		Lacks:      []adapters.Fault{adapters.Transient, adapters.Later, adapters.Window, adapters.BadMessage},
	}
}

func TestTheUnsignedProviderKeepsTheLaws(t *testing.T) {
	adaptertest.Run(t, acmeKit(func(a *acme) adapters.Adapter { return a }))
}

// mutant is acme with one thing broken.
type mutant struct {
	*acme
	send   func(context.Context, adapters.Message) (adapters.Sent, error)
	decode func(adapters.Request) (adapters.Decoded, error)
}

func (m mutant) Send(ctx context.Context, x adapters.Message) (adapters.Sent, error) {
	if m.send != nil {
		return m.send(ctx, x)
	}
	return m.acme.Send(ctx, x)
}

func (m mutant) Decode(r adapters.Request) (adapters.Decoded, error) {
	if m.decode != nil {
		return m.decode(r)
	}
	return m.acme.Decode(r)
}

func float(id string) string {
	f, err := strconv.ParseFloat(id, 64)
	if err != nil {
		return id
	}
	return strconv.FormatFloat(f, 'f', 0, 64)
}

func TestTheKitCatchesWithoutSignatures(t *testing.T) {
	for name, x := range map[string]struct {
		law  string
		wrap func(*acme) adapters.Adapter
	}{
		"an open door": {"one flipped byte is forged", func(a *acme) adapters.Adapter {
			return mutant{acme: a, decode: func(r adapters.Request) (adapters.Decoded, error) {
				r.URL = a.acc.Callback()
				return a.Decode(r)
			}}
		}},
		"the beginning of the secret": {"one flipped byte is forged", func(a *acme) adapters.Adapter {
			return mutant{acme: a, decode: func(r adapters.Request) (adapters.Decoded, error) {
				if strings.HasPrefix(r.URL, a.acc.Callback()[:len(a.acc.Callback())-1]) {
					r.URL = a.acc.Callback()
				}
				return a.Decode(r)
			}}
		}},
		"floats in": {"what the provider tells is understood", func(a *acme) adapters.Adapter {
			return mutant{acme: a, decode: func(r adapters.Request) (adapters.Decoded, error) {
				d, err := a.Decode(r)
				for i := range d.Events {
					d.Events[i].MessageID = float(d.Events[i].MessageID)
				}
				return d, err
			}}
		}},
		"floats out": {"every letter arrives", func(a *acme) adapters.Adapter {
			return mutant{acme: a, send: func(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
				m.To.ID = float(m.To.ID)
				return a.Send(ctx, m)
			}}
		}},
		"ids as floats": {"everything may happen at once", func(a *acme) adapters.Adapter {
			return mutant{acme: a, send: func(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
				s, err := a.Send(ctx, m)
				for i := range s.IDs {
					s.IDs[i] = float(s.IDs[i])
				}
				return s, err
			}}
		}},
		"every 200 is a success": {"what is not in the documents is unknown", func(a *acme) adapters.Adapter {
			return mutant{acme: a, send: func(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
				s, err := a.Send(ctx, m)
				if err != nil && strings.Contains(err.Error(), "HTTP 200") {
					return adapters.Sent{IDs: []string{"9007199254740999"}}, nil
				}
				return s, err
			}}
		}},
		"a refused connection is unknown": {"without a connection nothing was sent", func(a *acme) adapters.Adapter {
			return mutant{acme: a, send: func(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
				s, err := a.Send(ctx, m)
				if err != nil && strings.Contains(err.Error(), "no connection") {
					return s, errors.New("no answer")
				}
				return s, err
			}}
		}},
		"a proxy's page is a refusal": {"a proxy's answers are classified", func(a *acme) adapters.Adapter {
			return mutant{acme: a, send: func(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
				s, err := a.Send(ctx, m)
				if err != nil && strings.Contains(err.Error(), "502") {
					return s, &adapters.Error{Fault: adapters.Transient, Detail: "HTTP 502"}
				}
				return s, err
			}}
		}},
		"logs the address": {"nothing private is logged", func(a *acme) adapters.Adapter {
			return mutant{acme: a, send: func(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
				slog.Debug("sending", "to", m.To.ID)
				return a.Send(ctx, m)
			}}
		}},
		"logs the URL": {"nothing private is logged", func(a *acme) adapters.Adapter {
			return mutant{acme: a, decode: func(r adapters.Request) (adapters.Decoded, error) {
				slog.Debug("called", "url", r.URL)
				return a.Decode(r)
			}}
		}},
		"the first of a batch": {"a batch tells all", func(a *acme) adapters.Adapter {
			return mutant{acme: a, decode: func(r adapters.Request) (adapters.Decoded, error) {
				d, err := a.Decode(r)
				d.Events = d.Events[:min(1, len(d.Events))]
				return d, err
			}}
		}},
		"no handshake": {"handshakes are answered", func(a *acme) adapters.Adapter {
			return mutant{acme: a, decode: func(r adapters.Request) (adapters.Decoded, error) {
				d, err := a.Decode(r)
				d.Answer = adapters.Answer{}
				return d, err
			}}
		}},
		"unknown kinds are dropped": {"unknown kinds are set aside", func(a *acme) adapters.Adapter {
			return mutant{acme: a, decode: func(r adapters.Request) (adapters.Decoded, error) {
				d, err := a.Decode(r)
				d.Ignored = nil
				return d, err
			}}
		}},
		"options are left out": {"options, labels, payloads and pictures beyond the limit are refused", func(a *acme) adapters.Adapter {
			return mutant{acme: a, send: func(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
				m.Options, m.Media = nil, nil
				return a.Send(ctx, m)
			}}
		}},
		"no balance is passing": {"failures are classified", func(a *acme) adapters.Adapter {
			return mutant{acme: a, send: func(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
				s, err := a.Send(ctx, m)
				var e *adapters.Error
				if errors.As(err, &e) && e.Code == "2" {
					e.Fault = adapters.Transient
				}
				return s, err
			}}
		}},
		"answers itself once": {"everything may happen at once", func(a *acme) adapters.Adapter {
			busy := make(chan struct{}, 1)
			return mutant{acme: a, send: func(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
				select {
				case busy <- struct{}{}:
					defer func() { <-busy }()
					return a.Send(ctx, m)
				default:
					return adapters.Sent{}, &adapters.Error{Fault: adapters.Transient, Detail: "busy"}
				}
			}}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if found := adaptertest.Breaches(t.Context(), acmeKit(x.wrap)); len(found[x.law]) == 0 {
				t.Errorf("the law %q did not notice; others found %v", x.law, found)
			}
		})
	}
}

// A waiver covers a law that is broken, and fails where the law holds, has no reason, or is no law.
func TestWaivers(t *testing.T) {
	broken := func(a *acme) adapters.Adapter {
		return mutant{acme: a, decode: func(r adapters.Request) (adapters.Decoded, error) {
			d, err := a.Decode(r)
			d.Ignored = nil
			return d, err
		}}
	}
	const law = "unknown kinds are set aside"
	for name, x := range map[string]struct {
		wrap   func(*acme) adapters.Adapter
		reason string
		found  bool
	}{
		"needed":         {broken, "Acme tells its kinds nowhere", false},
		"without reason": {broken, " ", true},
		"stale":          {func(a *acme) adapters.Adapter { return a }, "Acme tells its kinds nowhere", true},
	} {
		k := acmeKit(x.wrap)
		k.Waived = map[string]string{law: x.reason}
		if found := adaptertest.Breaches(t.Context(), k); (len(found[law]) > 0) != x.found {
			t.Errorf("%s: %v", name, found)
		}
	}
}
