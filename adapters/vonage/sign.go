package vonage

import (
	"crypto/hmac"
	"crypto/md5"  //nolint:gosec // the account's setting decides
	"crypto/sha1" //nolint:gosec // the account's setting decides
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"hash"
	"maps"
	"slices"
	"strings"
)

const methodDefault = "sha256hmac"

// hashes are the methods of signing by their names in the dashboard, without md5hash, which is no HMAC.
func hashes() map[string]func() hash.Hash {
	return map[string]func() hash.Hash{"md5hmac": md5.New, "sha1hmac": sha1.New, "sha256hmac": sha256.New, "sha512hmac": sha512.New}
}

const methodMD5 = "md5hash"

func method(v string) error {
	if v == methodMD5 || hashes()[v] != nil {
		return nil
	}
	return errors.New("must be md5hash, md5hmac, sha1hmac, sha256hmac or sha512hmac")
}

// summer makes the function that signs.
func summer(method, secret string) func(string) string {
	if method == "" {
		method = methodDefault
	}
	of := hashes()[method]
	return func(base string) string {
		if method == methodMD5 {
			sum := md5.Sum([]byte(base + secret)) //nolint:gosec // see above
			return hex.EncodeToString(sum[:])
		}
		mac := hmac.New(of, []byte(secret))
		mac.Write([]byte(base))
		return hex.EncodeToString(mac.Sum(nil))
	}
}

// signed is what Vonage signs: all parameters but the signature, by name, as &name=value, in which the signs that divide
// them are written _.
func signed(ps params) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(ps)) {
		if name != "sig" {
			b.WriteString("&" + name + "=" + divider.Replace(ps[name]))
		}
	}
	return b.String()
}

var divider = strings.NewReplacer("&", "_", "=", "_")
