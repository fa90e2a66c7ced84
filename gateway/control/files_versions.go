package control

import (
	"context"
	"fmt"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/hoidap/hoidap/gateway/store"
)

// DiffLine is a line of a difference.
type DiffLine struct {
	Kind string `json:"kind"` // same, added, removed, gap: what is the same is left out here
	Text string `json:"text"`
	From int    `json:"from,omitempty"` // its number in the one; 0: it is not there
	To   int    `json:"to,omitempty"`   // its number in the other
}

// FileVersions implements Files.
func (s *Service) FileVersions(ctx context.Context, name string) ([]FileVersion, error) {
	rs, err := s.Store.FileRevisions(ctx, name)
	out := make([]FileVersion, len(rs))
	for i, r := range rs {
		out[i] = FileVersion(r)
	}
	return out, away(err)
}

// FileText implements Files.
func (s *Service) FileText(ctx context.Context, name string, version int) (string, error) {
	if version == 0 {
		k, err := s.Shelf.look(ctx)
		if err != nil {
			return "", err
		}
		text, ok := k.folder[name]
		if !ok {
			return "", notFound("file in the folder", name)
		}
		return string(text), nil
	}
	texts, err := s.Store.FileTexts(ctx, []store.FileVersion{{Name: name, Version: version}})
	if err != nil {
		return "", away(err)
	}
	if texts[0] == "" {
		return "", fmt.Errorf("%w: version %d of %s is not kept", ErrNotFound, version, name)
	}
	return texts[0], nil
}

// CompareFile implements Files.
func (s *Service) CompareFile(ctx context.Context, name string, from, to int) ([]DiffLine, error) {
	a, err := s.FileText(ctx, name, from)
	if err != nil {
		return nil, err
	}
	b, err := s.FileText(ctx, name, to)
	if err != nil {
		return nil, err
	}
	return Compare(a, b), nil
}

// RestoreFile implements Files.
func (s *Service) RestoreFile(ctx context.Context, name string, of int, seen FileSeen) (FileDetail, error) {
	text, err := s.FileText(ctx, name, of)
	if err != nil {
		return FileDetail{}, err
	}
	return s.save(ctx, FileEdit{Name: name, Text: text, Was: seen.Version, Revision: seen.Revision}, "restored", of)
}

// Compare is what two texts differ in, with a few lines around each difference; none where they are the same.
func Compare(from, to string) []DiffLine {
	var out []DiffLine
	var a, b int // the numbers of the next lines
	text := strings.TrimSuffix(string(diff.Diff("a", []byte(from), "b", []byte(to))), "\n")
	lines := strings.Split(text, "\n")
	if text == "" || len(lines) < 3 {
		return nil
	}
	for _, l := range lines[3:] { // behind the three that name the texts
		var was, is int
		switch {
		case strings.HasPrefix(l, "@@"):
			if _, err := fmt.Sscanf(l, "@@ -%d,%d +%d,%d @@", &a, &was, &b, &is); err == nil && len(out)+a > 1 {
				out = append(out, DiffLine{Kind: "gap"})
			}
		case strings.HasPrefix(l, "-"):
			out = append(out, DiffLine{Kind: "removed", Text: l[1:], From: a})
			a++
		case strings.HasPrefix(l, "+"):
			out = append(out, DiffLine{Kind: "added", Text: l[1:], To: b})
			b++
		case strings.HasPrefix(l, " "):
			out = append(out, DiffLine{Kind: "same", Text: l[1:], From: a, To: b})
			a, b = a+1, b+1
		}
	}
	return out
}
