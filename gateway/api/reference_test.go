package api_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/hoidap/hoidap/gateway/api"
	"github.com/hoidap/hoidap/gateway/web"
)

func openPage(t *testing.T, path string) *httptest.ResponseRecorder {
	t.Helper()
	s := web.New(web.Options{})
	api.MountReference(s.Echo())
	w := httptest.NewRecorder()
	s.Echo().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

// The page has every operation, webhook and schema of the document, leads nowhere that is not there, and asks nobody else for anything.
func TestReference(t *testing.T) {
	t.Parallel()
	w := openPage(t, api.ReferencePrefix)
	page := w.Body.String()
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		t.Fatalf("%d %s", w.Code, page)
	}
	doc := spec(t)
	for path, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			if !strings.Contains(page, `<section class="operation" id="`+op.OperationID+`"`) || !strings.Contains(page, "<code>"+path+"</code>") {
				t.Errorf("%s is not shown", op.OperationID)
			}
		}
	}
	for name := range doc.Components.Schemas {
		if !strings.Contains(page, `id="schema-`+name+`"`) {
			t.Errorf("the schema %s is not shown", name)
		}
	}
	for _, told := range []string{"preferenceChanged", "consentChanged", "conversationCompleted", "offerGiven"} {
		if !strings.Contains(page, `id="`+told+`"`) {
			t.Errorf("%s is not shown", told)
		}
	}
	for _, m := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if !strings.Contains(page, `id="`+m[1]+`"`) {
			t.Errorf("#%s leads nowhere", m[1])
		}
	}
	if m := regexp.MustCompile(`(?i)(src|<link[^>]* href)="(https?:)?//|<style|style="|<script>| on[a-z]+="`).FindString(page); m != "" {
		t.Errorf("the page's policy does not allow %s", m)
	}
	for _, m := range regexp.MustCompile(`(?:src|stylesheet" href)="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if w := openPage(t, m[1]); w.Code != http.StatusOK || w.Body.Len() == 0 {
			t.Errorf("%s: %d", m[1], w.Code)
		}
	}
}
