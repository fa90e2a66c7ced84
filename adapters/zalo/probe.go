package zalo

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
)

// who is what Zalo says of an OA.
type who struct {
	ID   id     `json:"oa_id"`
	Old  id     `json:"oaid"` // so called in older answers
	Name string `json:"name"`
}

const aboutOA = "/v2.0/oa/getoa"

// whose asks which OA a token is of.
func (a *Adapter) whose(ctx context.Context, token string) (oa, name string, err error) {
	answer, said, err := a.ask(ctx, a.chat, httpcall.Call{Path: aboutOA}, token)
	if err == nil {
		err = a.refused(answer, said.Error)
	}
	if err != nil {
		return "", "", err
	}
	return readWho(answer, said.Data)
}

func readWho(answer httpcall.Answer, data json.RawMessage) (oa, name string, err error) {
	var w who
	_ = json.Unmarshal(data, &w) // what is not there is missed below
	if w.ID == "" {
		w.ID = w.Old
	}
	if w.ID == "" {
		return "", "", answer.Odd("names no Official Account")
	}
	return string(w.ID), w.Name, nil
}

// Probe asks who the OA is, which checks the token, and tells when somebody must act: before the token ends, too.
func (a *Adapter) Probe(ctx context.Context) (adapters.Health, error) {
	answer, data, err := a.call(ctx, a.chat, httpcall.Call{Path: aboutOA})
	var e *adapters.Error
	if errors.As(err, &e) && e.Fault == adapters.Operator {
		return adapters.Health{Detail: e.Error()}, nil
	}
	if err != nil {
		return adapters.Health{}, err
	}
	oa, name, err := readWho(answer, data)
	switch {
	case err != nil:
		return adapters.Health{}, err
	case oa != a.acc.Settings["oa_id"]:
		return adapters.Health{Detail: "the token is of another Official Account than oa_id"}, nil
	}
	kept, err := a.tokens.read(ctx)
	if err != nil {
		return adapters.Health{}, err
	}
	if kept.Lost {
		return adapters.Health{Detail: mustConsent(kept.pair).Error()}, nil
	}
	return adapters.Health{OK: true, Detail: name}, nil
}
