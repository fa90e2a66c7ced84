package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/hoidap/hoidap/gateway/web"
	"github.com/hoidap/hoidap/preferences"
)

// What DecodeContact takes is whole: it has an address, every consent its source and time, no preference is declared,
// and it can be written again. What it refuses, it refuses with a problem.
func FuzzDecodeContact(f *testing.F) {
	for _, s := range []string{
		`{"addresses":["tel:+84901234567"],"name":"Lan","consents":[{"purpose":"marketing","granted":true,"source":"form","at":"2026-11-01T09:00:00+07:00"}],"facts":{"city":"Huế","n":[1,{"x":null}]}}`,
		`{"addresses":["zalo:1"],"preferences":[{"attribute":"a","kind":"money","value":{"amount":5,"currency":"VND"},"evidence":{"text":"x"}}]}`,
		`{"addresses":["zalo:1"],"preferences":[{"attribute":"a","kind":"choices","value":["x"],"class":"declared","evidence":{"text":"x"}}]}`,
		`{"addresses":["zalo:1"],"addresses":[]}`, `[`, `null`, `{"facts":{"a":1e400}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := DecodeContact(body)
		if err != nil {
			mustBeProblem(t, err)
			return
		}
		if len(e.Addresses) == 0 {
			t.Error("no address")
		}
		for _, c := range e.Consents {
			if c.Purpose == "" || c.Source == "" || c.At.IsZero() {
				t.Errorf("a consent without proof: %+v", c)
			}
		}
		for _, p := range e.Preferences {
			if p.Class == preferences.Declared || p.Class == "" || p.Value.IsZero() || p.Evidence.Text == "" {
				t.Errorf("%+v", p)
			}
		}
		if _, err := json.Marshal(e); err != nil {
			t.Errorf("cannot be written: %v", err)
		}
	})
}

func FuzzDecodeEvent(f *testing.F) {
	f.Add([]byte(`{"id":"ev-1","type":"order.returned","address":"tel:+84901234567","at":"2026-11-01T12:00:00Z","data":{"sku":"A1","n":{"x":[1]}}}`))
	f.Add([]byte(`{"id":"ev-1"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		o, err := decodeEvent(body)
		if err != nil {
			mustBeProblem(t, err)
			return
		}
		if o.ID == "" || o.Type == "" || o.Address.IsZero() {
			t.Errorf("%+v", o)
		}
		if _, err := json.Marshal(o); err != nil {
			t.Errorf("cannot be written: %v", err)
		}
	})
}

func FuzzDecodeCodes(f *testing.F) {
	f.Add([]byte(`{"codes":["A","B"]}`))
	f.Add([]byte(`{"codes":[]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		codes, err := decodeCodes(body)
		if err != nil {
			mustBeProblem(t, err)
			return
		}
		if len(codes) == 0 || len(codes) > maxCodes {
			t.Errorf("%d codes", len(codes))
		}
	})
}

func mustBeProblem(t *testing.T, err error) {
	t.Helper()
	p := (*web.Problem)(nil)
	if !errors.As(err, &p) || p.Status != http.StatusBadRequest || p.Detail == "" || len(p.Errors) > maxErrors {
		t.Errorf("%v", err)
	}
}

// A client that forgot to escape the plus means the same address.
func TestAddressOf(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"tel:+84901234567", "tel: 84901234567"} {
		if a, err := addressOf(s); err != nil || a.String() != "tel:+84901234567" {
			t.Errorf("%q: %v, %v", s, a, err)
		}
	}
	for _, s := range []string{"", "84901234567", "zalo: 1"} {
		if _, err := addressOf(s); err == nil {
			t.Errorf("%q is taken", s)
		}
	}
}
