package whatsapp_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/meta"
	"github.com/hoidap/hoidap/adapters/whatsapp"
)

func account(t testing.TB) adapters.Adapter {
	t.Helper()
	a, err := whatsapp.Type().Open(adapters.Account{ID: "main", Settings: settings()})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func signed(body []byte) adapters.Request {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return adapters.Request{
		Method: http.MethodPost, URL: adaptertest.Webhook, Body: body, At: now,
		Header: http.Header{meta.SignatureHeader: {"sha256=" + hex.EncodeToString(mac.Sum(nil))}},
	}
}

// What is set aside says what it is, without what was written.
func TestIgnoredKinds(t *testing.T) {
	t.Parallel()
	a := account(t)
	for value, want := range map[string]string{
		`"messages":[{"from":"84901234567","id":"wamid.1","type":"reaction","reaction":{"emoji":"👍"}}]`:               "message reaction",
		`"messages":[{"from":"84901234567","id":"wamid.1","type":"system","system":{"type":"user_changed_user_id"}}]`: "message system user_changed_user_id",
		`"messages":[{"id":"wamid.1","type":"text","text":{"body":"2"}}]`:                                             "message text of nobody",
		`"messages":[{"from":"84901234567","id":"wamid.1","type":"text"}]`:                                            "message text",
		`"messages":[{"from":"84901234567","id":"wamid.1","type":"interactive","interactive":{"type":"nfm_reply"}}]`:  "message interactive",
		`"messages":[7]`: "message that cannot be read",
		`"statuses":[{"id":"wamid.1","status":"warning"}]`:                                             "status warning",
		`"user_preferences":[{"wa_id":"84901234567","category":"marketing_messages","value":"maybe"}]`: "user_preferences marketing_messages maybe",
	} {
		d, err := a.Decode(signed([]byte(`{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"` + number + `"},` + value + `}}]}]}`)))
		if err != nil || len(d.Events) != 0 || len(d.Ignored) != 1 || d.Ignored[0].Kind != want {
			t.Errorf("%s: %+v, %v, want %q", value, d, err, want)
		}
	}
}

// A stop that is told again counts once, and one of the next day is another. Its id holds no number.
func TestStopTwice(t *testing.T) {
	t.Parallel()
	a, f := account(t), newFake()
	stop := adapters.Event{Kind: adapters.OptOut, From: lan, At: now}
	first, _ := f.Hook(stop)
	again, _ := f.Hook(stop)
	stop.At = now.AddDate(0, 0, 1)
	later, _ := f.Hook(stop)
	var ids []string
	for _, r := range []adapters.Request{first, again, later} {
		d, err := a.Decode(r)
		if err != nil || len(d.Events) != 1 {
			t.Fatalf("%+v, %v", d, err)
		}
		ids = append(ids, d.Events[0].ID)
	}
	if ids[0] != ids[1] || ids[1] == ids[2] || strings.Contains(ids[0], "84901234567") {
		t.Errorf("a stop, told again and a day later: %q", ids)
	}
}

func FuzzDecode(f *testing.F) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		f.Fatal(err)
	}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(raw), "\n\n")
		body, _, _ := strings.Cut(rest, "\n")
		f.Add([]byte(strings.ReplaceAll(body, `"100"`, `"`+number+`"`)))
	}
	a := account(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		d, err := a.Decode(signed(body))
		if err != nil && !errors.Is(err, adapters.ErrMalformed) {
			t.Fatalf("an authentic call was answered with %v", err)
		}
		for _, e := range d.Events {
			if e.ID == "" || e.At.IsZero() || e.Kind != adapters.Report && e.From.IsZero() || e.Kind == adapters.Report && e.Theirs == "" {
				t.Fatalf("%+v", e)
			}
			if e.Kind == adapters.Inbound && e.Text == "" && e.Payload == "" && len(e.Media) == 0 {
				t.Fatalf("an answer without words: %+v", e)
			}
		}
	})
}
