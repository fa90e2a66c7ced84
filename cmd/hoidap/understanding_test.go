package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func understandingPage(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "docs", "understanding.md"))
	require.NoError(t, err)
	return string(b)
}

var exampleForm = regexp.MustCompile("(?s)```jsonl\n(.*?)```")

// TestExamplesOfUnderstandingDocument runs each reply of understanding.md, and holds what comes of it against the page.
func TestExamplesOfUnderstandingDocument(t *testing.T) {
	t.Parallel()
	examples := exampleForm.FindAllStringSubmatch(understandingPage(t), -1)
	require.NotEmpty(t, examples)
	for _, m := range examples {
		values := valuesIn(t, m[1])
		require.Len(t, values, 2, "a reply and what was read:\n%s", m[1])
		var line, out bytes.Buffer
		require.NoError(t, json.Compact(&line, values[0]))
		bad, err := parseLines(&line, &out, true)
		require.NoError(t, err)
		require.Zero(t, bad, out.String())
		var got map[string]any
		require.NoError(t, json.Unmarshal(out.Bytes(), &got))
		require.Contains(t, got, "confidence")
		delete(got, "confidence")
		read, err := json.Marshal(got)
		require.NoError(t, err)
		require.JSONEq(t, string(values[1]), string(read), "the page is behind: %s", read)
	}
}

func valuesIn(t *testing.T, text string) (out []json.RawMessage) {
	t.Helper()
	for d := json.NewDecoder(strings.NewReader(text)); ; {
		var v json.RawMessage
		if err := d.Decode(&v); errors.Is(err, io.EOF) {
			return out
		} else if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		out = append(out, v)
	}
}

// TestWordFilesAreDocumented: the table of understanding.md tells of each word file, and of no section that is not there.
func TestWordFilesAreDocumented(t *testing.T) {
	t.Parallel()
	rows := map[string]string{}
	for line := range strings.Lines(understandingPage(t)) {
		if m := regexp.MustCompile("^\\|.*`words/([a-z_]+)\\.txt` \\|(.*)$").FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			rows[m[1]] = m[2]
		}
	}
	folder := filepath.Join("..", "..", "preferences", "understand", "words")
	found, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	require.NoError(t, err)
	require.NotEmpty(t, found)
	for _, file := range found {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		sections, told := rows[name]
		if !told {
			t.Errorf("understanding.md does not say what %s.txt is for", name)
			continue
		}
		delete(rows, name)
		words, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range regexp.MustCompile("`(\\[[a-z.-]+\\])`").FindAllStringSubmatch(sections, -1) {
			require.Contains(t, "\n"+string(words), "\n"+m[1]+"\n", name)
		}
	}
	require.Empty(t, rows, "word files that do not exist")
}

// TestFilesOfUnderstandingDocument: each file of code that understanding.md names is there.
func TestFilesOfUnderstandingDocument(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	names := regexp.MustCompile("`([a-z_/]+\\.(?:go|txt|yaml))`").FindAllStringSubmatch(understandingPage(t), -1)
	require.NotEmpty(t, names)
	for _, m := range names {
		there := false
		for _, folder := range []string{"", "preferences", "preferences/understand", "campaigns/copy", "gateway/demo"} {
			_, err := os.Stat(filepath.Join(root, folder, m[1]))
			there = there || err == nil
		}
		require.True(t, there, m[1])
	}
}
