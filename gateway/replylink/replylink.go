// Package replylink makes what customers get as a key: the codes of the links by which they answer one message on a page, the
// tokens of their own pages, and the digits that they type as a proof. The code of a reply link is short, since it is paid for
// by the character in an SMS, and nobody can guess one: 60 bits of a keyed hash of the message.
package replylink

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"strconv"
	"strings"
)

// Path is where the page lies, with the code behind it.
const Path = "/l/"

const length = 12 // characters of the hash, 5 bits each

// letters are told apart when they are read aloud.
var letters = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// Code is the code of a message, in the partition of its contact.
func Code(secret string, partition int, message string) string {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte("reply link " + message)) //nolint:errcheck // a hash never fails
	return strconv.FormatInt(int64(partition), 36) + "-" + letters.EncodeToString(m.Sum(nil)[:8])[:length]
}

// Partition reads where a code is kept; false: it is none.
func Partition(code string) (int, bool) {
	p, rest, ok := strings.Cut(code, "-")
	if !ok || len(rest) != length || len(p) > 4 {
		return 0, false
	}
	n, err := strconv.ParseInt(p, 36, 32)
	return int(n), err == nil && n >= 0
}
