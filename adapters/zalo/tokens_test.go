package zalo_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/zalo"
	"github.com/hoidap/hoidap/adapters/zalo/fake"
	"github.com/hoidap/hoidap/preferences/address"
)

// vault is shared by the replicas of a test. It can be away.
type vault struct {
	mu     sync.Mutex
	tokens map[string]string
	away   bool
	deaf   func() bool   // asked before each Swap of the tokens: true fails it
	looked chan struct{} // a look for who renews; not told where nobody listens
}

var errAway = errors.New("redis is away")

func (v *vault) Get(ctx context.Context, name string) (string, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.away {
		return "", errAway
	}
	if name == "renewing" {
		select {
		case v.looked <- struct{}{}:
		default:
		}
	}
	return v.tokens[name], ctx.Err()
}

func (v *vault) Swap(ctx context.Context, name, old, fresh string) (bool, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.away || name == "tokens" && v.deaf != nil && v.deaf() {
		return false, errAway
	}
	if v.tokens[name] != old || ctx.Err() != nil {
		return false, ctx.Err()
	}
	v.tokens[name] = fresh
	return true, nil
}

// clock is everybody's.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// fleet is several replicas, each with both modes, one vault, one clock and one Zalo.
type fleet struct {
	t     *testing.T
	zalo  *fake.Zalo
	vault *vault
	clock *clock
	url   string
}

var began = time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)

func newFleet(t *testing.T) *fleet {
	t.Helper()
	f := &fleet{t: t, zalo: fake.New(adaptertest.Webhook, app, true), clock: &clock{at: began.Add(time.Hour)}}
	f.vault = &vault{tokens: zalo.Kept(fake.FirstAccess, fake.FirstRefresh, began), looked: make(chan struct{})}
	server := httptest.NewServer(f.zalo)
	t.Cleanup(server.Close)
	f.url = server.URL
	return f
}

func (f *fleet) open(channel address.Channel, more map[string]string) adapters.Adapter {
	f.t.Helper()
	s := settings()
	s["base_url"] = f.url
	for k, v := range more {
		s[k] = v
	}
	a, err := zalo.Type().Open(adapters.Account{ID: "main", Channel: channel, Settings: s, HTTPClient: &http.Client{}, Vault: f.vault, Now: f.clock.now})
	if err != nil {
		f.t.Fatal(err)
	}
	return a
}

func (f *fleet) replicas(n int) (all []adapters.Adapter) {
	for range n {
		all = append(all, f.open(address.Zalo, nil), f.open(address.SMS, nil))
	}
	return all
}

func message(a adapters.Adapter, id string) adapters.Message {
	m := adapters.Message{ID: id, To: lan, Class: adapters.Reply, Text: "Chào chị " + id, Queued: time.Now()}
	if a.Capabilities().Templates == adapters.TemplatesAlways {
		m.To, m.Template = tel, &adapters.Template{ID: "322307"}
	}
	return m
}

func (f *fleet) send(a adapters.Adapter) error {
	_, err := a.Send(f.t.Context(), message(a, "m1"))
	return err
}

func (f *fleet) given(want int) {
	f.t.Helper()
	asked, given, most := f.zalo.TokenCalls()
	if asked != want || given != want || most > 1 {
		f.t.Errorf("OAuth was asked %d times, gave %d pairs and was asked %d times at once; want %d, one at a time", asked, given, most, want)
	}
}

func faultOf(err error) adapters.Fault {
	var e *adapters.Error
	if errors.As(err, &e) {
		return e.Fault
	}
	return adapters.Unknown
}

// However many send at once on however many replicas and in both modes, one of them renews, once.
func TestOneRenewsForAll(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*fleet){
		"four fifths of its life are over": func(f *fleet) { f.clock.pass(20 * time.Hour) },
		"its life is over":                 func(f *fleet) { f.clock.pass(50 * time.Hour) },
		"Zalo ends it early":               func(f *fleet) { f.zalo.Expire() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFleet(t)
			all := f.replicas(3)
			for _, a := range all {
				if err := f.send(a); err != nil {
					t.Fatal(err)
				}
			}
			f.given(0)
			spoil(f)
			f.zalo.BeforeTokens(func() { // all the others come by meanwhile, twice
				late := time.After(5 * time.Second) // they do not wait
				for range 2 * len(all) {
					select {
					case <-f.vault.looked:
					case <-late:
						return
					}
				}
			})
			f.together(all, 20)
			f.given(1)
			f.together(all, 5)
			f.given(1)
		})
	}
}

// together lets each replica send n messages at once.
func (f *fleet) together(all []adapters.Adapter, n int) {
	f.t.Helper()
	var sends sync.WaitGroup
	for i, a := range all {
		for j := range n {
			sends.Go(func() {
				if _, err := a.Send(f.t.Context(), message(a, "m"+strconv.Itoa(i)+"-"+strconv.Itoa(j))); err != nil {
					f.t.Errorf("replica %d: %v", i, err)
				}
			})
		}
	}
	sends.Wait()
}

