package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/files"
	"github.com/hoidap/hoidap/preferences/understand"
)

// askedQuestion is a question of a campaign file, with its reader.
type askedQuestion struct {
	campaign, id string
	ask          *understand.Question
	reader       *understand.Reader
}

func (q *askedQuestion) name() string { return q.campaign + "/" + q.id }

// read is what a conversation would make of a reply to the question.
func (q *askedQuestion) read(a understand.Ask, text string) outcome {
	return outcomeOf(q.reader.Read(a, text))
}

// questionSet is the questions of campaign files by "campaign/question".
type questionSet map[string]*askedQuestion

// loadQuestions reads the questions of a file, or of a folder of files. Where there are mistakes they are the error.
func loadQuestions(path string) (questionSet, error) {
	set, problems, err := loadSet(path)
	if err != nil {
		return nil, err
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	out := questionSet{}
	for _, c := range set.Campaigns {
		out.add(c)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: there is no campaign here", path)
	}
	return out, nil
}

func loadSet(path string) (*files.Set, files.Problems, error) {
	return loadFiles(path, files.Options{QuestionsOnly: true})
}

// loadFiles reads a folder, or one file.
func loadFiles(path string, opts files.Options) (*files.Set, files.Problems, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("%s: there is no such file or folder", path)
	}
	if err != nil {
		return nil, nil, err
	}
	if !info.IsDir() {
		set, problems := files.LoadFiles([]string{path}, os.ReadFile, opts)
		return set, problems, nil
	}
	set, problems := files.Load(os.DirFS(path), opts)
	for i := range problems {
		problems[i].File = filepath.Join(path, problems[i].File)
	}
	return set, problems, nil
}

func (s questionSet) add(c *campaigns.Campaign) {
	for i := range c.Questions {
		q := &askedQuestion{campaign: c.ID, id: c.Questions[i].ID, ask: &c.Questions[i].Ask}
		q.reader = understand.Compile(q.ask)
		s[q.name()] = q
	}
}

// campaigns lists the ids of the campaigns, sorted.
func (s questionSet) campaigns() (ids []string) {
	for _, q := range s {
		ids = append(ids, q.campaign)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// names lists the questions, sorted.
func (s questionSet) names() (names []string) {
	for name := range s {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// alike is the only question of the same kind and with the same wording in some language; nil where there is none, or
// several.
func (s questionSet) alike(ask *understand.Question) *askedQuestion {
	return s.only(func(q *askedQuestion) bool {
		if q.ask.Kind != ask.Kind {
			return false
		}
		for locale, text := range ask.Text {
			if text != "" && strings.EqualFold(strings.TrimSpace(q.ask.Text[locale]), strings.TrimSpace(text)) {
				return true
			}
		}
		return false
	})
}

// called is the only question with an id, whatever its campaign.
func (s questionSet) called(id string) *askedQuestion {
	return s.only(func(q *askedQuestion) bool { return q.id == id })
}

func (s questionSet) only(fits func(*askedQuestion) bool) (found *askedQuestion) {
	for _, q := range s {
		if !fits(q) {
			continue
		}
		if found != nil {
			return nil
		}
		found = q
	}
	return found
}
