package portal

import (
	"cmp"
	"strings"
	"time"

	"github.com/hoidap/hoidap/gateway/control"
)

// ownWordsIn is what a customer's own page says, in their language.
func ownWordsIn(locale string) map[string]string {
	if locale == "en" {
		return map[string]string{
			"title": "What you share with {brand}", "told": "What you told us", "told_why": "What you remove is not used any more, and we do not ask for it again.",
			"told_nothing": "We keep nothing that you told us.", "remove": "Remove",
			"messages": "Messages", "reached": "We reach you at:", "is_stopped": "You get no promotions at the moment.",
			"is_blocked": "You get no promotions: you stopped them with your provider or blocked us in the app. To get them again, unblock us there, or text START to the number that they came from, if it takes texts.",
			"stop":       "Stop promotions", "start": "Get promotions",
			"all": "Everything at once", "all_why": "The copy also has the messages between us, and how your answers were read.",
			"copy": "Download a copy (JSON)", "forget": "Delete everything",
			"done_removed": "Removed.", "done_stopped": "You get no more promotions.", "done_started": "You get promotions again.",
			"sure": "Delete everything that {brand} keeps about you?", "sure_yes": "Yes, delete everything", "sure_no": "No, go back",
			"sure_why":  "Your answers, your name and all messages are deleted at once, and it cannot be undone. We keep only a hash of your addresses, so that nobody writes to you by mistake.",
			"forgotten": "Everything is deleted.", "forgotten_why": "{brand} does not write to you any more, unless you write first.",
			"erased": "Nothing is kept about you here any more.", "erased_why": "If you write to us again, we begin anew.",
			"gone": "This link does not work any more.", "gone_why": "Its time is over, or it is mistyped. For a new one, just write DATA to us.",
			"away":    "One moment, please: this cannot be done just now. Try again in a minute.",
			"damaged": "Something is wrong with what we keep about you.", "damaged_why": "Trying again does not help. Those who look after this page have been told. If it is urgent, please ask {brand} directly.",
			"private": "This page is for you alone: whoever has its link sees what you see. It opens until {until}.",
			"yes":     "yes, since {at}", "no": "no, since {at}", "on": "(only by {channels})", "except": "(not by {channels})",
			"purpose_marketing": "Promotions:", "purpose_profiling": "Fitting offers to what you like:", "channel_web": "a web page",
		}
	}
	return map[string]string{
		"title": "Những gì mình chia sẻ với {brand}", "told": "Mình đã cho bên em biết", "told_why": "Mục nào mình xóa thì bên em không dùng nữa và không hỏi lại ạ.",
		"told_nothing": "Bên em chưa lưu câu trả lời nào của mình ạ.", "remove": "Xóa",
		"messages": "Tin nhắn", "reached": "Bên em liên hệ mình qua:", "is_stopped": "Hiện mình không nhận tin quảng cáo.",
		"is_blocked": "Hiện mình không nhận tin quảng cáo, vì mình đã chặn ở nhà mạng hoặc trong ứng dụng. Muốn nhận lại, mình bỏ chặn ở đó, hoặc nhắn START tới số đã gửi tin, nếu số đó nhận được tin ạ.",
		"stop":       "Ngừng nhận tin quảng cáo", "start": "Nhận tin quảng cáo",
		"all": "Tất cả dữ liệu", "all_why": "Bản tải về có cả tin nhắn giữa mình và bên em, và cách các câu trả lời được hiểu.",
		"copy": "Tải về một bản (JSON)", "forget": "Xóa tất cả",
		"done_removed": "Đã xóa ạ.", "done_stopped": "Bên em đã ngừng gửi tin quảng cáo cho mình.", "done_started": "Mình lại nhận tin quảng cáo ạ.",
		"sure": "Xóa mọi dữ liệu {brand} đang lưu về mình?", "sure_yes": "Đúng, xóa tất cả", "sure_no": "Không, quay lại",
		"sure_why":  "Câu trả lời, tên và mọi tin nhắn của mình được xóa ngay, không lấy lại được. Bên em chỉ giữ mã băm của số và tài khoản để không nhắn nhầm nữa.",
		"forgotten": "Đã xóa tất cả.", "forgotten_why": "{brand} không nhắn cho mình nữa, trừ khi mình nhắn trước ạ.",
		"erased": "Ở đây không còn dữ liệu nào về mình.", "erased_why": "Nếu mình nhắn lại, bên em bắt đầu lại từ đầu ạ.",
		"gone": "Liên kết này không còn dùng được.", "gone_why": "Liên kết đã hết hạn hoặc bị gõ nhầm. Muốn có liên kết mới, mình nhắn DU LIEU cho bên em ạ.",
		"away":    "Mình chờ chút nhé: lúc này bên em chưa làm được. Mình thử lại sau một phút ạ.",
		"damaged": "Dữ liệu bên em lưu về mình đang bị lỗi.", "damaged_why": "Mình thử lại cũng chưa được ạ. Người phụ trách trang này đã được báo. Nếu cần gấp, mình hỏi trực tiếp {brand} nhé.",
		"private": "Trang này chỉ dành cho mình: ai có liên kết sẽ thấy như mình. Trang mở đến {until}.",
		"yes":     "có, từ {at}", "no": "không, từ {at}", "on": "(chỉ qua {channels})", "except": "(trừ {channels})",
		"purpose_marketing": "Nhận tin quảng cáo:", "purpose_profiling": "Gợi ý theo sở thích:", "channel_web": "trang web",
	}
}

