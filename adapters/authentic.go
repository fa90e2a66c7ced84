package adapters

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"math"
	"strings"
	"time"
)

// CheckSame gives ErrForged unless given is want. It takes the same time wherever they differ. An empty want fits
// nothing, so that a secret that is not configured lets nobody in.
func CheckSame(given, want string) error {
	if want == "" || subtle.ConstantTimeCompare([]byte(given), []byte(want)) != 1 {
		return ErrForged
	}
	return nil
}

// CheckHMAC gives ErrForged unless given is prefix and then the HMAC-SHA256 of body under key, written by encode, such as
// hex.EncodeToString or base64.StdEncoding.EncodeToString. It is how Meta, Viber and LINE sign, each in its header.
func CheckHMAC(given, prefix string, encode func([]byte) string, key string, body []byte) error {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write(body)
	return CheckSame(given, prefix+encode(mac.Sum(nil)))
}

// secretBits is the least that a secret of a path may hold: nobody guesses it, however long they call.
const secretBits = 128

// PathSecret declares the setting path_secret, for providers that sign nothing. They are given Account.Callback as the
// address to call, and CheckPath tells their calls from everybody else's.
func PathSecret() Setting {
	return Setting{
		Name: pathSecret, Required: true, Secret: true, Check: checkPathSecret, Example: "${PATH_SECRET}",
		Doc: "The last part of the webhook's address, /hooks/{account}/{path_secret}: the provider signs nothing, so whoever knows the address can call it. At least 128 random bits; `openssl rand -hex 16` makes one.",
	}
}

const pathSecret = "path_secret"

func checkPathSecret(v string) error {
	bits, seen := bitsEach(v), map[rune]bool{}
	for _, r := range v {
		seen[r] = true
	}
	switch {
	case bits == 0:
		return errors.New("may hold letters, digits, - and _ only")
	case float64(len(v))*bits < secretBits, len(seen) < 8:
		return errors.New("is too easy to guess: at least 128 random bits are needed, such as `openssl rand -hex 16` makes")
	}
	return nil
}

// bitsEach is how much a character of v holds at most, in bits; 0 where one of them has no place in a path.
func bitsEach(v string) float64 {
	size, known := 0, 0
	for _, set := range []string{"0123456789", "abcdef", "ghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "-_"} {
		n := strings.Count(strings.Map(func(r rune) rune {
			if strings.ContainsRune(set, r) {
				return 'x'
			}
			return '.'
		}, v), "x")
		if n > 0 {
			size, known = size+len(set), known+n
		}
	}
	if known != len(v) || size == 0 {
		return 0
	}
	return math.Log2(float64(size))
}

// Callback is the address that the provider is to call: WebhookURL and, where the adapter declares PathSecret, the
// secret. It belongs into the provider's console, and into no log: see CallbackShown.
func (a Account) Callback() string { return a.callback(a.Settings[pathSecret]) }

// CallbackShown is Callback for people to read: with the setting's name in place of the secret.
func (a Account) CallbackShown() string {
	if a.Settings[pathSecret] == "" {
		return a.WebhookURL
	}
	return a.callback("{" + pathSecret + "}")
}

func (a Account) callback(secret string) string {
	if secret == "" {
		return a.WebhookURL
	}
	return strings.TrimRight(a.WebhookURL, "/") + "/" + secret
}

// CheckPath gives ErrForged unless r called the account's Callback, whatever the query.
func CheckPath(r Request, a Account) error {
	if a.Settings[pathSecret] == "" {
		return ErrForged
	}
	called, _, _ := strings.Cut(r.URL, "?")
	return CheckSame(called, a.Callback())
}

// ContentID makes an event's id for providers that give none: the same for the same parts within the same bucket of
// time, so that a call that is repeated at once counts once and the same answer an hour later counts again. parts are
// whatever tells two events apart: sender, recipient, text.
func ContentID(at time.Time, bucket time.Duration, parts ...string) string {
	h := sha256.New()
	var n [8]byte
	put := func(v uint64) {
		for i := range n {
			n[i] = byte(v >> (8 * i))
		}
		h.Write(n[:])
	}
	put(uint64(at.Truncate(bucket).Unix()))
	for _, p := range parts {
		put(uint64(len(p)))
		h.Write([]byte(p))
	}
	return "h" + hex.EncodeToString(h.Sum(nil)[:16])
}
