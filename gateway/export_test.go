package gateway

import (
	"github.com/hoidap/hoidap/gateway/hooks"
	"github.com/hoidap/hoidap/gateway/store"
)

// NewWithStore is New with the store of a gateway that runs already, for tests of what New hands out.
func NewWithStore(o Options, s *store.Store) (*Gateway, error) {
	g, err := New(o)
	g.store = s
	return g, err
}

// Intake is how what adapters bring comes in.
func (g *Gateway) Intake() *hooks.Intake { return g.intake }
