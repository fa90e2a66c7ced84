package preferences

import (
	"sync"
	"time"
)

// zones remembers the zones that were looked up: finding one in the zone database takes a hundred times as long as
// everything else that a step does. Only names that exist get in, so it cannot grow beyond the database.
var zones sync.Map // string -> *time.Location

// Zone is the IANA zone of that name. "Local" and "" are not zones: what they mean depends on the machine.
func Zone(name string) (*time.Location, bool) {
	if name == "" || name == "Local" {
		return nil, false
	}
	if z, ok := zones.Load(name); ok {
		return z.(*time.Location), true
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return nil, false
	}
	zones.Store(name, z)
	return z, true
}

// Zone is the contact's own zone, else the first of fallbacks that is one, else UTC. A zone that cannot be read counts
// as not known.
func (c *Contact) Zone(fallbacks ...*time.Location) *time.Location {
	if c != nil {
		if z, ok := Zone(c.Timezone); ok {
			return z
		}
	}
	for _, z := range fallbacks {
		if z != nil {
			return z
		}
	}
	return time.UTC
}
