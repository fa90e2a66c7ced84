package api_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/golang/mock/gomock"
	"github.com/hoidap/hoidap/gateway/control"
)

// What has not changed is not sent again; what has is, and an error has no tag.
func TestWhatIsKnownIsNotSentAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	changed := view()
	changed.Name = "Lan Anh"
	b.control.EXPECT().Contact(gomock.Any(), "c1").Return(view(), nil).Times(5)
	first := b.call(t, http.MethodGet, "/contacts/c1", "")
	tag := first.header.Get("ETag")
	if first.status != http.StatusOK || len(tag) < 10 {
		t.Fatalf("%d %q", first.status, tag)
	}
	for header, status := range map[string]int{tag: 304, `"x", W/` + tag: 304, "*": 304, `"x"`: 200} {
		x := b.call(t, http.MethodGet, "/contacts/c1", "", "If-None-Match", header)
		if x.status != status || x.header.Get("ETag") != tag || (len(x.body) == 0) != (status == 304) {
			t.Errorf("%s: %d %s", header, x.status, x.body)
		}
	}
	b.control.EXPECT().Contact(gomock.Any(), "c1").Return(changed, nil)
	if x := b.call(t, http.MethodGet, "/contacts/c1", "", "If-None-Match", tag); x.status != http.StatusOK || x.header.Get("ETag") == tag {
		t.Errorf("%d %s", x.status, x.header.Get("ETag"))
	}
	b.control.EXPECT().Contact(gomock.Any(), "c2").Return(control.ContactView{}, fmt.Errorf("%w: there is no contact", control.ErrNotFound))
	if x := b.call(t, http.MethodGet, "/contacts/c2", "", "If-None-Match", "*"); x.status != http.StatusNotFound || x.header.Get("ETag") != "" {
		t.Errorf("%d %v", x.status, x.header)
	}
}

// TestAPanicIsAnswered: what a handler had written until it panicked is dropped, and the client learns of the fault.
func TestAPanicIsAnswered(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.control.EXPECT().Contact(gomock.Any(), "c1").DoAndReturn(func(context.Context, string) (control.ContactView, error) { panic("a fault of ours") })
	x := b.call(t, http.MethodGet, "/contacts/c1", "")
	if x.status != http.StatusInternalServerError || x.problem(t).Status != http.StatusInternalServerError || x.header.Get("ETag") != "" {
		t.Errorf("%d %v %s", x.status, x.header, x.body)
	}
}
