package api_test

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/golang/mock/gomock"

	"github.com/hoidap/hoidap/gateway/api"
	"github.com/hoidap/hoidap/gateway/control"
)

// shelfOfAnswers is control's memory of calls, in a map.
type shelfOfAnswers map[string][]byte

func (s shelfOfAnswers) expect(m *MockAPI) {
	m.EXPECT().BeginCall(gomock.Any(), gomock.Any(), gomock.Any()).AnyTimes().DoAndReturn(func(_ context.Context, c control.Call, mark []byte) ([]byte, error) {
		if found := s[c.ID]; found != nil {
			return found, nil
		}
		s[c.ID] = slices.Clone(mark)
		return nil, nil
	})
	m.EXPECT().KeepCall(gomock.Any(), gomock.Any(), gomock.Any()).AnyTimes().DoAndReturn(func(_ context.Context, c control.Call, answer []byte) error {
		s[c.ID] = answer
		return nil
	})
	m.EXPECT().ForgetCall(gomock.Any(), gomock.Any()).AnyTimes().DoAndReturn(func(_ context.Context, id string) error {
		delete(s, id)
		return nil
	})
}

// Under a key, what went well is done once and answered alike; what was refused may be mended; another call is told so.
func TestAKeyIsForOneCall(t *testing.T) {
	t.Parallel()
	b, kept := setup(t), shelfOfAnswers{}
	kept.expect(b.control)
	asked := 0
	b.control.EXPECT().Invite(gomock.Any(), gomock.Any()).AnyTimes().DoAndReturn(func(_ context.Context, u control.User) (string, error) {
		asked++
		if u.Display == "taken" {
			return "", control.ErrConflict
		}
		return "CODE-" + u.Name, nil
	})
	for _, c := range []struct {
		key, body string
		status    int
		asked     int // so far
		replayed  bool
	}{
		{"k1", `{"name": "lan", "role": "boss"}`, 400, 0, false},
		{"k1", `{"name": "lan", "role": "viewer", "display": "taken"}`, 409, 1, false},
		{"k1", `{"name": "lan", "role": "viewer"}`, 201, 2, false},
		{"k1", `{"name": "lan", "role": "viewer"}`, 201, 2, true},
		{`"k1"`, `{"name": "lan", "role": "viewer"}`, 201, 2, true},
		{"k1", `{"name": "lan", "role": "admin"}`, 422, 2, false},
		{"k2", `{"name": "lan", "role": "viewer"}`, 201, 3, false},
		{"", `{"name": "lan", "role": "viewer"}`, 400, 3, false},
		{"not plain", `{"name": "lan", "role": "viewer"}`, 400, 3, false},
	} {
		x := b.call(t, http.MethodPost, "/users", c.body, "Idempotency-Key", c.key)
		if x.status != c.status || asked != c.asked || (x.header.Get("Idempotency-Replayed") == "true") != c.replayed {
			t.Errorf("%s %s: %d %v, asked %d times: %s", c.key, c.body, x.status, x.header, asked, x.body)
		}
		if x.status == http.StatusCreated && !strings.Contains(string(x.body), "CODE-lan") {
			t.Errorf("%s", x.body)
		}
	}
	for id, answer := range kept {
		if strings.Contains(id+string(answer), "CODE") || strings.Contains(id+string(answer), "lan") || strings.Contains(id, "k1") {
			t.Errorf("%s is kept as %s", id, answer)
		}
	}
}

// While the first call is under way, or where its process has died, another one is told to wait.
func TestAKeyOfACallUnderWay(t *testing.T) {
	t.Parallel()
	b, mark := setup(t), []byte(nil)
	b.control.EXPECT().BeginCall(gomock.Any(), gomock.Any(), gomock.Any()).DoAndReturn(func(_ context.Context, _ control.Call, m []byte) ([]byte, error) {
		mark = m
		return nil, control.ErrUnavailable
	})
	stop := func() exchange {
		return b.call(t, http.MethodPost, "/sending/stop", `{}`, "Idempotency-Key", "k")
	}
	if x := stop(); x.status != http.StatusServiceUnavailable {
		t.Errorf("%d %s", x.status, x.body)
	}
	b.control.EXPECT().BeginCall(gomock.Any(), gomock.Any(), gomock.Any()).Return(mark, nil)
	if x := stop(); x.status != http.StatusConflict || x.header.Get("Retry-After") != "1" {
		t.Errorf("%d %v %s", x.status, x.header, x.body)
	}
	b.control.EXPECT().BeginCall(gomock.Any(), gomock.Any(), gomock.Any()).Return([]byte("torn"), nil)
	if x := stop(); x.status != http.StatusInternalServerError {
		t.Errorf("%d %s", x.status, x.body)
	}
}

