package control

import (
	"errors"
	"sync"
)

// ErrPageDamaged is why an own page does not open however often it is tried: what is kept of its customer cannot be read.
var ErrPageDamaged = errors.New("the customer's record is damaged or of a newer version")

// named is whose own pages do not open, and is in the log already: customers try again.
type named struct {
	mu  sync.Mutex
	ids map[string]bool
}

// namedMost bounds them: where more records are damaged, each is named now and then.
const namedMost = 1000

// first reports whether a contact is to be named now.
func (n *named) first(id string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.ids[id] {
		return false
	}
	if n.ids == nil || len(n.ids) >= namedMost {
		n.ids = map[string]bool{}
	}
	n.ids[id] = true
	return true
}

// whole: the contact's record can be read, and would be named anew.
func (n *named) whole(id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.ids, id)
}

// damagedPage says in the log, once, whose page does not open.
func (s *Service) damagedPage(id string, why error) error {
	if s.named.first(id) {
		s.Log.Error("a customer's own page does not open: their record is damaged or of a newer version, and the page says so", "contact", id, "error", why)
	}
	return ErrPageDamaged
}
