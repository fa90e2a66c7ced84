package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// wards is a gateway that knows the calls about accounts.
type wards struct{ asked string }

const ward = `{"id":"sms","adapter":"twilio","channel":"sms","state":"failing","why":"The provider refuses messages (code 20003).","cure":"See to it.","waiting":3,
"due_since":"2026-12-05T10:00:00Z","due_for":61.2,"in_flight":0,"pace":1,"last_taken":"2026-12-05T10:00:00Z","forged_calls":2,"malformed_calls":0,"replicas":2,
"last_hour":[{"result":"taken","count":70},{"result":"operator","code":"20003","count":9}],"receipt_lag":{"median":1.25,"p95":9,"of":70},
"probe":{"at":"2026-12-05T10:00:00Z","ok":true,"balance":"12.50 USD"}}`

func (d *wards) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	d.asked = strings.TrimSpace(r.Method + " " + r.URL.RequestURI() + " " + string(body))
	switch strings.TrimPrefix(r.URL.Path, "/api/v1/accounts") {
	case "":
		fmt.Fprint(w, `{"accounts":[`+ward+`,{"id":"zalo","adapter":"zalo","channel":"zalo","state":"ok","waiting":0,"in_flight":0,"pace":1,"last_hour":[],"forged_calls":0,"malformed_calls":0,"replicas":2,"sending":"stopped"}]}`)
	case "/sms/pause", "/sms/drain":
		fmt.Fprint(w, ward)
	case "/sms/resume":
		fmt.Fprint(w, `{"id":"sms","state":"ok"}`)
	case "/sms/test":
		fmt.Fprint(w, `{"account":"sms","to":"tel:+8490•••567","text":"x","result":"taken","ids":["SM1"]}`)
	case "/zalo/test":
		fmt.Fprint(w, `{"account":"zalo","to":"zalo:•••","text":"x","result":"window","code":"-230","detail":"too long ago","cure":"Write first."}`)
	default:
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"type":"about:blank","title":"Not Found","status":404,"detail":"There is no account \"smss\"."}`)
	}
}

func TestAccountsCommand(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]struct {
		code       int
		out, asked string
	}{
		"accounts":                               {0, "sms is failing: The provider refuses messages (code 20003). See to it.", "GET /api/v1/accounts"},
		"accounts pause sms --reason=twice":      {0, "sms is failing", `POST /api/v1/accounts/sms/pause {"reason":"twice"}`},
		"accounts drain sms":                     {0, "sms is failing", `POST /api/v1/accounts/sms/drain {"reason":""}`},
		"accounts resume sms":                    {0, "sms is ok\n", "POST /api/v1/accounts/sms/resume"},
		"accounts test sms tel:+84901234567":     {0, "the provider took the test message to tel:+8490•••567: SM1\n", `POST /api/v1/accounts/sms/test {"to":"tel:+84901234567"}`},
		"accounts test zalo zalo:7":              {exitFailed, "was not taken: window (code -230): too long ago. Write first.", `POST /api/v1/accounts/zalo/test {"to":"zalo:7"}`},
		"accounts pause smss":                    {exitFailed, `There is no account "smss"`, `POST /api/v1/accounts/smss/pause {"reason":""}`},
		"accounts pause":                         {exitUsage, "accepts 1 arg", ""},
		"accounts paus sms":                      {exitUsage, "unknown command", ""},
		"accounts test sms tel:+84901234567 now": {exitUsage, "accepts 2 arg", ""},
	} {
		d := &wards{}
		s := httptest.NewServer(d)
		var o, e bytes.Buffer
		code := run(t.Context(), append(strings.Fields(line), "--api", s.URL, "--token", "x"), strings.NewReader(""), &o, &e)
		s.Close()
		if out := o.String() + e.String(); code != want.code || !strings.Contains(out, want.out) || d.asked != want.asked {
			t.Errorf("%s: %d %q, asked %q", line, code, out, d.asked)
		}
	}
}

func TestAccountsTable(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(&wards{})
	defer s.Close()
	var o, e bytes.Buffer
	if code := run(t.Context(), []string{"accounts", "--api", s.URL, "--token", "x"}, strings.NewReader(""), &o, &e); code != 0 {
		t.Fatal(code, e.String())
	}
	lines := strings.Split(o.String(), "\n")
	for _, want := range []string{"failing", "1m1s", "1.2s/9.0s", "70 taken, 9 operator 20003", "12.50 USD"} {
		if !strings.Contains(lines[1], want) {
			t.Errorf("%q is not in %q", want, lines[1])
		}
	}
	if !strings.HasPrefix(lines[2], "zalo") || !strings.Contains(o.String(), "zalo sends nothing: all sending is stopped") {
		t.Errorf("%q", o.String())
	}
}

// Whoever calls where no gateway is learns at once that it is waited for, and in the end where to look.
func TestNoGatewayThere(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.NotFoundHandler())
	s.Close()
	for _, line := range []string{"accounts", "accounts resume sms", "dead list", "dead replay c1-1", "sending status", "export " + t.TempDir(), "contacts export"} {
		var o, e bytes.Buffer
		code := run(t.Context(), append(strings.Fields(line), "--api", s.URL, "--token", "x", "--retry-for", "600ms"), strings.NewReader(""), &o, &e)
		for _, want := range []string{"no gateway can be reached at " + s.URL, "hoidap serve", "--api or HOIDAP_API", "trying again for 600ms"} {
			if code != exitFailed || !strings.Contains(e.String(), want) {
				t.Errorf("%s: %d, %q is not in %q", line, code, want, e.String())
			}
		}
		if n := strings.Count(e.String(), "trying again"); n != 1 {
			t.Errorf("%s says %d times that it waits", line, n)
		}
	}
}
