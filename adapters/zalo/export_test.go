package zalo

import (
	"encoding/json"
	"time"

	"github.com/hoidap/hoidap/adapters"
)

// Kept is what a vault holds where a pair was issued at a time and lives for 25 hours.
func Kept(access, refresh string, issued time.Time) map[string]string {
	return map[string]string{vaultTokens: pair{Access: access, Refresh: refresh, Issued: issued, Expires: issued.Add(25 * time.Hour), Number: 1}.String()}
}

// Claimed is what a vault holds where somebody renews until a time.
func Claimed(until time.Time) (name, value string) {
	b, err := json.Marshal(claimed{By: "another", Until: until})
	if err != nil {
		panic(err)
	}
	return vaultClaim, string(b)
}

// After is when a message may go that came too early.
func After(code int, now time.Time) time.Time { return after(code, now) }

// Proof is the header appsecret_proof.
func Proof(secret, token string) string { return proof(secret, token) }

// Tables are the codes of both modes.
func Tables() (chat, template map[int]adapters.Fault) {
	chat, template = map[int]adapters.Fault{}, map[int]adapters.Fault{}
	for code, k := range chatCodes() {
		chat[code] = k.Fault
	}
	for code, k := range templateCodes() {
		template[code] = k.Fault
	}
	return chat, template
}

// Hasten lets a renewal of an adapter take no longer than d.
func Hasten(a adapters.Adapter, d time.Duration) {
	if c, ok := a.(Chat); ok {
		c.tokens.most = d
	}
}
