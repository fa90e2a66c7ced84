package understand_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/understand"
)

func asked(kind preferences.Kind, options ...understand.Option) *understand.Question {
	return &understand.Question{Kind: kind, Text: map[string]string{"vi": "Mình chọn gì ạ?", "en": "Which one?"}, Options: options}
}

func called(value, label string, synonyms ...string) understand.Option {
	o := understand.Option{Value: value, Label: map[string]string{"vi": label}}
	if len(synonyms) > 0 {
		o.Synonyms = map[string][]string{"vi": synonyms}
	}
	return o
}

func TestDoubts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options []understand.Option
		kind    understand.DoubtKind
		text    string
		typed   string
		other   string
		command understand.Command
	}{
		"a command as a label":           {[]understand.Option{called("a", "Từ chối"), called("b", "Đồ công sở")}, understand.MeansCommand, "Từ chối", "Từ chối", "", understand.Stop},
		"a command among the synonyms":   {[]understand.Option{called("a", "Áo dài", "stop"), called("b", "Đồ công sở")}, understand.MeansCommand, "stop", "stop", "", understand.Stop},
		"a command in a synonym":         {[]understand.Option{called("a", "Áo dài"), called("b", "Đồ công sở", "đừng nhắn tin cho tôi nữa")}, understand.CommandLater, "đừng nhắn tin cho tôi nữa", "đừng nhắn tin cho tôi nữa", "", understand.Stop},
		"a command once it is shouted":   {[]understand.Option{called("a", "Đúng"), called("b", "Chưa đúng lắm")}, understand.MeansCommand, "Đúng", "DUNG", "", understand.Stop},
		"a command once it is shortened": {[]understand.Option{called("a", "Hủy đơn"), called("b", "Giao lại")}, understand.CommandWithin, "Hủy đơn", "Hủy", "", understand.Stop},
		"the same without marks":         {[]understand.Option{called("a", "Gội đầu"), called("b", "Gối đầu")}, understand.EitherOption, "Gội đầu", "goi dau", "b", ""},
		"another's without marks":        {[]understand.Option{called("a", "Mận"), called("b", "Mặn", "man")}, understand.MeansOther, "Mận", "man", "b", ""},
		"another's by a slip":            {[]understand.Option{called("a", "Matte"), called("b", "Mate")}, understand.SlipMeans, "Matte", "mate", "b", ""},
		"another's place":                {[]understand.Option{called("a", "2"), called("b", "3 trở lên")}, understand.MeansPosition, "2", "2", "b", ""},
		"no words":                       {[]understand.Option{called("a", "Áo"), called("b", "Quần", "👍")}, understand.NotRead, "👍", "👍", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var found *understand.Doubt
			for _, d := range understand.Doubts(asked(preferences.Choice, c.options...)) {
				if d.Name.Text == c.text {
					found = &d
				}
			}
			require.NotNil(t, found)
			require.Equal(t, c.kind, found.Kind, "%+v", *found)
			require.Equal(t, c.typed, found.Typed)
			require.Equal(t, c.other, found.Other)
			require.Equal(t, c.command, found.Command)
		})
	}
}

func TestNoDoubts(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]understand.Option{
		"sizes":                  {called("s", "Size S"), called("m", "Size M"), called("xl", "Size XL")},
		"numbers in their order": {called("one", "1"), called("two", "2"), called("more", "3 trở lên")},
		"one name in another":    {called("l", "Large"), called("xl", "Extra large")},
		"colours":                {called("r", "Đỏ"), called("b", "Đen"), called("w", "Trắng")},
		"heads in common":        {called("oily", "Da dầu"), called("dry", "Da khô"), called("mixed", "Da hỗn hợp")},
	} {
		require.Empty(t, understand.Doubts(asked(preferences.Choice, options...)), name)
		require.Empty(t, understand.Doubts(asked(preferences.Choices, options...)), name)
	}
	require.Empty(t, understand.Doubts(nil))
	require.Empty(t, understand.Doubts(&understand.Question{Kind: preferences.Money}))
}
