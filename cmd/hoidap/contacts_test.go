package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// rowsOf reads a whole file.
func rowsOf(t *testing.T, text string, o rowOptions) []row {
	t.Helper()
	if err := o.check("Asia/Ho_Chi_Minh"); err != nil {
		t.Fatal(err)
	}
	o.region = "VN"
	src, err := openSource(strings.NewReader(text), o)
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	for {
		r, err := src.next()
		if errors.Is(err, io.EOF) {
			return rows
		}
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, r)
	}
}

// The same table in each of the forms in which programs write it.
func TestTableForms(t *testing.T) {
	t.Parallel()
	const want = `{"addresses":["tel:+84901234567"],"name":"Lan; Anh","consents":[{"purpose":"marketing","granted":true,"source":"form","at":"2026-11-01T00:00:00+07:00"}]}`
	for name, text := range map[string]string{
		"commas":      "phone,name,consent_marketing,consent_source,consent_at\n0901234567,Lan; Anh,yes,form,2026-11-01\n",
		"semicolons":  "phone;name;consent_marketing;consent_source;consent_at\n0901234567;\"Lan; Anh\";yes;form;2026-11-01\n",
		"tabs":        "phone\tname\tconsent_marketing\tconsent_source\tconsent_at\n0901234567\tLan; Anh\tyes\tform\t2026-11-01\n",
		"mark, CRLF":  "\ufeffphone,name,consent_marketing,consent_source,consent_at\r\n0901234567,Lan; Anh,yes,form,2026-11-01\r\n",
		"no line end": "Phone , NAME,Consent_Marketing,consent_source,consent_at\n 0901234567 , Lan; Anh ,YES,form,2026-11-01",
	} {
		rows := rowsOf(t, text, rowOptions{})
		if len(rows) != 1 || rows[0].bad != "" || string(rows[0].body) != want || rows[0].line != 2 {
			t.Errorf("%s: %+v\n%s", name, rows, rows[0].body)
		}
	}
}

