package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	inForceStyle = `campaign: autumn
questions:
  - id: style
    kind: choice
    text: {vi: "Chị thích phong cách nào?"}
    options:
      - {value: sporty, label: {vi: Thể thao}, synonyms: {vi: [năng động]}}
      - {value: office, label: {vi: Công sở}}
  - id: budget
    kind: money
    when: prefs.asked_in_another_file == "yes"
    text: {vi: "Khoảng bao nhiêu ạ?"}
offers: [in-another-file]
`
	offeredStyle = `{"kind":"choice","text":{"vi":"chị thích phong cách nào? "},"options":[{"value":"office","label":{"vi":"Công sở"}},{"value":"sporty","label":{"vi":"Thể thao"}}]}`
)

// changedStyle learns a synonym and forgets another.
var changedStyle = strings.NewReplacer(", synonyms: {vi: [năng động]}", "", "Công sở}", "Công sở}, synonyms: {vi: [đi làm]}").Replace(inForceStyle)

// compared runs parse in a folder with the two files, and with history on standard input.
func compared(t *testing.T, history string, args ...string) (out, errs string, code int) {
	t.Helper()
	t.Chdir(t.TempDir())
	require.NoError(t, os.Mkdir("old", 0o750))
	require.NoError(t, os.WriteFile(filepath.Join("old", "autumn.yaml"), []byte(inForceStyle), 0o600))
	require.NoError(t, os.WriteFile("new.yaml", []byte(changedStyle), 0o600))
	require.NoError(t, os.WriteFile("broken.yaml", []byte("campaign: a\nqestions: []\n"), 0o600))
	out, errs, code, err := executed(t, parseCommand(), history, args...)
	if err != nil {
		errs += err.Error()
	}
	return out, errs, code
}

func past(question, text, more string) string {
	return fmt.Sprintf(`{"locale":"vi","campaign":"autumn","question":%q,"text":%q%s}`, question, text, more) + "\n"
}

func TestCompareWithWhatWasRecorded(t *testing.T) {
	history := past("style", "đi làm thôi", `,"status":"unclear"`) + past("style", "năng động á", `,"status":"answered","value":"sporty"`) +
		past("style", "2 nha", `,"status":"answered","value":"sporty"`) + past("style", "công sở", `,"status":"answered","value":"office"`) +
		past("budget", "tầm 500k", `,"status":"answered","value":{"currency":"VND","amount":500000}`) + past("colour", "đỏ", `,"status":"unclear"`)
	out, errs, code := compared(t, history, "--compare", "new.yaml")
	require.Equal(t, `newly answered: unclear -> answered office: "đi làm thôi" (autumn/style)
newly unclear: answered sporty -> unclear: "năng động á" (autumn/style)
changed value: answered sporty -> answered office: "2 nha" (autumn/style)
5 replies: 2 unchanged, 1 newly answered, 1 changed value, 1 newly unclear; 1 to other questions
`, out)
	require.Equal(t, "2 replies would be understood differently or not any more", errs)
	require.Equal(t, 2, code)
}

func TestCompareWithTheFilesInForce(t *testing.T) {
	history := past("style", "đi làm thôi", "") + past("style", "2 nha", `,"status":"answered","value":"sporty"`)
	out, errs, code := compared(t, history, "--compare", "new.yaml", "--in-force", "old", "--all")
	require.Equal(t, `newly answered: unclear -> answered office: "đi làm thôi" (autumn/style)
unchanged: answered office -> answered office: "2 nha" (autumn/style)
2 replies: 1 unchanged, 1 newly answered, 0 changed value, 0 newly unclear
`, out, "the files decide, not what was recorded")
	require.Empty(t, errs)
	require.Zero(t, code, "an answer that is found is nothing to hold a change back for")
}

func TestCompareWithTheQuestionThatCame(t *testing.T) {
	line := `{"id":"1","locale":"vi","question":` + offeredStyle + `,"text":"dạ 2 nha"}` + "\n"
	want := `changed value: answered sporty -> answered office: "dạ 2 nha" (autumn/style)` + "\n1 reply: 0 unchanged, 0 newly answered, 1 changed value, 0 newly unclear\n"
	out, _, code := compared(t, line, "--compare", "new.yaml")
	require.Equal(t, want, out, "the question with the same wording")
	require.Equal(t, 2, code)
	other := strings.ReplaceAll(line, "chị thích phong cách nào?", "Gu của chị?")
	out, _, code = compared(t, other, "--compare", "new.yaml")
	require.Equal(t, "0 replies: 0 unchanged, 0 newly answered, 0 changed value, 0 newly unclear; 1 to other questions\n", out)
	require.Zero(t, code)
	out, _, code = compared(t, other, "--compare", "new.yaml", "--question", "autumn/style")
	require.Equal(t, want, out, "the question that was named")
	require.Equal(t, 2, code)
}

func TestCompareSaysWhatItCannotRead(t *testing.T) {
	out, errs, code := compared(t, "nonsense\n"+past("style", "2 nha", "")+`{"question":"style"}`+"\n"+past("style", "2", `,"status":"answered","value":"office"`), "--compare", "new.yaml")
	require.Equal(t, 2, code)
	require.Contains(t, errs, "line 1: not a JSON object")
	require.Contains(t, errs, "nothing says how it was understood")
	require.Contains(t, errs, `line 3: "text" is missing`)
	require.Contains(t, errs, "3 replies could not be read again")
	require.Contains(t, out, "1 reply: 1 unchanged")
}

func TestCompareUsage(t *testing.T) {
	for want, args := range map[string][]string{
		"gone: there is no such file or folder":                           {"--compare", "gone"},
		"broken.yaml:2:1: unknown key qestions; did you mean questions?":  {"--compare", "broken.yaml"},
		"no question autumn/colour in new.yaml; there are: autumn/budget": {"--compare", "new.yaml", "--question", "autumn/colour"},
		"--in-force goes with --compare":                                  {"--in-force", "old"},
	} {
		_, errs, code := compared(t, "", args...)
		require.Equal(t, 2, code)
		require.Contains(t, errs, want)
	}
}

func TestCompareWithAGateway(t *testing.T) {
	var asked []string
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path+"?"+r.URL.RawQuery)
		reply, next := past("style", "năng động á", `,"status":"answered","value":"sporty","contact":"c1-x"`), "1.c1-x"
		if r.URL.Query().Get("cursor") == next {
			reply, next = past("style", "đi làm", `,"status":"unclear"`), ""
		}
		fmt.Fprintf(w, `{"replies":[%s],"next_cursor":%q}`, reply, next)
	}))
	defer gateway.Close()
	out, _, code := compared(t, "", "--compare", "new.yaml", "--from-gateway", "--question", "autumn/style", "--api", gateway.URL, "--token", "t")
	require.Equal(t, 2, code)
	require.Contains(t, out, "2 replies: 0 unchanged, 1 newly answered, 0 changed value, 1 newly unclear\n")
	require.Equal(t, []string{"/api/v1/campaigns/autumn/replies?limit=200&question=style", "/api/v1/campaigns/autumn/replies?cursor=1.c1-x&limit=200&question=style"}, asked)

	gone := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"title":"Not Found","detail":"There is no campaign autumn."}`)
	}))
	defer gone.Close()
	out, errs, code := compared(t, "", "--compare", "new.yaml", "--from-gateway", "--api", gone.URL, "--token", "t")
	require.Zero(t, code)
	require.Equal(t, "autumn: no history: There is no campaign autumn\n", errs)
	require.Contains(t, out, "0 replies: ")
}
