package control

import (
	"context"
	"errors"
	"fmt"

	"github.com/hoidap/hoidap/campaigns/files"
)

// FormOf implements Files.
func (s *Service) FormOf(_ context.Context, text, campaign string) (files.Form, error) {
	f, err := files.ReadForm([]byte(text), campaign, s.World().Brand.Locale)
	return f, byHand(err)
}

// WithForm implements Files. An empty text becomes a file with the one campaign.
func (s *Service) WithForm(_ context.Context, text, campaign string, f files.Form) (string, error) {
	if text == "" {
		return string(files.NewFile(f)), nil
	}
	b, err := files.WriteForm([]byte(text), campaign, f, s.World().Brand.Locale)
	return string(b), byHand(err)
}

// byHand says that a text is edited as text.
func byHand(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, files.ErrByHand):
		return fmt.Errorf("%w: %w; edit it as text", ErrConflict, err)
	}
	return fmt.Errorf("%w: %w", ErrInvalid, err)
}
