package config

import (
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/config/strict"
)

// The bounds of what may be asked for.
const (
	daysMost    = 3650
	runsLeast   = 30 // days: answers and receipts still come in
	ledgerLeast = 100
	ledgerMost  = 100_000
)

func (r *reader) keep(v strict.Value) (k Keep) {
	if !v.Present() {
		return k
	}
	g := v.Group("inbox", "dead_letters", "runs", "ledger")
	k.Inbox = r.days(g.Get("inbox"), 1)
	k.DeadLetters = r.days(g.Get("dead_letters"), 1)
	k.Runs = r.days(g.Get("runs"), runsLeast)
	if l := g.Get("ledger"); l.Present() {
		k.Ledger = l.Int(ledgerLeast, ledgerMost)
	}
	return k
}

// days reads a time such as 90d.
func (r *reader) days(v strict.Value, least int) time.Duration {
	if !v.Present() {
		return 0
	}
	number, ok := strings.CutSuffix(r.text(v), "d")
	n, err := strconv.Atoi(number)
	if !ok || err != nil || n < least || n > daysMost {
		v.Fail("write it like 90d", "%s must be from %dd to %dd", v.Name(), least, daysMost)
		return 0
	}
	return time.Duration(n) * 24 * time.Hour
}