// The first refresh token comes from the configuration, and is used once, too.
func TestTheFirstTokenIsConfigured(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.vault.tokens = map[string]string{}
	configured := map[string]string{"refresh_token": fake.FirstRefresh}
	f.together([]adapters.Adapter{f.open(address.Zalo, configured), f.open(address.SMS, configured), f.open(address.Zalo, configured)}, 10)
	f.given(1)
	if err := f.send(f.open(address.Zalo, configured)); err != nil { // started later
		t.Error(err)
	}
	f.given(1)

	f = newFleet(t)
	f.vault.tokens = map[string]string{}
	if err := f.send(f.open(address.Zalo, nil)); faultOf(err) != adapters.Operator || !strings.Contains(err.Error(), "consent") {
		t.Errorf("without any token: %v", err)
	}
	f.given(0)
}

// An answer that is lost takes the refresh token with it. That is said at once, the old token is used to its end, nobody
// tries again, and a new refresh token or consent mends it.
func TestALostAnswerNeedsConsent(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	all := f.replicas(2)
	f.clock.pass(21 * time.Hour)
	f.zalo.LoseTokens()
	err := f.send(all[0])
	if faultOf(err) != adapters.Operator || !strings.Contains(err.Error(), "consent again") {
		t.Fatalf("%v, want an operator's fault about consent", err)
	}
	if f.vault.tokens["renewing"] != "" {
		t.Error("the claim was not given back")
	}
	for range 3 {
		f.clock.pass(time.Minute)
		for _, a := range all {
			if err := f.send(a); faultOf(err) != adapters.Operator || !strings.Contains(err.Error(), "consent") {
				t.Errorf("Zalo ended the old token: %v", err)
			}
		}
	}
	if asked, _, _ := f.zalo.TokenCalls(); asked != 1 {
		t.Errorf("OAuth was asked %d times", asked)
	}
	health, err := all[1].(adapters.Prober).Probe(t.Context())
	if err != nil || health.OK || !strings.Contains(health.Detail, "consent") {
		t.Errorf("%+v, %v", health, err)
	}
	// The lost pair was numbered 1: somebody found its refresh token.
	if err := f.send(f.open(address.Zalo, map[string]string{"refresh_token": "refresh-token-1"})); err != nil {
		t.Errorf("with a new refresh token: %v", err)
	}
	f.clock.pass(time.Minute)
	f.together(all, 2)
}

// A token that nobody ended goes on being used though its successor is lost.
func TestTheOldTokenIsUsedToItsEnd(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	a := f.open(address.Zalo, nil)
	if err := f.send(a); err != nil {
		t.Fatal(err)
	}
	f.clock.pass(20 * time.Hour)
	f.zalo.Revoke()
	if err := f.send(a); faultOf(err) != adapters.Operator {
		t.Errorf("the refusal is not told: %v", err)
	}
	if err := f.send(a); err != nil {
		t.Errorf("the token is good for five hours more: %v", err)
	}
	f.clock.pass(5 * time.Hour)
	if err := f.send(a); faultOf(err) != adapters.Operator {
		t.Errorf("with a token that is over: %v", err)
	}
}

// A new token is used only once the vault has it, and is not forgotten while it has not.
func TestATokenIsKeptBeforeItIsUsed(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	a := f.open(address.Zalo, nil)
	f.clock.pass(21 * time.Hour)
	tries := 0
	f.vault.deaf = func() bool { tries++; return tries <= 3 }
	if err := f.send(a); err != nil {
		t.Errorf("the vault came back: %v", err)
	}
	f.given(1)
	if !strings.Contains(f.vault.tokens["tokens"], "refresh-token-1") || tries != 4 {
		t.Errorf("after %d tries the vault holds %s", tries, f.vault.tokens["tokens"])
	}
	f.vault.mu.Lock()
	f.vault.away = true
	f.vault.mu.Unlock()
	if err := f.send(a); err != nil {
		t.Errorf("a token that is known needs no vault: %v", err)
	}
	if err := f.send(f.open(address.Zalo, nil)); faultOf(err) != adapters.Transient || !errors.Is(err, errAway) {
		t.Errorf("without the vault: %v, want transient", err)
	}
}

// Where the vault takes nothing for longer than that, the pair waits in memory: it is the only one, and is written down
// later without asking for another.
func TestATokenOutlivesTheVaultsAbsence(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	a := f.open(address.Zalo, nil)
	zalo.Hasten(a, 300*time.Millisecond)
	f.clock.pass(26 * time.Hour)
	deaf := true
	f.vault.deaf = func() bool { return deaf }
	for range 2 {
		if err := f.send(a); faultOf(err) != adapters.Transient {
			t.Errorf("%v, want transient", err)
		}
		f.given(1)
		if len(f.zalo.Shown(lan)) != 0 {
			t.Error("a token was used that the vault does not have")
		}
	}
	f.vault.mu.Lock()
	deaf = false
	f.vault.mu.Unlock()
	if err := f.send(a); err != nil {
		t.Error(err)
	}
	f.given(1)
	f.together([]adapters.Adapter{f.open(address.Zalo, nil), f.open(address.SMS, nil)}, 3)
	f.given(1)
}

