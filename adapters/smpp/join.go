package smpp

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/hoidap/hoidap/adapters/smpp/pdu"
)

// joinsMost bounds how many texts in parts are kept; at the bound the oldest counts as it is.
const joinsMost = 1000

// gap stands for parts that never came, so that what is left does not read as if it were all.
const gap = " … "

// joins puts the parts of customers' texts together. No part is answered before the text is stored, so that a crash loses
// nothing: the centre delivers again what has no answer. Where the others do not come soon, because the centre waits for
// an answer first, it is asked to deliver the part later again; its text is kept all the same. After a longer time what
// came counts as the whole. Texts that are stored are remembered, for the parts that are delivered again.
type joins struct {
	hold, most time.Duration
	texts      map[string]*join
}

// join is one text with its parts. A whole one has one part and no key.
type join struct {
	key      string
	from, to pdu.Address
	coding   byte
	class    byte
	ref      uint16
	parts    map[byte][]byte
	total    byte
	began    time.Time
	pending  []pending
	link     *link // of the last part
	leaving  bool  // it is being stored
	stored   bool
}

type pending struct {
	answer func(pdu.Status) uint64
	since  time.Time
}

func newJoins(hold, most time.Duration) *joins {
	return &joins{hold: hold, most: most, texts: map[string]*join{}}
}

func newJoin(key string, sm pdu.SM, part pdu.Part, now time.Time) *join {
	return &join{key: key, from: sm.From, to: sm.To, coding: sm.Coding, class: sm.Class, ref: part.Ref, total: max(part.Total, 1),
		parts: map[byte][]byte{}, began: now}
}

func (j *join) put(n byte, text []byte, d delivery, now time.Time) {
	j.parts[n] = text
	j.pending = append(j.pending, pending{d.answer, now})
	j.link = d.link
}

// add takes a message in and gives the texts that are to be stored now.
func (s *joins) add(d delivery, sm pdu.SM, text []byte, part pdu.Part, now time.Time) (ready []*join) {
	if part.Total < 2 {
		j := newJoin("", sm, part, now)
		j.put(1, text, d, now)
		return j.leave()
	}
	key := fmt.Sprintf("%s\x00%s\x00%d/%d", sm.From.Addr, sm.To.Addr, part.Ref, part.Total)
	j := s.texts[key]
	if j != nil {
		switch had, again := j.parts[part.Number]; {
		case again && bytes.Equal(had, text) && j.stored:
			d.answer(pdu.OK)
			return nil
		case again && !bytes.Equal(had, text), j.stored: // another text with the same number
			ready = s.flush(j)
			j = nil
		}
	}
	if j == nil {
		ready = append(ready, s.room()...)
		j = newJoin(key, sm, part, now)
		s.texts[key] = j
	}
	j.put(part.Number, text, d, now)
	if len(j.parts) == int(j.total) {
		ready = append(ready, j.leave()...)
	}
	return ready
}

// room makes room for one text more.
func (s *joins) room() []*join {
	if len(s.texts) < joinsMost {
		return nil
	}
	var oldest *join
	for _, j := range s.texts {
		if oldest == nil || j.began.Before(oldest.began) {
			oldest = j
		}
	}
	return s.flush(oldest)
}

// flush ends the waiting for a text; what came of it is to be stored, unless it is.
func (s *joins) flush(j *join) []*join {
	delete(s.texts, j.key)
	return j.leave()
}

// leave gives a text that is to be stored, once.
func (j *join) leave() []*join {
	if j.stored || j.leaving {
		return nil
	}
	j.leaving = true
	return []*join{j}
}

// due asks the centre for patience with parts that have waited for too long, and gives the texts that have.
func (s *joins) due(now time.Time) (ready []*join) {
	for _, j := range s.texts {
		for len(j.pending) > 0 && now.Sub(j.pending[0].since) >= s.hold && !j.leaving {
			j.pending[0].answer(pdu.TryAgain)
			j.pending = j.pending[1:]
		}
		switch {
		case now.Sub(j.began) < s.most:
		case j.stored:
			delete(s.texts, j.key)
		default:
			ready = append(ready, j.leave()...)
		}
	}
	return ready
}

// answer answers all parts that wait, and says which frame the last answer is. A text that was stored, or refused for
// good, is remembered for its repeats.
func (s *joins) answer(j *join, status pdu.Status, now time.Time) (frame uint64) {
	if status != pdu.TryAgain {
		j.stored, j.began = true, now
	}
	waited := j.pending
	j.pending, j.leaving = nil, false
	for _, p := range waited {
		frame = p.answer(status)
	}
	return frame
}

// text is what came, in order; false where it is in no alphabet that we know.
func (j *join) text(alphabet string) (string, bool) {
	if len(j.parts) == int(j.total) {
		var all []byte
		for n := byte(1); n <= j.total && n != 0; n++ {
			all = append(all, j.parts[n]...)
		}
		return decode(j.coding, all, alphabet)
	}
	out, next := "", 1
	for _, n := range slices.Sorted(maps.Keys(j.parts)) {
		if int(n) > next {
			out += gap
		}
		text, ok := decode(j.coding, j.parts[n], alphabet)
		if !ok {
			return "", false
		}
		out, next = out+text, int(n)+1
	}
	if next <= int(j.total) {
		out += gap
	}
	return out, true
}
