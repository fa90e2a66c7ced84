// Package webhooks tells a shop's own programs what happened: it takes what the engine queued for an endpoint, signs it by
// the Standard Webhooks convention (standardwebhooks.com) and posts it, again and again until it is taken or given up. Each
// repeat has the same webhook-id. Replicas share the work as they share the partitions.
package webhooks

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// SecretPrefix is how a secret begins; base64 of the key follows.
const SecretPrefix = "whsec_"

// Endpoint is one configured receiver.
type Endpoint struct {
	Name    string
	URL     string   // https, or http to this machine
	Secrets []string // each signs; two while the receiver changes from one to the other
	Events  []string // of record.NoticeTypes
	Private bool     // may be in a private network
}

// keys are the secrets as HMAC takes them.
func (e Endpoint) keys() ([][]byte, error) {
	var keys [][]byte
	for _, s := range e.Secrets {
		text, ok := strings.CutPrefix(s, SecretPrefix)
		key, err := base64.StdEncoding.DecodeString(text)
		if !ok || err != nil || len(key) < 24 || len(key) > 64 {
			return nil, fmt.Errorf("webhook %s: a secret is %s and base64 of 24 to 64 bytes", e.Name, SecretPrefix)
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("webhook %s has no secret", e.Name)
	}
	return keys, nil
}

// Shown is the address without what may be secret in it.
func (e Endpoint) Shown() string {
	u, err := url.Parse(e.URL)
	if err != nil {
		return ""
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}

// sign is the webhook-signature header: a version and an HMAC-SHA256 in base64 for each key.
func sign(keys [][]byte, id string, at time.Time, body []byte) string {
	var signatures []string
	for _, key := range keys {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + ".")) //nolint:errcheck // a hash never fails
		mac.Write(body)                                                      //nolint:errcheck // likewise
		signatures = append(signatures, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	return strings.Join(signatures, " ")
}

// CheckURL says whether webhooks may go to an address: over TLS, or to this machine.
func CheckURL(raw string) error {
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "":
		return errors.New("it is no whole address such as https://shop.example.com/hooks")
	case u.User != nil || u.Fragment != "":
		return errors.New("it may have neither a user nor a #")
	case u.Scheme == "https", u.Scheme == "http" && onThisMachine(u.Hostname()):
		return nil
	}
	return errors.New("it must begin with https://; http:// goes to this machine only")
}
