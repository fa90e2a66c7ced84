package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// damage is the keys of which it is known that they hold something else, with the type that each must have, until they are mended.
type damage struct {
	mu   sync.Mutex
	keys map[string]string
}

// damageMost bounds how many are remembered.
const damageMost = 100

// Remember has Damage tell of keys until they are mended.
func (s *Store) Remember(m *Misplaced) {
	s.damage.mu.Lock()
	defer s.damage.mu.Unlock()
	if s.damage.keys == nil {
		s.damage.keys = map[string]string{}
	}
	for _, k := range m.keys {
		if len(s.damage.keys) < damageMost {
			s.damage.keys[k] = m.expected[k]
		}
	}
}

// forgetMended forgets the keys that are what they must be by now, or are gone.
func (s *Store) forgetMended(ctx context.Context) {
	s.damage.mu.Lock()
	known := maps.Clone(s.damage.keys)
	s.damage.mu.Unlock()
	if len(known) == 0 {
		return
	}
	still, err := s.otherTypes(ctx, known)
	if err != nil {
		return
	}
	s.damage.mu.Lock()
	defer s.damage.mu.Unlock()
	for k := range known {
		if !slices.Contains(still, k) {
			delete(s.damage.keys, k)
		}
	}
}

// Damaged is how many keys are known to hold something else than hoidap keeps there.
func (s *Store) Damaged() int {
	s.damage.mu.Lock()
	defer s.damage.mu.Unlock()
	return len(s.damage.keys)
}

// DamageNotice tells of them in a line, naming kinds alone, as anybody may read it; "" where there are none.
func (s *Store) DamageNotice() string {
	s.damage.mu.Lock()
	defer s.damage.mu.Unlock()
	if len(s.damage.keys) == 0 {
		return ""
	}
	var kinds []string
	for k := range s.damage.keys {
		if h := hint(k); !slices.Contains(kinds, h) {
			kinds = append(kinds, h)
		}
	}
	slices.Sort(kinds)
	return fmt.Sprintf("%d keys of redis hold something else than hoidap keeps there (%s): the log names them; rename or delete them", len(s.damage.keys), strings.Join(kinds, ", "))
}
