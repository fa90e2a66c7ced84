package demo

import (
	"strings"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/understand"
)

// reply is one to try: what to write, and the key of what it shows. Replies are in the customer's language, whatever
// the page's.
type reply struct{ text, shows string }

// whenStopped are for a customer who receives nothing.
func whenStopped(locale string) []reply {
	if locale == "en" {
		return []reply{{"START", "start"}, {"what do you know about me?", "data"}}
	}
	return []reply{{"cho mình nhận tin lại nha", "start"}, {"shop lưu gì về mình vậy", "data"}}
}

// anytime are for a customer whom nobody asked anything.
func anytime(locale string) []reply {
	if locale == "en" {
		return []reply{{"what do you know about me?", "data"}, {"talk to a person", "agent"}, {"STOP", "stop"}}
	}
	return []reply{{"shop lưu gì về mình vậy", "data"}, {"mình muốn gặp nhân viên", "agent"}, {"TC", "stop"}}
}

// repliesTo answer a question in the ways that people do.
func repliesTo(q understand.Question, locale string) []reply {
	if locale == "en" {
		return append(inEnglish(q), reply{"not sure yet", "unsure"}, reply{"STOP", "stop"})
	}
	return append(inVietnamese(q), reply{"chưa biết", "unsure"}, reply{"TC", "stop"})
}

func inVietnamese(q understand.Question) []reply {
	switch q.Kind {
	case preferences.Choice:
		return append([]reply{{"dạ 2 nha", "menu"}}, byName(q, "vi")...)
	case preferences.Choices:
		return append([]reply{{"1 với 2", "several"}}, byName(q, "vi")...)
	case preferences.Money:
		return []reply{{"500k tới 1tr", "range"}, {"tầm 7 trăm", "teen"}, {"dưới 2tr", "bound"}}
	case preferences.YesNo:
		return []reply{{"dạ có ạ", "polite"}, {"ko nha", "teen"}}
	case preferences.Number:
		return []reply{{"khoảng 52", "unit"}, {"năm mươi hai", "spelled"}}
	case preferences.Rating:
		return []reply{{"5 sao", "unit"}, {"cho 4 điểm", "polite"}}
	case preferences.Date:
		return []reply{{"15/8", "day"}, {"mùng 2 tháng 9", "spelled"}}
	case preferences.TimeWindow:
		return []reply{{"sau 18h", "bound"}, {"6h-9h tối", "range"}}
	case preferences.Text:
		return []reply{{"vải mặc hơi nóng ạ", "free"}}
	case preferences.Email:
		return []reply{{"Lan.Nguyen@example.com", "free"}}
	}
	return []reply{{"dạ 2 nha", "menu"}, {"thể thao", "label"}, {"500k tới 1tr", "range"}}
}

func inEnglish(q understand.Question) []reply {
	switch q.Kind {
	case preferences.Choice:
		return append([]reply{{"2 please", "menu"}}, byName(q, "en")...)
	case preferences.Choices:
		return append([]reply{{"1 and 2", "several"}}, byName(q, "en")...)
	case preferences.Money:
		return []reply{{"500k to 1m", "range"}, {"under 2m", "bound"}}
	case preferences.YesNo:
		return []reply{{"yes please", "polite"}, {"nope", "teen"}}
	case preferences.Number:
		return []reply{{"about 52", "unit"}, {"fifty two", "spelled"}}
	case preferences.Rating:
		return []reply{{"5 stars", "unit"}}
	case preferences.Date:
		return []reply{{"15 August", "day"}}
	case preferences.TimeWindow:
		return []reply{{"after 6pm", "bound"}, {"6-9pm", "range"}}
	case preferences.Text:
		return []reply{{"the fabric is a bit warm", "free"}}
	case preferences.Email:
		return []reply{{"Lan.Nguyen@example.com", "free"}}
	}
	return []reply{{"2 please", "menu"}, {"500k to 1m", "range"}}
}

// byName answers with the first option by its label, the second by a synonym, and the third without marks.
func byName(q understand.Question, locale string) []reply {
	var out []reply
	for i, o := range q.Options {
		name := strings.ToLower(o.Label[locale])
		switch bare := unmarked(name); {
		case name == "" || i > 2:
		case i == 1 && len(o.Synonyms[locale]) > 0:
			out = append(out, reply{o.Synonyms[locale][0], "synonym"})
		case i == 2 && bare != name:
			out = append(out, reply{bare, "bare"})
		case i == 0:
			out = append(out, reply{name, "label"})
		}
	}
	return out
}
