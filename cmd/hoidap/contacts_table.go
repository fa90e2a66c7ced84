package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hoidap/hoidap/config/nearest"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// rowOptions is what a table does not say itself.
type rowOptions struct {
	region         string         // of telephone numbers without a country code
	zone           *time.Location // of dates without an offset
	source         string         // of consents where there is no column
	at             string         // of consents where there is no column
	skip           []string       // columns that are left out
	withoutConsent bool
}

// table is a CSV file with a header row.
type table struct {
	in     *csv.Reader
	header []string
	fill   []func(*contactRow, string) error // by column; nil: left out
	o      rowOptions
}

// contactRow is a contact as PUT /contacts takes it.
type contactRow struct {
	Addresses []string       `json:"addresses"`
	Name      string         `json:"name,omitempty"`
	Locale    string         `json:"locale,omitempty"`
	Timezone  string         `json:"timezone,omitempty"`
	Consents  []consentRow   `json:"consents,omitempty"`
	Facts     map[string]any `json:"facts,omitempty"`

	source, at, wording string // of the row's consents
}

type consentRow struct {
	Purpose string `json:"purpose"`
	Granted bool   `json:"granted"`
	Source  string `json:"source"`
	At      string `json:"at"`
	Wording string `json:"wording,omitempty"`
}

// newTable reads the header row; head is the beginning of the file.
func newTable(r io.Reader, head []byte, o rowOptions) (*table, error) {
	t := &table{in: csv.NewReader(r), o: o}
	t.in.Comma = separator(head)
	header, err := t.in.Read()
	if err != nil {
		return nil, invalid("the header row cannot be read: %w", err)
	}
	for i, name := range header {
		if !utf8.ValidString(name) {
			return nil, invalid("the file is not UTF-8; save it as UTF-8 (in Excel: \"CSV UTF-8\")")
		}
		header[i] = strings.TrimSpace(name)
	}
	t.header = header
	return t, t.understand()
}

// separator is the sign that parts most fields of the header row: comma, semicolon (Excel in many countries) or tab.
func separator(head []byte) rune {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	best, most := ',', 0
	for _, sep := range []rune{',', ';', '\t'} {
		if n := strings.Count(string(line), string(sep)); n > most {
			best, most = sep, n
		}
	}
	return best
}

// understand finds what each column means. A column that is not known stops the import: it may be a misspelt consent.
func (t *table) understand() error {
	seen := map[string]bool{}
	for i, name := range t.header {
		key := strings.ToLower(name)
		if slices.ContainsFunc(t.o.skip, func(s string) bool { return strings.EqualFold(s, name) }) {
			t.fill = append(t.fill, nil)
			continue
		}
		fill := t.column(key)
		switch {
		case name == "":
			return invalid("column %d has no name; name it or delete it", i+1)
		case fill == nil:
			return invalid("column %q is not known. Columns are phone, address, name, locale, timezone, consent_<purpose>, consent_source, consent_at, consent_wording, "+
				"fact.<name> (fact.<name>:number, fact.<name>:bool). Rename it, such as to fact.%s, or leave it out with --skip %q", name, factName(name), name)
		case seen[key]:
			return invalid("there are two columns %q", name)
		}
		if meant := nearest.Slip(purposeOf(key), preferences.Purposes()); meant != "" {
			return invalid("column %q: did you mean consent_%s?", name, meant)
		}
		seen[key] = true
		t.fill = append(t.fill, fill)
	}
	if !seen["phone"] && !seen["address"] {
		return invalid("there is no column phone or address: nobody could be reached")
	}
	return t.consentColumns(seen)
}

var (
	consentColumn = regexp.MustCompile(`^consent_([a-z0-9_]{1,56})$`)
	factColumn    = regexp.MustCompile(`^fact\.([^:\s]{1,64})(:number|:bool)?$`)
)

func factName(name string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == ' ' || r == ':' || r == '.' }), "_")
}

// consentColumns: who has no recorded yes is never sent an ad, and a yes without where and when proves nothing.
func (t *table) consentColumns(seen map[string]bool) error {
	consents := false
	for name := range seen {
		consents = consents || purposeOf(name) != ""
	}
	switch {
	case t.o.withoutConsent && !consents:
		return nil
	case !consents:
		return invalid("there is no consent column. People may only be asked and sent offers after a yes that is on record: add the columns consent_marketing (yes or no), " +
			"consent_source (where they said so) and consent_at (when). To import people who will not be sent any, say --without-consent")
	case !seen["consent_source"] && t.o.source == "":
		return invalid("there is no column consent_source: a yes without where it was given proves nothing. Add it, or say --consent-source \"checkout form\" for all rows")
	case !seen["consent_at"] && t.o.at == "":
		return invalid("there is no column consent_at: a yes without when it was given proves nothing. Add it, or say --consent-at 2026-11-01 for all rows")
	}
	return nil
}

// purposeOf is the purpose of a consent column; empty: it is none.
func purposeOf(column string) string {
	m := consentColumn.FindStringSubmatch(column)
	if m == nil || m[1] == "source" || m[1] == "at" || m[1] == "wording" {
		return ""
	}
	return m[1]
}

