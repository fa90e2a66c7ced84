package console

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns/files"
)

// Two of one name cannot be told apart in the file; the form says which they are, in the user's language.
func TestFormSaysWhatIsThereTwice(t *testing.T) {
	t.Parallel()
	q := func(id string, values ...string) files.QuestionForm {
		out := files.QuestionForm{ID: id}
		for _, v := range values {
			out.Options = append(out.Options, files.OptionForm{Value: v})
		}
		return out
	}
	form := func(qs ...files.QuestionForm) files.Form { return files.Form{Questions: qs} }
	require.Empty(t, vi.twice(form(q("a", "x", "y"), q("b", "x", "y"))))
	require.Equal(t, "Ở câu hỏi b, hai lựa chọn cùng mang giá trị x. Hãy đặt giá trị khác cho một lựa chọn.", vi.twice(form(q("a", "x"), q("b", "x", "x"))))
	require.Equal(t, "Two questions have the id a. Give one of them another.", en.twice(form(q("a"), q("a"))))
}
