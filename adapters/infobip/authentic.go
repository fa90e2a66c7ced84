package infobip

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"hash"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
)

const algorithmDefault = "HMAC_SHA_256"

// algorithms are those of Infobip's that are strong enough, by its names.
func algorithms() map[string]func() hash.Hash {
	return map[string]func() hash.Hash{"HMAC_SHA_256": sha256.New, "HMAC_SHA_384": sha512.New384, "HMAC_SHA_512": sha512.New}
}

func algorithm(v string) error {
	if algorithms()[v] == nil {
		return errors.New("must be HMAC_SHA_256, HMAC_SHA_384 or HMAC_SHA_512")
	}
	return nil
}

// check gives ErrForged unless a call shows one thing that the account's settings ask for.
type check func(adapters.Request) error

// checksOf are the checks of an account: Infobip shows what the subscription or the number says, and by itself nothing.
func checksOf(acc adapters.Account) (all []check, err error) {
	set := acc.Settings
	switch {
	case (set["webhook_user"] == "") != (set["webhook_password"] == ""):
		return nil, errors.New("webhook_user and webhook_password belong together")
	case set["hmac_secret"] != "" && set["hmac_header"] == "":
		return nil, errors.New("hmac_secret needs hmac_header")
	}
	if set["path_secret"] != "" {
		all = append(all, func(r adapters.Request) error { return adapters.CheckPath(r, acc) })
	}
	if set["webhook_password"] != "" {
		want := httpcall.Basic(set["webhook_user"], set["webhook_password"]).Get("Authorization")
		all = append(all, func(r adapters.Request) error { return adapters.CheckSame(r.Header.Get("Authorization"), want) })
	}
	if set["hmac_secret"] != "" {
		all = append(all, func(r adapters.Request) error { return checkHMAC(r, acc) })
	}
	if len(all) == 0 {
		return nil, errors.New("one of webhook_password, hmac_secret and path_secret is needed: without one, anybody could call the webhook")
	}
	return all, nil
}

func checkHMAC(r adapters.Request, acc adapters.Account) error {
	name := acc.Settings["hmac_algorithm"]
	if name == "" {
		name = algorithmDefault
	}
	mac := hmac.New(algorithms()[name], []byte(acc.Settings["hmac_secret"]))
	mac.Write(r.Body)
	sum, given := mac.Sum(nil), r.Header.Get(acc.Settings["hmac_header"])
	if adapters.CheckSame(given, hex.EncodeToString(sum)) == nil {
		return nil
	}
	return adapters.CheckSame(given, base64.StdEncoding.EncodeToString(sum))
}
