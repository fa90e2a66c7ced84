package understand

import "testing"

// TestAskedBack: where a reply cannot be taken as it is, the one value that it may well be.
func TestAskedBack(t *testing.T) {
	t.Parallel()
	const (
		salary = "money | vi | Mức lương mong muốn của bạn? / Expected monthly salary? | min=3000000 | max=100000000 | currency=VND"
		mark   = "rating | en | Mấy sao? / How many stars? | min=1 | max=5"
		visit  = "date | vi | Chị muốn tái khám ngày nào? / Follow-up date?"
		born   = "date | vi | Sinh nhật của chị ngày nào? / When is your birthday?"
		email  = "email | vi | Cho em xin email để gửi hóa đơn ạ / Your email please"
	)
	for _, c := range []struct{ question, typed, want string }{
		{salary, "15", "15000000"},
		{salary, "từ 12 tới 15", "12000000-15000000"},
		{salary, "2", ""},
		{salary, "15 người", ""},
		{salary, "1 tỷ", ""},
		{mark, "thre", `3`},
		{mark, "fivee stars", ""},
		{mark, "sevn", ""},
		{mark, "great", ""},
		{visit, "5", `"2026-12-05"`},
		{visit, "4 đi", `"2026-12-04"`},
		{visit, "32", ""},
		{born, "24", ""},
		{email, "tuan123@gmaik.com", `"tuan123@gmail.com"`},
		{email, "nam.le@gmail.com.vn", `"nam.le@gmail.com"`},
		{email, "nam le@gmail.com", `"namle@gmail.com"`},
		{email, "tuan123gmail.com", `"tuan123@gmail.com"`},
		{email, "tuan gmail.com", ""},
		{email, "tuan@congty", ""},
	} {
		r := Read(parseAsk(c.question), c.typed)
		got := ""
		if r.Maybe != nil {
			got = short(*r.Maybe)
		}
		if r.Status != Unclear || got != c.want {
			t.Errorf("%q is %s, maybe %s; want %s", c.typed, short(r), got, c.want)
		}
	}
}
