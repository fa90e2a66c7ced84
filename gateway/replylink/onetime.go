package replylink

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
)

// OneTime is the six digits that whoever has a second address types, as proof that it is theirs. It is made of the proof's
// id, which nobody can guess, wherever it is wanted, and kept nowhere.
func OneTime(secret, proof string) string {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte("one-time code " + proof)) //nolint:errcheck // a hash never fails
	return fmt.Sprintf("%06d", binary.BigEndian.Uint64(m.Sum(nil))%1_000_000)
}

const proofPrefix = "proof:"

// ToProof is what a code leads to that answers no question, but proves the address to which the message went.
func ToProof(message string) string { return proofPrefix + message }

// Message is the message that a code leads to, and whether it is for a proof.
func Message(to string) (message string, proof bool) {
	message, proof = strings.CutPrefix(to, proofPrefix)
	return message, proof
}
