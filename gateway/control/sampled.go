package control

import (
	"math/rand/v2"

	"github.com/hoidap/hoidap/campaigns"
)

// samplesMost is how many people are shown of an audience.
const samplesMost = 10

// pick is somebody whom a rule fits.
type pick struct {
	seen
	verdict campaigns.Verdict
}

// picks draws one of each partition, so that few are enough early and none of them changes afterwards: contacts lie in the
// order in which they came, and the first ones are all of an age. Where few fit at all, the others are shown at the end.
type picks struct {
	one   *pick
	among int // of how many it was drawn
	spare []pick
}

func (p *picks) offer(x seen, v campaigns.Verdict) {
	p.among++
	loser := pick{x, v}
	if p.one == nil || rand.IntN(p.among) == 0 {
		if p.one == nil {
			p.one = &pick{x, v}
			return
		}
		loser, *p.one = *p.one, loser
	}
	if len(p.spare) < samplesMost {
		p.spare = append(p.spare, loser)
	}
}

// partition ends a partition and gives who was drawn from it.
func (p *picks) partition() []pick {
	if p.one == nil {
		return nil
	}
	drawn := []pick{*p.one}
	p.one, p.among = nil, 0
	return drawn
}
