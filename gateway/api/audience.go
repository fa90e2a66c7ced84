package api

import (
	"context"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/campaigns/expr"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/web"
	"github.com/hoidap/hoidap/preferences/address"
)

const (
	maxRule = 4000
	// enough is after how long somebody is told how far a look through all contacts is, who does not want to be told meanwhile.
	enough = 15 * time.Second
	ndjson = "application/x-ndjson"
)

// GetVocabulary is what rules can speak of.
func (h *handlers) GetVocabulary(c echo.Context) error {
	v, err := h.control.Vocabulary(c.Request().Context())
	v.Attributes, v.Purposes, v.Facts, v.Channels = full(v.Attributes), full(v.Purposes), full(v.Facts), full(v.Channels)
	return ok(c, v, err)
}

// mistakeOut is a mistake in a rule, with its place.
type mistakeOut struct {
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// CheckRule says whether a rule has a mistake.
func (h *handlers) CheckRule(c echo.Context) error {
	var rule string
	err := decode(c, func(o *object) {
		if rule = o.optional("rule", maxRule); o.fields["rule"] == nil {
			o.missing("rule", "the condition")
		}
	})
	if err != nil {
		return err
	}
	var out struct {
		OK      bool        `json:"ok"`
		Mistake *mistakeOut `json:"mistake,omitempty"`
	}
	err = h.control.CheckRule(c.Request().Context(), rule)
	if x := (*control.RuleError)(nil); errors.As(err, &x) {
		out.Mistake = &mistakeOut{x.Mistake.Line, x.Mistake.Column, x.Mistake.Message, x.Mistake.Hint}
		err = nil
	}
	out.OK = out.Mistake == nil
	return ok(c, out, err)
}

// ruleProblem is a mistake in a rule as a problem.
func ruleProblem(err error) error {
	x := (*control.RuleError)(nil)
	if !errors.As(err, &x) {
		return err
	}
	return web.NewProblem(http.StatusBadRequest, sentence(err, control.ErrInvalid), web.FieldError{Pointer: "#/rule", Detail: x.Mistake.Error()})
}

// countOut is a count as it is answered.
type countOut struct {
	Of         int64            `json:"of"`
	Looked     int64            `json:"looked"`
	Matches    int64            `json:"matches"`
	Asked      int64            `json:"asked"`
	Waiting    int64            `json:"waiting"`
	Held       map[string]int64 `json:"held"`
	Channels   map[string]int64 `json:"channels"`
	Excluded   map[string]int64 `json:"excluded"`
	Unreadable int64            `json:"unreadable,omitempty"`
	Samples    []audienceOut    `json:"samples"`
	At         time.Time        `json:"at"`
	Seconds    float64          `json:"seconds"`
	Done       bool             `json:"done"`
	Exact      bool             `json:"exact,omitempty"`
}

// audienceOut is somebody in an audience, and what would become of them.
type audienceOut struct {
	Contact string          `json:"contact"`
	Name    string          `json:"name,omitempty"`
	Address string          `json:"address"`
	Asked   bool            `json:"asked"`
	Reason  string          `json:"reason,omitempty"`
	Detail  map[string]any  `json:"detail,omitempty"`
	Until   time.Time       `json:"until,omitzero"`
	Account string          `json:"account,omitempty"`
	Channel address.Channel `json:"channel,omitempty"`
	Why     []expr.Term     `json:"why,omitempty"`
}

func shownPerson(p control.AudiencePerson) audienceOut {
	v := p.Verdict
	return audienceOut{Contact: p.Contact, Name: p.Name, Address: p.Address, Asked: v.Asked, Reason: v.Reason, Detail: v.Detail, Until: v.Until, Account: v.Account, Channel: v.Channel}
}

func shownCount(n control.AudienceCount) countOut {
	out := countOut{Of: n.Of, Looked: n.Looked, Matches: n.Matches, Asked: n.Asked, Waiting: n.Waiting, Held: counted(n.Held), Channels: counted(n.Channels),
		Excluded: counted(n.Excluded), Unreadable: n.Unreadable, Samples: []audienceOut{}, At: n.At, Seconds: n.Took.Seconds(), Done: n.Done, Exact: n.Exact}
	for _, x := range n.Samples {
		p := shownPerson(x.AudiencePerson)
		p.Why = x.Why
		out.Samples = append(out.Samples, p)
	}
	return out
}

// counted is the map, or an empty one.
func counted[T any](m map[string]T) map[string]T {
	if m == nil {
		return map[string]T{}
	}
	return m
}

// CountAudience counts whom a rule fits: line by line for those who want to see it grow, and else for as long as a caller
// waits.
func (h *handlers) CountAudience(c echo.Context) error {
	var q control.AudienceQuery
	err := decode(c, func(o *object) {
		q.Rule, q.Campaign = o.optional("rule", maxRule), o.optional("campaign", maxID)
		q.MaxAge = time.Duration(o.whole("max_age", 0, 0, 3600)) * time.Second
	})
	if err != nil {
		return err
	}
	return told(c, func(ctx context.Context, tell func(control.AudienceCount)) (control.AudienceCount, error) {
		n, err := h.control.CountAudience(ctx, q, tell)
		return n, ruleProblem(err)
	}, func(n control.AudienceCount) (any, bool) { return shownCount(n), !n.At.IsZero() })
}

// told answers with what takes long: line by line for those who want to see it grow, and else for as long as a caller waits.
// show makes the answer, and says whether there is any yet.
func told[T any](c echo.Context, work func(ctx context.Context, tell func(T)) (T, error), show func(T) (any, bool)) error {
	if wantsLines(c.Request()) {
		return lines(c, work, show)
	}
	whole := func(c echo.Context) error {
		ctx, cancel := context.WithTimeout(c.Request().Context(), enough)
		defer cancel()
		n, err := work(ctx, nil)
		out, some := show(n)
		if errors.Is(err, context.DeadlineExceeded) && some {
			err = nil // how far it is
		}
		return ok(c, out, err)
	}
	return tagged(whole)(c)
}

// wantsLines reports whether a caller asks for JSON line by line.
func wantsLines(r *http.Request) bool {
	for _, v := range r.Header.Values("Accept") {
		for one := range strings.SplitSeq(v, ",") {
			if kind, _, err := mime.ParseMediaType(one); err == nil && kind == ndjson {
				return true
			}
		}
	}
	return false
}

// lines ends with its caller. What goes wrong amid the lines ends them before one says done.
func lines[T any](c echo.Context, work func(ctx context.Context, tell func(T)) (T, error), show func(T) (any, bool)) error {
	ctx, cancel := context.WithCancel(c.Request().Context())
	defer cancel()
	encoder := json.NewEncoder(c.Response())
	tell := func(n T) {
		out, some := show(n)
		if !some {
			return
		}
		if !c.Response().Committed {
			c.Response().Header().Set(echo.HeaderContentType, ndjson)
			c.Response().Header().Set("X-Accel-Buffering", "no")
			c.Response().WriteHeader(http.StatusOK)
		}
		if encoder.Encode(out) != nil {
			cancel() // nobody reads any more
			return
		}
		c.Response().Flush()
	}
	n, err := work(ctx, tell)
	if err != nil {
		return err
	}
	tell(n)
	return nil
}

// GetAudiencePeople is a page of those in a part.
func (h *handlers) GetAudiencePeople(c echo.Context) error {
	var q control.AudienceQuery
	var part control.AudiencePart
	var cursor string
	n := 50
	err := decode(c, func(o *object) {
		q.Rule, q.Campaign = o.optional("rule", maxRule), o.optional("campaign", maxID)
		part.Kind, part.Reason = o.oneOf("part", "asked", "held", "waiting", "excluded"), o.optional("reason", 64)
		cursor, n = o.optional("cursor", maxParameter), o.whole("limit", 50, 1, 200)
	})
	if err != nil {
		return err
	}
	page, next, err := h.control.AudiencePeople(c.Request().Context(), q, part, cursor, n)
	people := make([]audienceOut, len(page))
	for i, p := range page {
		people[i] = shownPerson(p)
	}
	return paged(c, "people", people, next, ruleProblem(err))
}
