package console

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns/expr"
	"github.com/hoidap/hoidap/campaigns/files"
	"github.com/hoidap/hoidap/config/strict"
	"github.com/hoidap/hoidap/gateway/health"
)

// said are the findings that a check can make, read from the sources themselves: formats of messages, and hints that are written
// out.
type said struct{ formats, hints, parts []string }

// read adds what is said in a package. Where a message's format stands among the arguments is told by whatever takes it.
func (s *said) read(t *testing.T, dir string) {
	t.Helper()
	format := map[string]int{"Fail": 1, "Add": 2, "fail": 2, "FailInside": 3, "mistake": 3}
	pkgs, err := filepath.Glob(dir + "/*.go")
	require.NoError(t, err)
	for _, name := range pkgs {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				if name, ok := n.Lhs[0].(*ast.Ident); ok && name.Name == "hint" {
					s.hints = append(s.hints, spelledOut(n.Rhs[0])...)
				}
			case *ast.CallExpr:
				if called(n) == "want" && len(n.Args) == 2 {
					s.parts = append(s.parts, spelledOut(n.Args[0])...)
					s.hints = append(s.hints, spelledOut(n.Args[1])...)
				}
				at, ok := format[called(n)]
				if ok && at < len(n.Args) {
					s.formats = append(s.formats, spelledOut(n.Args[at])...)
					s.hints = append(s.hints, spelledOut(n.Args[at-1])...)
				}
			case *ast.FuncDecl:
				s.function(n)
			}
			return true
		})
	}
}

// function adds what a function gives back that makes hints, or explains.
func (s *said) function(f *ast.FuncDecl) {
	hint := strings.HasSuffix(f.Name.Name, "Hint") || slices.Contains([]string{"missingID", "Suggest", "suggestKey", "nearestOffer"}, f.Name.Name)
	ast.Inspect(f, func(n ast.Node) bool {
		if r, ok := n.(*ast.ReturnStmt); ok && len(r.Results) == 3 && f.Name.Name == "explained" {
			s.formats = append(s.formats, spelledOut(r.Results[0])...)
			s.hints = append(s.hints, spelledOut(r.Results[2])...)
		} else if ok && hint && len(r.Results) == 1 {
			s.hints = append(s.hints, spelledOut(r.Results[0])...)
		}
		return true
	})
}

func called(n *ast.CallExpr) string {
	switch f := n.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// spelledOut is a text that is written out in the source; none where it is not, or is empty.
func spelledOut(e ast.Expr) []string {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return nil
	}
	s, err := strconv.Unquote(l.Value)
	if err != nil || strings.Trim(s, "%sv") == "" {
		return nil
	}
	return []string{s}
}

// Whatever a check can find has words in both languages, and so has what it says to write instead.
func TestFindingsSpeakBothLanguages(t *testing.T) {
	t.Parallel()
	var all said
	for _, dir := range []string{"../../campaigns/files", "../../campaigns/expr", "../../config/strict"} {
		all.read(t, dir)
	}
	require.Greater(t, len(all.formats), 100)
	require.Greater(t, len(all.hints), 60)
	for _, f := range all.formats {
		code := "lint." + strict.NewSaid(f).Code
		for _, l := range langs {
			require.NotEmpty(t, texts[code][l], "%s: %q", code, f)
		}
	}
	require.Greater(t, len(all.parts), 3)
	for _, p := range all.parts {
		_, ok := vi.rephrased(parts, p)
		require.True(t, ok, "%q has no words", p)
	}
	for _, h := range all.hints {
		in, ok := vi.rephrased(hints, h)
		require.True(t, ok, "%q has no words", h)
		out, _ := en.rephrased(hints, h)
		require.Equal(t, h, out, "%s is not what is said in English", in)
	}
}

func TestTroublesSpeakBothLanguages(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../health/judge.go")
	require.NoError(t, err)
	require.Equal(t, len(health.Troubles()), strings.Count(string(source), "Trouble{Code: "), "each trouble is listed")
	for _, code := range health.Troubles() {
		require.Contains(t, string(source), `Trouble{Code: "`+code+`"`)
		for _, l := range langs {
			say := l.trouble(health.Trouble{Code: code, N: 2, Of: 1, Pace: .25})
			require.NotContains(t, say.Why+say.Cure, "trouble.", code)
			require.NotContains(t, say.Why+say.Cure, "{", code)
		}
	}
	require.Equal(t, "Nhà mạng không trả lời.", vi.trouble(health.Trouble{Code: "silent", N: 1, Of: 1}).Why)
	require.Empty(t, vi.trouble(health.Trouble{}).Why)
}

// The English of a finding is that of the command line.
func TestFindingsAreSaidAsTheyAre(t *testing.T) {
	t.Parallel()
	_, problems := files.LoadFiles([]string{"a.yaml"}, func(string) ([]byte, error) {
		return []byte(`
campaign: a
schedule: {cron: "0 25 * * 7"}
audience: prefs.stile == "x"
questions:
  - {id: style, kind: choise, text: {vi: "Chào {{nam}}?"}}
  - id: style2
    kind: choice
    text: {vi: "Loại nào?"}
    options: [{value: a, label: {vi: "dừng"}}, {value: b, label: {vi: "Hai"}}]
`), nil
	}, files.Options{Locales: []string{"vi", "en"}})
	require.NotEmpty(t, problems)
	var told []string
	for _, p := range problems {
		f := vi.finding(p.Message, p.Hint, p.Said)
		require.False(t, f.Foreign, p.String())
		require.NotEqual(t, p.Message, f.Said)
		require.NotContains(t, f.Said+f.Hint, "{0}")
		require.Equal(t, finding{Said: p.Message, Hint: p.Hint}, en.finding(p.Message, p.Hint, p.Said))
		told = append(told, f.Said+"; "+f.Hint)
	}
	require.Contains(t, told, "kind không thể là “choise”; có phải choice?")
	require.Contains(t, told, "không có chỗ điền {{nam}}; có phải {{name}}?")
	require.Contains(t, told, "không câu hỏi nào hỏi stile; có phải style2?")
	require.Contains(t, told, "“25” không làm giờ được; giờ đứng thứ hai trong dòng lặp lại; viết 0 đến 23, như \"0 10,15 * * *\" là 10:00 và 15:00")
	_, err := expr.Compile(`consent.marketing and`, expr.Schema{})
	var e *expr.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, finding{Said: "điều kiện kết thúc giữa chừng", Hint: "cuối câu còn thiếu, như một giá trị hoặc dấu )"}, vi.misread(*e))
}
