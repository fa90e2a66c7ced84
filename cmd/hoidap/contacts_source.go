package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/hoidap/hoidap/gateway/api"
	"github.com/hoidap/hoidap/gateway/web"
)

// row is one contact of an import.
type row struct {
	line int      // of the file, from 1
	raw  []string // as it stood there
	body []byte   // as the API takes it
	keys []string // its addresses
	bad  string   // why it cannot be imported; empty: it can
}

// source gives the rows of a file, and io.EOF after the last.
type source interface {
	next() (row, error)
	columns() []string // of raw
}

// openSource finds out what the file holds: JSON lines begin with a brace, and a header row never does.
func openSource(r io.Reader, o rowOptions) (source, error) {
	b := bufio.NewReaderSize(r, 64<<10)
	head, err := b.Peek(4096)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading: %w", err)
	}
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return nil, invalid("the file is UTF-16; save it as UTF-8 (in Excel: \"CSV UTF-8\")")
	}
	if rest, ok := bytes.CutPrefix(head, []byte("\ufeff")); ok {
		head = rest
		if _, err := b.Discard(3); err != nil {
			return nil, fmt.Errorf("reading: %w", err)
		}
	}
	start := bytes.TrimLeft(head, " \t\r\n")
	switch {
	case len(start) == 0:
		return nil, invalid("the file is empty")
	case start[0] == '{':
		return &jsonLines{in: b}, nil
	}
	return newTable(b, head, o)
}

func invalid(format string, args ...any) error {
	return exitError{exitUsage, fmt.Errorf(format, args...)}
}

// jsonLines is a file with one object a line, each as PUT /contacts takes it.
type jsonLines struct {
	in   *bufio.Reader
	line int
}

func (j *jsonLines) columns() []string { return []string{"json"} }

func (j *jsonLines) next() (row, error) {
	for {
		text, tooLong, err := readLine(j.in)
		if err != nil && !errors.Is(err, io.EOF) {
			return row{}, fmt.Errorf("reading: %w", err)
		}
		j.line++
		switch text = bytes.TrimSpace(text); {
		case tooLong:
			return row{line: j.line, raw: []string{""}, bad: "is longer than 1 MiB"}, nil
		case len(text) > 0:
			r := row{line: j.line, raw: []string{string(text)}, body: text}
			r.check()
			return r, nil
		case err != nil:
			return row{}, io.EOF
		}
	}
}

// check reads the row as the API will, so that mistakes are found before anything is sent.
func (r *row) check() {
	e, err := api.DecodeContact(r.body)
	if err != nil {
		r.bad = err.Error()
		if p := (*web.Problem)(nil); errors.As(err, &p) {
			r.bad = mistakes(p)
		}
		return
	}
	for _, a := range e.Addresses {
		r.keys = append(r.keys, a.String())
	}
}

// oneLine makes a reason fit for a line of its own.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
