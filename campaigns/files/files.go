// Package files reads campaign and offer files: YAML in, campaigns and offers out, every mistake with its place and what
// to write instead. It is pure: it sees an fs.FS and no clock.
package files

import (
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/expr"
	"github.com/hoidap/hoidap/campaigns/offers"
	"github.com/hoidap/hoidap/config/strict"
	"github.com/hoidap/hoidap/preferences/address"
)

// Options are what files mean by what they do not say.
type Options struct {
	Zone     *time.Location    // of `at`, `cron` and `valid` without a zone; UTC where nil
	ZoneName string            // its IANA name
	Locales  []string          // that texts may be written in, the brand's own first; vi and en where empty
	Channels []address.Channel // that have an account; empty: not known, and all channels may be named
	Routes   []campaigns.Route // the accounts; empty: not known

	// QuestionsOnly leaves conditions, placeholders and named offers unread: they may speak of files that are not in the
	// set. What comes of it is good for reading replies, and for nothing else.
	QuestionsOnly bool
}

// Set is the campaigns and offers of one folder.
type Set struct {
	Campaigns map[string]*campaigns.Campaign
	Offers    map[string]*offers.Offer
	Warnings  Problems // what is allowed and probably not meant, whatever the time is; see Overdue

	times times
}

// Problem is one mistake, with its place and what to write instead.
type Problem = strict.Problem

// Said is what a problem says, apart from its language.
type Said = strict.Said

// SaidOf is what a mistake in a condition says, apart from its language.
func SaidOf(e *expr.Error) Said {
	if e.Format == "" {
		return Said{}
	}
	return strict.NewSaid(e.Format, e.Args...)
}

// Problems are all mistakes of a set, in the order of its files.
type Problems = strict.Problems

// Load reads every *.yaml and *.yml file of fsys, in folders too. Where there is any problem there is no set: a
// half-read folder would ask people the wrong things.
func Load(fsys fs.FS, opts Options) (*Set, Problems) {
	l := newLoading(opts)
	l.read(l.find(fsys), func(name string) ([]byte, error) { return fs.ReadFile(fsys, name) })
	return l.result()
}

// LoadFiles is Load for a list of files, which form one set.
func LoadFiles(names []string, read func(name string) ([]byte, error), opts Options) (*Set, Problems) {
	l := newLoading(opts)
	l.read(names, read)
	return l.result()
}

func (l *loading) read(names []string, read func(name string) ([]byte, error)) {
	for _, name := range names {
		b, err := read(name)
		if err != nil {
			l.report.Add(strict.Place{File: name}, "", "the file cannot be read: %v", cause(err))
			continue
		}
		for _, doc := range strict.Parse(&l.report, name, b) {
			l.document(doc)
		}
	}
}

func (l *loading) result() (*Set, Problems) {
	l.finish()
	if !l.report.Clean() {
		return nil, l.report.Problems()
	}
	l.set.Warnings = l.warnings.Problems()
	return l.set, nil
}

// cause is an error without the path that fs puts before it: the problem names the file already.
func cause(err error) error {
	if e, ok := err.(*fs.PathError); ok { //nolint:errorlint // the outermost one is what fs.FS promises
		return e.Err
	}
	return err
}

// find lists the files of a set, sorted. What begins with a dot is skipped: editors, git, and the shadow folders by which
// Kubernetes mounts files (whose own files are links, which are followed).
func (l *loading) find(fsys fs.FS) []string {
	var names []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			l.report.Add(strict.Place{File: name}, "", "the folder cannot be read: %v", cause(err))
			return nil
		}
		hidden := name != "." && strings.HasPrefix(d.Name(), ".")
		switch {
		case d.IsDir() && hidden:
			return fs.SkipDir
		case d.IsDir(), hidden, !isYAML(name):
			return nil
		}
		if info, err := fs.Stat(fsys, name); err == nil && info.IsDir() {
			return nil // a link to a folder
		}
		names = append(names, name)
		return nil
	})
	if err != nil {
		l.report.Add(strict.Place{}, "", "the folder cannot be read: %v", cause(err))
	}
	return names
}

func isYAML(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".yaml", ".yml":
		return true
	}
	return false
}
