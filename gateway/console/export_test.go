package console

import (
	"net/http"
	"regexp"
)

// PagePatterns are the addresses at which there is a page to look at, as their routes have them; streams and files are none.
func PagePatterns() (patterns []string) {
	c := &console{}
	parts := regexp.MustCompile(`/(live|queue|talk|preflight|count|export)$`)
	add := func(routes []route) {
		for _, r := range routes {
			if r.method == http.MethodGet && !parts.MatchString(r.path) {
				patterns = append(patterns, Prefix+r.path)
			}
		}
	}
	for _, s := range c.listed() {
		add(s.routes)
	}
	add(c.doors())
	return patterns
}

// MenuPaths are the addresses of the screens that are in the menu.
func MenuPaths() (paths []string) {
	for _, s := range (&console{}).listed() {
		if s.menu {
			paths = append(paths, Prefix+s.path)
		}
	}
	return paths
}