// column is what a cell of that column does to a contact.
func (t *table) column(name string) func(*contactRow, string) error {
	set := func(to func(*contactRow) *string) func(*contactRow, string) error {
		return func(c *contactRow, s string) error { *to(c) = s; return nil }
	}
	switch name {
	case "phone":
		return func(c *contactRow, s string) error {
			a, err := address.Phone(s, t.o.region)
			if err == nil && !slices.Contains(c.Addresses, a.String()) {
				c.Addresses = append(c.Addresses, a.String())
			}
			return err
		}
	case "address":
		return func(c *contactRow, s string) error {
			c.Addresses = append(c.Addresses, strings.Fields(s)...)
			return nil
		}
	case "name":
		return set(func(c *contactRow) *string { return &c.Name })
	case "locale":
		return set(func(c *contactRow) *string { return &c.Locale })
	case "timezone":
		return set(func(c *contactRow) *string { return &c.Timezone })
	case "consent_source":
		return set(func(c *contactRow) *string { return &c.source })
	case "consent_wording":
		return set(func(c *contactRow) *string { return &c.wording })
	case "consent_at":
		return func(c *contactRow, s string) (err error) { c.at, err = moment(s, t.o.zone); return err }
	}
	if purpose := purposeOf(name); purpose != "" {
		return func(c *contactRow, s string) error {
			yes, err := yesNo(s)
			c.Consents = append(c.Consents, consentRow{Purpose: purpose, Granted: yes})
			return err
		}
	}
	if m := factColumn.FindStringSubmatch(name); m != nil {
		return func(c *contactRow, s string) error { return c.fact(m[1], m[2], s) }
	}
	return nil
}

// fact keeps a cell as text unless the column says otherwise: a customer number or postcode looks like a number.
func (c *contactRow) fact(name, kind, s string) error {
	var v any = s
	var err error
	switch kind {
	case ":number":
		if v, err = strconv.ParseFloat(s, 64); err != nil {
			return errors.New("must be a number with a decimal point and no separators, such as 1250000.5")
		}
	case ":bool":
		if v, err = yesNo(s); err != nil {
			return err
		}
	}
	if c.Facts == nil {
		c.Facts = map[string]any{}
	}
	c.Facts[name] = v
	return nil
}

func yesNo(s string) (bool, error) {
	switch strings.ToLower(s) {
	case "yes", "y", "true", "1", "x", "có", "đồng ý":
		return true, nil
	case "no", "n", "false", "0", "không":
		return false, nil
	}
	return false, errors.New("must be yes or no")
}

// moment reads a date, or a date and time, with the year first: of 03/04/2026 nobody can say which day it is.
func moment(s string, zone *time.Location) (string, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02", "2006-01-02 15:04", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if at, err := time.ParseInLocation(layout, s, zone); err == nil {
			return at.Format(time.RFC3339), nil
		}
	}
	return "", errors.New("must be a date with the year first, such as 2026-11-01, 2026-11-01 09:00 or 2026-11-01T09:00:00+07:00")
}

func (t *table) columns() []string { return t.header }

func (t *table) next() (row, error) {
	fields, err := t.in.Read()
	if errors.Is(err, io.EOF) {
		return row{}, io.EOF
	}
	if broken := (*csv.ParseError)(nil); errors.As(err, &broken) {
		r := row{line: broken.StartLine, raw: fields, bad: broken.Err.Error()}
		if errors.Is(err, csv.ErrFieldCount) {
			r.bad = fmt.Sprintf("has %d fields; the header row has %d", len(fields), len(t.header))
		}
		return r, nil
	}
	if err != nil {
		return row{}, fmt.Errorf("reading: %w", err)
	}
	line, _ := t.in.FieldPos(0)
	r := row{line: line, raw: fields}
	t.read(&r)
	return r, nil
}

// read makes a contact of a row.
func (t *table) read(r *row) {
	var c contactRow
	for i, cell := range r.raw {
		cell = strings.TrimSpace(cell)
		switch {
		case !utf8.ValidString(cell):
			r.bad = t.header[i] + " is not UTF-8"
			return
		case cell == "" || t.fill[i] == nil:
			continue
		}
		if err := t.fill[i](&c, cell); err != nil {
			r.bad = t.header[i] + ": " + strings.TrimPrefix(err.Error(), address.ErrInvalid.Error()+": ")
			return
		}
	}
	if err := c.proof(t.o); err != nil {
		r.bad = err.Error()
		return
	}
	body, err := json.Marshal(c)
	if err != nil {
		r.bad = "cannot be sent: a number is not finite"
		return
	}
	r.body = body
	r.check()
}

// proof gives the row's consents their source and time.
func (c *contactRow) proof(o rowOptions) error {
	if len(c.Addresses) == 0 {
		return errors.New("has neither phone nor address")
	}
	source, at := c.source, c.at
	if source == "" {
		source = o.source
	}
	if at == "" {
		at = o.at
	}
	for i := range c.Consents {
		if source == "" || at == "" {
			return errors.New("has a consent without consent_source or consent_at, so it proves nothing")
		}
		c.Consents[i].Source, c.Consents[i].At, c.Consents[i].Wording = source, at, c.wording
	}
	return nil
}

// options checks what the flags say.
func (o *rowOptions) check(zone string) error {
	z, ok := preferences.Zone(zone)
	if !ok {
		return invalid("there is no timezone %q; write a name such as Asia/Ho_Chi_Minh", zone)
	}
	o.zone = z
	if o.at == "" {
		return nil
	}
	at, err := moment(o.at, z)
	if err != nil {
		return invalid("--consent-at %w", err)
	}
	o.at = at
	return nil
}
