package twilio

import (
	"context"
	"errors"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/hoidap/hoidap/adapters"
)

// Probe asks for the balance, which checks the credentials too. Subaccounts have no balance of their own; refused
// credentials are a finding, not an error.
func (a *Adapter) Probe(ctx context.Context) (adapters.Health, error) {
	c := a.begin(ctx)
	defer c.end()
	got, err := c.service.FetchBalance(&api.FetchBalanceParams{})
	var e *adapters.Error
	if errors.As(err, &e) && e.Fault == adapters.Operator {
		return adapters.Health{Detail: e.Error()}, nil
	}
	if err != nil {
		return adapters.Health{}, err
	}
	h := adapters.Health{OK: true}
	if got.Balance != nil && got.Currency != nil {
		h.Balance = *got.Balance + " " + *got.Currency
	}
	return h, nil
}
