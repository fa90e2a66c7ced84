package http

import (
	"crypto/hmac"
	"crypto/md5"  // providers' choice, not ours
	"crypto/sha1" // likewise
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"hash"
	"maps"
	"slices"
	"strings"
)

// algorithms are the sums by name; those that begin with hmac_ have a key.
func algorithms() map[string]func() hash.Hash {
	return map[string]func() hash.Hash{
		"hmac_sha256": sha256.New, "hmac_sha512": sha512.New, "hmac_sha1": sha1.New, "hmac_md5": md5.New,
		"sha256": sha256.New, "sha512": sha512.New, "sha1": sha1.New, "md5": md5.New,
	}
}

func algorithmNames() []string { return slices.Sorted(maps.Keys(algorithms())) }

// digest is a sum of parts, as a provider makes it.
type digest struct {
	algorithm func() hash.Hash
	key       string // of an hmac; empty: a plain sum
	encoding  string
	prefix    string
	parts     []string
}

// newDigest makes the sum of an algorithm. setting is where its parts stand.
func newDigest(algorithm, key, encoding, parts, setting string) (*digest, error) {
	d := &digest{algorithm: algorithms()[algorithm], encoding: encoding}
	d.parts, _ = splitTokens(parts) // checked before
	keyed := strings.HasPrefix(algorithm, "hmac_")
	switch own := strings.TrimSuffix(setting, "_parts") + "_key"; {
	case len(d.parts) == 0:
		return nil, wrong(setting, "is missing: say what the sum is made of")
	case keyed && key == "":
		return nil, wrong(own, "is missing: %s needs one", algorithm)
	case !keyed && !slices.Contains(d.parts, partKey):
		return nil, wrong(setting, "has no part key: a sum without a secret proves nothing; write key where it belongs, or take an hmac")
	case slices.Contains(d.parts, partKey) && key == "":
		return nil, wrong(own, "is missing, which %s names", setting)
	}
	if keyed {
		d.key = key
	}
	return d, nil
}

// The parts that are no placeholders and no paths.
const (
	partKey    = "key"
	partBody   = "raw_body"
	partURL    = "full_url"
	partParams = "sorted_params"
	partSent   = "body" // of what is sent
)

// sum is the sum with each part as of tells it.
func (d *digest) sum(of func(part string) string) string {
	h := d.algorithm()
	if d.key != "" {
		h = hmac.New(d.algorithm, []byte(d.key))
	}
	for _, p := range d.parts {
		if p[0] == '"' {
			h.Write([]byte(unquoted(p)))
			continue
		}
		h.Write([]byte(of(p)))
	}
	return d.prefix + encoded(d.encoding, h.Sum(nil))
}

func encoded(encoding string, sum []byte) string {
	switch encoding {
	case encBase64:
		return base64.StdEncoding.EncodeToString(sum)
	case encHexUpper:
		return strings.ToUpper(hex.EncodeToString(sum))
	}
	return hex.EncodeToString(sum)
}

// splitTokens splits at spaces and line ends; "literals" keep theirs.
func splitTokens(v string) (out []string, err error) {
	for v = strings.TrimSpace(v); v != ""; v = strings.TrimSpace(v) {
		end := strings.IndexAny(v, " \t\r\n")
		if v[0] == '"' {
			close := strings.IndexByte(v[1:], '"')
			if close < 0 {
				return nil, errors.New(`has a " that is never closed`)
			}
			end = close + 2
		}
		if end < 0 {
			end = len(v)
		}
		out = append(out, v[:end])
		v = v[end:]
	}
	return out, nil
}
