// Package preferences holds what customers told us: typed values with their evidence, consent, facts, and the ledger
// of what changed and why. It is pure: it knows no Redis, no HTTP and no clock.
package preferences
