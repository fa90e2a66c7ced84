package zalo

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
)

// How the replicas wait for each other.
const (
	refreshMost = 15 * time.Second       // of a renewal, from the claim to the vault
	askMost     = 10 * time.Second       // of the call in it, so that there is time left for the vault
	unclaimMost = 2 * time.Second        // of telling the others that they may
	claimFor    = time.Minute            // how long a claim holds: more than a renewal takes, and clocks may differ
	lookEvery   = 100 * time.Millisecond // between two looks at what another replica got
	complainFor = 30 * time.Second       // how long a failed renewal is not tried again
	newFor      = time.Minute            // a token so new is not renewed because Zalo refuses it: that would not help
)

// The vault's names.
const (
	vaultTokens = "tokens"
	vaultClaim  = "renewing"
)

var errVault = errors.New("the vault holds something that is no token")

// tokens gives the OA's access token. There is one for all replicas and both modes; the vault has it, and whoever renews
// it claims that there first, because a refresh token works once: two who use it at a time, or one whose answer is lost,
// cost the administrator's consent.
type tokens struct {
	oauth      *httpcall.Client
	vault      adapters.Vault
	now        func() time.Time
	appID      string
	secret     string
	configured string // the refresh token of the configuration

	most time.Duration // refreshMost

	one chan struct{} // held by the one Send of this adapter that looks after the token

	mu      sync.Mutex
	known   held
	unsaved *pair     // got, and not in the vault yet
	failed  error     // why the last renewal failed
	until   time.Time // until when that is the answer
}

func newTokens(acc adapters.Account, oauth *httpcall.Client) *tokens {
	return &tokens{
		oauth: oauth, vault: acc.Vault, now: acc.Now, one: make(chan struct{}, 1), most: refreshMost,
		appID: acc.Settings["app_id"], secret: acc.Settings["app_secret"], configured: acc.Settings["refresh_token"],
	}
}

// access is the token to use now.
func (t *tokens) access(ctx context.Context) (held, error) {
	t.mu.Lock()
	known, failed, now := t.known, t.failing(), t.now()
	t.mu.Unlock()
	if known.good(now) || failed != nil && known.usable(now) {
		return known, nil
	}
	return t.other(ctx, held{})
}

// renew is the token to use in place of one that Zalo refused.
func (t *tokens) renew(ctx context.Context, refused held) (held, error) {
	if t.now().Sub(refused.Issued) < newFor {
		return held{}, &adapters.Error{Fault: adapters.Operator, Detail: "Zalo refuses a token that it has just given: see the app's permissions and app_secret"}
	}
	return t.other(ctx, refused)
}

// failing is why the last renewal failed, while that is no longer ago than complainFor. The caller holds mu.
func (t *tokens) failing() error {
	if t.failed != nil && t.now().Before(t.until) {
		return t.failed
	}
	return nil
}

// other is a good token other than bad: what this adapter knows by now, what the vault has, or a new one. One Send at a
// time asks; the others wait for what it finds.
func (t *tokens) other(ctx context.Context, bad held) (held, error) {
	select {
	case t.one <- struct{}{}:
		defer func() { <-t.one }()
	case <-ctx.Done():
		return held{}, notNow("gave up waiting for a token", ctx.Err())
	}
	t.mu.Lock()
	known, failed := t.known, t.failing()
	t.mu.Unlock()
	if t.serves(known, bad) {
		return known, nil
	}
	switch {
	case failed != nil && bad.Access == "" && known.usable(t.now()):
		return known, nil
	case failed != nil:
		return held{}, failed
	}
	got, err := t.settle(ctx, bad)
	t.mu.Lock()
	defer t.mu.Unlock()
	var e *adapters.Error
	switch {
	case err == nil:
		t.known, t.failed = got, nil
	case errors.As(err, &e) && e.Fault == adapters.Operator: // told at once, though the old token may do for some hours
		t.failed, t.until = err, t.now().Add(complainFor)
	case bad.Access == "" && known.usable(t.now()): // it was only time to renew
		t.failed, t.until = err, t.now().Add(complainFor)
		return known, nil
	}
	return got, err
}

// serves reports whether a pair can be used in place of a bad one.
func (t *tokens) serves(h, bad held) bool {
	return h.good(t.now()) && (bad.Access == "" || h.Access != bad.Access)
}

// settle looks in the vault until it has a pair that serves, and renews it where nobody else does.
func (t *tokens) settle(ctx context.Context, bad held) (held, error) {
	for {
		if err := t.saveAgain(ctx); err != nil {
			return held{}, err
		}
		now, err := t.read(ctx)
		if err != nil {
			return held{}, err
		}
		if t.serves(now, bad) {
			return now, nil
		}
		if now.Refresh == "" {
			return held{}, mustConsent(now.pair)
		}
		claim, err := t.claim(ctx)
		if err != nil {
			return held{}, err
		}
		if claim != "" {
			return t.refresh(ctx, bad, claim)
		}
		if !wait(ctx, lookEvery) {
			return held{}, notNow("another replica has been renewing the token for too long", ctx.Err())
		}
	}
}

