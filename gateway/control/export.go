package control

import (
	"context"
	"encoding/csv"
	"io"
	"strings"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/access"
)

// byteOrderMark lets spreadsheets read the file as UTF-8.
const byteOrderMark = "\ufeff"

// ExportResults writes people and their answers as CSV for spreadsheets: one row for each way through a run. Viewers get masked
// numbers. What customers wrote is text there, too: no cell begins a formula.
func (s *Service) ExportResults(ctx context.Context, q ResultsQuery, part ResultsPart, w io.Writer) error {
	if _, err := s.counts(ctx, q); err != nil {
		return err
	}
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return err
	}
	x := export{Writer: csv.NewWriter(w), whole: access.Of(ctx).Role >= access.Agent}
	x.UseCRLF = true
	if c := s.World().Campaigns[q.Campaign]; c != nil {
		for i := range c.Questions {
			x.questions = append(x.questions, c.Questions[i].ID)
		}
	}
	if err := x.head(); err != nil {
		return err
	}
	if err := s.EachResult(ctx, q, part, x.row); err != nil {
		return err
	}
	x.Flush()
	return x.Error()
}

// export is a file that is being written.
type export struct {
	*csv.Writer
	whole     bool
	questions []string
}

func (x *export) head() error {
	row := []string{"contact", "name", "address", "language", "run", "channel", "status", "reason", "sent_at", "end", "offer"}
	for _, q := range x.questions {
		row = append(row, harmless(q), harmless(q+" reply"), harmless(q+" status"))
	}
	return x.Write(row)
}

func (x *export) row(p ResultsPerson) error {
	w := p.Walk
	to := p.Address.Mask()
	if x.whole {
		to = p.Address.String()
	}
	row := []string{p.Contact, p.Name, to, p.Locale, w.Run, p.Channel, stateOfWalk(w), w.Reason, rfc3339(w.SentAt), w.End, w.Offer}
	for _, q := range x.questions {
		row = append(row, answered(w, q)...)
	}
	for i := range row {
		row[i] = harmless(row[i])
	}
	return x.Write(row)
}

// stateOfWalk is how far somebody came.
func stateOfWalk(w *campaigns.Walk) string {
	switch {
	case w.Waiting:
		return "waiting"
	case w.Excluded():
		return "excluded"
	}
	return w.Status
}

// answered is the answer to a question, the words, and how they were read.
func answered(w *campaigns.Walk, question string) []string {
	for _, a := range w.Asks {
		if a.Question != question {
			continue
		}
		var text, status, value string
		if n := len(a.Words); n > 0 {
			text, status = a.Words[n-1].Text, a.Words[n-1].Status
		}
		if a.Answer != nil && !a.Declined {
			value = showValues(a.Answer)
		}
		return []string{value, text, status}
	}
	return []string{"", "", ""}
}

func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// harmless is a cell that no spreadsheet takes for a formula: what begins like one, behind any blanks, is marked as text.
func harmless(cell string) string {
	cell = strings.ReplaceAll(cell, "\x00", "")
	if cell == "" {
		return ""
	}
	if strings.ContainsRune("\t\r\n", rune(cell[0])) || startsFormula(strings.TrimLeft(cell, " \t\r\n\u00a0\u200b\ufeff")) {
		return "'" + cell
	}
	return cell
}

// startsFormula also knows the signs in the full width that East Asian keyboards have.
func startsFormula(s string) bool {
	for _, sign := range []string{"=", "+", "-", "@", "＝", "＋", "－", "＠"} {
		if strings.HasPrefix(s, sign) {
			return true
		}
	}
	return false
}