// Where a write may have been made although its caller was told of a fault, a repeat does not make it again while the mark lasts.
func TestAKeyOfACallThatFailed(t *testing.T) {
	t.Parallel()
	b, kept := setup(t), shelfOfAnswers{}
	kept.expect(b.control)
	stopped := 0
	b.control.EXPECT().StopSending(gomock.Any(), gomock.Any(), gomock.Any()).AnyTimes().DoAndReturn(func(context.Context, string, string) (control.Sending, error) {
		stopped++
		return control.Sending{}, control.ErrUnavailable
	})
	for _, status := range []int{http.StatusServiceUnavailable, http.StatusConflict} {
		if x := b.call(t, http.MethodPost, "/sending/stop", `{}`, "Idempotency-Key", "k"); x.status != status || stopped != 1 {
			t.Errorf("%d, not %d, done %d times: %s", x.status, status, stopped, x.body)
		}
	}
}

// A client that hangs up amid a call neither stops it nor keeps its answer from being kept.
func TestAKeyOfACallThatIsHungUp(t *testing.T) {
	t.Parallel()
	b, kept := setup(t), shelfOfAnswers{}
	kept.expect(b.control)
	call, hangUp := context.WithCancel(t.Context())
	invited := 0
	b.control.EXPECT().Invite(gomock.Any(), gomock.Any()).AnyTimes().DoAndReturn(func(ctx context.Context, u control.User) (string, error) {
		hangUp()
		if invited++; ctx.Err() == nil {
			return "CODE-" + u.Name, nil
		}
		return "", ctx.Err()
	})
	body := `{"name": "lan", "role": "viewer"}`
	r := httptest.NewRequestWithContext(call, http.MethodPost, api.Prefix+"/users", strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer a")
	r.Header.Set("Idempotency-Key", "k")
	b.server.Echo().ServeHTTP(httptest.NewRecorder(), r)
	x := b.call(t, http.MethodPost, "/users", body, "Idempotency-Key", "k")
	if x.status != http.StatusCreated || invited != 1 || x.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("%d %v, invited %d times: %s", x.status, x.header, invited, x.body)
	}
}

// What is large is kept small, what is too large by its status alone, and where too much is kept a call with a key is refused undone.
func TestKeptAnswersAreBounded(t *testing.T) {
	t.Parallel()
	b, kept := setup(t), shelfOfAnswers{}
	kept.expect(b.control)
	invited, code := 0, ""
	b.control.EXPECT().Invite(gomock.Any(), gomock.Any()).AnyTimes().DoAndReturn(func(context.Context, control.User) (string, error) {
		invited++
		return code, nil
	})
	invite := func(key string) exchange {
		return b.call(t, http.MethodPost, "/users", `{"name": "lan", "role": "viewer"}`, "Idempotency-Key", key)
	}
	noise := make([]byte, 100<<10)
	for i := range noise { // which nothing makes smaller
		noise[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef"[rand.N(32)]
	}
	for key, c := range map[string]struct {
		code   string
		status int
	}{"repeating": {strings.Repeat("campaign: autumn ", 30_000), http.StatusCreated}, "noisy": {string(noise) + string(noise), http.StatusConflict}} {
		code = c.code
		first, again := invite(key), invite(key)
		if first.status != http.StatusCreated || again.status != c.status || c.status == http.StatusCreated && string(again.body) != string(first.body) {
			t.Errorf("%s: %d, then %d %.200s", key, first.status, again.status, again.body)
		}
		if c.status == http.StatusConflict && !strings.Contains(string(again.body), "answered with 201") {
			t.Errorf("%s: %s", key, again.body)
		}
	}
	for id, answer := range kept {
		if len(answer) > 66<<10 {
			t.Errorf("%d bytes are kept of %s", len(answer), id)
		}
	}
	full := setup(t)
	full.control.EXPECT().BeginCall(gomock.Any(), gomock.Any(), gomock.Any()).Return(nil, control.ErrTooMuchKept)
	x := full.call(t, http.MethodPost, "/users", `{"name": "lan", "role": "viewer"}`, "Idempotency-Key", "k")
	if x.status != http.StatusTooManyRequests || x.header.Get("Retry-After") == "" || invited != 2 {
		t.Errorf("%d %v %s, invited %d times", x.status, x.header, x.body, invited)
	}
}
