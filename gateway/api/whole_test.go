package api_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/hoidap/hoidap/gateway/control"
)

// unreached are the methods of control.API that no operation is for, each with the reason.
func unreached() map[string]string {
	return map[string]string{
		"Ready":        "is /readyz",
		"Ledger":       "LedgerPage has the same, page by page",
		"Runs":         "RunsPage has the same, page by page",
		"OwnPageAgain": "shows a browser after a redirect what OwnPage has given: programs have the answer",
		"CountLetters": "is a number that the overview shows: dead letters are listed page by page",
		"EachResult":   "a function is called with each; ExportResults and ResultsPeople have the same",
		"SignIn":       "takes a password, for a session in a browser: programs have tokens",
		"Invited":      "is for whoever holds an invitation, who has no token",
		"Accept":       "likewise, and takes a password",
		"Known":        "is for whom an identity provider vouches",
	}
}

// What the console can do, programs can: each method of control.API is called by the handler of some operation.
func TestEveryMethodHasAnOperation(t *testing.T) {
	t.Parallel()
	called := controlCalls(t)
	whole := reflect.TypeFor[control.API]()
	for i := range whole.NumMethod() {
		name := whole.Method(i).Name
		reason, except := unreached()[name]
		switch {
		case called[name] && except:
			t.Errorf("%s has an operation: take it off the exceptions (%s)", name, reason)
		case !called[name] && !except:
			t.Errorf("no operation calls %s: describe one in openapi.yaml, or say here why there is none", name)
		}
	}
	for name := range unreached() {
		if _, ok := whole.MethodByName(name); !ok {
			t.Errorf("control.API has no %s any more", name)
		}
	}
}

// controlCalls are the methods that the package's handlers name behind h.control. That each handler is an operation, and each
// operation is described, the compiler and TestRoutesAreDescribed see to.
func controlCalls(t *testing.T) map[string]bool {
	t.Helper()
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	called := map[string]bool{}
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if outer, ok := n.(*ast.SelectorExpr); ok {
				if inner, ok := outer.X.(*ast.SelectorExpr); ok && inner.Sel.Name == "control" {
					called[outer.Sel.Name] = true
				}
			}
			return true
		})
	}
	return called
}
