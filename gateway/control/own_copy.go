package control

import (
	"context"
	"strings"

	"github.com/hoidap/hoidap/campaigns"
)

// CopyBy is everything that is kept of the customer whose page a token opens, for themselves. Only the names of the brand's
// people, and addresses that were to be proved, are left out: they are others'. That it was taken is in the ledger before anything
// is handed over.
func (s *Service) CopyBy(ctx context.Context, token string) (Export, error) {
	err := s.actBy(ctx, token, func(campaigns.State) (campaigns.Event, error) {
		return campaigns.Event{Kind: campaigns.CopyTaken}, nil
	})
	if err != nil {
		return Export{}, err
	}
	o, err := s.opened(ctx, token)
	if err != nil {
		return Export{}, err
	}
	x, err := s.export(ctx, o.state.ID)
	if err != nil {
		return Export{}, err
	}
	for i := range x.Preferences {
		x.Preferences[i].Evidence.By = ""
	}
	for i := range x.Contact.Consents {
		x.Contact.Consents[i].Source = withoutPerson(x.Contact.Consents[i].Source)
	}
	for i := range x.Ledger {
		nameless(x.Ledger[i].Detail)
	}
	return x, nil
}

// nameless takes out who of the brand's people did something, at any depth of an entry's detail.
func nameless(detail map[string]any) {
	for name, v := range detail {
		switch v := v.(type) {
		case string:
			if name == "by" && v != campaigns.ByCode && v != campaigns.ByLink {
				delete(detail, name)
			} else if name == "source" {
				detail[name] = withoutPerson(v)
			}
		case map[string]any:
			nameless(v)
		case []any:
			for _, each := range v {
				if inner, ok := each.(map[string]any); ok {
					nameless(inner)
				}
			}
		}
	}
}

// fromConsole begins the source of a consent that one of the brand's people noted; their name follows.
const fromConsole = "console "

func withoutPerson(source string) string {
	if strings.HasPrefix(source, fromConsole) {
		return strings.TrimSpace(fromConsole)
	}
	return source
}
