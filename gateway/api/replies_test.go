package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/golang/mock/gomock"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences"
)

func TestReplies(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.control.EXPECT().Replies(gomock.Any(), "autumn-style", "style", "3.c3-x", 7).Return([]control.Reply{
		{ID: "e1", Contact: "c3-y", Campaign: "autumn-style", Question: "style", Locale: "vi", Now: noon, Text: "dạ 2 nha", Status: "answered",
			Value: preferences.Value{Kind: preferences.Choice, Text: "office"}, Rule: "menu-position"},
		{ID: "e2", Contact: "c3-y", Campaign: "autumn-style", Question: "style", Locale: "vi", Now: noon, Text: "sao ạ", Status: "unclear"},
	}, "4.c4-z", nil)
	b.control.EXPECT().Replies(gomock.Any(), "autumn-style", "", "", 100).Return(nil, "", nil)
	b.control.EXPECT().Replies(gomock.Any(), "gone", "", "", 100).Return(nil, "", fmt.Errorf("%w: there is no campaign gone", control.ErrNotFound))
	x := b.call(t, http.MethodGet, "/campaigns/autumn-style/replies?question=style&cursor=3.c3-x&limit=7", "")
	if x.status != http.StatusOK || !strings.Contains(string(x.body), `"status":"answered","value":"office"`) || !strings.Contains(string(x.body), `"next_cursor":"4.c4-z"`) {
		t.Errorf("%d %s", x.status, x.body)
	}
	if x := b.call(t, http.MethodGet, "/campaigns/autumn-style/replies", ""); strings.TrimSpace(string(x.body)) != `{"replies":[],"next_cursor":""}` {
		t.Errorf("%d %s", x.status, x.body)
	}
	for target, status := range map[string]int{"gone/replies": 404, "a/replies?limit=201": 400, "a/replies?limit=0": 400, "a/replies?question=": 400, "a/replies?run=r": 400} {
		if x := b.call(t, http.MethodGet, "/campaigns/"+target, ""); x.status != status {
			t.Errorf("%s: %d %s", target, x.status, x.body)
		}
	}
}
