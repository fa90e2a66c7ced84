package control

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/hoidap/hoidap/campaigns/files"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/store"
)

// Files are the campaign and offer files. One of the folder is only looked at, unless it is adopted; one of the console is
// edited by versions: each change names the version that it was made to, and whoever comes second is told what stands
// there now (*FileConflict). What is saved is a draft; only what is published is in force, and only if everything in force
// together has no mistakes (*FileMistakes).
type Files interface {
	Files(ctx context.Context) ([]FileView, error)
	File(ctx context.Context, name string) (FileDetail, error)
	// CheckFile says what would be wrong if the file had that text.
	CheckFile(ctx context.Context, name, text string) (Checked, error)
	// SaveFile writes a draft. e.Was 0 makes a new file.
	SaveFile(ctx context.Context, e FileEdit) (FileDetail, error)
	// PublishFile puts a version in force. Where one of its campaigns that has a schedule or a run under way reaches so many
	// people that a second person must agree, nothing is in force yet, and Request says what waits for them.
	PublishFile(ctx context.Context, o PublishOrder) (Published, error)
	// UnpublishFile takes the file out of force; it stays as a draft.
	UnpublishFile(ctx context.Context, name string, seen FileSeen) (FileDetail, error)
	// ArchiveFile is UnpublishFile for a file that is not worked on any more.
	ArchiveFile(ctx context.Context, name string, seen FileSeen) (FileDetail, error)
	// RestoreFile saves the text of an old version as the newest.
	RestoreFile(ctx context.Context, name string, of int, seen FileSeen) (FileDetail, error)
	// AdoptFile moves a file of the folder into the console: the folder's is not read from then on.
	AdoptFile(ctx context.Context, name string) (FileDetail, error)
	// ReleaseFile gives an adopted file back: the folder's is in force again.
	ReleaseFile(ctx context.Context, name string, seen FileSeen) (FileDetail, error)
	// FileVersions lists the changes of a file, newest first.
	FileVersions(ctx context.Context, name string) ([]FileVersion, error)
	FileText(ctx context.Context, name string, version int) (string, error)
	// CompareFile is what two versions differ in, as lines; 0 is the folder's file.
	CompareFile(ctx context.Context, name string, from, to int) ([]DiffLine, error)
	// FormOf reads a campaign of a text into a form, and WithForm writes one back by changing only what differs. What no form
	// can show is an ErrConflict.
	FormOf(ctx context.Context, text, campaign string) (files.Form, error)
	WithForm(ctx context.Context, text, campaign string, f files.Form) (string, error)
	// ExportFiles is every file in force.
	ExportFiles(ctx context.Context) ([]FileOut, error)
}

// FileState is where a file stands.
type FileState string

// The states.
const (
	InFolder   FileState = "folder"    // kept in files, and in force
	Draft      FileState = "draft"     // never published, or taken out of force
	InForce    FileState = "published" // the newest version is in force
	Changed    FileState = "changed"   // an older version is in force
	InArchive  FileState = "archived"
	tryPublish           = 5 // times, while other files change
)

// FileView is a file without its text.
type FileView struct {
	Name      string          `json:"name"`
	State     FileState       `json:"state"`
	Adopted   bool            `json:"adopted,omitempty"`   // the folder has a file of that name, which is not read
	Version   int             `json:"version"`             // the newest; 0 in the folder
	Published int             `json:"published,omitempty"` // the version in force
	By        string          `json:"by,omitempty"`
	At        time.Time       `json:"at,omitzero"`
	Defines   []files.Defined `json:"defines"` // of the newest version
}

// FileDetail is a file with its newest text and what is wrong with that.
type FileDetail struct {
	FileView
	Text string `json:"text"`
	Checked
}

// Checked is what is wrong with a text, beside everything else that is in force.
type Checked struct {
	Problems []FileProblem `json:"problems"`
	Warnings []FileProblem `json:"warnings"`
}