func (t *tokens) read(ctx context.Context) (held, error) {
	raw, err := t.vault.Get(ctx, vaultTokens)
	if err != nil {
		return held{}, notNow("the vault with the token cannot be read", err)
	}
	h, err := readPair(raw, t.configured)
	if err != nil {
		return held{}, &adapters.Error{Fault: adapters.Operator, Detail: err.Error()}
	}
	return h, nil
}

// claimed is who renews, and until when they may.
type claimed struct {
	By    string    `json:"by"`
	Until time.Time `json:"until"`
}

// claim gives the claim as the vault has it, or "" where somebody else renews. One that is over was left by a crash.
func (t *tokens) claim(ctx context.Context) (string, error) {
	was, err := t.vault.Get(ctx, vaultClaim)
	if err != nil {
		return "", notNow("the vault with the token cannot be read", err)
	}
	var other claimed
	if was != "" && json.Unmarshal([]byte(was), &other) == nil && t.now().Before(other.Until) {
		return "", nil
	}
	mine, _ := json.Marshal(claimed{By: rand.Text(), Until: t.now().Add(claimFor)}) //nolint:errchkjson // a text and a time
	ok, err := t.vault.Swap(ctx, vaultClaim, was, string(mine))
	switch {
	case err != nil:
		return "", notNow("the vault with the token cannot be written", err)
	case !ok:
		return "", nil
	}
	return string(mine), nil
}

// refresh renews the pair under a claim. It goes on where ctx ends, for at most refreshMost: the refresh token is spent
// as soon as Zalo reads it, so that nobody may walk away from the answer.
func (t *tokens) refresh(ctx context.Context, bad held, claim string) (held, error) {
	ctx = context.WithoutCancel(ctx)
	defer t.unclaim(ctx, claim)
	ctx, cancel := context.WithTimeout(ctx, t.most)
	defer cancel()
	now, err := t.read(ctx) // somebody may have renewed between the look and the claim
	if err != nil {
		return held{}, err
	}
	if t.serves(now, bad) {
		return now, nil
	}
	if now.Refresh == "" {
		return held{}, mustConsent(now.pair)
	}
	fresh, err := t.exchange(ctx, map[string]string{"grant_type": "refresh_token", "refresh_token": now.Refresh})
	var e *adapters.Error
	switch {
	case err == nil:
		fresh.Number, fresh.Seed = now.Number+1, now.Seed
		return t.save(ctx, now, fresh)
	case errors.As(err, &e):
		return held{}, err // not asked, or refused: the refresh token was not spent by it
	}
	lost := now.pair
	lost.Refresh, lost.Lost = "", true
	if _, err := t.save(ctx, now, lost); err != nil {
		return held{}, err
	}
	return held{}, mustConsent(lost)
}

// unclaim lets others renew. It has a time of its own: where the renewal used up all of its own, the others would wait for the
// claim to end by itself.
func (t *tokens) unclaim(ctx context.Context, claim string) {
	ctx, cancel := context.WithTimeout(ctx, unclaimMost)
	defer cancel()
	_, _ = t.vault.Swap(ctx, vaultClaim, claim, "") // a claim that stays ends by itself
}

// save writes a pair down over another one; until that is done nobody may use it. It gives what the vault has in the end.
func (t *tokens) save(ctx context.Context, over held, p pair) (held, error) {
	raw := p.String()
	for {
		ok, err := t.vault.Swap(ctx, vaultTokens, over.raw, raw)
		if err == nil && ok {
			return held{p, raw}, nil
		}
		if err == nil {
			if over, err = t.read(ctx); err == nil && over.Number >= p.Number { // consented meanwhile, or written by a try that seemed lost
				return over, nil
			}
		}
		if err != nil && !wait(ctx, lookEvery) {
			t.mu.Lock()
			t.unsaved = &p
			t.mu.Unlock()
			return held{}, notNow("the vault does not take the new token, which is kept until it does", err)
		}
	}
}

// saveAgain writes down what could not be written before.
func (t *tokens) saveAgain(ctx context.Context) error {
	t.mu.Lock()
	p := t.unsaved
	t.mu.Unlock()
	if p == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, t.most)
	defer cancel()
	over, err := t.read(ctx)
	if err != nil {
		return err
	}
	if over.Number < p.Number {
		if _, err := t.save(ctx, over, *p); err != nil {
			return err
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.unsaved = nil
	return nil
}

func mustConsent(p pair) error {
	why := "the OA's administrator must consent first"
	if p.Lost {
		why = "the answer with the new token was lost: the OA's administrator must consent again"
	}
	return &adapters.Error{Fault: adapters.Operator, Detail: why + ", at /oauth/{account}, or give a new refresh_token"}
}

// notNow: nothing was sent, and later it may be.
func notNow(why string, err error) error {
	return &adapters.Error{Fault: adapters.Transient, Detail: why, Err: err}
}

// wait is false where ctx ends first.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
