package understand

import "testing"

// TestWrongNumber: whoever says that the number is somebody else's is stopped for that reason, whatever is open.
func TestWrongNumber(t *testing.T) {
	colour := parseAsk("choice | vi | Bạn thích màu nào? / Which colour? | black=Đen/Black | white=Trắng/White")
	age := parseAsk("number | vi | Bé mấy tuổi? / How old is the child?")
	advice := parseAsk("text | vi | Bạn góp ý gì? / What could be better?")
	student := parseAsk("yes_no | vi | Bạn có phải là sinh viên không? / Are you a student?")
	for _, x := range []struct {
		ask   Ask
		typed string
		want  bool
	}{
		{parseAsk("none | vi"), "số này không phải của Lan", true},
		{parseAsk("none | vi"), "nhầm số rồi, đừng nhắn nữa", true},
		{colour, "nhầm số rồi", true},
		{colour, "mình không phải Lan", true},
		{colour, "mình không phải Lan đâu bạn ơi", true},
		{colour, "nhầm số rồi, số 2", false},
		{colour, "nhầm số", false},
		{colour, "mình không phải Đen", false},
		{age, "sai số rồi, 5 tuổi", false},
		{age, "nhầm số rồi 38 nha", false},
		{age, "đổi chủ số rồi", true},
		{advice, "nhân viên gọi nhầm số hoài", false},
		{advice, "giao nhầm số nhà rồi", false},
		{advice, "mình không phải Lan", false},
		{advice, "nhầm người rồi", true},
		{student, "mình không phải Sinh Viên", false},
		{student, "sai số rồi bạn ơi", true},
	} {
		r := Read(x.ask, x.typed)
		if got := r.Rule == wrongNumber && r.Command == Stop; got != x.want {
			t.Errorf("%q is %s by %s", x.typed, short(r), r.Rule)
		}
	}
}
