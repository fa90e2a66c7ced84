package adaptertest_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/preferences/address"
)

// Pager is a provider that was made up, too: it sends like Acme, and calls with a signature among the parameters, by GET,
// in a form or in a JSON object.
type pager struct {
	*acme
	read func(url.Values) adapters.Event // nil: as it should be
	sum  func(url.Values) string         // nil: as it should be
}

func (p pager) Decode(r adapters.Request) (d adapters.Decoded, err error) {
	v := pagerParams(r)
	if len(v) == 0 && len(r.Body) == 0 && strings.TrimSuffix(r.URL, "?") == adaptertest.Webhook && (r.Method == http.MethodGet || r.Method == http.MethodPost) {
		return d, nil
	}
	sum, read := pagerSum, pagerEvent
	if p.sum != nil {
		sum = p.sum
	}
	if p.read != nil {
		read = p.read
	}
	if err := adapters.CheckSame(v.Get("sig"), sum(v)); err != nil {
		return d, err
	}
	e := read(v)
	e.ID, e.At = e.MessageID, r.At
	return adapters.Decoded{Events: []adapters.Event{e}}, nil
}

func pagerParams(r adapters.Request) url.Values {
	_, q, _ := strings.Cut(r.URL, "?")
	v, _ := url.ParseQuery(q)
	if r.Method != http.MethodPost {
		return v
	}
	if r.Header.Get("Content-Type") == "application/json" {
		var fields map[string]string
		_ = json.Unmarshal(r.Body, &fields)
		v = url.Values{}
		for name, value := range fields {
			v.Set(name, value)
		}
		return v
	}
	v, _ = url.ParseQuery(string(r.Body))
	return v
}

func pagerEvent(v url.Values) adapters.Event {
	return adapters.Event{Kind: adapters.Inbound, From: address.Address{Scheme: "zalo", ID: v.Get("from")}, MessageID: v.Get("id"), Text: v.Get("text")}
}

func pagerSum(v url.Values) string { return pagerSumOf(v, slices.Sorted(maps.Keys(v))...) }

func pagerSumOf(v url.Values, names ...string) string {
	mac := hmac.New(sha256.New, []byte("s3cret-of-pager"))
	for _, name := range names {
		if name != "sig" {
			mac.Write([]byte("&" + name + "=" + v.Get(name)))
		}
	}
	return hex.EncodeToString(mac.Sum(nil))
}

type pagerFake struct {
	acmeFake
	how string // get, form or json
}

func (f pagerFake) Hook(e adapters.Event) (adapters.Request, bool) {
	v := url.Values{"from": {e.From.ID}, "id": {e.MessageID}, "text": {e.Text}}
	v.Set("sig", pagerSum(v))
	r := adapters.Request{Method: http.MethodPost, URL: adaptertest.Webhook, Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, At: e.At}
	switch f.how {
	case "get":
		r.Method, r.Header, r.URL = http.MethodGet, nil, r.URL+"?"+v.Encode()
	case "form":
		r.Body = []byte(v.Encode())
	case "json":
		flat := map[string]string{}
		for name := range v {
			flat[name] = v.Get(name)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Body, _ = json.Marshal(flat)
	}
	return r, e.Kind == adapters.Inbound
}

// Batch hides Acme's: Pager tells one thing a call.
func (pagerFake) Batch() {}

func pagerKit(how string, broken pager) adaptertest.Kit {
	k := acmeKit(func(a *acme) adapters.Adapter {
		broken.acme = a
		return broken
	})
	open := k.Open
	k.Open = func() (adapters.Type, adaptertest.Fake) {
		kind, f := open()
		return kind, pagerFake{f.(acmeFake), how}
	}
	k.Proofs = []adaptertest.Proof{{Param: "sig", AllParams: true}}
	if how == "json" {
		k.Proofs = []adaptertest.Proof{{Field: "sig", AllParams: true}}
	}
	k.Events, k.Unknown = k.Events[:1], nil
	k.Handshakes = []adaptertest.Handshake{{Request: adapters.Request{Method: http.MethodGet, URL: adaptertest.Webhook}}, {Request: adapters.Request{Method: http.MethodPost, URL: adaptertest.Webhook}}}
	return k
}

func TestSignaturesAmongParameters(t *testing.T) {
	const forged = "one flipped byte is forged"
	for _, how := range []string{"get", "form", "json"} {
		for name, x := range map[string]struct {
			broken pager
			law    string
		}{
			"sound":   {pager{}, ""},
			"no look": {pager{sum: func(v url.Values) string { return v.Get("sig") }}, forged},
			"half": {pager{sum: func(v url.Values) string {
				return pagerSum(url.Values{"from": v["from"], "id": v["id"], "text": v["text"]})
			}}, forged}, // one more passes
			"drops text": {pager{read: func(v url.Values) adapters.Event { v.Del("text"); return pagerEvent(v) }}, "what the provider tells is understood"},
			"panics":     {pager{sum: func(v url.Values) string { _ = v["text"][0]; return pagerSum(v) }}, "garbage is refused"},
		} {
			t.Run(how+" "+name, func(t *testing.T) {
				t.Parallel()
				found := adaptertest.Breaches(t.Context(), pagerKit(how, x.broken))
				if x.law == "" && len(found) > 0 || x.law != "" && len(found[x.law]) == 0 {
					t.Errorf("want %q to notice, found %v", x.law, found)
				}
			})
		}
	}
}

// A proof may vouch for some parameters only: another one may then change.
func TestSignaturesOfSomeParameters(t *testing.T) {
	k := pagerKit("get", pager{sum: func(v url.Values) string {
		return pagerSumOf(url.Values{"from": v["from"], "id": v["id"], "text": v["text"]}, "from", "id", "text")
	}})
	k.Proofs[0].AllParams, k.Proofs[0].Params = false, []string{"from", "id", "text"}
	if found := adaptertest.Breaches(t.Context(), k); len(found) > 0 {
		t.Errorf("%v", found)
	}
}
