package console

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences/address"
)

// foundMost bounds what a search shows of each kind.
const foundMost = 6

func (c *console) searching() []route {
	return []route{{http.MethodGet, "/search", access.Viewer, bounded(c.search)}}
}

// hit is one thing that a search found.
type hit struct {
	Kind, Path, Name, More string
}

// search looks through screens, campaigns, offers and people. A person is found by a whole number, address or id: nobody
// can browse customers by guessing.
func (c *console) search(x echo.Context) error {
	q := strings.TrimSpace(x.QueryParam("q"))
	if len(q) > 200 {
		q = ""
	}
	var hits []hit
	l, role := c.langOf(x), access.Of(x.Request().Context()).Role
	words := folded(q)
	for _, s := range c.screens {
		if name := l.say(s.name + ".title"); s.menu && role >= s.least && strings.Contains(folded(name), words) {
			hits = append(hits, hit{Kind: "screen", Path: s.path, Name: name})
		}
	}
	if q != "" {
		more, err := c.find(x, q, words)
		if err != nil {
			return err
		}
		hits = append(more, hits...)
	}
	return c.fragment(x, http.StatusOK, "hits", map[string]any{"Hits": hits, "Q": q})
}

func (c *console) find(x echo.Context, q, words string) (hits []hit, err error) {
	ctx := x.Request().Context()
	campaigns, err := c.Control.Campaigns(ctx)
	if err != nil {
		return nil, err
	}
	for _, k := range campaigns {
		if len(hits) < foundMost && (strings.Contains(folded(k.Name), words) || strings.Contains(folded(k.ID), words)) {
			hits = append(hits, hit{Kind: "campaign", Path: "/campaigns/" + url.PathEscape(k.ID), Name: k.Name, More: k.ID})
		}
	}
	person, err := c.person(x, q)
	if err != nil || person == nil {
		return hits, err
	}
	return append([]hit{*person}, hits...), nil
}

// contactOf is the id of the contact whose id, number or address was typed; ErrNotFound: there is none.
func (c *console) contactOf(ctx context.Context, q string) (string, error) {
	v, err := control.ContactView{}, control.ErrNotFound
	if a, bad := address.Parse(q); bad == nil {
		v, err = c.Control.ContactByAddress(ctx, a.Current())
	} else if a, bad := address.Phone(q, "VN"); bad == nil {
		v, err = c.Control.ContactByAddress(ctx, a.Current())
	} else if strings.HasPrefix(q, "c") && strings.Contains(q, "-") {
		v, err = c.Control.Contact(ctx, q)
	}
	return v.ID, err
}

// person is a contact as search finds them.
func (c *console) person(x echo.Context, q string) (*hit, error) {
	ctx := x.Request().Context()
	id, err := c.contactOf(ctx, q)
	if errors.Is(err, control.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	v, err := c.Control.Contact(ctx, id)
	if err != nil {
		return nil, err
	}
	return &hit{Kind: "person", Path: "/people/" + url.PathEscape(v.ID), Name: v.Name, More: v.ID}, nil
}

// folded is a text as it is compared: without case and marks.
func folded(s string) string { return strings.ToLower(withoutMarks(s)) }
