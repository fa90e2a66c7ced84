package demo

import "github.com/hoidap/hoidap/preferences"

// replies are what customers write to a question of a kind: the reply, and the key of what it shows. They are
// Vietnamese in both languages of the page, as the demo's customers are. No kind: no question is open.
func replies(k preferences.Kind, stopped bool) [][2]string {
	switch {
	case stopped:
		return [][2]string{{"cho nhận tin lại đi", "start"}, {"shop lưu gì về mình vậy", "data"}}
	case k == "":
		return [][2]string{{"shop lưu gì về mình vậy", "data"}, {"mình muốn gặp nhân viên", "agent"}, {"TC", "stop"}}
	}
	return append(own(k), [2]string{"chưa biết", "unsure"}, [2]string{"TC", "stop"})
}

func own(k preferences.Kind) [][2]string {
	switch k {
	case preferences.Choice:
		return [][2]string{{"dạ 2 nha", "menu"}, {"thể thao", "label"}, {"cong so", "bare"}}
	case preferences.Choices:
		return [][2]string{{"1 với 3", "several"}, {"thể thao, công sở", "label"}}
	case preferences.Money:
		return [][2]string{{"500k tới 1tr", "range"}, {"tầm 7 trăm", "teen"}, {"dưới 2tr", "bound"}}
	case preferences.YesNo:
		return [][2]string{{"dạ có ạ", "polite"}, {"ko nha", "teen"}}
	case preferences.Number:
		return [][2]string{{"khoảng 52kg", "unit"}, {"năm mươi hai", "spelled"}}
	case preferences.Rating:
		return [][2]string{{"5 sao", "unit"}, {"cho 4 điểm", "polite"}}
	case preferences.Date:
		return [][2]string{{"15/8", "day"}, {"mùng 2 tháng 9", "spelled"}}
	case preferences.TimeWindow:
		return [][2]string{{"tối sau 7h", "bound"}, {"6h-9h tối", "range"}}
	case preferences.Text:
		return [][2]string{{"vải mặc hơi nóng ạ", "free"}}
	case preferences.Email:
		return [][2]string{{"Lan.Nguyen@example.com", "free"}}
	}
	return [][2]string{{"dạ 2 nha", "menu"}, {"thể thao", "label"}, {"500k tới 1tr", "range"}}
}