// channelNames are what channels call themselves, in every language.
var channelNames = map[string]string{
	"sms": "SMS", "zalo": "Zalo", "whatsapp": "WhatsApp", "viber": "Viber", "messenger": "Messenger", "telegram": "Telegram", "line": "LINE",
}

// T is a text of the page.
func (v ownView) T(key string) string { return strings.ReplaceAll(v.words[key], "{brand}", v.Brand) }

// When says when, and by which channel, something was told.
func (v ownView) When(p control.ToldPreference) string {
	if p.Channel == "" {
		return v.moment(p.At)
	}
	return v.channel(p.Channel) + " · " + v.moment(p.At)
}

// Address is where they are reached, with the app's own name.
func (v ownView) Address(masked string) string {
	scheme, id, ok := strings.Cut(masked, ":")
	if !ok {
		return masked // a telephone number
	}
	return v.channel(scheme) + ": " + id
}

// Purpose is what a purpose is called; those that a brand has made up, as it calls them.
func (v ownView) Purpose(a control.AgreedPurpose) string {
	return cmp.Or(v.T("purpose_"+a.Purpose), a.Purpose+":")
}

// Since says what somebody agreed to, and since when.
func (v ownView) Since(a control.AgreedPurpose) string {
	said := v.T("no")
	if a.Granted {
		said = v.T("yes")
	}
	said = strings.ReplaceAll(said, "{at}", v.day(a.At))
	for key, channels := range map[string][]string{"on": a.On, "except": a.Except} { // there is never more than one
		if len(channels) > 0 {
			said += " " + strings.ReplaceAll(v.T(key), "{channels}", v.channels(channels))
		}
	}
	return said
}

// Private says whom the page is for, and how long it opens.
func (v ownView) Private() string {
	return strings.ReplaceAll(v.T("private"), "{until}", v.moment(v.Until))
}

func (v ownView) channel(ch string) string {
	return cmp.Or(channelNames[ch], v.T("channel_"+ch), ch)
}

func (v ownView) channels(list []string) string {
	names := make([]string, len(list))
	for i, ch := range list {
		names[i] = v.channel(ch)
	}
	return strings.Join(names, ", ")
}

func (v ownView) day(at time.Time) string {
	if v.Locale == "en" {
		return at.Format("2 January 2006")
	}
	return at.Format("02/01/2006")
}

func (v ownView) moment(at time.Time) string { return at.Format("15:04") + ", " + v.day(at) }