// FileProblem is a mistake, or what is probably not meant.
type FileProblem struct {
	File    string     `json:"file"`
	Line    int        `json:"line"` // from 1; 0: the file as a whole
	Column  int        `json:"column"`
	Field   string     `json:"field,omitempty"` // of the form: campaign.autumn.questions.style.text.vi
	Message string     `json:"message"`
	Hint    string     `json:"hint,omitempty"`
	Fix     *files.Fix `json:"fix,omitempty"` // what would mend it

	Said files.Said `json:"-"` // Message, apart from its language
}

// FileEdit is a new text of a file.
type FileEdit struct {
	Name     string
	Text     string
	Was      int    // the version that was edited; 0: there is none yet
	Revision string // as in FileSeen
}

// FileSeen is what whoever changes a file has seen of it.
type FileSeen struct {
	Version  int    // the newest
	Revision string // of the view; empty: whether it is in force does not matter
}

// Revision changes with the file's text and with whether it is in force: taking a file out, archiving or releasing it leaves
// its version as it is, and whoever has not seen that must not put it in force again.
func (v FileView) Revision() string {
	return "v" + strconv.Itoa(v.Version) + "-" + strconv.Itoa(v.Published) + string(v.State)
}

// is reports whether that is how a file stands.
func (seen FileSeen) is(h store.FileHead) bool {
	now := FileView{Version: h.Version, Published: h.Published, State: fileStateOf(h)}
	return seen.Version == h.Version && (seen.Revision == "" || h.Version == 0 || seen.Revision == now.Revision())
}

// FileVersion is one change of a file.
type FileVersion struct {
	Version int       `json:"version"`
	What    string    `json:"what"`         // saved, published, unpublished, archived, restored, adopted, released
	Of      int       `json:"of,omitempty"` // restored from this version
	By      string    `json:"by"`
	At      time.Time `json:"at"`
}

// FileOut is a file to be written elsewhere.
type FileOut struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// FileConflict says that somebody else changed the file first; Theirs is what stands there now. It is an ErrConflict.
type FileConflict struct{ Theirs FileDetail }

// Error names who was first.
func (e *FileConflict) Error() string {
	return fmt.Sprintf("conflict: %s was changed by %s meanwhile; it is at version %d now: look at the difference, and save again over that version", e.Theirs.Name, e.Theirs.By, e.Theirs.Version)
}

// Unwrap is ErrConflict.
func (e *FileConflict) Unwrap() error { return ErrConflict }

// FileMistakes says why a set cannot be in force. It is an ErrInvalid.
type FileMistakes struct{ Problems []FileProblem }

// Error has the first mistake, and how many there are.
func (e *FileMistakes) Error() string {
	p := e.Problems[0]
	s := fmt.Sprintf("invalid: %s:%d:%d: %s", p.File, p.Line, p.Column, p.Message)
	if p.Hint != "" {
		s += "; " + p.Hint
	}
	if n := len(e.Problems) - 1; n > 0 {
		s += fmt.Sprintf(" (and %d more)", n)
	}
	return s
}

// Unwrap is ErrInvalid.
func (e *FileMistakes) Unwrap() error { return ErrInvalid }

// Files implements Files.
func (s *Service) Files(ctx context.Context) ([]FileView, error) {
	k, err := s.Shelf.look(ctx)
	if err != nil {
		return nil, err
	}
	newest := make([]store.FileVersion, len(k.set.Heads))
	for i, h := range k.set.Heads {
		newest[i] = store.FileVersion{Name: h.Name, Version: h.Version}
	}
	texts, err := s.Store.FileTexts(ctx, newest)
	if err != nil {
		return nil, away(err)
	}
	var out []FileView
	for i, h := range k.set.Heads {
		out = append(out, s.viewOfFile(h, texts[i]))
	}
	for name, text := range k.folder {
		if !k.adopted(name) {
			out = append(out, FileView{Name: name, State: InFolder, Defines: s.readings.defines(text)})
		}
	}
	slices.SortFunc(out, func(a, b FileView) int { return cmp.Compare(a.Name, b.Name) })
	return out, nil
}

