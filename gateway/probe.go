package gateway

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/gateway/health"
)

const (
	probeEvery = 5 * time.Minute
	askLimit   = 20 * time.Second // for one question to a provider
	turnFor    = 30 * time.Second // how long nobody else of the same configuration asks: longer than a question takes
)

// ask asks the providers how their accounts are, and tells them where webhooks go, as far as either is due.
func (m *monitor) ask(ctx context.Context) {
	for _, a := range m.accounts {
		prober, probes := a.adapter.(adapters.Prober)
		registrar, registers := a.adapter.(adapters.Registrar)
		registers = registers && !a.byHand && !m.told[a.id] && !m.now().Before(m.retryAt[a.id])
		if !probes && !registers {
			continue
		}
		k, err := m.known(ctx, a.id)
		if err != nil {
			continue // Redis is away: what is found out could not be kept
		}
		if registers {
			m.register(ctx, a, registrar, k)
		}
		if probes {
			m.probe(ctx, a, prober, k)
		}
	}
}

// finding is what a probe found, and with which configuration.
type finding struct {
	health.Probe
	Print string `json:"print"`
}

// due reports whether it is time to ask a provider. At its start a replica asks in any case, since something may have been
// mended, unless another one that started with it just has.
func (m *monitor) due(a watched, last *finding) bool {
	if last == nil {
		return true
	}
	age := m.now().Sub(last.At)
	if last.Print == a.print && age < turnFor {
		m.probed[a.id] = true
	}
	return !m.probed[a.id] || age >= probeEvery
}

// probe asks a provider, where it is time to.
func (m *monitor) probe(ctx context.Context, a watched, p adapters.Prober, k known) {
	if !m.due(a, k.probe) {
		return
	}
	if mine, err := m.store.HealthTurn(ctx, a.id, probeNote+":"+a.print, turnFor); err != nil || !mine {
		return
	}
	found := health.Probe{}
	err := guarded(ctx, func(ctx context.Context) error {
		h, err := p.Probe(ctx)
		found = health.Probe{OK: h.OK, Detail: h.Detail, Balance: h.Balance, Quota: h.Quota, Expires: h.Expires}
		return err
	})
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		found = health.Probe{Away: !refuses(err), Detail: plainly(err)}
	}
	m.probed[a.id], found.At = true, m.now().UTC()
	m.note(ctx, a.id, probeNote, finding{found, a.print})
	switch {
	case found.Away:
		m.log.Warn("a provider could not be asked how its account is; trying again in some minutes", "account", a.id, "reason", found.Detail)
	case !found.OK:
		m.log.Error("a provider does not take the account as it is: see to its credentials, balance and configuration", "account", a.id, "reason", found.Detail)
	}
}

// guarded asks a provider something, within a time. A panicking adapter must not take the gateway down with it.
func guarded(ctx context.Context, question func(context.Context) error) (err error) {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the adapter panicked: %v", r)
		}
	}()
	return question(ctx)
}

// refuses reports whether an error is the provider's no to the account.
func refuses(err error) bool {
	var e *adapters.Error
	return errors.As(err, &e) && e.Fault == adapters.Operator
}

// plainly says what went wrong, without what an error from below might hold: addresses with a token in them, say.
func plainly(err error) string {
	var e *adapters.Error
	switch {
	case errors.As(err, &e):
		return e.Error()
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("no answer within %s", askLimit)
	}
	return "no answer, or none that can be read"
}
