package replylink

import (
	"crypto/hmac"
	"crypto/sha256"
	"strconv"
	"strings"
	"time"
)

// OwnPath is where a customer's own page lies, with the token behind it.
const OwnPath = "/me/"

// Bounds of a token: the characters of its hash, 5 bits each, and of all of it, where ids are known to be short.
const (
	sealLength  = 16
	tokenLength = 100
)

// OwnPage is the token of a contact's own page: the contact's id, until when it opens, and a keyed hash of both, which nobody
// can guess: 80 bits. It is kept nowhere. Whoever has it may do what the customer may, so it belongs in no log.
func OwnPage(secret, contact string, until time.Time) string {
	open := contact + "-" + strconv.FormatInt(until.Unix(), 36)
	return open + "-" + seal(secret, open)
}

// ReadOwnPage is whose page a token opens, and until when; false: it is none of ours. Whether that time is over is for whoever asks to see.
func ReadOwnPage(secret, token string) (contact string, until time.Time, ok bool) {
	if len(token) > tokenLength {
		return "", until, false
	}
	i := strings.LastIndexByte(token, '-')
	if i < 0 || !hmac.Equal([]byte(token[i+1:]), []byte(seal(secret, token[:i]))) {
		return "", until, false
	}
	j := strings.LastIndexByte(token[:i], '-')
	if j < 0 {
		return "", until, false
	}
	seconds, err := strconv.ParseInt(token[j+1:i], 36, 64)
	return token[:j], time.Unix(seconds, 0).UTC(), err == nil
}

func seal(secret, open string) string {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte("own page " + open)) //nolint:errcheck // a hash never fails
	return letters.EncodeToString(m.Sum(nil))[:sealLength]
}
