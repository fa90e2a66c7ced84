package whatsapp

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
	"github.com/hoidap/hoidap/adapters/meta"
)

// Fetch reads an attachment of a customer's message. Meta is asked for its address, which holds for some minutes and
// needs the token, too; the token goes to Meta's hosts only, and no redirect is followed.
func (a *Adapter) Fetch(ctx context.Context, ref string) (io.ReadCloser, error) {
	id, ok := strings.CutPrefix(ref, mediaRef)
	if !ok || meta.Digits(id) != nil {
		return nil, errors.New("not an attachment of WhatsApp's")
	}
	var told struct {
		URL string `json:"url"`
	}
	if _, err := a.graph.Get(ctx, "/"+id, "", &told); err != nil {
		return nil, fmt.Errorf("asking where the attachment is: %w", err)
	}
	u, err := url.Parse(told.URL)
	if err != nil || !a.graph.Owns(u) {
		return nil, errors.New("the attachment is not at one of Meta's hosts")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, errors.New("the attachment has no valid address")
	}
	req.Header = a.graph.Header()
	req.Header.Set("User-Agent", "hoidap")
	return download(a.acc.HTTPClient, req)
}

func download(client *http.Client, req *http.Request) (io.ReadCloser, error) {
	c := *client
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := c.Do(req)
	if err != nil {
		return nil, &adapters.Error{Fault: adapters.Transient, Detail: "the attachment did not come", Err: httpcall.Bare(err)}
	}
	if res.StatusCode != http.StatusOK {
		res.Body.Close() //nolint:errcheck // nothing of it is read
		return nil, fmt.Errorf("the attachment was answered with HTTP %d", res.StatusCode)
	}
	return res.Body, nil
}
