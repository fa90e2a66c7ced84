package console

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/control"
)

// refusals are the errors that control makes for whoever asks, read from its sources, with something filled in.
func refusals(t *testing.T) (all []error) {
	t.Helper()
	names, err := filepath.Glob("../control/*.go")
	require.NoError(t, err)
	filled := strings.NewReplacer("%q", `"x y"`, "%s", "x y", "%d", "7", "%.0f", "7", "%%", "%")
	kind := regexp.MustCompile(`^Err(NotFound|Invalid|Conflict|TooSoon)$`)
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) < 2 {
				return true
			}
			if called(call) == "notFound" {
				for _, what := range noun(call.Args[0]) {
					all = append(all, fmt.Errorf("%w: there is no %s %q", control.ErrNotFound, what, "x y"))
				}
			}
			if called(call) != "Errorf" {
				return true
			}
			of, ok := call.Args[1].(*ast.Ident)
			if !ok || !kind.MatchString(of.Name) {
				return true
			}
			for _, format := range spelledOut(call.Args[0]) {
				said, ok := strings.CutPrefix(format, "%w: ")
				if ok && !strings.Contains(said, "%w") && strings.Trim(said, "%sv") != "" {
					all = append(all, fmt.Errorf("%w: %s", control.ErrConflict, filled.Replace(said)))
				}
			}
			return true
		})
	}
	return all
}

// noun is what is not found; a part of it may be filled in behind.
func noun(e ast.Expr) []string {
	if sum, ok := e.(*ast.BinaryExpr); ok {
		for _, said := range spelledOut(sum.X) {
			return []string{said + "taste"}
		}
	}
	return spelledOut(e)
}

// What control refuses a user has words in both languages.
func TestRefusalsSpeakBothLanguages(t *testing.T) {
	t.Parallel()
	all := append(refusals(t), &control.CountingError{Looked: 3, Of: 9}, &control.TypeError{People: 7}, &control.TypeError{People: 7, Typed: 5},
		&control.FileConflict{Theirs: control.FileDetail{FileView: control.FileView{Name: "a.yaml", By: "mai", Version: 4}}})
	require.Greater(t, len(all), 80)
	for _, err := range all {
		if strings.Contains(err.Error(), "there is no x y") {
			continue // the noun is filled in
		}
		english := control.Sentence(err)
		require.Equal(t, english, en.sentence(err))
		require.NotEqual(t, english, vi.sentence(err), "no words in Vietnamese")
	}
	require.Equal(t, "Khách đã có địa chỉ này.", vi.sentence(fmt.Errorf("%w: the contact has this address already", control.ErrConflict)))
	require.Equal(t, "Something new.", vi.sentence(errors.New("something new")), "what has no words is said in English")
}
