package understand

import (
	"testing"

	"github.com/hoidap/hoidap/preferences"
)

// asksFor is a question of a kind, with two colours where it has options.
func asksFor(kind preferences.Kind, vi, en string) *Question {
	q := &Question{Kind: kind, Text: map[string]string{"vi": vi, "en": en}}
	if kind == choiceKind || kind == choicesKind {
		q.Options = []Option{{Value: "black", Label: map[string]string{"vi": "Đen", "en": "Black"}}, {Value: "white", Label: map[string]string{"vi": "Trắng", "en": "White"}}}
	}
	return q
}

func TestComplaints(t *testing.T) {
	t.Parallel()
	colour := asksFor(choiceKind, "Chị thích màu nào?", "Which colour?")
	day := asksFor(preferences.Date, "Mình hẹn ngày nào ạ?", "Which day?")
	count := asksFor(preferences.Number, "Mình đi mấy người ạ?", "How many people?")
	sale := asksFor(yesNoKind, "Bạn có muốn nhận ưu đãi không?", "Would you like an offer?")
	liked := asksFor(yesNoKind, "Bạn có hài lòng với đơn vừa rồi không?", "Are you happy with your order?")
	cancel := asksFor(yesNoKind, "Mình có muốn hủy đơn này không ạ?", "Would you like to cancel this order?")
	rating := asksFor(preferences.Rating, "Bạn chấm mấy điểm (1-5)?", "Rate us (1-5)")
	wrong := asksFor(choiceKind, "Máy gặp vấn đề gì ạ?", "What is the problem?")
	text := asksFor(textKind, "Bạn muốn nhắn gì cho shop?", "Anything to tell us?")
	for _, c := range []struct {
		q         *Question
		typed     string
		complains bool
		status    Status
	}{
		{colour, "hàng bị lỗi rồi shop ơi", true, Unclear},
		{colour, "giao sai màu rồi, đen mà giao trắng", true, Unclear},
		{colour, "nhan vien thai do qua", true, Unclear},
		{colour, "sao giao lâu quá vậy", true, Unclear},
		{colour, "the box arrived damaged", true, Unclear},
		{colour, "I want a refund", true, Unclear},
		{colour, "😡", true, Unclear},
		{colour, "đen nha, mà lần trước giao thiếu hàng", true, Answered},
		{colour, "black, my last order came broken", true, Answered},
		{day, "đặt từ thứ 2 tới giờ chưa nhận được hàng", true, Unclear},
		{day, "mai nha, đừng giao trễ nữa", false, Answered},
		{count, "giao trễ 3 ngày rồi", true, Unclear},
		{count, "nếu giao sai thì 4", false, Unclear},
		{colour, "sợ giao trễ nên lấy đen", false, Answered},
		{colour, "đen, hàng không bị lỗi gì", false, Answered},
		{colour, "hủy đơn giúp mình", true, Unclear},
		{colour, "cho em hủy đơn hàng với", true, Unclear},
		{day, "huy don gium minh nha", true, Unclear},
		{colour, "đổi size giúp em", true, Unclear},
		{colour, "please cancel my order", true, Unclear},
		{colour, "can i return this item", true, Unclear},
		{colour, "đen nha, mà hủy đơn hôm qua giúp mình", true, Answered},
		{cancel, "có, hủy đơn giúp mình", false, Unclear},
		{colour, "hàng còn không shop?", false, Unclear},
		{colour, "bàn ơi", false, Unclear},
		{sale, "không, dịch vụ quá tệ", true, Answered},
		{sale, "có nha, áo lần trước đẹp lắm", false, Answered},
		{liked, "không, hàng bị rách", false, Answered},
		{rating, "1, hàng bị lỗi", false, Answered},
		{rating, "giao chậm quá", false, Unclear},
		{wrong, "máy bị hỏng đen thui", false, Answered},
		{text, "giao hàng chậm quá", false, Answered},
	} {
		r := Read(Ask{Question: c.q, Locale: "vi", Now: monday}, c.typed)
		if r.Complains != c.complains || r.Status != c.status || c.complains && r.Status == Unclear && r.Rule != "complains" {
			t.Errorf("%q: %s by %s, complains %v; want %s, %v", c.typed, r.Status, r.Rule, r.Complains, c.status, c.complains)
		}
	}
}
