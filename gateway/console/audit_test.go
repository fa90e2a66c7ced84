package console_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheRecordOfChanges(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.contact("+84901234567", "Lan")
	run, err := h.g.Control.StartRun(h.program(), "style", "k", 0)
	require.NoError(t, err)
	v := h.as("marketer")
	v.post("/console/stop", url.Values{"reason": {`=HYPERLINK("x") <img src=x onerror=alert(1)>`}})
	require.NoError(t, h.g.Control.Erase(h.program(), id, time.Time{}))
	status, body := v.get("/console/audit")
	require.Equal(t, http.StatusOK, status)
	for _, want := range []string{run.ID, "dừng khẩn cấp", "&lt;img src=x", id, "marketer"} {
		require.Contains(t, body, want)
	}
	require.NotContains(t, body, "Lan", "the record names no customer")
	status, _ = h.as("agent").get("/console/audit")
	require.Equal(t, http.StatusForbidden, status)
	status, _ = v.get("/console/audit?before=nonsense")
	require.Equal(t, http.StatusBadRequest, status)

	for range 60 {
		_, err := h.g.Control.StopSending(h.program(), "test", "again")
		require.NoError(t, err)
	}
	_, body = v.get("/console/audit")
	require.Equal(t, 50, strings.Count(body, "<tr>")-1)
	at := strings.Index(body, "?before=")
	require.Positive(t, at)
	older := body[at : at+strings.IndexByte(body[at:], '"')]
	_, body = v.get("/console/audit" + older)
	require.Contains(t, body, run.ID)
	require.NotContains(t, body, "rel=\"next\"")
}

// Whatever is written into the record has words in both languages.
func TestTheRecordSpeaksTheUsersLanguage(t *testing.T) {
	t.Parallel()
	noted := regexp.MustCompile(`s\.note\(.*?, "(\w+)", "(\w+)"`)
	texts, err := os.ReadFile("texts/audit.json")
	require.NoError(t, err)
	files, err := filepath.Glob("../control/*.go")
	require.NoError(t, err)
	seen := 0
	for _, name := range files {
		code, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, found := range noted.FindAllStringSubmatch(string(code), -1) {
			seen++
			require.Contains(t, string(texts), `"did.`+found[1]+`"`, name)
			require.Contains(t, string(texts), `"audit.kind.`+found[2]+`"`, name)
		}
	}
	require.Greater(t, seen, 15)
}
