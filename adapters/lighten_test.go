package adapters_test

import (
	"strings"
	"testing"

	"github.com/hoidap/hoidap/adapters"
	"pgregory.net/rapid"
)

const long = "Shop Lụa chào chị, mùa thu này chị thích phong cách nào để shop chọn đồ cho mình ạ? Trả lời là có quà liền."

func TestLighten(t *testing.T) {
	t.Parallel()
	options := func(labels ...string) (out []adapters.Option) {
		for i, l := range labels {
			out = append(out, adapters.Option{Payload: string(rune('1' + i)), Label: l})
		}
		return out
	}
	for name, x := range map[string]struct {
		m      adapters.Message
		fixed  []string
		want   string
		labels string
	}{
		"three segments become one":         {m: adapters.Message{Text: long}, want: adapters.WithoutMarks(long)},
		"what fits one segment stays":       {m: adapters.Message{Text: "Dạ, cảm ơn chị!"}, want: "Dạ, cảm ơn chị!"},
		"an emoji would stay, so all stays": {m: adapters.Message{Text: long + " 🎁"}, want: long + " 🎁"},
		"a name with marks":                 {m: adapters.Message{Text: long + " Chị Ngọc ơi."}, fixed: []string{"Ngọc"}, want: long + " Chị Ngọc ơi."},
		"a name without":                    {m: adapters.Message{Text: "Chị Lan ơi. " + long}, fixed: []string{"Lan", "OFF20"}, want: "Chi Lan oi. " + adapters.WithoutMarks(long)},
		"a fixed word that is not in it":    {m: adapters.Message{Text: long}, fixed: []string{"Ngọc"}, want: adapters.WithoutMarks(long)},
		"options":                           {m: adapters.Message{Text: long, Options: options("Thể thao", "Công sở")}, want: adapters.WithoutMarks(long), labels: "The thao,Cong so"},
		"options that would look the same":  {m: adapters.Message{Text: long, Options: options("Bò", "Bơ")}, want: long, labels: "Bò,Bơ"},
		"a template":                        {m: adapters.Message{Text: long, Template: &adapters.Template{ID: "1"}}, want: long},
		"money":                             {m: adapters.Message{Text: long + " Dưới 500.000₫ hay trên…"}, want: adapters.WithoutMarks(long) + " Duoi 500.000d hay tren..."},
	} {
		got, losses := adapters.Lighten(x.m, x.fixed...)
		var labels []string
		for _, o := range got.Options {
			labels = append(labels, o.Label)
		}
		if got.Text != x.want || strings.Join(labels, ",") != x.labels {
			t.Errorf("%s: %q %v", name, got.Text, labels)
		}
		if changed := got.Text != x.m.Text; changed != (len(losses) == 1) {
			t.Errorf("%s: losses %v", name, losses)
		}
	}
}

// Lightening never costs more, never changes a payload, and done twice it does nothing more.
func TestLightenIsNeverDearer(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		m := adapters.Message{Text: rapid.StringOfN(rapid.RuneFrom([]rune("aăâđẽếồứỵ ĐƯ₫“…😀1")), 0, 300, -1).Draw(rt, "text")}
		got, _ := adapters.Lighten(m)
		if adapters.SegmentCount(got.Text) > adapters.SegmentCount(m.Text) {
			rt.Fatalf("%q became dearer: %q", m.Text, got.Text)
		}
		if again, _ := adapters.Lighten(got); again.Text != got.Text {
			rt.Fatalf("%q, again %q", got.Text, again.Text)
		}
	})
}

// All letters that Vietnamese has and GSM-7 lacks have something in their place.
func TestWithoutMarksIsGSM(t *testing.T) {
	t.Parallel()
	const letters = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ"
	if s := adapters.Segments(adapters.WithoutMarks(letters)); s.Encoding != adapters.GSM7 {
		t.Errorf("%q", s.Offenders)
	}
	if got := adapters.WithoutMarks("Nguyễn Thị Ánh Đào"); got != "Nguyen Thi Anh Dao" {
		t.Error(got)
	}
}
