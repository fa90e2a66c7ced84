package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/golang/mock/gomock"
	"github.com/hoidap/hoidap/gateway/control"
)

func TestSending(t *testing.T) {
	t.Parallel()
	b := setup(t)
	stopped := control.Sending{State: control.SendingStopped, By: "admin", Reason: "wrong prices", At: noon}
	b.control.EXPECT().Sending(gomock.Any()).Return(control.Sending{State: control.SendingRuns}, nil)
	b.control.EXPECT().StopSending(gomock.Any(), "admin", "wrong prices").Return(stopped, nil)
	b.control.EXPECT().StopSending(gomock.Any(), "admin", "").Return(stopped, nil).Times(2)
	b.control.EXPECT().ResumeSending(gomock.Any(), "admin").Return(control.Sending{State: control.SendingRuns}, nil).Times(2)
	for _, c := range []struct{ method, target, body, want string }{
		{http.MethodGet, "/sending", "", `{"state":"running"}`},
		{http.MethodPost, "/sending/stop", `{"reason":"wrong prices"}`, `"by":"admin"`},
		{http.MethodPost, "/sending/stop", "", `"state":"stopped"`},
		{http.MethodPost, "/sending/stop", "{}", `"state":"stopped"`},
		{http.MethodPost, "/sending/resume", "", `{"state":"running"}`},
		{http.MethodPost, "/sending/resume", "{}", `{"state":"running"}`},
	} {
		if x := b.call(t, c.method, c.target, c.body); x.status != http.StatusOK || !strings.Contains(string(x.body), c.want) {
			t.Errorf("%s %s: %d %s", c.target, c.body, x.status, x.body)
		}
	}
	for _, c := range []struct{ target, body string }{
		{"/sending/stop", `{"reasn":"x"}`}, {"/sending/stop", `{"reason":"` + long(201) + `"}`}, {"/sending/stop", `[`}, {"/sending/resume", `{"reason":"x"}`},
	} {
		if x := b.call(t, http.MethodPost, c.target, c.body); x.status != http.StatusBadRequest {
			t.Errorf("%s %s: %d", c.target, c.body, x.status)
		}
	}
}