func (s *Service) viewOfFile(h store.FileHead, text string) FileView {
	return FileView{Name: h.Name, State: fileStateOf(h), Adopted: h.Adopted, Version: h.Version, Published: h.Published, By: h.By, At: h.At, Defines: s.readings.defines([]byte(text))}
}

func fileStateOf(h store.FileHead) FileState {
	switch {
	case h.Archived:
		return InArchive
	case h.Published == h.Version:
		return InForce
	case h.Published > 0:
		return Changed
	}
	return Draft
}

// File implements Files.
func (s *Service) File(ctx context.Context, name string) (FileDetail, error) {
	k, err := s.Shelf.look(ctx)
	if err != nil {
		return FileDetail{}, err
	}
	return s.file(ctx, k, name)
}

func (s *Service) file(ctx context.Context, k kept, name string) (FileDetail, error) {
	h, ok := k.head(name)
	if text, there := k.folder[name]; there && !h.Adopted {
		v := FileView{Name: name, State: InFolder, Defines: s.readings.defines(text)}
		checked, err := s.lint(ctx, k.inForce(), name)
		return FileDetail{FileView: v, Text: string(text), Checked: checked}, err
	}
	if !ok {
		return FileDetail{}, notFound("file", name)
	}
	texts, err := s.Store.FileTexts(ctx, []store.FileVersion{{Name: name, Version: h.Version}})
	if err != nil {
		return FileDetail{}, away(err)
	}
	checked, err := s.lint(ctx, k.with(name, []byte(texts[0])), name)
	return FileDetail{FileView: s.viewOfFile(h, texts[0]), Text: texts[0], Checked: checked}, err
}

// CheckFile implements Files.
func (s *Service) CheckFile(ctx context.Context, name, text string) (Checked, error) {
	k, err := s.Shelf.look(ctx)
	if err != nil {
		return Checked{}, err
	}
	return s.lint(ctx, k.with(name, []byte(text)), name)
}

// lint says what is wrong with a set: all mistakes, and of the file alone what cannot be any more, and what is probably not meant.
func (s *Service) lint(ctx context.Context, sources []files.Source, name string) (Checked, error) {
	set, mistakes, warnings := s.readings.load(sources, s.FileOptions())
	late, doubtful, err := s.overdue(ctx, set, name)
	return Checked{Problems: problemsOf(append(mistakes, late...), sources), Warnings: problemsOf(append(ofFile(warnings, name), doubtful...), sources)}, err
}

func ofFile(all files.Problems, name string) files.Problems {
	return slices.DeleteFunc(all, func(p files.Problem) bool { return p.File != name })
}

// overdue is what cannot be any more of a file of a set, which is nil where it has mistakes. Other files may be kept for what
// they were: that their time has passed must not stop this one.
func (s *Service) overdue(ctx context.Context, set *files.Set, name string) (mistakes, warnings files.Problems, err error) {
	if set == nil {
		return nil, nil, nil
	}
	var ran map[string]bool // those with a run, once anybody asks
	mistakes, warnings = set.Overdue(s.Now(), func(campaign string) bool {
		if ran == nil {
			ran = map[string]bool{}
			var listed []store.ListedRun
			listed, err = s.Store.ListedRuns(ctx)
			for _, l := range listed {
				ran[l.Campaign] = true
			}
		}
		return ran[campaign]
	})
	return ofFile(mistakes, name), ofFile(warnings, name), away(err)
}

func problemsOf(found files.Problems, sources []files.Source) []FileProblem {
	texts := map[string][]byte{}
	for _, x := range sources {
		texts[x.Name] = x.Text
	}
	out := make([]FileProblem, len(found))
	for i, p := range found {
		out[i] = FileProblem{File: p.File, Line: p.Line, Column: p.Column, Message: p.Message, Hint: p.Hint, Said: p.Said, Field: files.FieldAt(texts[p.File], p.Line, p.Column), Fix: files.FixOf(texts[p.File], p)}
	}
	return out
}

