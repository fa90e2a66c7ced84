package main

import (
	"slices"
	"testing"

	"github.com/hoidap/hoidap/config"
	"github.com/hoidap/hoidap/gateway/record"
)

// What the configuration lets an endpoint ask for is what the gateway tells: the two packages do not know each other.
func TestWebhooksAreToldWhatTheyMayAskFor(t *testing.T) {
	t.Parallel()
	c, problems := config.Load("hoidap.yaml", func(string) string { return "" }, func(string) ([]byte, error) {
		return []byte("brand: b\naccounts: {sms: {adapter: twilio}}\nredis: {url: redis://h}\nwebhooks:\n  - {url: https://shop.example.com/hooks, secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw}\n"), nil
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	asks, tells := slices.Sorted(slices.Values(c.Webhooks[0].Events)), slices.Sorted(slices.Values(record.NoticeTypes()))
	if !slices.Equal(asks, tells) {
		t.Errorf("an endpoint may ask for %v, and is told of %v", asks, tells)
	}
}
