package gateway

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/gateway/health"
)

// register tells a provider where webhooks go, unless it was told just that already. One that cannot be told is told again
// some minutes later; nothing waits for it.
func (m *monitor) register(ctx context.Context, a watched, r adapters.Registrar, k known) {
	if k.print == a.print {
		m.told[a.id] = true
		if k.webhook == nil || k.webhook.Problem != "" { // of another address, which is not wanted any more
			m.note(ctx, a.id, webhookNote, health.Webhook{At: m.now().UTC()})
		}
		return
	}
	if mine, err := m.store.HealthTurn(ctx, a.id, webhookNote+":"+a.print, turnFor); err != nil || !mine {
		return // whoever has the turn tells it: it is seen at the next look
	}
	err := guarded(ctx, func(ctx context.Context) error { return r.Register(ctx, a.callback) })
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		m.retryAt[a.id] = m.now().Add(probeEvery)
		m.note(ctx, a.id, webhookNote, health.Webhook{At: m.now().UTC(), Problem: plainly(err)})
		m.log.Error("a provider could not be told where webhooks go, so that answers and receipts may not come: see that public_url is reached from outside and the account's credentials are right, or tell it by hand and write register: no; trying again in some minutes",
			"account", a.id, "webhook", a.shown, "reason", plainly(err))
		return
	}
	m.told[a.id] = true
	if err := m.store.NoteHealth(ctx, a.id, printNote, []byte(a.print)); err != nil {
		m.log.Warn("that a provider knows where webhooks go could not be kept; it is told again at the next start", "account", a.id, "error", err)
	}
	m.note(ctx, a.id, webhookNote, health.Webhook{At: m.now().UTC()})
	m.log.Info("a provider was told where webhooks go", "account", a.id, "webhook", a.shown)
}

// printOf changes whenever the callback or anything else of an account does, and tells nothing of it to who does not know
// the installation's secret.
func printOf(secret string, a adapters.Account) string {
	h := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(h, "%q", a.Callback())
	for _, name := range slices.Sorted(maps.Keys(a.Settings)) {
		fmt.Fprintf(h, " %q %q", name, a.Settings[name])
	}
	return hex.EncodeToString(h.Sum(nil))
}
