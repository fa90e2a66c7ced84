package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/golang/mock/gomock"
	"github.com/hoidap/hoidap/gateway/control"
)

func TestReplay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.control.EXPECT().ReplayLetter(gomock.Any(), "7.1795-0").Return(1, nil)
	b.control.EXPECT().ReplayLetter(gomock.Any(), "x").Return(0, fmt.Errorf("%w: there is no dead letter x", control.ErrNotFound))
	b.control.EXPECT().ReplayLetter(gomock.Any(), "7.1-0").Return(0, fmt.Errorf("%w: it cannot be read", control.ErrConflict))
	f := control.LetterFilter{What: "message", Reason: "gave_up", Account: "sms", Campaign: "autumn-style", Run: "r1", Before: noon}
	b.control.EXPECT().ReplayLetters(gomock.Any(), f, 7).Return(control.Replays{Replayed: 7, More: true, Before: noon}, nil)
	b.control.EXPECT().ReplayLetters(gomock.Any(), control.LetterFilter{}, 200).Return(control.Replays{Before: noon}, nil)
	for _, c := range []struct {
		target, body string
		status       int
		want         string
	}{
		{"/dead-letters/7.1795-0/replay", "", 200, `{"replayed":1}`},
		{"/dead-letters/x/replay", "", 404, ""},
		{"/dead-letters/7.1-0/replay", "{}", 409, ""},
		{"/dead-letters/7.1795-0/replay", `{"a":1}`, 400, ""},
		{"/dead-letters/replay", `{"what":"message","reason":"gave_up","account":"sms","campaign":"autumn-style","run":"r1","before":"` + noon.Format("2006-01-02T15:04:05Z07:00") + `","limit":7}`, 200, `"more":true`},
		{"/dead-letters/replay", `{}`, 200, `"replayed":0`},
		{"/dead-letters/replay", ``, 400, ""},
		{"/dead-letters/replay", `{"acount":"sms"}`, 400, ""}, // misspelt, it would replay everything
		{"/dead-letters/replay", `{"what":"letter"}`, 400, ""},
		{"/dead-letters/replay", `{"limit":0}`, 400, ""},
		{"/dead-letters/replay", `{"limit":1001}`, 400, ""},
		{"/dead-letters/replay", `{"limit":1.5}`, 400, ""},
	} {
		if x := b.call(t, http.MethodPost, c.target, c.body); x.status != c.status || !strings.Contains(string(x.body), c.want) {
			t.Errorf("%s %s: %d %s", c.target, c.body, x.status, x.body)
		}
	}
	if x := b.call(t, http.MethodGet, "/dead-letters?what=letter", ""); x.status != http.StatusBadRequest {
		t.Errorf("%d", x.status)
	}
}

func TestUnreadableContactsAreNamed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	broken := control.ContactView{Unreadable: true}
	broken.ID = "c1-x"
	b.control.EXPECT().List(gomock.Any(), "", 50).Return([]control.ContactView{view(), broken}, "", nil)
	var page struct {
		Contacts   []map[string]any
		Unreadable []string
	}
	b.call(t, http.MethodGet, "/contacts", "").into(t, &page)
	if len(page.Contacts) != 1 || len(page.Unreadable) != 1 || page.Unreadable[0] != "c1-x" {
		t.Errorf("%+v", page)
	}
}
