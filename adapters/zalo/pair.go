package zalo

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// pair is an access token with the refresh token that gets the next one, as the vault keeps it under "tokens".
type pair struct {
	Access  string    `json:"access,omitempty"`
	Refresh string    `json:"refresh,omitempty"` // works once; empty where it is spent and its answer was lost
	Issued  time.Time `json:"issued,omitzero"`
	Expires time.Time `json:"expires,omitzero"`
	Number  int       `json:"number"`         // how many pairs came before it
	Seed    string    `json:"seed,omitempty"` // which refresh_token of the configuration it comes from: its hash
	Lost    bool      `json:"lost,omitempty"` // the administrator must consent again
}

// held is a pair with the form in which the vault has it; raw is empty where the vault has none.
type held struct {
	pair
	raw string
}

// renewAt is the part of an access token's life after which it is renewed, in percent.
const renewAt = 80

// due reports whether it is time to renew: there is no point in it where there is nothing to renew by.
func (p pair) due(now time.Time) bool {
	return !p.Lost && !now.Before(p.Issued.Add(p.Expires.Sub(p.Issued)*renewAt/100))
}

// usable reports whether the access token is not known to have ended.
func (p pair) usable(now time.Time) bool { return p.Access != "" && now.Before(p.Expires) }

// good is usable and not due.
func (p pair) good(now time.Time) bool { return p.usable(now) && !p.due(now) }

func (p pair) String() string {
	b, _ := json.Marshal(p) //nolint:errchkjson // texts, numbers and times
	return string(b)
}

// readPair reads what the vault has. Where that is nothing, or a pair that was lost, the refresh token of the
// configuration counts, unless the lost pair came from that very one.
func readPair(raw, configured string) (held, error) {
	h := held{raw: raw}
	if raw != "" {
		if err := json.Unmarshal([]byte(raw), &h.pair); err != nil {
			return held{}, errVault
		}
	}
	if configured == "" || raw != "" && (!h.Lost || h.Seed == seed(configured)) {
		return h, nil
	}
	h.pair = pair{Refresh: configured, Number: h.Number, Seed: seed(configured)}
	return h, nil
}

func seed(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:8])
}
