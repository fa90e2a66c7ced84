package control

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hoidap/hoidap/campaigns/files"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/store"
)

// errSetNew says that another file changed while this one was checked.
var errSetNew = fmt.Errorf("%w: other files change at the same time; try again", ErrConflict)

// PublishOrder asks to put a version of a file in force.
type PublishOrder struct {
	Name    string
	Version int
	People  int // as typed by whoever publishes a schedule that reaches many; 0: nothing was typed
	// Revision is as in FileSeen. A second person agrees to the version alone.
	Revision string `json:"-"`
}

// Published is what came of a PublishOrder.
type Published struct {
	File    FileDetail `json:"file"`
	Request *Request   `json:"request,omitempty"` // a second person must agree first
}

// placing is a change of what is in force: it is made only while nothing else changes, and only if the whole has no mistakes.
type placing struct {
	name string
	seen FileSeen
	what string
	// begins: somebody means it to begin now, so that what never can is a mistake. Else it only goes on, or goes back.
	begins bool
	// place says what the head becomes, and the text in force (nil: none of the console's).
	place func(k kept, was store.FileHead) (is store.FileHead, inForce []byte, err error)
	// may is asked with the campaigns as they would be; nil: whoever asks may.
	may func(ctx context.Context, set *files.Set) error
}

// put makes the change, anew where other files change meanwhile.
func (s *Service) put(ctx context.Context, p placing) (d FileDetail, err error) {
	for range tryPublish {
		if d, err = s.tryPut(ctx, p); !errors.Is(err, errSetNew) {
			return d, err
		}
	}
	return d, err
}

func (s *Service) tryPut(ctx context.Context, p placing) (FileDetail, error) {
	if err := access.Need(ctx, access.Marketer); err != nil {
		return FileDetail{}, err
	}
	k, err := s.Shelf.look(ctx)
	if err != nil {
		return FileDetail{}, err
	}
	was, there := k.head(p.name)
	if !there && p.seen.Version != 0 {
		return FileDetail{}, notFound("file", p.name)
	}
	if !p.seen.is(was) {
		return FileDetail{}, s.conflict(ctx, p.name)
	}
	is, text, err := p.place(k, was)
	if err != nil {
		return FileDetail{}, err
	}
	sources := k.with(p.name, text)
	if folder, ok := k.folder[p.name]; ok && was.Adopted && !is.Adopted {
		sources = k.with(p.name, folder)
	}
	set, mistakes, _ := s.readings.load(sources, s.FileOptions())
	if p.begins {
		late, _, err := s.overdue(ctx, set, p.name)
		if err != nil {
			return FileDetail{}, err
		}
		mistakes = append(mistakes, late...)
	}
	if len(mistakes) > 0 {
		return FileDetail{}, &FileMistakes{Problems: problemsOf(mistakes, sources)}
	}
	if p.may != nil {
		if err := p.may(ctx, set); err != nil {
			return FileDetail{}, err
		}
	}
	c := store.FileChange{Was: was, Set: k.set.Number, Is: is, Revision: store.FileRevision{What: p.what}}
	if is.Version != was.Version {
		c.Text = string(text)
	}
	return s.change(ctx, c)
}

// publish puts a version in force. What the file says of a schedule has been seen to.
func (s *Service) publish(ctx context.Context, name string, seen FileSeen, may func(context.Context, *files.Set) error) (FileDetail, error) {
	return s.put(ctx, placing{name: name, seen: seen, what: "published", begins: true, may: may,
		place: func(_ kept, was store.FileHead) (store.FileHead, []byte, error) {
			texts, err := s.Store.FileTexts(ctx, []store.FileVersion{{Name: name, Version: was.Version}})
			if err != nil {
				return was, nil, away(err)
			}
			is := was
			is.Published, is.Archived = was.Version, false
			return is, []byte(texts[0]), nil
		}})
}

// PublishFile implements Files.
func (s *Service) PublishFile(ctx context.Context, o PublishOrder) (Published, error) {
	var waits *Request
	d, err := s.publish(ctx, o.Name, FileSeen{o.Version, o.Revision}, func(ctx context.Context, set *files.Set) error {
		r, err := s.mayPublish(ctx, o, set)
		waits = r
		return err
	})
	if waits != nil && errors.Is(err, errAsked) {
		d, err = s.File(ctx, o.Name)
	}
	return Published{File: d, Request: waits}, err
}

// errAsked says that nothing was put in force, since a second person is asked first.
var errAsked = errors.New("a second person is asked first")

// mayPublish asks for the same care as a launch.
func (s *Service) mayPublish(ctx context.Context, o PublishOrder, set *files.Set) (*Request, error) {
	if !s.Care.any() {
		return nil, nil
	}
	people, err := s.publishReach(ctx, o.Name, set)
	if err != nil {
		return nil, err
	}
	if err := s.Care.typed(people, o.People); err != nil {
		return nil, err
	}
	if _, approve := s.Care.wants(people); !approve {
		return nil, nil
	}
	r, err := s.ask(ctx, Request{Publish: &o, People: people})
	if err != nil {
		return nil, err
	}
	return &r, errAsked
}

