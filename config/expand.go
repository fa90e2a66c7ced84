package config

import (
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/hoidap/hoidap/config/strict"
)

var envForm = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// secretMax bounds a file named by ${file:...}, in bytes.
const secretMax = 64 << 10

// text is the value with ${NAME} and ${file:/path} filled in. What is filled in is taken as it is; $${ stands for ${.
func (r *reader) text(v strict.Value) string {
	if !v.Present() {
		return ""
	}
	s := v.Text()
	var b strings.Builder
	for at := 0; ; {
		i := strings.Index(s[at:], "${")
		if i < 0 {
			b.WriteString(s[at:])
			return b.String()
		}
		start := at + i
		if start > at && s[start-1] == '$' {
			b.WriteString(s[at:start-1] + "${")
			at = start + 2
			continue
		}
		b.WriteString(s[at:start])
		end := strings.IndexByte(s[start:], '}')
		if end < 0 {
			v.FailInside(1, column(s, start), "write ${NAME}, or $${ for the two signs themselves", "a ${ is never closed")
			return ""
		}
		at = start + end + 1
		b.WriteString(r.fill(v, column(s, start), s[start+2:at-1]))
	}
}

func column(s string, at int) int { return utf8.RuneCountInString(s[:at]) + 1 }

// fill is what ${name} stands for. Its problems name the variable or the file, never what is in them.
func (r *reader) fill(v strict.Value, column int, name string) string {
	if path, ok := strings.CutPrefix(name, "file:"); ok {
		return r.secretFile(v, column, path)
	}
	if !envForm.MatchString(name) {
		v.FailInside(1, column, "write ${NAME} or ${file:/run/secrets/name}", "${%s} names no variable", name)
		return ""
	}
	s := r.getenv(name)
	if s == "" {
		v.FailInside(1, column, "set it, or write the value here", "the environment variable %s is not set", name)
	}
	return s
}

func (r *reader) secretFile(v strict.Value, column int, path string) string {
	b, err := r.readFile(r.beside(path))
	if err != nil {
		v.FailInside(1, column, "", "the file %s cannot be read: %v", path, cause(err))
		return ""
	}
	s := strings.TrimSpace(string(b))
	switch {
	case len(b) > secretMax:
		v.FailInside(1, column, "", "the file %s is larger than %d bytes", path, secretMax)
		return ""
	case s == "":
		v.FailInside(1, column, "write the value into it", "the file %s is empty", path)
	}
	return s
}

// beside is path as seen from the configuration file.
func (r *reader) beside(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(r.file), path)
}
