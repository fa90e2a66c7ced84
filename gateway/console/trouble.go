package console

import (
	"github.com/hoidap/hoidap/gateway/health"
)

// trouble is what is wrong with an account as a page says it.
type trouble struct {
	Why, Cure string
	Code      string // the provider's own
	Words     string // the provider's own, in whatever language
}

// trouble says what is wrong with an account; an empty Why: nothing is.
func (l lang) trouble(t health.Trouble) (out trouble) {
	if t.Code == "" {
		return out
	}
	out = trouble{Code: t.Fault, Words: t.Detail, Cure: l.say("trouble." + t.Code + ".cure")}
	key := "trouble." + t.Code
	if t.Code == "silent" && t.N == 1 {
		key += ".us"
	}
	out.Why = l.say(key, "of", l.number(t.Of), "n", l.number(t.N), "at", l.moment(t.At.UTC()), "pace", l.percent(100*t.Pace, 100))
	return out
}
