package gateway

import "sync"

// Changes tells subscribers when something about a contact was committed on this replica.
type Changes struct {
	mu   sync.Mutex
	subs map[string]map[chan struct{}]bool
}

func newChanges() *Changes { return &Changes{subs: map[string]map[chan struct{}]bool{}} }

// Subscribe signals on the channel after each change to a contact; signals that come together are one. cancel ends it.
func (c *Changes) Subscribe(contact string) (changed <-chan struct{}, cancel func()) {
	ch := make(chan struct{}, 1)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.subs[contact] == nil {
		c.subs[contact] = map[chan struct{}]bool{}
	}
	c.subs[contact][ch] = true
	return ch, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.subs[contact], ch)
		if len(c.subs[contact]) == 0 {
			delete(c.subs, contact)
		}
	}
}

func (c *Changes) tell(contact string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for ch := range c.subs[contact] {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}
