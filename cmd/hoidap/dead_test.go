package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// desk is a gateway that knows the calls of the desk, and keeps what it was asked.
type desk struct {
	mu    sync.Mutex
	asked []string
	parts int // replays that are answered with more to come
}

func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked = append(d.asked, strings.TrimSpace(r.Method+" "+r.URL.RequestURI()+" "+string(body)))
	switch r.Method + " " + r.URL.Path {
	case "GET /api/v1/sending", "POST /api/v1/sending/resume":
		fmt.Fprint(w, `{"state":"running"}`)
	case "POST /api/v1/sending/stop":
		fmt.Fprint(w, `{"state":"stopped","by":"shop","reason":"wrong prices","at":"2026-12-05T10:00:00Z"}`)
	case "GET /api/v1/dead-letters":
		fmt.Fprint(w, `{"dead_letters":[{"id":"7.1-0","what":"message","of":"c7-x.3","kind":"ad","account":"sms","reason":"recipient","at":"2026-12-05T10:00:00Z"}]}`)
	case "POST /api/v1/dead-letters/7.1-0/replay":
		fmt.Fprint(w, `{"replayed":1}`)
	case "POST /api/v1/dead-letters/replay":
		d.parts--
		json.NewEncoder(w).Encode(map[string]any{"replayed": 200, "more": d.parts > 0, "before": time.Date(2026, 12, 5, 10, 0, 0, 0, time.UTC)}) //nolint:errcheck // a test's
	default:
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"type":"about:blank","title":"Not Found","status":404,"detail":"There is no dead letter."}`)
	}
}

func (d *desk) run(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	s := httptest.NewServer(d)
	defer s.Close()
	var o, e bytes.Buffer
	code = run(t.Context(), append(args, "--api", s.URL, "--token", "x"), strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

func TestSendingCommand(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]struct{ out, asked string }{
		"sending status":                     {"sending runs\n", "GET /api/v1/sending"},
		"sending resume":                     {"sending runs\n", "POST /api/v1/sending/resume"},
		"sending stop":                       {"by shop: wrong prices\n", `POST /api/v1/sending/stop {"reason":""}`},
		"sending stop --reason=wrong-prices": {"sending is STOPPED since 2026-12-05T", `POST /api/v1/sending/stop {"reason":"wrong-prices"}`},
	} {
		d := &desk{}
		code, out, errs := d.run(t, strings.Fields(line)...)
		if code != 0 || !strings.Contains(out, want.out) || len(d.asked) != 1 || d.asked[0] != want.asked {
			t.Errorf("%s: %d %q %q %q", line, code, out, errs, d.asked)
		}
	}
}

func TestDeadList(t *testing.T) {
	t.Parallel()
	d := &desk{}
	code, out, errs := d.run(t, "dead", "list", "--what", "message", "--account", "sms", "--limit", "7")
	if code != 0 || !strings.Contains(out, "7.1-0") || !strings.Contains(out, "recipient") || d.asked[0] != "GET /api/v1/dead-letters?account=sms&limit=7&what=message" {
		t.Errorf("%d %q %q %q", code, out, errs, d.asked)
	}
}

func TestDeadReplay(t *testing.T) {
	t.Parallel()
	d := &desk{}
	if code, out, _ := d.run(t, "dead", "replay", "7.1-0"); code != 0 || out != "put back on their way: 1 letter\n" {
		t.Errorf("%d %q", code, out)
	}
	d = &desk{}
	if code, out, errs := d.run(t, "dead", "replay", "7.1-0", "nonsense"); code != exitFailed || !strings.Contains(errs, "letter nonsense: There is no dead letter") || out != "put back on their way: 1 letter\n" {
		t.Errorf("%d %q %q", code, out, errs)
	}
	d = &desk{parts: 3}
	code, out, errs := d.run(t, "dead", "replay", "--reason", "gave_up", "--campaign", "autumn")
	if code != 0 || out != "put back on their way: 600 letters\n" || len(d.asked) != 3 {
		t.Errorf("%d %q %q %q", code, out, errs, d.asked)
	}
	if d.asked[0] != `POST /api/v1/dead-letters/replay {"reason":"gave_up","campaign":"autumn"}` || !strings.Contains(d.asked[2], `"before":"2026-12-05T10:00:00Z"`) {
		t.Errorf("%q", d.asked)
	}
	for _, args := range [][]string{{"dead", "replay"}, {"dead", "replay", "7.1-0", "--all"}, {"dead", "replay", "7.1-0", "--what", "event"}} {
		d := &desk{}
		if code, _, _ := d.run(t, args...); code != exitUsage || len(d.asked) > 0 {
			t.Errorf("%q: %d %q", args, code, d.asked)
		}
	}
}
