package gateway

import "github.com/hoidap/hoidap/gateway/store"

// NewWithStore is New with the store of a gateway that runs already, for tests of what New hands out.
func NewWithStore(o Options, s *store.Store) (*Gateway, error) {
	g, err := New(o)
	g.store = s
	return g, err
}
