package twilio

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
	api "github.com/twilio/twilio-go/rest/api/v2010"
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

// Fetch reads an attachment of a customer's message. Media lie on the API's host behind the account's credentials, and
// are answered with one redirect to a storage host, which gets no credentials. Refs to other hosts are refused: they
// would come from whoever forged a webhook.
func (a *Adapter) Fetch(ctx context.Context, ref string) (io.ReadCloser, error) {
	u, err := url.Parse(ref)
	if err != nil || u.Host != a.api.URL("", "").Host && u.Host != "api.twilio.com" || !strings.HasPrefix(u.Path, "/2010-04-01/Accounts/") {
		return nil, errors.New("not an attachment of Twilio's")
	}
	own := a.api.URL(u.Path, u.RawQuery)
	res, err := a.get(ctx, own.String(), a.authorize)
	if err != nil {
		return nil, err
	}
	if res.StatusCode >= 300 && res.StatusCode <= 399 {
		to, err := res.Location()
		res.Body.Close()
		if err != nil || to.Scheme != "https" && to.Host != own.Host {
			return nil, errors.New("the attachment's redirect leads nowhere")
		}
		if res, err = a.get(ctx, to.String(), ""); err != nil {
			return nil, err
		}
	}
	if res.StatusCode != http.StatusOK {
		res.Body.Close()
		return nil, fmt.Errorf("the attachment was answered with HTTP %d", res.StatusCode)
	}
	return res.Body, nil
}

func (a *Adapter) get(ctx context.Context, target, authorize string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return nil, errors.New("the attachment has no valid URL")
	}
	if authorize != "" {
		req.Header.Set("Authorization", authorize)
	}
	res, err := a.http.Do(req)
	if err != nil {
		return nil, httpcall.Bare(err)
	}
	return res, nil
}
