package gateway_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters"
)

// stand is how it stands with a question that was asked: how often the provider was called and how often the phone shows it, what
// the ledger says of it, whether the contact's consent holds and why they are not written to any more, and whether it waits in the
// queue or lies with the dead letters.
type stand struct {
	calls, shown int
	ledger       string
	consent      bool
	suppressed   string
	waits        bool
	letter       string
}

// refusal is a provider that refuses in one way: what it does, how it stands once that has sunk in, and, where something is to
// happen yet, after how long how it stands at last.
type refusal struct {
	act   act
	then  stand
	after time.Duration
	last  stand
}

// refuses answers the first n attempts with one fault, and takes the next.
func refuses(n int, e *adapters.Error) act {
	return act{attempt: func(k int) (bool, error) {
		if k > n {
			return true, nil
		}
		return false, e
	}}
}

// TestEachFaultHasItsEnd: what each class of fault makes of a question, for the ledger, the contact, the queue and the dead letters.
// No number of throttled, held or operator's refusals counts as attempts (8), each transient one does.
func TestEachFaultHasItsEnd(t *testing.T) {
	t.Parallel()
	sent := func(calls int) stand { return stand{calls, 1, "queued, sent", true, "", false, ""} }
	refused := func(reason string) stand { return stand{1, 0, "queued, failed " + reason, true, "", false, reason} }
	soon := func(f adapters.Fault) *adapters.Error { return &adapters.Error{Fault: f, Code: "c1", Detail: "no"} }
	for kind, rows := range map[string]map[string]refusal{
		"of the message": {
			"transient, once":      {act: refuses(1, soon(adapters.Transient)), then: sent(2)},
			"transient, for ever":  {act: refuses(100, soon(adapters.Transient)), then: stand{8, 0, "queued, failed gave_up_transient", true, "", false, "gave_up_transient"}},
			"recipient":            {act: refuses(100, soon(adapters.Recipient)), then: refused("recipient")},
			"window":               {act: refuses(100, soon(adapters.Window)), then: refused("window")},
			"message":              {act: refuses(100, soon(adapters.BadMessage)), then: refused("message")},
			"stopped":              {act: refuses(100, soon(adapters.Stopped)), then: stand{1, 0, "queued, failed stopped", false, "provider", false, ""}},
			"unknown":              {act: refuses(100, soon(adapters.Unknown)), then: stand{1, 0, "queued, failed unknown_outcome", true, "", false, ""}},
			"stopped on its way":   {act: refuses(10, &adapters.Error{Fault: adapters.Transient, Err: adapters.ErrHeld}), then: sent(11)},
			"throttled, ten times": {act: refuses(10, soon(adapters.Throttled)), then: sent(11)},
			"later": {act: refuses(1, soon(adapters.Later)), then: stand{1, 0, "queued, held provider_later", true, "", true, ""},
				after: time.Minute, last: stand{2, 1, "queued, held provider_later, sent", true, "", false, ""}},
		},
		"of the account": {
			"operator, ten times": {act: refuses(10, soon(adapters.Operator)), then: stand{1, 0, "queued", true, "", true, ""},
				after: 11 * time.Minute, last: sent(11)},
		},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			refusedSo(t, rows)
		})
	}
}

// refusedSo has a question asked of somebody in each row, and looks what becomes of it.
func refusedSo(t *testing.T, rows map[string]refusal) {
	c := newCarrier(t, adapters.Blind)
	r := carried(t, c, hasty)
	ids, numbers := map[string]string{}, map[string]string{}
	for name, row := range rows {
		numbers[name] = fmt.Sprintf("+8490%07d", 1000000+len(ids))
		ids[name] = r.contact(numbers[name], "Lan")
		c.plays(numbers[name], row.act)
	}
	r.run("style")
	stands := func(name string) stand { return r.standOf(c, ids[name], numbers[name]) }
	for name, row := range rows {
		r.comesTo(name, row.then, func() stand { return stands(name) })
	}
	for name, row := range rows {
		if row.after == 0 {
			continue
		}
		for range row.after / time.Minute {
			calls, _ := c.saw(numbers[name])
			r.clock.Forward(time.Minute)
			r.until("the provider is asked again", func() bool { now, _ := c.saw(numbers[name]); return now > calls || stands(name) == row.last })
		}
		r.comesTo(name, row.last, func() stand { return stands(name) })
	}
	for name, row := range rows {
		if row.after == 0 {
			require.Equal(t, row.then, stands(name), "%s: nothing more comes of it", name)
		}
	}
}

// comesTo waits until it stands so, and says how it stands where it never does.
func (r *rig) comesTo(name string, want stand, now func() stand) {
	r.t.Helper()
	limit := time.Now().Add(patience)
	r.until(name, func() bool { return now() == want || time.Now().After(limit.Add(-time.Second)) })
	require.Equal(r.t, want, now(), name)
}

func (r *rig) standOf(c *carrier, id, number string) (s stand) {
	r.t.Helper()
	s.calls, s.shown = c.saw(number)
	var told []string
	for _, e := range r.ledger(id) {
		if kind, ok := strings.CutPrefix(e.Kind, "message."); ok {
			told = append(told, strings.TrimSpace(kind+" "+e.Reason))
		}
	}
	s.ledger = strings.Join(told, ", ")
	var v struct {
		Consents   []struct{ Granted bool }
		Suppressed struct{ Reason string }
	}
	require.Equal(r.t, http.StatusOK, r.call("GET", "/api/v1/contacts/"+id, nil, &v))
	s.suppressed, s.consent = v.Suppressed.Reason, len(v.Consents) > 0
	for _, k := range v.Consents {
		s.consent = s.consent && k.Granted
	}
	for _, l := range r.dead("") {
		if l.Contact == id {
			s.letter = l.Reason
		}
	}
	for key, what := range r.redis.Everything() {
		s.waits = s.waits || strings.Contains(key, "}:out:due:") && strings.Contains(what, id)
	}
	return s
}