func TestTableCells(t *testing.T) {
	t.Parallel()
	const header = "address,timezone,consent_marketing,consent_profiling,consent_source,consent_at,consent_wording,fact.id,fact.spent:number,fact.member:bool\n"
	for line, want := range map[string]string{
		"tel:+84901234567 zalo:1,,,,,,,,,":                         `{"addresses":["tel:+84901234567","zalo:1"]}`,
		"zalo:1,,,,,,,0012,1250000.5,x":                            `{"addresses":["zalo:1"],"facts":{"id":"0012","member":true,"spent":1250000.5}}`,
		"zalo:1,,yes,no,form,2026-11-01T09:00:00+07:00,I agree,,,": `{"addresses":["zalo:1"],"consents":[{"purpose":"marketing","granted":true,"source":"form","at":"2026-11-01T09:00:00+07:00","wording":"I agree"},{"purpose":"profiling","granted":false,"source":"form","at":"2026-11-01T09:00:00+07:00","wording":"I agree"}]}`,
		"zalo:1,,yes,,form,03/04/2026,,,,":                         "consent_at: must be a date with the year first",
		"zalo:1,,,,,,,,1.250.000,":                                 "fact.spent:number: must be a number",
		"zalo:1,,,,,,,,NaN,":                                       "cannot be sent",
		"zalo:1,,,,,,,,,maybe":                                     "fact.member:bool: must be yes or no",
		"zalo:1,Saigon,,,,,,,,":                                    "timezone must be an IANA time zone",
		"0901234567,,,,,,,,,":                                      "addresses/0 ",
		"zalo:1 zalo:1,,,,,,,,,":                                   "addresses/1 is the same",
		"zalo:1,,":                                                 "has 3 fields; the header row has 10",
		"zalo:\xff,,,,,,,,,":                                       "address is not UTF-8",
		"zalo:1,\"a\"b,,,,,,,,":                                    "extraneous or missing",
	} {
		rows := rowsOf(t, header+line+"\nzalo:9,,,,,,,,,\n", rowOptions{})
		if len(rows) != 2 || rows[1].bad != "" {
			t.Errorf("%s: the row after it was lost: %+v", line, rows)
			continue
		}
		if got := rows[0]; string(got.body) != want && !strings.HasPrefix(got.bad, want) {
			t.Errorf("%s\n\t%s %s\n\twant %s", line, got.body, got.bad, want)
		}
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"UTF-16": "\xff\xfep\x00h\x00o\x00", "Latin-1": "phone,pr\xe9nom\n", "empty": "", "blank": "\ufeff \n", "quote": "\"phone\n",
		"nameless": "phone,,consent_marketing,consent_source,consent_at\n", "source alone": "phone,consent_source,consent_at\n",
	} {
		_, err := openSource(strings.NewReader(text), rowOptions{})
		if x := (exitError{}); !errors.As(err, &x) || x.code != exitUsage {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A line of an export says what is wrong with importing it as it is: it has more than may be claimed.
func TestLongLine(t *testing.T) {
	t.Parallel()
	rows := rowsOf(t, `{"addresses":["zalo:1"],"name":"`+strings.Repeat("x", maxParseLine)+"\"}\n{\"addresses\":[\"zalo:2\"]}", rowOptions{})
	if len(rows) != 2 || rows[0].bad == "" || rows[1].bad != "" || rows[1].line != 2 {
		t.Errorf("%d rows, %q", len(rows), rows[0].bad)
	}
}

// What is read back from a table is what the API takes, or a reason.
func FuzzTable(f *testing.F) {
	f.Add("phone,consent_marketing,consent_source,consent_at\n0901234567,yes,form,2026-11-01\n")
	f.Add("address;fact.a:number\nzalo:1;1e999\n")
	f.Add("{\"addresses\":[\"zalo:1\"]}\n{")
	f.Fuzz(func(t *testing.T, text string) {
		src, err := openSource(strings.NewReader(text), rowOptions{region: "VN", zone: time.UTC, withoutConsent: true})
		if err != nil {
			return
		}
		for range 1000 {
			r, err := src.next()
			if err != nil {
				return
			}
			if r.bad == "" && (len(r.keys) == 0 || !json.Valid(r.body)) || r.line < 1 {
				t.Errorf("%+v", r)
			}
		}
	})
}

func clientOf(t *testing.T, h http.HandlerFunc) *client {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	c, err := newClient(s.URL+"/api/v1/", "secret", time.Minute, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestClientTriesAgain(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	c := clientOf(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPut || r.URL.Path != "/api/v1/contacts" || r.Header.Get("Authorization") != "Bearer secret" {
			t.Errorf("%s %s", r.Method, r.URL)
		}
		if body, _ := io.ReadAll(r.Body); string(body) != "{}" {
			t.Errorf("attempt %d sent %q", calls.Load(), body)
		}
		switch calls.Add(1) {
		case 1:
			w.WriteHeader(http.StatusTooManyRequests)
		case 2:
			panic(http.ErrAbortHandler) // the answer is lost
		default:
			w.WriteHeader(http.StatusCreated)
		}
	})
	if created, err := c.put(t.Context(), []byte("{}")); !created || err != nil || calls.Load() != 3 {
		t.Errorf("%v, %v after %d calls", created, err, calls.Load())
	}
}

func TestClientWaitsAsLongAsItIsAsked(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	c := clientOf(t, func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		w.Header().Set("Retry-After", "20")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	c.patience = 10 * time.Second
	fatal := fatalError{}
	if _, err := c.put(t.Context(), nil); !errors.As(err, &fatal) || calls.Load() != 1 {
		t.Errorf("%v after %d calls", err, calls.Load())
	}
	c.patience = time.Minute
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := c.put(ctx, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

// A redirect is not followed: the token goes to the address that the user gave and to no other.
func TestClientKeepsItsToken(t *testing.T) {
	t.Parallel()
	c := clientOf(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/elsewhere" {
			t.Error("the redirect was followed")
		}
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	})
	fatal := fatalError{}
	if _, err := c.put(t.Context(), nil); !errors.As(err, &fatal) || !strings.Contains(err.Error(), "redirects") {
		t.Error(err)
	}
}

func TestClientIsTold(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{500: "answered 500", 401: "does not know this token", 404: "no gateway's API", 400: "no reason given"} {
		c := clientOf(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		if _, err := c.put(t.Context(), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%d: %v", status, err)
		}
	}
	for at, want := range map[string]bool{"http://127.0.0.1:8080": false, "http://[::1]:1": false, "http://localhost": false, "https://msg.example.com": false, "http://10.0.0.7": true, "http://msg.example.com": true} {
		if c, err := newClient(at, "x", 0, io.Discard); err != nil || c.exposed() != want {
			t.Errorf("%s: %v, %v", at, c.exposed(), err)
		}
	}
}

// Off a terminal progress is a line now and then, and nothing but what is printed otherwise.
func TestProgressOffATerminal(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	p := newProgress(&b, "importing", 100)
	if _, err := io.Copy(io.Discard, p.reader(strings.NewReader(strings.Repeat("x", 50)))); err != nil {
		t.Fatal(err)
	}
	p.row()
	p.told = p.told.Add(-everyLine)
	p.row()
	p.print("line 7: no")
	p.stop()
	if got := b.String(); got != "importing: 2 after 0s, 50%\nline 7: no\n" {
		t.Errorf("%q", got)
	}
}
