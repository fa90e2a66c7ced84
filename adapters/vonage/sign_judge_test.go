package vonage

import (
	"testing"

	"github.com/hoidap/hoidap/adapters/adaptertest/judge"
	"github.com/hoidap/hoidap/adapters/vonage/fake"
	"pgregory.net/rapid"
)

type signedCall struct {
	Method, Secret, Sig string
	Params              map[string]string
}

// What we sign, Vonage's library accepts, by each method and whatever the values hold; and what it refuses, we refuse.
func TestVonageJudgesSignatures(t *testing.T) {
	t.Parallel()
	var calls []signedCall
	names := rapid.StringMatching(`[a-z]{1,3}(-[a-zA-Z]{1,4})?`)
	call := rapid.Custom(func(t *rapid.T) signedCall {
		return signedCall{
			Method: rapid.SampledFrom([]string{"md5hash", "md5hmac", "sha1hmac", "sha256hmac", "sha512hmac"}).Draw(t, "method"),
			Secret: rapid.StringMatching(`[!-~]{1,40}`).Draw(t, "secret"),
			Params: rapid.MapOfN(names, rapid.OneOf(rapid.String(), rapid.StringMatching(`[&=_ +%#ếĐ😀]{0,12}`)), 1, 8).Draw(t, "params"),
		}
	})
	for seed := range 300 {
		c := call.Example(seed)
		delete(c.Params, "sig")
		c.Sig = summer(c.Method, c.Secret)(signed(c.Params))
		calls = append(calls, c)
	}
	var accepted [][2]bool
	judge.Ask(t, `
		const { SMS } = require("@vonage/sms");
		const { AlgorithmTypes } = require("@vonage/auth");
		const sms = new SMS({ apiKey: "abcd1234", apiSecret: "x" });
		answer(asked.map((c) => [
			sms.verifySignature(c.Sig, c.Params, c.Secret, AlgorithmTypes[c.Method]),
			sms.verifySignature(c.Sig, { ...c.Params, zz: "1" }, c.Secret, AlgorithmTypes[c.Method]),
		]))`, calls, &accepted)
	for i, c := range calls {
		if !accepted[i][0] || accepted[i][1] {
			t.Errorf("%s over %q: Vonage says %v", c.Method, c.Params, accepted[i])
		}
		if c.Params["zz"] = "1"; summer(c.Method, c.Secret)(signed(c.Params)) == c.Sig {
			t.Errorf("%s: one parameter more has the same signature", c.Method)
		}
	}
}

// The fake signs by a recipe of its own: the judge holds it, too.
func TestVonageJudgesTheFake(t *testing.T) {
	t.Parallel()
	p := map[string]string{"text": "Q1=2 & Q3, ế", "messageId": "1", "message-timestamp": "2026-08-01 09:30:00"}
	var calls []signedCall
	for _, m := range []string{"md5hash", "md5hmac", "sha1hmac", "sha256hmac", "sha512hmac"} {
		calls = append(calls, signedCall{Method: m, Secret: "s", Params: p, Sig: fake.Sign(m, "s", p)})
	}
	var accepted []bool
	judge.Ask(t, `
		const { SMS } = require("@vonage/sms");
		const { AlgorithmTypes } = require("@vonage/auth");
		answer(asked.map((c) => new SMS({ apiKey: "a", apiSecret: "x" }).verifySignature(c.Sig, c.Params, c.Secret, AlgorithmTypes[c.Method])))`, calls, &accepted)
	for i, ok := range accepted {
		if !ok {
			t.Errorf("%s: refused", calls[i].Method)
		}
	}
}
