package http

import (
	"errors"
	"strings"

	"github.com/hoidap/hoidap/adapters"
)

// reporting is how receipts are read.
type reporting struct {
	when                           all
	theirs, ours, to, time, failed *source
	states                         []stateRule
}

// stateRule says what a receipt means.
type stateRule struct {
	when   all
	status adapters.Status
	fault  adapters.Fault
}

func statuses() map[string]adapters.Status {
	return map[string]adapters.Status{
		"queued": adapters.Queued, "sent": adapters.SentOn, "delivered": adapters.Delivered, "read": adapters.Read,
		"undelivered": adapters.Undelivered, "failed": adapters.Failed,
	}
}

// parseStates reads lines of condition -> state, or condition -> failed fault.
func parseStates(v string) (out []stateRule, err error) {
	for n, line := range lines(v) {
		when, meaning, err := arrow(line)
		if err != nil {
			return nil, inLine(n, err)
		}
		word, why, _ := strings.Cut(meaning, " ")
		status, known := statuses()[word]
		fault, understood := faults()[strings.TrimSpace(why)]
		switch {
		case !known:
			return nil, inLine(n, errors.New("must mean queued, sent, delivered, read, undelivered or failed"))
		case why != "" && (!understood || status != adapters.Failed && status != adapters.Undelivered):
			return nil, inLine(n, errors.New("may have a fault such as recipient behind undelivered and failed, and nothing behind the others"))
		}
		out = append(out, stateRule{when, status, fault})
	}
	return out, nil
}

// state is what an event means as a receipt.
func (r reporting) state(in scene) (stateRule, bool) {
	for _, s := range r.states {
		if s.when.hold(in) {
			return s, true
		}
	}
	return stateRule{}, false
}

// is reports whether an event is a receipt.
func (r reporting) is(in scene) bool {
	if r.when != nil || len(r.states) == 0 {
		return r.when.hold(in)
	}
	_, fits := r.state(in)
	return fits && r.theirs.value(in)+r.ours.value(in) != ""
}

// highest is the highest status that receipts tell.
func (in incoming) highest() adapters.Status {
	top := adapters.SentOn
	for _, s := range in.status.states {
		if s.status == adapters.Read || s.status == adapters.Delivered && top != adapters.Read {
			top = s.status
		}
	}
	return top
}

// report reads a receipt; why says what is missing.
func (a *Adapter) report(in scene, c *call) (e adapters.Event, why string) {
	r := a.in.status
	e = adapters.Event{Kind: adapters.Report, At: a.in.clock.at(r.time, in, c.At), Theirs: r.theirs.value(in)}
	if ours := r.ours.value(in); adapters.IsMessageID(ours) {
		e.Ours = ours
	}
	state, known := r.state(in)
	switch {
	case e.Ours+e.Theirs == "":
		return e, "a receipt for no message"
	case !known:
		return e, "states"
	}
	e.From, _ = a.customer(r.to.value(in))
	e.Status, e.Fault = state.status, state.fault
	if code := r.failed.value(in); codeForm.MatchString(code) && (e.Status == adapters.Failed || e.Status == adapters.Undelivered) {
		e.Code = code
	}
	e.ID = "report/" + e.Theirs + "/" + e.Ours + "/" + string(e.Status)
	return e, ""
}
