package viber

import (
	"context"
	"errors"
	"fmt"

	"github.com/hoidap/hoidap/adapters"
)

// Register tells Viber where the webhook is. Viber calls it at once, and takes no address that does not answer: the gateway
// must be listening. Messages come in any case; the rest is asked for.
func (a *Adapter) Register(ctx context.Context, callback string) error {
	_, err := a.call(ctx, "/pa/set_webhook", map[string]any{
		"url": callback, "event_types": []string{"delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started"},
		"send_name": true, "send_photo": false,
	}, &struct{}{})
	return err
}

// Probe asks for the bot, which checks the token. A token that is refused is a finding, not an error.
func (a *Adapter) Probe(ctx context.Context) (adapters.Health, error) {
	var bot struct {
		Name        string `json:"name"`
		URI         string `json:"uri"`
		Webhook     string `json:"webhook"`
		Subscribers int64  `json:"subscribers_count"`
	}
	_, err := a.call(ctx, "/pa/get_account_info", struct{}{}, &bot)
	var e *adapters.Error
	switch {
	case errors.As(err, &e) && e.Fault == adapters.Operator:
		return adapters.Health{Detail: e.Error()}, nil
	case err != nil:
		return adapters.Health{}, fmt.Errorf("asking for the bot: %w", err)
	case bot.Webhook == "":
		return adapters.Health{Detail: bot.URI + " has no webhook"}, nil
	}
	return adapters.Health{OK: true, Detail: fmt.Sprintf("%s (%s), %d subscribers", bot.Name, bot.URI, bot.Subscribers)}, nil
}
