package http

import (
	"slices"
	"time"
)

// guard is how calls show who makes them.
type guard struct {
	at      *source
	want    string  // with verify: equals
	sum     *digest // with a sum
	places  map[string]*source
	whole   bool // the call shows for its URL, too: by the path's secret, by a secret of its own, or by the sum
	when    *source
	age     time.Duration
	clock   clock
	echo    *source
	tokenAt *source
}

// compileGuard reads the settings of who may call.
func (a *Adapter) compileGuard() error {
	set := a.acc.Settings
	g := &a.guard
	for _, step := range []func(map[string]string) error{g.compileVerify, g.compileAge, g.compileChallenge} {
		if err := step(set); err != nil {
			return err
		}
	}
	if set["path_secret"] == "" && hears(set) && !g.vouches() {
		return wrong("path_secret", "is missing: the calls do not show by themselves who makes them, or not for all they hold. `openssl rand -hex 16` makes one; or set verify")
	}
	g.whole = set["path_secret"] != "" || g.sum == nil || slices.Contains(g.sum.parts, partURL) || slices.Contains(g.sum.parts, partParams)
	return nil
}

// hears reports whether anything is expected at the webhook.
func hears(set map[string]string) bool {
	return set["receive_from"]+set["states"]+set["opt_out_when"]+set["challenge"] != "" || set["probes"] == yes || set["verify"] != verifyNone
}

// vouches reports whether what a call shows is for the whole of its body.
func (g *guard) vouches() bool {
	return g.want != "" || g.sum != nil && slices.Contains(g.sum.parts, partBody)
}

func (g *guard) compileVerify(set map[string]string) (err error) {
	kind := set["verify"]
	if kind == verifyNone {
		for _, name := range []string{"verify_at", "verify_prefix", "verify_key"} {
			if set[name] != "" {
				return wrong("verify", "is none, and %s is given: say what is to be verified, or leave it out", name)
			}
		}
		return nil
	}
	if set["verify_at"] == "" {
		return wrong("verify_at", "is missing: say where a call shows it, such as header.X-Signature")
	}
	if g.at, err = parseSource(set["verify_at"]); err != nil {
		return wrong("verify_at", "%w", err)
	}
	if kind == verifySame {
		if g.want = set["verify_prefix"] + set["verify_key"]; len(set["verify_key"]) < 16 {
			return wrong("verify_key", "must have at least 16 characters: whoever guesses it can speak for every customer")
		}
		return nil
	}
	if g.sum, err = newDigest(kind, set["verify_key"], set["verify_encoding"], set["verify_parts"], "verify_parts"); err != nil {
		return err
	}
	g.sum.prefix, g.places = set["verify_prefix"], map[string]*source{}
	for _, p := range g.sum.parts {
		if p == partKey || p == partBody || p == partURL || p == partParams || p[0] == '"' {
			continue
		}
		if g.places[p], err = parseSource(p); err != nil || g.places[p].from == ours {
			return wrong("verify_parts", "has a part that is neither raw_body, full_url, sorted_params, key, a \"literal\" nor a path such as $.time or query.id")
		}
	}
	return nil
}

func (g *guard) compileAge(set map[string]string) (err error) {
	if (set["verify_time"] == "") != (set["verify_max_age"] == "") {
		return wrong("verify_max_age", "and verify_time belong together")
	}
	if set["verify_time"] == "" {
		return nil
	}
	if g.when, err = parseSource(set["verify_time"]); err != nil {
		return wrong("verify_time", "%w", err)
	}
	inBody := g.when.from == fromEvent || g.when.from == fromRoot
	if g.sum == nil || !slices.Contains(g.sum.parts, set["verify_time"]) && !(inBody && slices.Contains(g.sum.parts, partBody)) {
		return wrong("verify_time", "is not among verify_parts: whoever repeats an old call could write a new time into it")
	}
	g.age, _ = time.ParseDuration(set["verify_max_age"]) // checked before
	g.clock = newClock(set)
	return nil
}

func (g *guard) compileChallenge(set map[string]string) (err error) {
	token := set["challenge_token"] != "" && set["challenge_at"] != ""
	switch {
	case set["challenge"] == "" && set["challenge_at"]+set["challenge_token"] != "":
		return wrong("challenge", "is missing, to which challenge_at and challenge_token belong")
	case set["challenge"] == "":
		return nil
	case (set["challenge_token"] != "") != (set["challenge_at"] != ""):
		return wrong("challenge_token", "and challenge_at belong together")
	case !token && set["path_secret"] == "":
		return wrong("challenge_token", "is missing: a handshake has to show something, or path_secret be set")
	}
	if g.echo, err = parseSource(set["challenge"]); err != nil {
		return wrong("challenge", "%w", err)
	}
	if token {
		if g.tokenAt, err = parseSource(set["challenge_at"]); err != nil {
			return wrong("challenge_at", "%w", err)
		}
	}
	return nil
}
