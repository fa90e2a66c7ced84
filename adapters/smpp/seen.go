package smpp

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/hoidap/hoidap/adapters"
)

const (
	seenMost   = 4096
	seenFor    = 10 * time.Minute
	sameWithin = 2 * time.Minute // a repeat after a crash is known by what it says and when
	unsureFor  = time.Minute     // answers may have been lost that were given so long before a session broke
	slowStore  = 5 * time.Second // a centre may have given up on an answer that took so long, and deliver again
)

// seen gives customers' texts their ids, which the protocol has none for. The same words in the same minutes are either a
// repeat of the centre's, or an answer to the next question: "2", and "2" again. A repeat can come only where our answer
// may not have reached the centre: where the session broke shortly after it, without an answer to anything that we asked
// later, or where it took long. Everything else is said anew, and is counted in the id.
type seen struct {
	texts []*said
}

// said is one text.
type said struct {
	what    string
	id      string
	at      time.Time // by the account's clock
	link    *link
	began   time.Time // of its storing; this and the next by the machine's clock, as links have it
	ended   time.Time // zero: it is not stored
	frame   uint64    // of the link, with our answer
	failed  bool      // it could not be stored, and comes again
	matched bool      // its repeat has come
}

func newSeen() *seen { return &seen{} }

// what tells texts apart.
func (j *join) what() string {
	s := fmt.Sprintf("%s\x00%s\x00%d\x00%d\x00%d/%d\x00", j.from.Addr, j.to.Addr, j.coding, j.class, j.ref, j.total)
	for _, n := range slices.Sorted(maps.Keys(j.parts)) {
		s += strconv.Itoa(int(n)) + ":" + strconv.Itoa(len(j.parts[n])) + ":" + string(j.parts[n])
	}
	return s
}

// note gives a text its id: an old one where it is a repeat.
func (s *seen) note(j *join, now time.Time) *said {
	s.forget(now)
	x := &said{what: j.what(), at: now, link: j.link, began: time.Now()}
	count := 0
	for _, old := range s.texts {
		if old.what != x.what || old.failed {
			continue
		}
		if old.repeated(x) {
			old.matched, x.id = true, old.id
			break
		}
		if old.at.Truncate(sameWithin).Equal(now.Truncate(sameWithin)) {
			count++
		}
	}
	if x.id == "" {
		x.id = adapters.ContentID(now, sameWithin, x.what, strconv.Itoa(count))
	}
	s.texts = append(s.texts, x)
	return x
}

// repeated reports whether y, which says the same, may be x again.
func (x *said) repeated(y *said) bool {
	if x.matched || x.ended.IsZero() {
		return false
	}
	if x.ended.Sub(x.began) > slowStore {
		return true
	}
	return x.link != y.link && x.link.lost(x.frame, x.ended, unsureFor)
}

// stored notes that a text was stored, and acknowledged by a frame.
func (x *said) stored(frame uint64) {
	x.frame, x.ended = frame, time.Now()
}

// forget drops what is too old, or too much.
func (s *seen) forget(now time.Time) {
	old := max(0, len(s.texts)-seenMost)
	for old < len(s.texts) && now.Sub(s.texts[old].at) > seenFor {
		old++
	}
	s.texts = s.texts[old:]
}
