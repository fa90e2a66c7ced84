package demo

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences"
)

// listener reads a stream of server-sent events.
type listener struct {
	t    *testing.T
	body *bufio.Scanner
}

// listen opens the stream of a contact.
func listen(t *testing.T, s *shop, change func(*Options), contact string) (*listener, context.CancelFunc) {
	t.Helper()
	srv := httptest.NewServer(s.server(change))
	t.Cleanup(srv.Close)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, srv.URL+"/demo/api/stream?lang=vi&contact="+contact, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := srv.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = answer.Body.Close() })
	if got := answer.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Fatalf("content type %q", got)
	}
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 1<<20)
	return &listener{t: t, body: lines}, cancel
}

// hear waits for an event of a name whose data contain words.
func (l *listener) hear(name, words string) {
	l.t.Helper()
	current := ""
	for l.body.Scan() {
		line := l.body.Text()
		if n, ok := strings.CutPrefix(line, "event: "); ok {
			current = n
		}
		if data, ok := strings.CutPrefix(line, "data: "); ok && current == name && strings.Contains(data, words) {
			return
		}
	}
	l.t.Fatalf("the stream ended before %s with %q: %v", name, words, l.body.Err())
}

// end waits until the stream ends.
func (l *listener) end() {
	l.t.Helper()
	for l.body.Scan() {
		if l.body.Err() != nil {
			break
		}
	}
}

func TestStreamTellsWhatHappens(t *testing.T) {
	s := newShop()
	l, _ := listen(t, s, nil, "c000")
	l.hear("state", `"lang":"vi"`)
	starts(t, s)
	l.hear("phone", "thích phong cách nào")
	l.hear("state", `"run"`)
	says(t, s, "c000", "dạ 2 nha")
	l.hear("phone", "Ngân sách")
	l.hear("state", `"value":"Công sở"`)
}

// Changes that never pause must not put the state off.
func TestStreamTellsTheStateWhileChangesKeepComing(t *testing.T) {
	s := newShop()
	l, _ := listen(t, s, nil, "c000")
	l.hear("state", "")
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(settle / 10):
				s.mu.Lock()
				s.add(s.find("c000"), preferences.Entry{Kind: preferences.EntryRead, Reason: "kept_coming"})
				s.changed()
				s.mu.Unlock()
			}
		}
	}()
	l.hear("state", "kept coming")
}

func TestStreamTellsOfRunCounts(t *testing.T) {
	s := newShop()
	l, _ := listen(t, s, nil, "c000")
	l.hear("campaigns", `"run":null`)
	s.mu.Lock() // nothing is signalled: a glance must find it
	s.runs = append(s.runs, control.Run{ID: "r1", Campaign: "birthday", State: control.Running})
	s.mu.Unlock()
	l.hear("campaigns", `"state":"running"`)
}

func TestStreamLooksByItselfWithoutChanges(t *testing.T) {
	s := newShop()
	l, _ := listen(t, s, func(o *Options) { o.Changes = nil }, "c004")
	l.hear("state", "")
	starts(t, s)
	l.hear("state", "conversation.not_asked")
}

func TestStreamSaysWhenTheContactIsGone(t *testing.T) {
	s := newShop()
	l, _ := listen(t, s, nil, "c000")
	l.hear("state", "")
	s.mu.Lock()
	s.people = s.people[1:]
	s.changed()
	s.mu.Unlock()
	l.hear("gone", "")
}

func TestStreamEndsWithTheServer(t *testing.T) {
	done := make(chan struct{})
	l, _ := listen(t, newShop(), func(o *Options) { o.Done = done }, "c000")
	l.hear("state", "")
	close(done)
	l.end()
	if err := l.body.Err(); err != nil && !errors.Is(err, io.EOF) {
		t.Errorf("the stream broke: %v", err)
	}
}

func TestStreamEndsWithTheBrowser(t *testing.T) {
	s := newShop()
	l, leave := listen(t, s, nil, "c000")
	l.hear("state", "")
	leave()
	for deadline := time.Now().Add(20 * time.Second); ; {
		s.mu.Lock()
		left := len(s.watchers)
		s.mu.Unlock()
		if left == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d subscriptions are left", left)
		}
		time.Sleep(5 * time.Millisecond)
	}
}
