package line

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
)

// Register tells LINE where the webhook is. "Use webhook" must be switched on in the console by hand.
func (a *Adapter) Register(ctx context.Context, callback string) error {
	call, err := httpcall.JSON("/v2/bot/channel/webhook/endpoint", a.authorized(nil), map[string]string{"endpoint": callback})
	if err != nil {
		return err
	}
	call.Method = http.MethodPut
	answer, err := a.api.Do(ctx, call)
	if err != nil {
		return err
	}
	return a.outcome(answer)
}

// Probe asks who the account is, which checks the token, and how many messages are left this month. A token that is
// refused is a finding, not an error.
func (a *Adapter) Probe(ctx context.Context) (adapters.Health, error) {
	var me struct {
		BasicID string `json:"basicId"`
	}
	err := a.get(ctx, "/v2/bot/info", &me)
	var e *adapters.Error
	if errors.As(err, &e) && e.Fault == adapters.Operator {
		return adapters.Health{Detail: e.Error()}, nil
	}
	if err != nil {
		return adapters.Health{}, fmt.Errorf("asking for the account: %w", err)
	}
	var quota struct {
		Type  string `json:"type"`
		Value int64  `json:"value"`
	}
	var used struct {
		Total int64 `json:"totalUsage"`
	}
	if err := errors.Join(a.get(ctx, "/v2/bot/message/quota", &quota), a.get(ctx, "/v2/bot/message/quota/consumption", &used)); err != nil {
		return adapters.Health{}, fmt.Errorf("asking for the month's messages: %w", err)
	}
	h := adapters.Health{OK: true, Detail: me.BasicID, Balance: fmt.Sprintf("%d messages sent this month, without a limit", used.Total)}
	if quota.Type == "limited" {
		h.Balance = fmt.Sprintf("%d of %d messages left this month", max(0, quota.Value-used.Total), quota.Value)
		h.OK = used.Total < quota.Value
	}
	return h, nil
}

func (a *Adapter) get(ctx context.Context, path string, v any) error {
	answer, err := a.api.Do(ctx, httpcall.Call{Path: path, Header: a.authorized(nil)})
	if err != nil {
		return err
	}
	if err := a.outcome(answer); err != nil {
		return err
	}
	return answer.JSON(v)
}

func (a *Adapter) outcome(answer httpcall.Answer) error {
	var t told
	_ = answer.JSON(&t) // a proxy's page says nothing beside its status
	return refused(answer, t.Message, a.acc.Now())
}
