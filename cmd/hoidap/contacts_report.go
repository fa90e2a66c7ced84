package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"strconv"
	"sync"
)

// maxReported bounds how many rows are reported one by one; --rejects has them all.
const maxReported = 50

// report keeps what became of each row. Its lines name rows by number and never show what is in them.
type report struct {
	bar *progress

	mu         sync.Mutex
	file       *os.File
	rejects    *csv.Writer // nil: not asked for
	width      int
	lines      int
	created    int
	known      int
	duplicates int
	bad        int
	failed     int
}

// newReport opens the file for rejected rows, where one is asked for. It holds personal data: only its owner may read it.
func newReport(bar *progress, path string, columns []string) (*report, error) {
	r := &report{bar: bar, width: len(columns)}
	if path == "" {
		return r, nil
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600) //nolint:gosec // the user names it
	if err != nil {
		return nil, exitError{exitUsage, err}
	}
	r.file, r.rejects = f, csv.NewWriter(f)
	return r, r.rejects.Write(append([]string{"line", "reason"}, columns...))
}

func (r *report) close() error {
	if r.rejects == nil {
		return nil
	}
	r.rejects.Flush()
	return errors.Join(r.rejects.Error(), r.file.Close())
}

func (r *report) done(created bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if created {
		r.created++
	} else {
		r.known++
	}
}

func (r *report) invalid(x row, reason string)   { r.reject(x, reason, &r.bad) }
func (r *report) duplicate(x row, reason string) { r.reject(x, reason, &r.duplicates) }
func (r *report) unsent(x row, reason string)    { r.reject(x, reason, &r.failed) }

func (r *report) reject(x row, reason string, n *int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	*n++
	reason = oneLine(reason)
	if r.rejects != nil {
		raw := make([]string, r.width)
		copy(raw, x.raw)
		if err := r.rejects.Write(append([]string{strconv.Itoa(x.line), reason}, raw...)); err != nil {
			r.bar.print("the file of rejected rows cannot be written: " + err.Error())
		}
	}
	switch r.lines++; {
	case r.lines <= maxReported:
		r.bar.print(fmt.Sprintf("line %d: %s", x.line, reason))
	case r.lines == maxReported+1:
		r.bar.print("there are more such lines; --rejects FILE keeps them all")
	}
}

// summary is the result in one line.
func (r *report) summary(dryRun bool) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	what := fmt.Sprintf("%d imported (%d new, %d known)", r.created+r.known, r.created, r.known)
	if dryRun {
		what = fmt.Sprintf("%d fit to import; nothing was sent", r.known)
	}
	return fmt.Sprintf("%s, %d not valid, %d duplicates, %d not sent", what, r.bad, r.duplicates, r.failed)
}

// verdict is what the import ends with.
func (r *report) verdict(err error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	fatal := fatalError{}
	switch {
	case errors.As(err, &fatal):
		return exitError{exitFailed, fmt.Errorf("the import stopped: %w. What went in stays; start it again to go on", fatal)}
	case errors.Is(err, context.Canceled):
		return exitError{exitFailed, errors.New("the import was interrupted. What went in stays; start it again to go on")}
	case err != nil:
		return exitError{exitFailed, err}
	case r.failed > 0:
		return exitError{exitFailed, fmt.Errorf("%s could not be sent", count(r.failed, "row"))}
	case r.bad > 0:
		return exitError{exitUsage, fmt.Errorf("%s not valid", count(r.bad, "row"))}
	}
	return nil
}