// SaveFile implements Files.
func (s *Service) SaveFile(ctx context.Context, e FileEdit) (FileDetail, error) {
	return s.save(ctx, e, "saved", 0)
}

func (s *Service) save(ctx context.Context, e FileEdit, what string, of int) (FileDetail, error) {
	if err := access.Need(ctx, access.Marketer); err != nil {
		return FileDetail{}, err
	}
	if why := badFile(e); why != "" {
		return FileDetail{}, fmt.Errorf("%w: %s", ErrInvalid, why)
	}
	k, err := s.Shelf.look(ctx)
	if err != nil {
		return FileDetail{}, err
	}
	was, there := k.head(e.Name)
	if _, inFolder := k.folder[e.Name]; inFolder && !was.Adopted {
		return FileDetail{}, fmt.Errorf("%w: %s is kept in files; adopt it to edit it here", ErrConflict, e.Name)
	}
	if seen := (FileSeen{e.Was, e.Revision}); !seen.is(was) || !there && e.Was != 0 {
		return FileDetail{}, s.conflict(ctx, e.Name)
	}
	is := was
	is.Version, is.Archived = was.Version+1, false
	return s.change(ctx, store.FileChange{Was: was, Set: -1, Is: is, Text: e.Text, Revision: store.FileRevision{What: what, Of: of}})
}

// WhyNoFile says why a file of that name and text cannot be saved, whatever it says; empty: it can.
func WhyNoFile(name, text string) string { return badFile(FileEdit{Name: name, Text: text}) }

// fileMax bounds the text of a file, in bytes.
const fileMax = 256 << 10

func badFile(e FileEdit) string {
	switch why := files.NameForm(e.Name); {
	case why != "":
		return why
	case e.Text == "":
		return "the file is empty"
	case len(e.Text) > fileMax:
		return fmt.Sprintf("the file is larger than %d kB; split it", fileMax>>10)
	}
	return ""
}

// change writes a change and reads the file again.
func (s *Service) change(ctx context.Context, c store.FileChange) (FileDetail, error) {
	now, by := s.Now().UTC(), access.Of(ctx).Name
	c.Is.By, c.Is.At = by, now
	c.Revision.Version, c.Revision.By, c.Revision.At = c.Is.Version, by, now
	out, err := s.Store.ChangeFile(ctx, c)
	switch {
	case err != nil:
		return FileDetail{}, away(err)
	case out == store.FileTaken:
		return FileDetail{}, s.conflict(ctx, c.Is.Name)
	case out == store.FileSetNew:
		return FileDetail{}, errSetNew
	}
	s.note(ctx, c.Revision.What, "file", c.Is.Name, strconv.Itoa(c.Is.Version))
	if c.Is.Published != c.Was.Published || c.Is.Adopted != c.Was.Adopted {
		s.reread(ctx)
	}
	return s.File(ctx, c.Is.Name)
}

// rereadLimit bounds how long a change waits for this replica to read the files again.
const rereadLimit = 10 * time.Second

// reread reads the files again, even for somebody who has gone meanwhile: the change was made.
func (s *Service) reread(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rereadLimit)
	defer cancel()
	s.Reread(ctx)
}

func (s *Service) conflict(ctx context.Context, name string) error {
	theirs, err := s.File(ctx, name)
	if err != nil {
		return err
	}
	return &FileConflict{Theirs: theirs}
}

// ExportFiles implements Files.
func (s *Service) ExportFiles(ctx context.Context) ([]FileOut, error) {
	sources, _, err := s.Shelf.InForce(ctx)
	out := make([]FileOut, len(sources))
	for i, x := range sources {
		out[i] = FileOut{Name: x.Name, Text: string(x.Text)}
	}
	return out, err
}
