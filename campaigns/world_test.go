package campaigns_test

import (
	"fmt"
	"hash/crc32"
	"testing"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/campaigns/expr"
	"github.com/hoidap/hoidap/campaigns/offers"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
	"github.com/hoidap/hoidap/preferences/understand"
)

// codeOf is the one-time code of a proof, as a gateway's: six digits, and always the same.
func codeOf(proof string) string {
	return fmt.Sprintf("%06d", crc32.ChecksumIEEE([]byte(proof))%1_000_000)
}

var saigon = time.FixedZone("+07", 7*3600)

// world is a small brand: two campaigns by hand, one that follows a returned order, and three offers.
func world(t testing.TB) *campaigns.World {
	t.Helper()
	rule := func(src string) *expr.Rule {
		r, err := expr.Compile(src, expr.Schema{Attributes: map[string]preferences.Kind{
			"style": preferences.Choice, "budget": preferences.Money, "gift": preferences.YesNo, "return_reason": preferences.Choice,
		}})
		if err != nil {
			t.Fatalf("%s: %v", src, err)
		}
		return r
	}
	pack, _ := compliance.PackFor("vn")
	return &campaigns.World{
		Brand: campaigns.Brand{Name: "Lụa", Locale: "vi", Zone: saigon, Help: "1900 1234"},
		Pack:  pack,
		Code:  codeOf,
		OwnPage: func(contact string, until time.Time) string {
			return fmt.Sprintf("https://lua.vn/me/%s-%d", contact, until.Unix())
		},
		Routes: []campaigns.Route{
			{Account: "brandname", Channel: address.SMS, Carries: []string{"ad", "control"}}, // one-way
			{Account: "sms", Channel: address.SMS, Inbound: true},
			{Account: "zalo", Channel: address.Zalo, Inbound: true, Options: 5},
		},
		Campaigns: map[string]*campaigns.Campaign{
			"autumn": {
				ID: "autumn", Channels: []address.Channel{address.Zalo, address.SMS},
				Audience: rule(`consent.marketing || contact.name == "Lan"`),
				Questions: []campaigns.Question{
					{
						ID: "style", Attribute: "style", Label: campaigns.Texts{"vi": "Phong cách", "en": "Style"}, FreshFor: 180 * 24 * time.Hour, RemindAfter: 24 * time.Hour, Retries: 2,
						Ask: understand.Question{
							Kind:    preferences.Choice,
							Text:    map[string]string{"vi": "Chị {{name}} thích phong cách nào?", "en": "Which style is you, {{name}}?"},
							Options: []understand.Option{option("sporty", "Thể thao", "Sporty"), option("office", "Công sở", "Office")},
						},
					},
					{
						ID: "budget", Attribute: "budget", When: rule(`prefs.style == "office"`), Retries: 1,
						Ask: understand.Question{
							Kind: preferences.Money, Currency: "VND",
							Text: map[string]string{"vi": "Ngân sách cho một bộ khoảng bao nhiêu ạ?", "en": "What is your budget?"},
						},
					},
				},
				Offers: []string{"sporty-early", "office-20", "advice"},
				Thanks: campaigns.Texts{"vi": "Cảm ơn {{name}}!", "en": "Thank you, {{name}}!"},
			},
			"gift": {
				ID: "gift", Schedule: &campaigns.Schedule{ZoneName: "contact", Zone: saigon}, Questions: []campaigns.Question{{
					ID: "gift", Attribute: "gift", FreshFor: time.Hour, Retries: 2,
					Ask: understand.Question{Kind: preferences.YesNo, Text: map[string]string{"vi": "Mình mua làm quà phải không ạ?"}},
				}},
			},
			"club": {
				ID: "club", Channels: []address.Channel{address.SMS}, Offers: []string{"advice"},
				Questions: []campaigns.Question{
					{ID: "size", Attribute: "size", Retries: 2, Ask: understand.Question{
						Kind: preferences.Choice, Text: map[string]string{"vi": "Mình mặc size nào ạ?", "en": "Which size?"},
						Options: []understand.Option{option("s", "S", "S"), option("m", "M", "M"), option("l", "L", "L")},
					}},
					{ID: "colour", Attribute: "colour", Retries: 2, Ask: understand.Question{
						Kind: preferences.Choice, Text: map[string]string{"vi": "Mình thích màu nào ạ?", "en": "Which colour?"},
						Options: []understand.Option{option("black", "Đen", "Black"), option("white", "Trắng", "White"), option("blue", "Xanh", "Blue")},
					}},
					{ID: "email", Attribute: "email", Retries: 2, Ask: understand.Question{
						Kind: preferences.Email, Text: map[string]string{"vi": "Mình cho em xin email ạ?", "en": "Your email?"},
					}},
				},
			},
			"returned": {
				ID: "returned", Schedule: &campaigns.Schedule{Event: "order.returned", Delay: 2 * time.Hour},
				Audience: rule(`event.sku != "gift-card"`),
				Questions: []campaigns.Question{{
					ID: "why", Attribute: "return_reason", Retries: 2, FreshFor: time.Minute,
					Ask: understand.Question{
						Kind: preferences.Choice, Text: map[string]string{"vi": "Mình trả hàng vì sao ạ?"},
						Options: []understand.Option{option("size", "Không vừa", "Wrong size"), option("colour", "Không ưng màu", "Wrong colour")},
					},
				}},
			},
		},
		Offers: map[string]*offers.Offer{
			"office-20": {
				ID: "office-20", Priority: 10, When: rule(`prefs.style == "office" && prefs.budget.max >= 500000`), Pool: "office-20", Budget: 2,
				Text: map[string]string{"vi": "Tặng {{name}} mã {{code}} giảm 20%: {{link}}"}, Link: "https://lua.vn/o",
			},
			"sporty-early": {
				ID: "sporty-early", Priority: 5, When: rule(`prefs.style == "sporty"`),
				Text: map[string]string{"vi": "Mời {{name}} xem trước đồ {{prefs.style}}: {{link}}"}, Link: "https://lua.vn/s",
			},
			"advice": {ID: "advice", Budget: 1, Shared: "TUVAN", Text: map[string]string{"vi": "Nhắn {{code}} để được tư vấn riêng ạ."}},
		},
	}
}

func option(value, vi, en string) understand.Option {
	return understand.Option{Value: value, Label: map[string]string{"vi": vi, "en": en}}
}

var lan = address.Address{Scheme: "tel", ID: "+84901234567"}