// publishReach is how many people the file's campaigns reach once it is in force, without anybody looking at a number then:
// those with a schedule, and those with a run under way, which goes on by the new text. Of several it is the largest number.
func (s *Service) publishReach(ctx context.Context, file string, set *files.Set) (people int64, err error) {
	var counted, others []string
	for id, c := range set.Campaigns {
		switch from, _, _ := strings.Cut(c.Source, ":"); {
		case from != file:
		case c.Schedule != nil && c.Schedule.Event == "":
			counted = append(counted, id)
		default:
			others = append(others, id)
		}
	}
	underWay, err := s.underWay(ctx, others)
	if err != nil {
		return 0, err
	}
	for _, id := range append(counted, underWay...) {
		r, err := s.reach(ctx, set.Campaigns[id])
		if err != nil {
			return 0, err
		}
		people = max(people, r.People)
	}
	return people, nil
}

// underWay is which of some campaigns have a run that is neither done nor cancelled. That of an event is for one person.
func (s *Service) underWay(ctx context.Context, of []string) (found []string, err error) {
	if len(of) == 0 {
		return nil, nil
	}
	listed, err := s.Store.ListedRuns(ctx)
	if err != nil {
		return nil, away(err)
	}
	for _, l := range listed {
		if slices.Contains(found, l.Campaign) || !slices.Contains(of, l.Campaign) {
			continue
		}
		r, err := s.run(ctx, l.Run, false)
		if errors.Is(err, ErrNotFound) {
			continue // it was cleared away between the two reads
		}
		if err != nil {
			return nil, err
		}
		if r.Cause != "event" && r.State != Done && r.State != Cancelled {
			found = append(found, l.Campaign)
		}
	}
	return found, nil
}

// UnpublishFile implements Files.
func (s *Service) UnpublishFile(ctx context.Context, name string, seen FileSeen) (FileDetail, error) {
	return s.takeOut(ctx, name, seen, "unpublished", false)
}

// ArchiveFile implements Files.
func (s *Service) ArchiveFile(ctx context.Context, name string, seen FileSeen) (FileDetail, error) {
	return s.takeOut(ctx, name, seen, "archived", true)
}

func (s *Service) takeOut(ctx context.Context, name string, seen FileSeen, what string, archive bool) (FileDetail, error) {
	return s.put(ctx, placing{name: name, seen: seen, what: what,
		place: func(k kept, was store.FileHead) (store.FileHead, []byte, error) {
			if was.Version == 0 {
				return was, nil, s.notOurs(k, name)
			}
			is := was
			is.Published, is.Archived = 0, archive
			return is, nil, nil
		}})
}

// notOurs says that a file is not the console's to change.
func (s *Service) notOurs(k kept, name string) error {
	if _, ok := k.folder[name]; ok {
		return fmt.Errorf("%w: %s is kept in files; adopt it to change it here", ErrConflict, name)
	}
	return notFound("file", name)
}

// AdoptFile implements Files.
func (s *Service) AdoptFile(ctx context.Context, name string) (FileDetail, error) {
	head, _, err := s.Store.FileHead(ctx, name)
	if err != nil {
		return FileDetail{}, away(err)
	}
	return s.put(ctx, placing{name: name, seen: FileSeen{Version: head.Version}, what: "adopted",
		place: func(k kept, was store.FileHead) (store.FileHead, []byte, error) {
			text, ok := k.folder[name]
			if !ok {
				return was, nil, notFound("file in the folder", name)
			}
			if was.Adopted {
				return was, nil, fmt.Errorf("%w: %s is the console's already", ErrConflict, name)
			}
			if why := badFile(FileEdit{Name: name, Text: string(text)}); why != "" {
				return was, nil, fmt.Errorf("%w: %s", ErrInvalid, why)
			}
			is := was
			is.Version, is.Adopted, is.Archived = was.Version+1, true, false
			is.Published = is.Version
			return is, text, nil
		}})
}

// ReleaseFile implements Files.
func (s *Service) ReleaseFile(ctx context.Context, name string, seen FileSeen) (FileDetail, error) {
	return s.put(ctx, placing{name: name, seen: seen, what: "released",
		place: func(k kept, was store.FileHead) (store.FileHead, []byte, error) {
			if _, ok := k.folder[name]; !ok || !was.Adopted {
				return was, nil, fmt.Errorf("%w: the folder has no file %s to go back to", ErrConflict, name)
			}
			is := was
			is.Adopted, is.Published, is.Archived = false, 0, true
			return is, nil, nil
		}})
}
