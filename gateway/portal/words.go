package portal

import (
	"strconv"
	"strings"
)

// wordsIn is what the page says, in a customer's language.
func wordsIn(locale string) map[string]string {
	if locale == "en" {
		return map[string]string{
			"title": "A question for you", "send": "Send", "yes": "Yes", "no": "No", "your_answer": "Your answer",
			"again":  "Sorry, we did not quite understand that. Would you choose or write it again?",
			"thanks": "Thank you! Your answer has arrived.", "done": "This question has been answered, or is over.",
			"gone": "This link does not work any more.", "gone_why": "It may be mistyped, or its question may be over. Nothing is asked of you.",
			"away": "One moment, please: your answer cannot be taken just now. Try again in a minute.", "stop": "Stop these messages",
			"stopped": "You get no more promotions from {brand}.",
			"start":   "Get promotions again", "started": "You get promotions from {brand} again.",
			"blocked": "You stopped them with your provider or blocked us in the app. To get them again, unblock us there, or text START to the number that they came from, if it takes texts.",
			"several": "Choose all that fit.", "next": "Next question",
			"same":     "{brand} asks: do you also write to us as {known}?",
			"same_why": "If you say yes, {brand} treats both as one customer. You buy nothing and sign up for nothing.",
			"same_yes": "Yes, this is me", "same_no": "If this is not you, just close this page.",
			"same_done": "Thank you! We know now that it is you.", "same_over": "It works once, and for ten minutes. Nothing is asked of you.",
			"private": "Only you have this link. Your answer goes to {brand}.",
		}
	}
	return map[string]string{
		"title": "Một câu hỏi dành cho mình", "send": "Gửi", "yes": "Có", "no": "Không", "your_answer": "Câu trả lời của mình",
		"again":  "Dạ bên em chưa hiểu ý mình, mình chọn hoặc viết lại giúp bên em nhé.",
		"thanks": "Cảm ơn mình! Bên em đã nhận được câu trả lời.", "done": "Câu hỏi này đã được trả lời hoặc đã kết thúc.",
		"gone": "Liên kết này không còn dùng được.", "gone_why": "Có thể địa chỉ bị gõ nhầm, hoặc câu hỏi đã kết thúc. Mình không cần làm gì thêm ạ.",
		"away": "Mình chờ chút nhé: lúc này bên em chưa nhận được câu trả lời. Mình thử lại sau một phút ạ.", "stop": "Ngừng nhận tin",
		"stopped": "{brand} đã ngừng gửi tin quảng cáo cho mình.",
		"start":   "Nhận lại tin quảng cáo", "started": "Mình lại nhận tin quảng cáo của {brand} ạ.",
		"blocked": "Mình đã chặn ở nhà mạng hoặc trong ứng dụng. Muốn nhận lại, mình bỏ chặn ở đó, hoặc nhắn START tới số đã gửi tin, nếu số đó nhận được tin ạ.",
		"several": "Mình có thể chọn nhiều mục.", "next": "Câu tiếp theo",
		"same":     "{brand} xin hỏi: mình cũng nhắn với bên em bằng {known} phải không ạ?",
		"same_why": "Nếu đúng, {brand} coi cả hai là cùng một khách. Mình không mua và không đăng ký gì ạ.",
		"same_yes": "Đúng, là mình", "same_no": "Nếu không phải, mình chỉ cần đóng trang này ạ.",
		"same_done": "Cảm ơn mình! Bên em đã ghi nhận ạ.", "same_over": "Liên kết chỉ dùng một lần, trong 10 phút. Mình không cần làm gì thêm ạ.",
		"private": "Liên kết này chỉ dành cho mình. Câu trả lời được gửi tới {brand}.",
	}
}

// Same asks whether it is the customer whom the brand knows elsewhere.
func (v view) Same() string { return strings.ReplaceAll(v.T("same"), "{known}", v.Proof.Known) }

// Private says whom the answer goes to.
func (v view) Private() string { return v.T("private") }

// spokenTo is the language of a page for a customer with a locale: English to who speaks neither, as in messages.
func spokenTo(locale, accepted string) string {
	switch locale {
	case "":
		return preferred(accepted)
	case "vi":
		return locale
	}
	return "en"
}

// preferred is the page's language where nobody is known: English for who prefers it, else Vietnamese.
func preferred(accepted string) string {
	if strings.HasPrefix(strings.ToLower(strings.TrimSpace(accepted)), "en") {
		return "en"
	}
	return "vi"
}

// steps are the buttons of a rating; none where it has too many steps, or its bounds are not whole.
func (v *view) steps() (out []choice) {
	from, to := 1.0, 5.0
	if v.Min != nil {
		from = *v.Min
	}
	if v.Max != nil {
		to = *v.Max
	}
	if from != float64(int(from)) || to != float64(int(to)) || to-from >= ratingMost {
		return nil
	}
	for n := int(from); n <= int(to); n++ {
		out = append(out, choice{strconv.Itoa(n), strconv.Itoa(n), ""})
	}
	return out
}
