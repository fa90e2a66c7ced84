package infobip

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
)

// Probe asks for the balance, which checks the key. A key that is refused, or that may not look, is a finding, not an error.
func (a *Adapter) Probe(ctx context.Context) (adapters.Health, error) {
	answer, err := a.api.Do(ctx, httpcall.Call{Path: "/account/1/balance", Header: a.authorize()})
	if err != nil {
		return adapters.Health{}, err
	}
	var got struct {
		Balance  json.Number `json:"balance"`
		Currency string      `json:"currency"`
	}
	err = a.read(answer, &got)
	var e *adapters.Error
	switch {
	case errors.As(err, &e) && e.Fault == adapters.Operator:
		return adapters.Health{Detail: e.Error()}, nil
	case err == nil && got.Balance == "":
		err = answer.Odd("names no balance")
	}
	if err != nil {
		return adapters.Health{}, err
	}
	return adapters.Health{OK: true, Balance: got.Balance.String() + " " + got.Currency}, nil
}
