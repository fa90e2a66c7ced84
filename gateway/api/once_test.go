package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/golang/mock/gomock"

	"github.com/hoidap/hoidap/gateway/control"
)

// shelfOfAnswers is control's memory of calls, in a map.
type shelfOfAnswers map[string]string

func (s shelfOfAnswers) expect(m *MockAPI) {
	m.EXPECT().BeginCall(gomock.Any(), gomock.Any(), gomock.Any()).AnyTimes().DoAndReturn(func(_ context.Context, id, mark string) (string, error) {
		if found := s[id]; found != "" {
			return found, nil
		}
		s[id] = mark
		return "", nil
	})
	m.EXPECT().KeepCall(gomock.Any(), gomock.Any(), gomock.Any()).AnyTimes().DoAndReturn(func(_ context.Context, id, answer string) error {
		s[id] = answer
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
		if u.Display == "away" {
			return "", control.ErrUnavailable
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
		{"k1", `{"name": "lan", "role": "viewer", "display": "away"}`, 503, 1, false},
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
		if strings.Contains(id+answer, "CODE") || strings.Contains(id+answer, "lan") || strings.Contains(id, "k1") {
			t.Errorf("%s is kept as %s", id, answer)
		}
	}
}

// While the first call is under way, or where its process has died, another one is told to wait.
func TestAKeyOfACallUnderWay(t *testing.T) {
	t.Parallel()
	b, mark := setup(t), ""
	b.control.EXPECT().BeginCall(gomock.Any(), gomock.Any(), gomock.Any()).DoAndReturn(func(_ context.Context, _, m string) (string, error) {
		mark = m
		return "", control.ErrUnavailable
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
	b.control.EXPECT().BeginCall(gomock.Any(), gomock.Any(), gomock.Any()).Return("torn", nil)
	if x := stop(); x.status != http.StatusInternalServerError {
		t.Errorf("%d %s", x.status, x.body)
	}
}