// While it is only time to renew, the old token does where the vault or OAuth cannot be reached.
func TestRenewalCanWait(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	a := f.open(address.Zalo, nil)
	if err := f.send(a); err != nil {
		t.Fatal(err)
	}
	f.clock.pass(20 * time.Hour)
	away := func(away bool) {
		f.vault.mu.Lock()
		defer f.vault.mu.Unlock()
		f.vault.away = away
	}
	away(true)
	f.together([]adapters.Adapter{a}, 5)
	f.given(0)
	away(false)
	f.clock.pass(time.Minute)
	f.together([]adapters.Adapter{a}, 5)
	f.given(1)
}

// Somebody else's claim is waited for, as long as the message may take; one that a crash left behind ends.
func TestAClaimIsWaitedFor(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.clock.pass(21 * time.Hour)
	name, claim := zalo.Claimed(f.clock.now().Add(time.Minute))
	f.vault.tokens[name] = claim
	ctx, cancel := context.WithTimeout(t.Context(), 250*time.Millisecond)
	defer cancel()
	a := f.open(address.Zalo, nil)
	if _, err := a.Send(ctx, message(a, "m1")); faultOf(err) != adapters.Transient {
		t.Errorf("while another renews: %v, want transient", err)
	}
	f.given(0)
	f.clock.pass(time.Minute)
	if err := f.send(a); err != nil {
		t.Errorf("after the claim's end: %v", err)
	}
	f.given(1)
}

// A renewal that has begun is finished though the message's time is over.
func TestARenewalIsNotBrokenOff(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.clock.pass(21 * time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	f.zalo.BeforeTokens(cancel)
	a := f.open(address.Zalo, nil)
	if _, err := a.Send(ctx, message(a, "m1")); faultOf(err) != adapters.Transient {
		t.Errorf("%v, want transient: nothing was sent", err)
	}
	if err := f.send(a); err != nil {
		t.Error(err)
	}
	f.given(1)
}

// A token that is refused as soon as it was got is not renewed over and over.
func TestANewTokenThatIsRefused(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	a := f.open(address.Zalo, nil)
	f.clock.pass(21 * time.Hour)
	if err := f.send(a); err != nil {
		t.Fatal(err)
	}
	f.zalo.Expire()
	for range 3 {
		if err := f.send(a); faultOf(err) != adapters.Operator {
			t.Errorf("%v, want an operator's fault", err)
		}
	}
	f.given(1)
	f.clock.pass(time.Minute)
	if err := f.send(a); err != nil {
		t.Error(err)
	}
	f.given(2)
}

func TestConsent(t *testing.T) {
	t.Parallel()
	const verifier, challenge = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "fR4ifSAEy-7Mu6g7FHZulPKrtjqdAnUCwRFAJt2JFsA" // Zalo's own
	f := newFleet(t)
	f.vault.tokens = map[string]string{}
	a := f.open(address.Zalo, nil)
	c := a.(adapters.Consenter)
	link := c.ConsentURL("https://gw.example.com/oauth/main/callback", "state-1", challenge)
	code, state, err := f.zalo.Consents(link)
	if err != nil || state != "state-1" {
		t.Fatalf("%s: %s, %v", link, state, err)
	}
	if err := c.Consent(t.Context(), code, "another verifier"); faultOf(err) != adapters.Operator {
		t.Errorf("another verifier: %v", err)
	}
	code, _, _ = f.zalo.Consents(link)
	if err := c.Consent(t.Context(), code, verifier); err != nil {
		t.Fatal(err)
	}
	if err := f.send(a); err != nil {
		t.Error(err)
	}
	if err := c.Consent(t.Context(), code, verifier); faultOf(err) != adapters.Operator {
		t.Errorf("a code works once: %v", err)
	}
	other := f.open(address.Zalo, map[string]string{"oa_id": "999999999999"}).(adapters.Consenter)
	code, _, _ = f.zalo.Consents(link)
	before := f.vault.tokens["tokens"]
	if err := other.Consent(t.Context(), code, verifier); err == nil || !strings.Contains(err.Error(), "another Official Account") || f.vault.tokens["tokens"] != before {
		t.Errorf("another OA's consent: %v", err)
	}
}

func TestProofOfTheSecret(t *testing.T) {
	t.Parallel()
	if got := zalo.Proof("zalo-app-secret-1", "ACCESS_TOKEN_1"); got != "09067ba4762758f50a31d75828ab532d1523c6eb850bea41e0e1ea2c044af5d1" {
		t.Error(got)
	}
}

func TestVaultIsSharedByAppAndOA(t *testing.T) {
	t.Parallel()
	name := func(app, oa string) string {
		return zalo.Type().SharedVault(map[string]string{"app_id": app, "oa_id": oa})
	}
	mine, again := name("11111", "22222"), name("11111", "22222")
	if mine != again || mine == name("11111", "33333") || mine == name("44444", "22222") {
		t.Error("the vault is shared by others than accounts of one app and OA")
	}
}
