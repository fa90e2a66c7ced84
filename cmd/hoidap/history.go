package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/understand"
)

// pastReply is a reply from history: a line of parse's own format, or one of the API's replies.
type pastReply struct {
	ID       json.RawMessage   `json:"id"`
	Campaign string            `json:"campaign"`
	Question json.RawMessage   `json:"question"` // its id, or the question itself
	Locale   string            `json:"locale"`
	Now      time.Time         `json:"now"`
	Text     *string           `json:"text"`
	Status   understand.Status `json:"status"` // how it was understood; may be absent
	Value    json.RawMessage   `json:"value"`

	questionID string
	question   *understand.Question
}

// complete looks at what was read from one line.
func (p *pastReply) complete() error {
	if p.Text == nil {
		return errors.New(`"text" is missing`)
	}
	if len(p.Question) == 0 || string(p.Question) == "null" {
		return errors.New(`"question" is missing: its id, or the question itself`)
	}
	if p.Question[0] == '"' {
		return json.Unmarshal(p.Question, &p.questionID)
	}
	if err := json.Unmarshal(p.Question, &p.question); err != nil {
		return err
	}
	id := p.ID
	if len(id) == 0 {
		id = json.RawMessage("0") // nobody needs to name a reply to have it read again
	}
	in := parseInput{ID: id, Locale: p.Locale, Now: p.Now, Question: p.question, Text: p.Text}
	return in.check()
}

func (p *pastReply) ask() understand.Ask { return understand.Ask{Locale: p.Locale, Now: p.Now} }

// readHistory gives each reply of JSON lines to take, and tells tell of those that cannot be read.
func readHistory(in io.Reader, take func(pastReply), tell func(error)) error {
	src := bufio.NewReaderSize(in, 64<<10)
	for n := 1; ; n++ {
		line, tooLong, err := readLine(src)
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("reading line %d: %w", n, err)
		}
		if len(line) > 0 || tooLong {
			var p pastReply
			if e := readPast(line, tooLong, &p); e != nil {
				tell(fmt.Errorf("line %d: %w", n, e))
			} else {
				take(p)
			}
		}
		if err != nil {
			return nil
		}
	}
}

func readPast(line []byte, tooLong bool, p *pastReply) error {
	if tooLong {
		return fmt.Errorf("the line is longer than %d bytes", maxParseLine)
	}
	if err := json.Unmarshal(line, p); err != nil {
		return fmt.Errorf("not a JSON object of the expected form: %w", err)
	}
	return p.complete()
}

// historyPage is how many contacts a call looks through.
const historyPage = 200

// history gives each reply to a campaign that the gateway's ledgers hold to take; question "" means all.
func (c *client) history(ctx context.Context, campaign, question string, take func(pastReply)) error {
	for cursor := ""; ; {
		q := url.Values{"limit": {strconv.Itoa(historyPage)}}
		if question != "" {
			q.Set("question", question)
		}
		if cursor != "" {
			q.Set("cursor", cursor)
		}
		var page struct {
			Replies []pastReply
			Next    string `json:"next_cursor"`
		}
		if err := c.exchange(ctx, http.MethodGet, "/campaigns/"+url.PathEscape(campaign)+"/replies?"+q.Encode(), nil, &page); err != nil {
			return err
		}
		for _, p := range page.Replies {
			if err := p.complete(); err != nil {
				return fatalError{"the answer has a reply that cannot be read: " + err.Error()}
			}
			take(p)
		}
		if cursor = page.Next; cursor == "" {
			return nil
		}
	}
}

// readable reports why a question cannot read a reply; dates are read from the day of the reply.
func readable(q *understand.Question, p pastReply) error {
	if q.Kind == preferences.Date && p.Now.IsZero() {
		return errors.New(`"now" is missing: a date is read from the day of the reply`)
	}
	return nil
}
