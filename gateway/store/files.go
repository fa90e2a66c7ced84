package store

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// The campaign files that are kept here lie in one slot. The set's number grows with each change to any of them; its name
// is that of the channel that tells of changes, too.
const (
	filesKey    = "{files}:heads"
	filesSetKey = "{files}:set"
)

func fileTextsKey(name string) string     { return "{files}:texts:" + name }
func fileRevisionsKey(name string) string { return "{files}:revisions:" + name }

// FileHead is where a file stands: its newest version, and the one in force.
type FileHead struct {
	Name      string    `json:"-"`
	Version   int       `json:"version"`             // the newest, from 1
	Published int       `json:"published,omitempty"` // the one in force; 0: none
	Archived  bool      `json:"archived,omitempty"`
	Adopted   bool      `json:"adopted,omitempty"` // it takes the place of the folder's file of that name
	By        string    `json:"by"`                // who changed it last
	At        time.Time `json:"at"`

	read string // as it is stored; empty: it is not
}

// FileRevision is one change of a file.
type FileRevision struct {
	Version int       `json:"version"`      // the text that it is about
	What    string    `json:"what"`         // saved, published, ...: the caller's word
	Of      int       `json:"of,omitempty"` // the version that it was restored from
	By      string    `json:"by"`
	At      time.Time `json:"at"`
}

// FileSet is where all files stand at one moment.
type FileSet struct {
	Number int64 // of the set
	Heads  []FileHead
}

// FileSet reads where all files stand, by name.
func (s *Store) FileSet(ctx context.Context) (FileSet, error) {
	p := s.rdb.TxPipeline()
	heads, number := p.HGetAll(ctx, filesKey), p.Get(ctx, filesSetKey)
	if _, err := p.Exec(ctx); err != nil && !isNil(err) {
		return FileSet{}, unavailable("reading the campaign files", err)
	}
	set := FileSet{Heads: make([]FileHead, 0, len(heads.Val()))}
	set.Number, _ = number.Int64()
	for name, v := range heads.Val() {
		set.Heads = append(set.Heads, fileHeadOf(name, v))
	}
	slices.SortFunc(set.Heads, func(a, b FileHead) int { return cmp.Compare(a.Name, b.Name) })
	return set, nil
}

// FileHead reads where one file stands; ok is false where there is none.
func (s *Store) FileHead(ctx context.Context, name string) (h FileHead, ok bool, err error) {
	v, err := s.rdb.HGet(ctx, filesKey, name).Result()
	switch {
	case isNil(err):
		return FileHead{Name: name}, false, nil
	case err != nil:
		return h, false, unavailable("reading a campaign file", err)
	}
	return fileHeadOf(name, v), true, nil
}

// fileHeadOf reads a stored head. One that cannot be read is in force nowhere.
func fileHeadOf(name, v string) FileHead {
	var h FileHead
	if json.Unmarshal([]byte(v), &h) != nil {
		h = FileHead{}
	}
	h.Name, h.read, h.At = name, v, h.At.UTC()
	return h
}

// FileVersion names a text.
type FileVersion struct {
	Name    string
	Version int
}

// FileTexts reads texts; one that is not there is empty.
func (s *Store) FileTexts(ctx context.Context, of []FileVersion) ([]string, error) {
	if len(of) == 0 {
		return nil, nil
	}
	p := s.rdb.Pipeline()
	cmds := make([]*redis.StringCmd, len(of))
	for i, v := range of {
		cmds[i] = p.HGet(ctx, fileTextsKey(v.Name), strconv.Itoa(v.Version))
	}
	if _, err := p.Exec(ctx); err != nil && !isNil(err) {
		return nil, unavailable("reading texts of campaign files", err)
	}
	texts := make([]string, len(cmds))
	for i, c := range cmds {
		texts[i] = c.Val()
	}
	return texts, nil
}

// FileRevisions lists the changes of a file that are kept, newest first.
func (s *Store) FileRevisions(ctx context.Context, name string) ([]FileRevision, error) {
	raw, err := s.rdb.LRange(ctx, fileRevisionsKey(name), 0, -1).Result()
	if err != nil {
		return nil, unavailable("reading the versions of a campaign file", err)
	}
	out := make([]FileRevision, 0, len(raw))
	for _, v := range raw {
		var r FileRevision
		if json.Unmarshal([]byte(v), &r) == nil {
			r.At = r.At.UTC()
			out = append(out, r)
		}
	}
	return out, nil
}

// FileRevisionsKept is how many changes of a file are kept, and how many texts: the one in force is always.
const FileRevisionsKept = 200

// FileChange is a change to one file, made to what was read.
type FileChange struct {
	Was      FileHead // as it was read
	Set      int64    // the set's number as it was read; below 0: the change does not depend on other files
	Is       FileHead
	Text     string // of Is.Version, where that is new
	Revision FileRevision
}

// FileOutcome is what became of a FileChange.
type FileOutcome int

// The outcomes.
const (
	FileChanged FileOutcome = iota // it was made
	FileTaken                      // somebody else changed the file first: nothing was written
	FileSetNew                     // another file changed meanwhile: nothing was written
)

// ChangeFile makes a change where nobody was faster.
func (s *Store) ChangeFile(ctx context.Context, c FileChange) (FileOutcome, error) {
	head, err := json.Marshal(c.Is)
	if err != nil {
		return 0, err
	}
	revision, err := json.Marshal(c.Revision)
	if err != nil {
		return 0, err
	}
	set, gone := "", ""
	if c.Set >= 0 {
		set = strconv.FormatInt(c.Set, 10)
	}
	if old := c.Is.Version - FileRevisionsKept; c.Text != "" && old > 0 && old != c.Is.Published {
		gone = strconv.Itoa(old)
	}
	name := c.Is.Name
	n, err := s.scripts.file.Run(ctx, s.rdb, []string{filesKey, filesSetKey, fileTextsKey(name), fileRevisionsKey(name)},
		name, c.Was.read, set, head, revision, c.Is.Version, c.Text, FileRevisionsKept, gone).Int64()
	switch {
	case err != nil:
		return 0, unavailable("changing a campaign file", err)
	case n == 0:
		return FileTaken, nil
	case n < 0:
		return FileSetNew, nil
	}
	s.rdb.Publish(ctx, filesSetKey, "") //nolint:errcheck // that it is heard is a convenience: replicas look by themselves too
	return FileChanged, nil
}

// WatchFiles tells the set's number, whenever somebody changed a file and at least every so often, until ctx ends.
func (s *Store) WatchFiles(ctx context.Context, every time.Duration, tell func(number int64, err error)) {
	s.watch(ctx, filesSetKey, every, func(ctx context.Context) func() {
		n, err := s.rdb.Get(ctx, filesSetKey).Int64()
		if isNil(err) {
			n, err = 0, nil
		}
		return func() { tell(n, err) }
	})
}
