package api_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hoidap/hoidap/gateway/api"
	"github.com/hoidap/hoidap/gateway/web"
)

// Every route is described and every description has its route, with the same role.
func TestRoutesAreDescribed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var routes, documented []string
	params := regexp.MustCompile(`:(\w+)`)
	for _, r := range b.server.Echo().Routes() {
		if path, ok := strings.CutPrefix(r.Path, api.Prefix); ok && r.Method != "echo_route_not_found" {
			routes = append(routes, r.Method+" "+params.ReplaceAllString(path, "{$1}"))
		}
	}
	doc := spec(t)
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			documented = append(documented, method+" "+path)
		}
	}
	slices.Sort(routes)
	slices.Sort(documented)
	if !slices.Equal(routes, documented) {
		t.Errorf("routes\n\t%s\ndescribed\n\t%s", strings.Join(routes, "\n\t"), strings.Join(documented, "\n\t"))
	}
	if doc.Servers[0].URL != api.Prefix {
		t.Errorf("described under %s", doc.Servers[0].URL)
	}
}

// Each call asks for exactly the role that the description names; without a token there is only the description.
func TestRolesAreDescribed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	below := map[string]string{"viewer": "", "agent": "v", "marketer": "g", "admin": "m"}
	for path, item := range spec(t).Paths.Map() {
		for method, op := range item.Operations() {
			target := strings.ReplaceAll(path, "{id}", "x")
			if path == "/openapi.yaml" {
				continue
			}
			role, _ := op.Extensions["x-role"].(string)
			secret, ok := below[role]
			if !ok {
				t.Errorf("%s %s: x-role is %q", method, path, role)
				continue
			}
			if secret != "" {
				if x := b.call(t, method, target, "", "Authorization", "Bearer "+secret); x.status != http.StatusForbidden {
					t.Errorf("%s %s: a lower role got %d", method, path, x.status)
				}
			}
			if x := b.call(t, method, target, "", "Authorization", "Bearer nobody"); x.status != http.StatusUnauthorized {
				t.Errorf("%s %s: a stranger got %d", method, path, x.status)
			}
		}
	}
}

func TestDocumentIsServed(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	setup(t).server.Echo().ServeHTTP(w, httptest.NewRequest(http.MethodGet, api.Prefix+"/openapi.yaml", nil))
	if w.Code != http.StatusOK || !bytes.Equal(w.Body.Bytes(), api.Document()) || w.Header().Get("Content-Type") != "application/yaml" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

func TestUnknownPathsAreProblems(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for target, want := range map[string]int{"/nothing": 404, "/contacts/x/nothing": 404, "/events": 405} {
		r := httptest.NewRequest(http.MethodGet, api.Prefix+target, nil)
		r.Header.Set("Authorization", "Bearer a")
		w := httptest.NewRecorder()
		b.server.Echo().ServeHTTP(w, r)
		if w.Code != want || w.Header().Get("Content-Type") != web.ProblemType {
			t.Errorf("%s: %d %s", target, w.Code, w.Body)
		}
	}
}
