package control

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/files"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/understand"
)

// Bounds of a synonym. One letter means too much, and a sentence is never typed twice.
const (
	wordsMost   = 5
	lettersFew  = 2
	lettersMost = 60
)

// Teach implements Inbox. A file of the folder is not written to: the change is shown, with its place. One of the console
// gets a new version, which is a draft until it is published.
func (s *Service) Teach(ctx context.Context, l Lesson, write bool) (Taught, error) {
	least := access.Agent
	if write {
		least = access.Marketer // it changes how answers are read
	}
	if err := access.Need(ctx, least); err != nil {
		return Taught{}, err
	}
	l.Words = strings.Join(strings.Fields(l.Words), " ")
	known, err := s.teachable(l)
	if err != nil || known {
		return Taught{Known: known}, err
	}
	file, err := s.holding(ctx, l.Campaign)
	if err != nil {
		return Taught{}, err
	}
	after, err := files.Teach([]byte(file.Text), files.Lesson{Campaign: l.Campaign, Question: l.Question, Value: l.Value, Locale: l.Locale, Synonym: l.Words}, "vi")
	if err != nil {
		return Taught{}, &RefusedError{Reason: "cannot_mean", Problem: err.Error()}
	}
	if err := misheard(l, []byte(file.Text), after); err != nil {
		return Taught{}, err
	}
	t := changed(file.Text, string(after))
	t.File, t.Folder = file.Name, file.State == InFolder
	if !write || t.Folder {
		return t, nil
	}
	if _, err := s.SaveFile(ctx, FileEdit{Name: file.Name, Text: string(after), Was: file.Version}); err != nil {
		return t, err
	}
	t.Written = true
	s.note(ctx, "taught", "campaign", l.Campaign, l.Question+" "+l.Value)
	return t, nil
}

// teachable looks at the words alone: known says that they are read as the option already.
func (s *Service) teachable(l Lesson) (known bool, err error) {
	q := s.question(l)
	switch {
	case q == nil:
		return false, fmt.Errorf("%w: there is no such question or option", ErrInvalid)
	case l.Locale != "vi" && l.Locale != "en":
		return false, fmt.Errorf("%w: the language of the words is vi or en", ErrInvalid)
	case len([]rune(l.Words)) < lettersFew || len([]rune(l.Words)) > lettersMost || len(strings.Fields(l.Words)) > wordsMost:
		return false, fmt.Errorf("%w: give only the words that mean the option: %d at most, and more than one letter", ErrInvalid, wordsMost)
	}
	r := understand.Read(understand.Ask{Question: &q.Ask, Locale: l.Locale, Now: s.Now()}, l.Words)
	meant := r.Value.Text == l.Value || slices.Equal(r.Value.List, []string{l.Value})
	switch {
	case r.Status == understand.Answered && meant:
		return true, nil
	case r.Status != understand.Unclear:
		return false, &RefusedError{Reason: "cannot_mean", Problem: fmt.Sprintf("%q is read as something else: %s", l.Words, r.Rule)}
	}
	return false, nil
}

// question is the question of a lesson, where it has the option.
func (s *Service) question(l Lesson) *campaigns.Question {
	c := s.World().Campaigns[l.Campaign]
	if c == nil {
		return nil
	}
	for i := range c.Questions {
		q := &c.Questions[i]
		if q.ID == l.Question && slices.ContainsFunc(q.Ask.Options, func(o understand.Option) bool { return o.Value == l.Value }) {
			return q
		}
	}
	return nil
}

// holding is the file that has a campaign.
func (s *Service) holding(ctx context.Context, campaign string) (FileDetail, error) {
	list, err := s.Files(ctx)
	if err != nil {
		return FileDetail{}, err
	}
	for _, f := range list {
		if slices.ContainsFunc(f.Defines, func(d files.Defined) bool { return d.Kind == "campaign" && d.ID == campaign }) {
			return s.File(ctx, f.Name)
		}
	}
	return FileDetail{}, notFound("campaign", campaign)
}

// misheard refuses what the reader would take for something else once it is taught.
func misheard(l Lesson, before, after []byte) error {
	was, is := asked(l, before), asked(l, after)
	if was == nil || is == nil {
		return &RefusedError{Reason: "cannot_mean", Problem: files.ErrByHand.Error()}
	}
	known := understand.Doubts(was)
	for _, d := range understand.Doubts(is) {
		old := slices.ContainsFunc(known, func(k understand.Doubt) bool { return k.Name.Text == d.Name.Text && k.Kind == d.Kind })
		if old || d.Kind == understand.SlipMeans || d.Kind == understand.CommandWithin {
			continue
		}
		cause, cure := files.Explain(d, is)
		return &RefusedError{Reason: "cannot_mean", Problem: cause + "; " + cure}
	}
	return nil
}

// asked is the question of a lesson, in a text.
func asked(l Lesson, text []byte) *understand.Question {
	set, _ := files.LoadFiles([]string{"campaign.yaml"}, func(string) ([]byte, error) { return text, nil }, files.Options{QuestionsOnly: true})
	if set == nil || set.Campaigns[l.Campaign] == nil {
		return nil
	}
	for i, q := range set.Campaigns[l.Campaign].Questions {
		if q.ID == l.Question && (q.Ask.Kind == preferences.Choice || q.Ask.Kind == preferences.Choices) {
			return &set.Campaigns[l.Campaign].Questions[i].Ask
		}
	}
	return nil
}

// changed is the lines in which two texts differ.
func changed(before, after string) Taught {
	a, b := strings.Split(before, "\n"), strings.Split(after, "\n")
	from, end := 0, 0
	for from < min(len(a), len(b)) && a[from] == b[from] {
		from++
	}
	for end < min(len(a), len(b))-from && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	return Taught{Line: from + 1, Removed: a[from : len(a)-end], Added: b[from : len(b)-end]}
}
