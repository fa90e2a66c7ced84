package understand

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/preferences"
)

// labelPool holds labels as brands write them, each with its English one. A random question takes some of them.
var labelPool = [][2]string{
	{"Đen", "Black"}, {"Trắng", "White"}, {"Đỏ đô", "Burgundy"}, {"Xanh rêu", "Moss green"}, {"Xanh dương", "Blue"}, {"Hồng", "Pink"}, {"Tím than", "Navy"},
	{"S", "S"}, {"XL", "XL"}, {"Bún bò", "Beef noodles"}, {"Phở", "Pho"}, {"Bánh mì", "Banh mi"}, {"Trà sữa", "Milk tea"}, {"Sữa chua", "Yoghurt"}, {"Cà phê", "Coffee"},
	{"TP.HCM", "Ho Chi Minh City"}, {"Hà Nội", "Hanoi"}, {"Thứ 2", "Monday"}, {"Thứ 3", "Tuesday"}, {"Chủ nhật", "Sunday"}, {"Sáng 8h-11h", "Morning 8-11"}, {"Tối 18h-21h", "Evening 18-21"},
	{"Dưới 500k", "Under 500k"}, {"Trên 1 triệu", "Over 1 million"}, {"Hoàn toàn mới", "Brand new"}, {"Có, nhưng ít", "Yes, a little"}, {"Không có gì", "Nothing"}, {"Không đường", "No sugar"},
	{"Giao tận nhà", "Home delivery"}, {"Tại cửa hàng", "In store"}, {"Da dầu (nhờn)", "Oily skin"}, {"Da khô", "Dry skin"}, {"Kinh dị", "Horror"}, {"Năng động", "Active"}, {"Bạc xỉu", "White coffee"},
	{"Tất cả", "All"}, {"Khác", "Other"}, {"Cả hai", "Both"}, {"Ăn & uống", "Food & drink"}, {"Mẹ/bé", "Mother/baby"}, {"Thể thao, dã ngoại", "Sports, outdoors"}, {"Đừng cay", "Keep it mild"}, {"Thôi nôi", "First birthday"},
	{"Hủy lịch", "Reschedule"}, {"Chưa biết", "Not sure"}, {"Bỏ qua", "Skip"}, {"iPhone", "iPhone"}, {"Vừa", "Medium"}, {"Nhầm size", "Wrong size"}, {"Lúc nào cũng được", "Any time"},
}

// anyQuestion draws a question with options from the pool.
func anyQuestion(t *rapid.T) Ask {
	picks := rapid.SliceOfNDistinct(rapid.IntRange(0, len(labelPool)-1), 2, 7, rapid.ID[int]).Draw(t, "labels")
	q := &Question{Kind: rapid.SampledFrom([]preferences.Kind{choiceKind, choicesKind}).Draw(t, "kind"), Text: map[string]string{"vi": "Bạn chọn gì?", "en": "What do you choose?"}}
	for _, p := range picks {
		l := labelPool[p]
		q.Options = append(q.Options, Option{Value: l[1], Label: map[string]string{"vi": l[0], "en": l[1]}})
	}
	return Ask{Question: q, Locale: rapid.SampledFrom([]string{"vi", "en"}).Draw(t, "locale"), Now: monday}
}

// TestAnyLabelReadsAsItself: whatever the options are, the label of one is that one, however it is composed, cased and
// dressed, and never another one without its marks.
func TestAnyLabelReadsAsItself(t *testing.T) {
	dress := []struct{ before, after string }{{"", ""}, {"  ", "  "}, {"", "."}, {"", "!!!"}, {"", " 😊"}, {"", " ạ"}, {"dạ ", " nha shop"}, {"Dạ, ", " nhé"}, {"\u200b", "\ufeff"}, {"(", ")"}}
	rapid.Check(t, func(t *rapid.T) {
		a := anyQuestion(t)
		o := rapid.SampledFrom(a.Question.Options).Draw(t, "option")
		label := o.Label[a.Locale]
		typed := map[string]string{
			"as it is": label, "capitals": strings.ToUpper(label), "small": strings.ToLower(label), "decomposed": norm.NFD.String(label),
			"dressed": func() string {
				d := rapid.SampledFrom(dress).Draw(t, "dress")
				if a.Locale == "en" && strings.ContainsAny(d.before+d.after, "ạé") {
					return label
				}
				return d.before + label + d.after
			}(),
		}
		for how, text := range typed {
			if got := short(Read(a, text)); got != o.Value {
				t.Fatalf("%s %q is %s, want %s", how, text, got, o.Value)
			}
		}
		bare := strings.Map(foldRune, norm.NFC.String(strings.ToLower(label)))
		if r := Read(a, bare); r.Status == Answered && short(r) != o.Value {
			t.Fatalf("without marks %q is %s, want %s or unclear", bare, short(r), o.Value)
		}
	})
}

// TestAnyMenuNumberIsAPlace: where no label has a number in it, a menu number is the option at that place, and one that
// is not on the menu is nothing.
func TestAnyMenuNumberIsAPlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyQuestion(t)
		for _, o := range a.Question.Options {
			if strings.ContainsAny(o.Label["vi"]+o.Label["en"], "0123456789") {
				return
			}
		}
		n := rapid.IntRange(1, 9).Draw(t, "number")
		form := rapid.SampledFrom([]string{"%", "số %", "so %", "#%", "%.", "(%)", "câu %", "% nha", "option %", "%\u20e3"}).Draw(t, "form")
		want := "unclear"
		if n <= len(a.Question.Options) {
			want = a.Question.Options[n-1].Value
		}
		typed := strings.ReplaceAll(form, "%", string(rune('0'+n)))
		if got := short(Read(a, typed)); got != want {
			t.Fatalf("%q is %s, want %s", typed, got, want)
		}
	})
}

// TestNotThisOne: an option that is ruled out is never the answer.
func TestNotThisOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyQuestion(t)
		o := rapid.SampledFrom(a.Question.Options).Draw(t, "option")
		if w := strings.Fields(strings.ToLower(o.Label[a.Locale]))[0]; isNegator(w) || w == "nothing" || w == "đừng" { // two negators are no ruling out
			return
		}
		forms := []string{"không phải %", "không thích %", "đừng lấy %", "% thì thôi", "ko %"}
		if a.Locale == "en" {
			forms = []string{"not %", "anything but %", "I don't want %", "no more %"}
		}
		typed := strings.ReplaceAll(rapid.SampledFrom(forms).Draw(t, "form"), "%", strings.ToLower(o.Label[a.Locale]))
		r := Read(a, typed)
		if r.Status == Answered && (r.Value.Text == o.Value || len(r.Value.List) == 1 && r.Value.List[0] == o.Value) {
			t.Fatalf("%q is %s by %s", typed, short(r), r.Rule)
		}
	})
}
