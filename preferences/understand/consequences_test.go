package understand_test

import (
	"slices"
	"testing"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/understand"
)

func styles() *understand.Question {
	return &understand.Question{Kind: preferences.Choice, Text: map[string]string{"vi": "Mình thích phong cách nào ạ?", "en": "Which style?"}, Options: []understand.Option{
		{Value: "sporty", Label: map[string]string{"vi": "Thể thao", "en": "Sporty"}},
		{Value: "office", Label: map[string]string{"vi": "Công sở", "en": "Office"}},
	}}
}

func TestMaybe(t *testing.T) {
	t.Parallel()
	email := &understand.Question{Kind: preferences.Email, Text: map[string]string{"vi": "Email của mình là gì ạ?"}}
	for _, c := range []struct {
		q          *understand.Question
		text, want string
	}{
		{styles(), "cong xo nha shop", "office"},
		{styles(), "công xở", "office"},
		{styles(), "the thoa", "sporty"},
		{styles(), "không cong xo", ""},
		{styles(), "cong xo không shop?", ""},
		{styles(), "hay để chị hỏi chồng chị đã nhé", ""},
		{styles(), "quần áo", ""},
		{email, "lan.nguyen@gmial.com", "lan.nguyen@gmail.com"},
		{email, "email chị là lan@gmail nha", "lan@gmail.com"},
		{email, "lan@yahoo.con", "lan@yahoo.com"},
		{email, "lan@gmial.com hoặc lan@yaho.com", ""},
		{email, "lan@@", ""},
		{email, "lan@congty", ""},
	} {
		r := understand.Read(understand.Ask{Question: c.q, Locale: "vi"}, c.text)
		got := ""
		if r.Maybe != nil {
			got = r.Maybe.Value.Text
		}
		if r.Status != understand.Unclear || got != c.want {
			t.Errorf("%q: %s, maybe %q", c.text, r.Status, got)
		}
	}
}

func TestAsides(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]bool{ // corrects, asks
		"à nhầm, công sở nha":                 {true, false},
		"sorry I meant office":                {true, false},
		"dạ, ý nhầm công sở":                  {true, false},
		"công sở":                             {false, false},
		"công sở à nhầm thể thao":             {false, false},
		"công sở nha, mà ship bao nhiêu vậy?": {false, true},
		"công sở nha, được không em?":         {false, false},
		"còn size M ko shop":                  {false, true},
		"hmm?":                                {false, false},
	} {
		r := understand.Read(understand.Ask{Question: styles(), Locale: "vi"}, text)
		if r.Corrects != want[0] || r.Asks != want[1] {
			t.Errorf("%q: corrects %v, asks %v", text, r.Corrects, r.Asks)
		}
	}
}

func TestParts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"size M, màu đen":         {"size M", "màu đen"},
		"dạ, size M và màu đen ạ": {"size M", "màu đen ạ"},
		"công sở\n500k":           {"công sở", "500k"},
		"công sở; tầm 1,5tr":      {"công sở", "tầm 1,5tr"},
		"ngày 15/12":              {"ngày 15/12"},
		"đen, lan@vidu.vn.":       {"đen", "lan@vidu.vn"},
		"dạ ạ, công sở":           {"công sở"},
		"":                        nil,
	} {
		if got := understand.Parts("vi", text); !slices.Equal(got, want) {
			t.Errorf("%q: %q", text, got)
		}
	}
}
