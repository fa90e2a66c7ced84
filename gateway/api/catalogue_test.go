package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/golang/mock/gomock"
	"github.com/google/go-cmp/cmp"
	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/control"
)

func TestPostEvent(t *testing.T) {
	t.Parallel()
	want := control.Occurrence{ID: "ev-1", Type: "order.returned", Address: lan, At: noon, Data: map[string]any{"sku": "A1", "price": 99.5}}
	b := setup(t)
	b.control.EXPECT().Occur(gomock.Any(), gomock.Any()).DoAndReturn(func(_ any, o control.Occurrence) error {
		if diff := cmp.Diff(want, o); diff != "" {
			t.Error(diff)
		}
		return nil
	})
	x := b.call(t, http.MethodPost, "/events", `{"id":"ev-1","type":"order.returned","address":"tel:+84901234567","at":"2026-11-01T12:00:00Z","data":{"sku":"A1","price":99.5}}`)
	if x.status != http.StatusAccepted || strings.TrimSpace(string(x.body)) != `{"id":"ev-1"}` {
		t.Errorf("%d %s", x.status, x.body)
	}
	b.control.EXPECT().Occur(gomock.Any(), gomock.Any()).DoAndReturn(func(_ any, o control.Occurrence) error {
		if !o.At.IsZero() {
			t.Errorf("an event without a time happened at %v, which only control's clock can say", o.At)
		}
		return nil
	})
	if x := b.call(t, http.MethodPost, "/events", `{"id":"ev-2","type":"order.returned","address":"tel:+84901234567"}`); x.status != http.StatusAccepted {
		t.Errorf("%d %s", x.status, x.body)
	}
}

func TestPostEventRefuses(t *testing.T) {
	t.Parallel()
	for body, pointer := range map[string]string{
		`{"type":"t","address":"zalo:1"}`:                                      "#/id",
		`{"id":"a b","type":"t","address":"zalo:1"}`:                           "#/id",
		`{"id":7,"type":"t","address":"zalo:1"}`:                               "#/id",
		`{"id":"e","address":"zalo:1"}`:                                        "#/type",
		`{"id":"e","type":"order returned","address":"zalo:1"}`:                "#/type",
		`{"id":"e","type":"t"}`:                                                "#/address",
		`{"id":"e","type":"t","address":null}`:                                 "#/address",
		`{"id":"e","type":"t","address":"1"}`:                                  "#/address",
		`{"id":"e","type":"t","address":"zalo:1","at":"today"}`:                "#/at",
		`{"id":"e","type":"t","address":"zalo:1","at":"1969-12-31T23:59:59Z"}`: "#/at",
		`{"id":"e","type":"t","address":"zalo:1","at":"2200-01-01T00:00:00Z"}`: "#/at",
		`{"id":"e","type":"t","address":"zalo:1","data":[]}`:                   "#/data",
		`{"id":"e","type":"t","address":"zalo:1","contact":"c"}`:               "#/contact",
	} {
		x := setup(t).call(t, http.MethodPost, "/events", body)
		if p := x.problem(t); x.status != http.StatusBadRequest || len(p.Errors) != 1 || p.Errors[0].Pointer != pointer {
			t.Errorf("%s: %d %s", body, x.status, x.body)
		}
	}
}

func TestAddCodes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.control.EXPECT().AddCodes(gomock.Any(), "office-20", []string{"A", "B"}).Return(2, 0, nil)
	x := b.call(t, http.MethodPost, "/offers/office-20/codes", `{"codes":["A","B"]}`)
	if x.status != http.StatusOK || strings.TrimSpace(string(x.body)) != `{"added":2,"duplicates":0}` {
		t.Errorf("%d %s", x.status, x.body)
	}
	long := strings.Repeat("Ế", 64) // characters, as the API's document counts them
	b.control.EXPECT().AddCodes(gomock.Any(), "office-20", []string{long}).Return(1, 0, nil)
	if x := b.call(t, http.MethodPost, "/offers/office-20/codes", `{"codes":["`+long+`"]}`); x.status != http.StatusOK {
		t.Errorf("%d %s", x.status, x.body)
	}
	for body, pointer := range map[string]string{
		`{}`: "#/codes", `{"codes":[]}`: "#/codes", `{"codes":null}`: "#/codes", `{"codes":"A"}`: "#/codes",
		`{"codes":["` + strings.Repeat("Ế", 65) + `"]}`: "#/codes/0",
		`{"codes":["A",""]}`:                            "#/codes/1", `{"codes":["SECRET CODE"]}`: "#/codes/0", `{"codes":[1]}`: "#/codes/0", `{"codes":["A"],"pool":"x"}`: "#/pool",
	} {
		x := b.call(t, http.MethodPost, "/offers/office-20/codes", body)
		if p := x.problem(t); x.status != http.StatusBadRequest || len(p.Errors) != 1 || p.Errors[0].Pointer != pointer || strings.Contains(string(x.body), "SECRET") {
			t.Errorf("%s: %d %s", body, x.status, x.body)
		}
	}
}

func TestLists(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.control.EXPECT().Campaigns(gomock.Any()).Return([]control.CampaignView{{ID: "autumn-style", Name: "Gu", Next: noon, Questions: []string{"style"}, Texts: []map[string]string{{"vi": "?"}}}, {ID: "x"}}, nil)
	b.control.EXPECT().Campaigns(gomock.Any()).Return(nil, nil)
	b.control.EXPECT().Offers(gomock.Any()).Return([]control.OfferView{{ID: "office-20", Priority: 10, Pool: "office-20", Budget: 500, Given: 3, CodesLeft: new(int64(7))}}, nil)
	b.control.EXPECT().Inbox(gomock.Any(), 50).Return([]campaigns.InboxItem{{ID: "e", Contact: "c1", Reason: "unclear", Text: "hả?", Channel: "sms", At: noon}}, nil)
	b.control.EXPECT().DeadLetters(gomock.Any(), control.LetterFilter{Reason: "gave_up", Account: "sms"}, "3.9-0", 9).Return([]control.DeadLetter{{ID: "3.1795-0", Of: "c3-x.7", What: "message", Reason: "operator", At: noon}}, "3.1795-0", nil)
	for _, c := range []struct{ target, want string }{
		{"/campaigns", `"id":"autumn-style"`}, {"/campaigns", `{"campaigns":[]}`}, {"/offers", `"codes_left":7`}, {"/inbox", `"reason":"unclear"`}, {"/dead-letters?limit=9&reason=gave_up&account=sms&cursor=3.9-0", `"next_cursor":"3.1795-0"`},
	} {
		if x := b.call(t, http.MethodGet, c.target, ""); x.status != http.StatusOK || !strings.Contains(string(x.body), c.want) {
			t.Errorf("%s: %d %s", c.target, x.status, x.body)
		}
	}
}
