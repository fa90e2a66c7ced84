package sender

import (
	"fmt"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/campaigns"
)

// Show is what the account would hand to its provider for a message, and what became simpler by that. Nothing is sent.
func (s *Sender) Show(account string, o campaigns.Outbound) ([]adapters.Message, []adapters.Loss, error) {
	l := s.byID[account]
	if l == nil || l.gone {
		return nil, nil, fmt.Errorf("there is no account %s", account)
	}
	return l.fit(o)
}
