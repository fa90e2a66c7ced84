package demo

import (
	"io/fs"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

func TestThePageIsCleanUnderItsPolicy(t *testing.T) {
	s := newShop()
	for _, lang := range []string{"vi", "en"} {
		w := call(t, s, http.MethodGet, "/demo?lang="+lang, "", nil)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", lang, w.Code, w.Body)
		}
		if got := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(got, "default-src 'self';") || strings.Contains(got, "unsafe") {
			t.Errorf("policy: %q", got)
		}
		html := w.Body.String()
		for what, pattern := range map[string]string{
			"an inline handler": `\son\w+=`, "an inline style": `(?i)\sstyle=|<style`, "a script URL": `javascript:`,
			"an inline script":          `<script[^>]*>[^<]`,
			"something of another host": `(?:src|action)="(?:https?:)?//|<link[^>]+href="(?:https?:)?//`,
		} {
			if m := regexp.MustCompile(pattern).FindString(html); m != "" {
				t.Errorf("%s: the page has %s: %q", lang, what, m)
			}
		}
		if strings.Count(html, "<script") != strings.Count(html, `<script type="module" src="/demo/assets/`) {
			t.Errorf("%s: a script without a source", lang)
		}
		for _, want := range []string{`<html lang="` + lang + `">`, langOf(lang).say("page.kept"), `name="hoidap-token" content="t0ken"`, Docs, `data-brand="Lụa"`} {
			if !strings.Contains(html, want) {
				t.Errorf("%s: the page does not say %q", lang, want)
			}
		}
	}
}

func TestAssetsCallNobodyAndMakeNoHTMLOfText(t *testing.T) {
	s := newShop()
	files, err := fs.Glob(assets, "assets/*")
	if err != nil || len(files) < 8 {
		t.Fatal(files, err)
	}
	bad := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|@import|url\(["']?(?:https?:|//)|(?:from|import)\s*\(?'https?:`)
	for _, f := range files {
		w := call(t, s, http.MethodGet, "/demo/"+f, "", nil)
		if w.Code != http.StatusOK {
			t.Errorf("%s: %d", f, w.Code)
		}
		if m := bad.FindString(w.Body.String()); m != "" {
			t.Errorf("%s: has %q", f, m)
		}
	}
	if w := call(t, s, http.MethodGet, "/demo/assets/../page.html", "", nil); w.Code == http.StatusOK {
		t.Error("a file outside assets is served")
	}
}

func TestTheLanguageIsRemembered(t *testing.T) {
	s := newShop()
	w := call(t, s, http.MethodGet, "/demo?lang=en", "", nil)
	again := call(t, s, http.MethodGet, "/demo", "", map[string]string{"Cookie": strings.Split(w.Header().Get("Set-Cookie"), ";")[0]})
	if !strings.Contains(again.Body.String(), `<html lang="en">`) {
		t.Error("English was chosen, and the next page is not in English")
	}
	if first := call(t, s, http.MethodGet, "/demo", "", nil); !strings.Contains(first.Body.String(), `<html lang="vi">`) {
		t.Error("Vietnamese does not come first")
	}
}

func TestTheRootLeadsToTheDemo(t *testing.T) {
	w := call(t, newShop(), http.MethodGet, "/", "", nil)
	if w.Code != http.StatusFound || w.Header().Get("Location") != "/demo" {
		t.Errorf("%d %s", w.Code, w.Header().Get("Location"))
	}
}

func TestThePersonaFitsTheFirstCampaign(t *testing.T) {
	s := newShop()
	html := call(t, s, http.MethodGet, "/demo", "", nil).Body.String()
	id := regexp.MustCompile(`data-contact="(\w+)"`).FindStringSubmatch(html)[1]
	v := s.find(id)
	if !v.Consented("marketing") || !strings.HasSuffix(v.Name, "Lan") {
		t.Errorf("the page starts with %s, consented %v", v.Name, v.Consented("marketing"))
	}
	if other := call(t, s, http.MethodGet, "/demo?contact=c007", "", nil).Body.String(); !strings.Contains(other, `data-contact="c007"`) {
		t.Error("the contact that was asked for is not shown")
	}
}
