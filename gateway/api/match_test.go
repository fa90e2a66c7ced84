package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/golang/mock/gomock"

	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/web"
)

// A file that somebody has taken out of force meanwhile is not put in force by whoever has not seen that, although its version is the same.
func TestAnArchivedFileIsNotPublishedUnseen(t *testing.T) {
	t.Parallel()
	for _, now := range []control.FileView{
		{Name: "a.yaml", State: control.InArchive, Version: 3},
		{Name: "a.yaml", State: control.Draft, Version: 3},
		{Name: "a.yaml", State: control.Changed, Version: 3, Published: 2},
	} {
		b := setup(t)
		seen := control.FileDetail{FileView: control.FileView{Name: "a.yaml", State: control.InForce, Version: 3, Published: 3}}
		b.control.EXPECT().File(gomock.Any(), "a.yaml").Return(seen, nil)
		tag := b.call(t, http.MethodGet, "/files/a.yaml", "").header.Get("ETag")
		b.control.EXPECT().File(gomock.Any(), "a.yaml").Return(control.FileDetail{FileView: now}, nil)
		x := b.call(t, http.MethodPost, "/files/a.yaml/publish", `{}`, "If-Match", tag)
		if x.status != http.StatusPreconditionFailed || x.header.Get("ETag") == tag {
			t.Errorf("%s: %d %s", now.State, x.status, x.body)
		}
	}
}

// Teaching asks for no If-Match, so that somebody was faster is a conflict.
func TestALessonThatSomebodyWasFasterThan(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.control.EXPECT().Teach(gomock.Any(), gomock.Any(), true).Return(control.Taught{}, &control.FileConflict{Theirs: control.FileDetail{FileView: control.FileView{Name: "a.yaml", Version: 4, By: "mai"}}})
	x := b.call(t, http.MethodPost, "/campaigns/c/lessons", `{"question": "style", "value": "sporty", "locale": "vi", "words": "chạy bộ", "write": true}`)
	if x.status != http.StatusConflict {
		t.Errorf("%d %s", x.status, x.body)
	}
}

// A user whom somebody changes between the look and the write is as good as one who was changed before.
func TestAUserWhoChangesMeanwhile(t *testing.T) {
	t.Parallel()
	b := setup(t)
	was, is := control.User{Name: "mai", Role: web.Agent, Revision: "a"}, control.User{Name: "mai", Role: web.Admin, Revision: "b"}
	for method, body := range map[string]string{http.MethodPut: `{"role": "viewer"}`, http.MethodDelete: ""} {
		for _, c := range []struct {
			tag  string
			want int
		}{{`"a.x"`, http.StatusPreconditionFailed}, {"", http.StatusConflict}} {
			b.control.EXPECT().User(gomock.Any(), "mai").Return(was, nil)
			if method == http.MethodPut {
				b.control.EXPECT().ChangeUser(gomock.Any(), gomock.Any()).Return(control.User{}, control.ErrUserChanged)
			} else {
				b.control.EXPECT().RemoveUser(gomock.Any(), "mai", "a").Return(control.ErrUserChanged)
			}
			var header []string
			if c.tag != "" {
				b.control.EXPECT().User(gomock.Any(), "mai").Return(is, nil)
				header = []string{"If-Match", c.tag}
			}
			x := b.call(t, method, "/users/mai", body, header...)
			if x.status != c.want || c.tag != "" && !strings.Contains(string(x.body), `role is \"admin\" by now, not \"agent\"`) {
				t.Errorf("%s %q: %d %s", method, c.tag, x.status, x.body)
			}
		}
	}
}
