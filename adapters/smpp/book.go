package smpp

import (
	"container/list"
	"hash/fnv"
	"strconv"
	"strings"
	"sync"
)

// longMost bounds how many long texts are remembered; the oldest give way, and are sent from their first part on again.
const longMost = 10000

// book remembers the long texts under way, so that one that was taken in part goes on where it was interrupted. It is the
// memory of one process. When a text has arrived is not its business: each part has an id and a receipt of its own, and
// the gateway knows of which parts a text is.
type book struct {
	mu   sync.Mutex
	long map[string]*long // by our id
	age  *list.List       // of *long, the oldest first
}

// long is one text of several parts.
type long struct {
	id      string
	content uint64
	ids     []string // the centre's, by part; empty: not taken
	place   *list.Element
}

func newBook() *book {
	return &book{long: map[string]*long{}, age: list.New()}
}

// open notes a text of some parts, or finds it where it was sent in part. content tells texts apart that have the same id.
func (b *book) open(id string, content uint64, parts int) *long {
	b.mu.Lock()
	defer b.mu.Unlock()
	if l := b.long[id]; l != nil && l.content == content && len(l.ids) == parts && !l.whole() {
		return l
	}
	l := &long{id: id, content: content, ids: make([]string, parts)}
	l.place = b.age.PushBack(l)
	b.long[id] = l
	if b.age.Len() > longMost {
		b.forget(b.age.Front().Value.(*long))
	}
	return l
}

// whole reports whether all parts were taken.
func (l *long) whole() bool {
	for _, id := range l.ids {
		if id == "" {
			return false
		}
	}
	return true
}

func (b *book) forget(l *long) {
	b.age.Remove(l.place)
	if b.long[l.id] == l {
		delete(b.long, l.id)
	}
}

// taken is the id of a part that the centre has taken already.
func (b *book) taken(l *long, i int) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return l.ids[i]
}

// take notes that the centre took a part.
func (b *book) take(l *long, i int, id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	l.ids[i] = id
}

// reference numbers a long text for the phone, which joins parts by it. It follows from our id, so that a part that is
// repeated joins the text that it belongs to, and is dropped where it is there already. Ids end in a number that counts up
// with each message to a contact, so that texts close behind each other have different ones.
func reference(id string) uint16 {
	head := strings.TrimRight(id, "0123456789")
	n, _ := strconv.ParseUint(id[len(head):], 10, 64)
	h := fnv.New32a()
	h.Write([]byte(head)) //nolint:errcheck // a hash never fails
	return uint16(byte(uint64(h.Sum32()) + n))
}
