// Package skeleton writes the files that a new adapter begins with. They compile, and the conformance kit says of each
// what is still to be written.
package skeleton

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/hoidap/hoidap/preferences/address"
)

//go:embed files/*.tmpl
var files embed.FS

// Ways in which a provider shows that a webhook call is its own.
const (
	SignedHeader = "header" // a signature in a header
	SignedPath   = "path"   // nothing is signed: a secret in the path
)

// Adapter is what is known of an adapter before it is written.
type Adapter struct {
	Name    string          // of the folder, the package and the setting adapter
	Channel address.Channel // what an account of it is
	Signed  string          // SignedHeader or SignedPath
}

// ErrExists is what Write refuses to replace.
var ErrExists = errors.New("there are such files already")

// Check says what is wrong with what is asked for, and what to write instead. root is the repository's folder.
func (a Adapter) Check(root string) error {
	if err := checkName(root, a.Name); err != nil {
		return err
	}
	if a.channelName() == "" {
		return fmt.Errorf("there is no channel %q for an adapter; choose one of %s", a.Channel, strings.Join(Channels(), ", "))
	}
	if a.Signed != SignedHeader && a.Signed != SignedPath {
		return fmt.Errorf("%q is no way to sign; choose %s where the provider signs its webhook calls, %s where it does not", a.Signed, SignedHeader, SignedPath)
	}
	return nil
}

// Write writes the files below root and gives their names, with slashes. Files that exist are left alone, all of them,
// and give ErrExists, unless force is set.
func (a Adapter) Write(root string, force bool) ([]string, error) {
	if err := a.Check(root); err != nil {
		return nil, err
	}
	names := a.names()
	if there := existing(root, names); len(there) > 0 && !force {
		return nil, fmt.Errorf("%w: %s; choose another name, or say --force to write over them", ErrExists, strings.Join(there, ", "))
	}
	var written []string
	for _, n := range names {
		text, err := a.render(n)
		if err != nil {
			return written, err
		}
		to := filepath.Join(root, filepath.FromSlash(n.to))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return written, err
		}
		if err := os.WriteFile(to, text, 0o644); err != nil {
			return written, err
		}
		written = append(written, n.to)
	}
	return written, nil
}

// name is one file: its template, and where it goes.
type name struct{ from, to string }

func (a Adapter) names() []name {
	in := func(file string) string { return path.Join("adapters", a.Name, file) }
	return []name{
		{"adapter.go", in(a.Name + ".go")},
		{"send.go", in("send.go")},
		{"decode.go", in("decode.go")},
		{"errors.go", in("errors.go")},
		{"fake.go", in("fake/fake.go")},
		{"kit_test.go", in("kit_test.go")},
		{"text.txtar", in("testdata/text.txtar")},
		{"forged.txtar", in("testdata/text-forged.txtar")},
		{"page.md", path.Join("docs", "channels", a.Name+".md")},
	}
}

func existing(root string, names []name) (there []string) {
	for _, n := range names {
		if _, err := os.Lstat(filepath.Join(root, filepath.FromSlash(n.to))); !errors.Is(err, fs.ErrNotExist) {
			there = append(there, n.to)
		}
	}
	return there
}

// render fills a template in; Go comes out as gofmt writes it.
func (a Adapter) render(n name) ([]byte, error) {
	t, err := template.ParseFS(files, "files/"+n.from+".tmpl")
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := t.Execute(&out, a.words()); err != nil {
		return nil, err
	}
	if path.Ext(n.to) != ".go" {
		return out.Bytes(), nil
	}
	text, err := format.Source(out.Bytes())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", n.from, err)
	}
	return text, nil
}

// words are what the templates are filled with.
type words struct {
	Name, Title, Upper  string
	ChannelName, Scheme string
	Customer            string // whom the kit writes to
	Signature           string // the header's name, as guessed
	Header              bool
}

func (a Adapter) words() words {
	title := strings.ToUpper(a.Name[:1]) + a.Name[1:]
	w := words{
		Name: a.Name, Title: title, Upper: strings.ToUpper(a.Name), ChannelName: a.channelName(), Scheme: a.Channel.Scheme(),
		Customer: "9007199254740993", Signature: "X-" + title + "-Signature", Header: a.Signed == SignedHeader,
	}
	if w.Scheme == address.Tel {
		w.Customer = "+84901234567"
	}
	return w
}

// constants are the names of the channels in Go. The web is the gateway's own page, and no adapter's.
func constants() map[address.Channel]string {
	return map[address.Channel]string{
		address.SMS: "SMS", address.Zalo: "Zalo", address.WhatsApp: "WhatsApp", address.Viber: "Viber",
		address.Messenger: "Messenger", address.Telegram: "Telegram", address.LINE: "LINE",
	}
}

func (a Adapter) channelName() string { return constants()[a.Channel] }

// Channels are the channels that an adapter may be for.
func Channels() (out []string) {
	for _, c := range address.Channels() {
		if constants()[c] != "" {
			out = append(out, string(c))
		}
	}
	return out
}
