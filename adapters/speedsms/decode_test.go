package speedsms_test

import (
	"errors"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/speedsms"
	"github.com/hoidap/hoidap/preferences/address"
)

// The same words count once when they are told again at once, and again when they are an answer to something else.
func TestRepeatedTexts(t *testing.T) {
	t.Parallel()
	a := account(t, says(""), nil)
	id := func(body string, at time.Time) string {
		r := post(body)
		r.At = at
		d, err := a.Decode(r)
		if err != nil || len(d.Events) != 1 {
			t.Fatalf("%s: %+v, %v", body, d, err)
		}
		return d.Events[0].ID
	}
	one := id(`{"type":"sms","phone":"84901234567","content":"1"}`, now)
	if again := id(`{"type":"incoming","phone":"0901234567","content":"1"}`, now.Add(20*time.Second)); again != one {
		t.Error("told again, it is another text")
	}
	for what, other := range map[string]string{
		"an hour later": id(`{"type":"sms","phone":"84901234567","content":"1"}`, now.Add(time.Hour)),
		"another text":  id(`{"type":"sms","phone":"84901234567","content":"2"}`, now),
		"of another":    id(`{"type":"sms","phone":"84901234568","content":"1"}`, now),
	} {
		if other == one {
			t.Errorf("%s it is the same text", what)
		}
	}
}

func TestReceipts(t *testing.T) {
	t.Parallel()
	a := account(t, says(""), nil)
	for status, want := range map[string]adapters.Status{
		"0": adapters.Delivered, `"0"`: adapters.Delivered, "1": adapters.SentOn, `"63"`: adapters.SentOn, "64": adapters.Undelivered, "255": adapters.Undelivered,
	} {
		d, err := a.Decode(post(`{"type":"report","tranId":"123456","phone":"84901234567","status":` + status + `}`))
		if err != nil || len(d.Events) != 1 || d.Events[0].Status != want || d.Events[0].Theirs != "123456" || (d.Events[0].Code == "") != (want == adapters.Delivered) {
			t.Errorf("%s: %+v, %v, want %s", status, d, err, want)
		}
	}
	for _, status := range []string{"null", "{}", `""`, "true"} { // none of them is the status 0
		if d, err := a.Decode(post(`{"type":"report","tranId":"123456","phone":"84901234567","status":` + status + `}`)); !errors.Is(err, adapters.ErrMalformed) {
			t.Errorf("%s: %+v, %v", status, d, err)
		}
	}
}

// What is nobody's answer is kept aside, under a name that tells nothing private.
func TestIgnored(t *testing.T) {
	t.Parallel()
	a := account(t, says(""), nil)
	for body, kind := range map[string]string{
		`{"type":"sms","phone":"VIETTEL","content":"Goi cuoc 5G"}`:        "no number",
		`{"type":"sms","phone":"191","content":"So du 0d"}`:               "no number",
		`{"type":"device_offline"}`:                                       "device_offline",
		`{"type":"84901234567 said 1"}`:                                   "unknown",
		`{"type":"report","tranId":1,"phone":"84901234567","status":0.5}`: "status",
	} {
		d, err := a.Decode(post(body))
		if err != nil || len(d.Events) > 0 || len(d.Ignored) != 1 || d.Ignored[0].Kind != kind || string(d.Ignored[0].Raw) != body {
			t.Errorf("%s: %+v, %v, want %q", body, d, err, kind)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"type":"sms","phone":"84901234567","content":"dạ 2 nha"}`))
	f.Add([]byte(`{"type":"report","tranId":123456,"phone":"84901234567","status":0}`))
	a, err := speedsms.Type().Open(adapters.Account{ID: "main", Channel: address.SMS, Settings: settings(nil), WebhookURL: adaptertest.Webhook, Now: time.Now})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		d, err := a.Decode(post(string(body)))
		if err != nil && !errors.Is(err, adapters.ErrMalformed) || err == nil && len(d.Events)+len(d.Ignored) != 1 {
			t.Errorf("%+v, %v", d, err)
		}
		for _, e := range d.Events {
			if e.ID == "" || e.Kind == adapters.Inbound && e.From.IsZero() || e.Kind == adapters.Report && (e.Theirs == "" || e.Status == "") {
				t.Errorf("%+v", e)
			}
		}
	})
}
