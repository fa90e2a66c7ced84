package api_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/golang/mock/gomock"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/control"
)

func run(state control.RunState) control.Run {
	return control.Run{
		ID: "r1", Campaign: "autumn-style", State: state, Cause: "api", Started: noon,
		Counts: map[campaigns.CountName]int64{campaigns.CountAudience: 7, campaigns.CountSent: 5},
	}
}

func TestStartRun(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		body, header, key string
		people            int
	}{
		{"", "", "", 0}, {"{}", "", "", 0}, {"{}", "b9f-1", "b9f-1", 0}, {"{}", `"b9f-1"`, "b9f-1", 0}, {`{"people": 1200}`, "b9f-1", "b9f-1", 1200},
	} {
		b := setup(t)
		b.control.EXPECT().StartRun(gomock.Any(), "autumn-style", c.key, c.people).Return(run(control.Running), nil)
		var header []string
		if c.header != "" {
			header = []string{"Idempotency-Key", c.header}
		}
		x := b.call(t, http.MethodPost, "/campaigns/autumn-style/runs", c.body, header...)
		var got struct {
			ID     string
			State  string
			Counts map[string]int
		}
		x.into(t, &got)
		if x.status != http.StatusAccepted || got.ID != "r1" || got.State != "running" || len(got.Counts) != 12 || got.Counts["audience"] != 7 ||
			x.header.Get("Location") != "/api/v1/runs/r1" {
			t.Errorf("%d %s", x.status, x.body)
		}
	}
}

func TestStartRunRefuses(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, body := range []string{`{"audience":"all"}`, `[]`, `{`, `{"people":0}`, `{"people":1.5}`, `{"people":"2"}`, `{"people":1e10}`, `{"people":null}`} {
		if x := b.call(t, http.MethodPost, "/campaigns/c/runs", body); x.status != http.StatusBadRequest {
			t.Errorf("%s: %d", body, x.status)
		}
	}
	for _, key := range []string{" ", "a b", `""`, "ạ", long(65)} {
		if x := b.call(t, http.MethodPost, "/campaigns/c/runs", "{}", "Idempotency-Key", key); x.status != http.StatusBadRequest {
			t.Errorf("%q: %d", key, x.status)
		}
	}
}

func TestRuns(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.control.EXPECT().Run(gomock.Any(), "r1").Return(run(control.Done), nil)
	b.control.EXPECT().Run(gomock.Any(), "r2").Return(control.Run{}, fmt.Errorf("%w: there is no run r2", control.ErrNotFound))
	b.control.EXPECT().RunsPage(gomock.Any(), "9.r2", 3).Return([]control.Run{run(control.Running)}, "8.r1", nil)
	b.control.EXPECT().PauseRun(gomock.Any(), "r1").Return(run(control.Paused), nil)
	b.control.EXPECT().ResumeRun(gomock.Any(), "r1").Return(control.Run{}, fmt.Errorf("%w: the run is done", control.ErrConflict))
	b.control.EXPECT().CancelRun(gomock.Any(), "r1").Return(run(control.Cancelled), nil)
	for _, c := range []struct {
		method, target string
		status         int
	}{
		{http.MethodGet, "/runs/r1", 200},
		{http.MethodGet, "/runs/r2", 404},
		{http.MethodGet, "/runs?limit=3&cursor=9.r2", 200},
		{http.MethodPost, "/runs/r1/pause", 200},
		{http.MethodPost, "/runs/r1/resume", 409},
		{http.MethodPost, "/runs/r1/cancel", 200},
	} {
		if x := b.call(t, c.method, c.target, ""); x.status != c.status {
			t.Errorf("%s: %d %s", c.target, x.status, x.body)
		}
	}
}
