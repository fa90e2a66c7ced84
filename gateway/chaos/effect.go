package chaos

import (
	"fmt"
	"time"
)

// Effect is what a kind of fault did to the network.
type Effect struct {
	Links       int // that were hit
	Connections int // of gateways, that were on them
	Ended       int // of these

	// What became of a PING over each of these links, of a connection that was there before, where there was one to be had.
	Broken     int           // the connection ended
	Unanswered int           // while the fault lasted
	Answered   int           // while the fault lasted
	Slowest    time.Duration // of the answers
}

// String tells it in a line.
func (e Effect) String() string {
	return fmt.Sprintf("%d links with %d connections of gateways, %d ended; of %d PINGs %d broken, %d unanswered, the slowest answer after %s",
		e.Links, e.Connections, e.Ended, e.probed(), e.Broken, e.Unanswered, e.Slowest.Round(time.Millisecond))
}

func (e Effect) probed() int { return e.Broken + e.Unanswered + e.Answered }

func (e Effect) and(x Effect) Effect {
	return Effect{Links: e.Links + x.Links, Connections: e.Connections + x.Connections, Ended: e.Ended + x.Ended, Broken: e.Broken + x.Broken,
		Unanswered: e.Unanswered + x.Unanswered, Answered: e.Answered + x.Answered, Slowest: max(e.Slowest, x.Slowest)}
}

// slowLeast is what an answer takes at least where the network is slow.
const slowLeast = 20 * time.Millisecond

// felt reports whether a fault of that kind can be seen in what it did. Only an answer can show that it is not: a connection may also
// have ended with its server.
func (e Effect) felt(k Kind) bool {
	switch {
	case e.Answered == 0:
		return true
	case k == Cut, k == Reset:
		return e.Broken > 0
	case k == HalfOpen:
		return e.Unanswered > 0
	}
	return e.Unanswered > 0 || e.Slowest >= slowLeast
}

// linksLeast is how many links must have been hit to say anything of the gateways: one may be down just then.
const linksLeast = 4

// Unfelt says what the network's faults were to do and did not: then the run proves nothing about them.
func (rep *Report) Unfelt() (list []string) {
	var all Effect
	for _, k := range networks() {
		e := rep.Network[k]
		if !e.felt(k) {
			list = append(list, fmt.Sprintf("%s: %s", k, e))
		}
		all = all.and(e)
	}
	if all.Links >= linksLeast && all.Connections == 0 {
		list = append(list, "no gateway had a connection on a link that was hit: they go another way")
	}
	if cut := rep.Network[Cut]; cut.Connections > 0 && cut.Ended == 0 {
		list = append(list, "no connection of a gateway ended when links were cut")
	}
	return list
}
