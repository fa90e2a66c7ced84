package control

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/hoidap/hoidap/campaigns/files"
	"github.com/hoidap/hoidap/gateway/simulator"
)

// Simulator plays talks with people who do not exist. Nothing of it is kept anywhere.
type Simulator interface {
	// Simulate plays a script against what is in force or, where draft is not empty, against that text of a campaign file.
	// A *TalkError says what is wrong with either. A script that names no campaign of the draft is of the draft's first by its id.
	Simulate(ctx context.Context, s simulator.Script, draft string) (simulator.Talk, error)
	// ReadTalk reads the text form of a script, on the brand's clock. Its error is a *TalkError.
	ReadTalk(ctx context.Context, text string) (simulator.Script, error)
}

// TalkError is an ErrInvalid: what is wrong with a script, or with the draft that it is played against.
type TalkError struct {
	Draft    []files.Problem // mistakes of the draft
	Sentence string
}

func (e *TalkError) Error() string { return ErrInvalid.Error() + ": " + e.Sentence }

// Unwrap gives ErrInvalid.
func (e *TalkError) Unwrap() error { return ErrInvalid }

// draftMax bounds a draft, in bytes.
const draftMax = 256 << 10

// Simulate implements Simulator.
func (s *Service) Simulate(_ context.Context, script simulator.Script, draft string) (simulator.Talk, error) {
	w := *s.World()
	if draft != "" {
		if len(draft) > draftMax {
			return simulator.Talk{}, &TalkError{Sentence: fmt.Sprintf("a draft has at most %d bytes", draftMax)}
		}
		set, problems := files.LoadFiles([]string{"draft.yaml"}, func(string) ([]byte, error) { return []byte(draft), nil },
			files.Options{Zone: w.Brand.Zone, Routes: w.Routes, Locales: []string{"vi", "en"}})
		if set == nil {
			return simulator.Talk{}, &TalkError{Draft: problems, Sentence: problems[0].String()}
		}
		w.Campaigns = set.Campaigns
		if len(set.Offers) > 0 {
			w.Offers = set.Offers
		}
		if ids := slices.Sorted(maps.Keys(set.Campaigns)); w.Campaigns[script.Campaign] == nil && len(ids) > 0 {
			script.Campaign = ids[0]
		}
	}
	if script.At.IsZero() {
		script.At = s.Now()
	}
	t, err := simulator.Stage{World: &w, Carriers: s.Carriers}.Play(script)
	if err != nil {
		return t, &TalkError{Sentence: err.Error()}
	}
	return t, nil
}

// ReadTalk implements Simulator.
func (s *Service) ReadTalk(_ context.Context, text string) (simulator.Script, error) {
	zone := s.World().Brand.Zone
	if zone == nil {
		zone = time.UTC
	}
	script, err := simulator.Read(text, zone)
	if err != nil {
		return script, &TalkError{Sentence: err.Error()}
	}
	return script, nil
}
