package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const teachable = `# Gu của khách, hỏi mỗi mùa.
campaign: autumn
questions:
  - id: style
    kind: choice            # một lựa chọn
    text: {vi: "Chị thích phong cách nào?", en: "Which style?"}
    options:
      - {value: sporty, label: {vi: Thể thao, en: Sporty}, synonyms: {vi: [năng động]}}   # xếp trước
      - {value: office, label: {vi: Công sở, en: Office}}
      - {value: none, label: {vi: "Không mặc kiểu nào", en: None}}
`

// taughtBy runs the command in a folder with the campaign, and gives what the file holds then.
func taughtBy(t *testing.T, history string, args ...string) (out, errs, file string, code int) {
	t.Helper()
	t.Chdir(t.TempDir())
	require.NoError(t, os.Mkdir("campaigns", 0o750))
	name := filepath.Join("campaigns", "autumn.yaml")
	require.NoError(t, os.WriteFile(name, []byte(teachable), 0o640))
	require.NoError(t, os.WriteFile("history.jsonl", []byte(history), 0o600))
	out, errs, code, err := executed(t, teachCommand(), history, args...)
	if err != nil {
		errs += err.Error()
	}
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	info, err := os.Stat(name)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o640), info.Mode().Perm())
	left, err := os.ReadDir("campaigns")
	require.NoError(t, err)
	require.Len(t, left, 1, "nothing is left behind")
	return out, errs, string(text), code
}

func TestTeachShowsAndWrites(t *testing.T) {
	history := past("style", "đi làm thôi", `,"status":"unclear"`) + past("style", "năng động á", `,"status":"answered","value":"sporty"`)
	shown := filepath.Join("campaigns", "autumn.yaml") + `:9
-      - {value: office, label: {vi: Công sở, en: Office}}
+      - {value: office, label: {vi: Công sở, en: Office}, synonyms: {vi: [đi làm]}}
newly answered: unclear -> answered office: "đi làm thôi" (autumn/style)
2 replies: 1 unchanged, 1 newly answered, 0 changed value, 0 newly unclear
`
	out, errs, file, code := taughtBy(t, history, "autumn", "style", "office", " đi  làm ", "--history", "history.jsonl")
	require.Zero(t, code, errs)
	require.Equal(t, shown+"nothing was written: say --write to add it\n", out)
	require.Equal(t, teachable, file)

	out, errs, file, code = taughtBy(t, history, "autumn", "style", "office", "đi làm", "--history", "-", "--write")
	require.Zero(t, code, errs)
	require.Equal(t, shown+"written\n", out)
	require.Equal(t, strings.Replace(teachable, "en: Office}}", "en: Office}, synonyms: {vi: [đi làm]}}", 1), file)
}

func TestTeachRefuses(t *testing.T) {
	for words, want := range map[string]string{
		"thể thao":                  `"thể thao" is read as sporty, so it cannot mean office`,
		"nang dong":                 `"nang dong" is read as sporty`,
		"số 1":                      `"số 1" is read as sporty`,
		"hủy":                       `"hủy" is the command stop`,
		"đừng nhắn nữa":             `"đừng nhắn nữa" is the command stop`,
		"nhân viên":                 `"nhân viên" is the command agent`,
		"thể thao công sở":          "chooses nothing (several-options)",
		"gì cũng được":              "cannot mean office",
		"vâng":                      `"vâng" is a yes or a no`,
		"thẻ thao":                  `the synonym "thẻ thao" of office, typed as "the thao", could also mean the option sporty`,
		"a":                         "too short",
		"??":                        "too short",
		"em thích cái đi làm á chị": "has 7 words",
	} {
		out, errs, file, code := taughtBy(t, "", "autumn", "style", "office", words, "--write")
		require.Equal(t, 2, code, words)
		require.Contains(t, errs, want, words)
		require.Empty(t, out, words)
		require.Equal(t, teachable, file, words)
	}
}

func TestTeachWritesNothingThatMakesHistoryWorse(t *testing.T) {
	// The file in force is what counts, whatever was recorded.
	history := past("style", "bàn giấy", `,"status":"answered","value":"sporty"`)
	out, errs, file, code := taughtBy(t, history, "autumn", "style", "office", "bàn giấy", "--history", "-", "--write")
	require.Equal(t, 0, code, errs)
	require.NotEqual(t, teachable, file)
	require.Contains(t, out, "newly answered: unclear -> answered office")

	// Whoever named one option and, in words unknown so far, another was taken for the first.
	history = past("style", "năng động, bàn giấy thì cũng được", "")
	out, errs, file, code = taughtBy(t, history, "autumn", "style", "office", "bàn giấy", "--history", "-", "--write")
	require.Equal(t, 2, code, errs)
	require.Contains(t, out, "newly unclear: answered sporty -> unclear")
	require.Equal(t, teachable, file)
}

func TestTeachWhatIsKnown(t *testing.T) {
	out, _, file, code := taughtBy(t, "", "autumn", "style", "office", "cong so", "--write")
	require.Zero(t, code)
	require.Equal(t, "\"cong so\" is read as office already: there is nothing to teach\n", out)
	require.Equal(t, teachable, file)
}

func TestTeachUsage(t *testing.T) {
	for want, args := range map[string][]string{
		"there is no campaign spring":               {"spring", "style", "office", "đi làm"},
		"campaign autumn has no question colour":    {"autumn", "colour", "office", "đi làm"},
		"question style has no option casual":       {"autumn", "style", "casual", "đi làm"},
		"gone: there is no such file or folder":     {"autumn", "style", "office", "đi làm", "--campaigns", "gone"},
		"--locale is vi or en":                      {"autumn", "style", "office", "đi làm", "--locale", "fr"},
		"open gone.jsonl: no such file or director": {"autumn", "style", "office", "đi làm", "--history", "gone.jsonl"},
	} {
		_, errs, _, code := taughtBy(t, "", args...)
		require.Equal(t, 2, code, want)
		require.Contains(t, errs, want)
	}
}
