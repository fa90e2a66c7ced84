package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Claim asks for one of an offer's budget and, where there is a pool, for a code of that.
type Claim struct {
	Key    string // the same claim always gets the same answer
	Offer  string
	Budget int    // 0: no limit
	Pool   string // empty: no code
}

// Claimed answers a claim. Where the pool is empty nothing of the budget is taken.
type Claimed struct {
	Spent bool // nothing is left of the budget
	Empty bool // nothing is left in the pool
	Code  string
	// Damaged is that a key of the offer or its pool holds something else than hoidap keeps there: nothing is claimed. Nil: none does.
	Damaged *Misplaced
}

// Claim claims for many at once. Budgets are claimed in one round trip, with the codes of what has no limit; the codes of
// what has one are claimed in another, once its budget has granted them.
func (s *Store) Claim(ctx context.Context, claims []Claim) ([]Claimed, error) {
	got := make([]Claimed, len(claims))
	unlimited := s.codesOf(claims, func(i int) bool { return claims[i].Budget == 0 })
	if err := s.claims(ctx, claims, append(s.budgetsOf(claims), unlimited...), got); err != nil {
		return nil, unavailable("claiming budgets and codes", err)
	}
	limited := s.codesOf(claims, func(i int) bool { return claims[i].Budget > 0 && !got[i].Spent && got[i].Damaged == nil })
	if len(limited) > 0 {
		if err := s.claims(ctx, claims, limited, got); err != nil {
			return nil, unavailable("claiming codes", err)
		}
	}
	return got, s.returnBudget(ctx, claims, got)
}

// returnBudget gives back what was claimed for those who get no code, as the pool is empty or damaged.
func (s *Store) returnBudget(ctx context.Context, claims []Claim, got []Claimed) error {
	p := s.rdb.Pipeline()
	for i, c := range claims {
		if got[i].Empty || got[i].Damaged != nil && got[i].Damaged.keys[0] != givenKey(c.Offer) {
			p.HDel(ctx, givenKey(c.Offer), c.Key)
		}
	}
	if p.Len() == 0 {
		return nil
	}
	return exec(ctx, p, "returning budget")
}

// claimGroup is what is claimed of one budget or pool.
type claimGroup struct {
	claims []int
	keys   map[string]string // with the type that each must have
	ask    func(ctx context.Context, p redis.Pipeliner, claims []Claim)
	answer func(got *Claimed, v any)
}

// budgetsOf are the claims of budgets.
func (s *Store) budgetsOf(claims []Claim) []claimGroup {
	return grouped(claims, func(i int) string { return claims[i].Offer }, func(offer string, g *claimGroup) {
		g.keys = map[string]string{givenKey(offer): "hash"}
		g.ask = func(ctx context.Context, p redis.Pipeliner, some []Claim) {
			args := make([]any, 0, 2*len(some))
			for _, c := range some {
				args = append(args, c.Budget, c.Key)
			}
			s.scripts.claimBudget.EvalSha(ctx, p, []string{givenKey(offer)}, args...)
		}
		g.answer = func(got *Claimed, v any) { got.Spent = v != int64(1) }
	})
}

// codesOf are the claims of codes, of those whom want names.
func (s *Store) codesOf(claims []Claim, want func(i int) bool) []claimGroup {
	pool := func(i int) string {
		if !want(i) {
			return ""
		}
		return claims[i].Pool
	}
	return grouped(claims, pool, func(pool string, g *claimGroup) {
		g.keys = map[string]string{poolCodesKey(pool): "list", poolClaimsKey(pool): "hash"}
		g.ask = func(ctx context.Context, p redis.Pipeliner, some []Claim) {
			args := make([]any, len(some))
			for n, c := range some {
				args[n] = c.Key
			}
			s.scripts.claimCode.EvalSha(ctx, p, []string{poolCodesKey(pool), poolClaimsKey(pool)}, args...)
		}
		g.answer = func(got *Claimed, v any) {
			got.Code = text(v)
			got.Empty = got.Code == ""
		}
	})
}

// claimsMost bounds the claims of one script.
const claimsMost = argumentsMost / 2

// grouped puts claims together that are made of the same budget or pool, in their order; those without one are left out.
func grouped(claims []Claim, of func(i int) string, found func(name string, g *claimGroup)) []claimGroup {
	var all []claimGroup
	at := map[string]int{}
	for i := range claims {
		name := of(i)
		if name == "" {
			continue
		}
		n, ok := at[name]
		if !ok || len(all[n].claims) == claimsMost {
			n, all = len(all), append(all, claimGroup{})
			found(name, &all[n])
			at[name] = n
		}
		all[n].claims = append(all[n].claims, i)
	}
	return all
}

// claims asks one script a group, all in one round trip, and writes the answers down.
func (s *Store) claims(ctx context.Context, claims []Claim, groups []claimGroup, got []Claimed) error {
	cmds, err := s.scripted(ctx, func(p redis.Pipeliner) {
		for _, g := range groups {
			some := make([]Claim, len(g.claims))
			for n, i := range g.claims {
				some[n] = claims[i]
			}
			g.ask(ctx, p, some)
		}
	})
	if err != nil {
		return err
	}
	for n, g := range groups {
		v, err := cmds[n].(*redis.Cmd).Slice()
		if m, ok := errors.AsType[*Misplaced](s.misplaced(ctx, err, g.keys)); ok { // the claims of other offers and pools go on
			for _, i := range g.claims {
				got[i].Damaged = m
			}
			continue
		}
		if err != nil {
			return err
		}
		for k, i := range g.claims {
			g.answer(&got[i], v[k])
		}
	}
	return nil
}

// AddCodes puts codes into a pool, each at most once ever, and returns how many were new.
func (s *Store) AddCodes(ctx context.Context, pool string, codes []string) (added int, err error) {
	const slice = 1000 // a script's arguments are bounded by Lua's stack
	for len(codes) > 0 {
		n := min(slice, len(codes))
		args := make([]any, n)
		for i, c := range codes[:n] {
			args[i] = c
		}
		k, err := s.scripts.addCodes.Run(ctx, s.rdb, []string{poolCodesKey(pool), poolKnownKey(pool)}, args...).Int()
		if err != nil {
			return added, s.asked(ctx, "adding codes", err, map[string]string{poolCodesKey(pool): "list", poolKnownKey(pool): "set"})
		}
		added, codes = added+k, codes[n:]
	}
	return added, nil
}

// Given counts what was given of each offer.
func (s *Store) Given(ctx context.Context) (map[string]int64, error) {
	p := s.rdb.Pipeline()
	cmds := make([]*redis.MapStringStringCmd, s.partitions)
	for i := range cmds {
		cmds[i] = p.HGetAll(ctx, offersGivenKey(i))
	}
	if err := exec(ctx, p, "counting offers"); err != nil {
		return nil, err
	}
	given := map[string]int64{}
	for _, c := range cmds {
		for offer, n := range c.Val() {
			k, err := strconv.ParseInt(n, 10, 64)
			if err != nil {
				return nil, fmt.Errorf("counting offers: %q is no count", n)
			}
			given[offer] += k
		}
	}
	return given, nil
}

// CodesLeft is how many codes a pool has left.
func (s *Store) CodesLeft(ctx context.Context, pool string) (int64, error) {
	c := s.rdb.LLen(ctx, poolCodesKey(pool))
	if c.Err() != nil {
		return 0, failed("counting codes", c)
	}
	return c.Val(), nil
}

// givenFor is how long it is kept on which day offers were given: the week that is asked for, and the one that it lies in.
const givenFor = 15 * 24 * time.Hour

// GivenDays is how far back GivenLately looks, today included.
const GivenDays = 7

func dayOf(at time.Time) int64                { return at.Unix() / int64((24 * time.Hour).Seconds()) }
func weekOf(day int64) int64                  { return day / 7 }
func dayField(day int64, offer string) string { return strconv.FormatInt(day, 10) + ":" + offer }

// GivenLately is how many of each offer were given on each of the last days, the oldest day first and today last. Days are UTC's.
func (s *Store) GivenLately(ctx context.Context, now time.Time) (map[string][GivenDays]int64, error) {
	today := dayOf(now)
	first := today - GivenDays + 1
	p := s.rdb.Pipeline()
	var cmds []*redis.MapStringStringCmd
	for week := weekOf(first); week <= weekOf(today); week++ {
		for i := range s.partitions {
			cmds = append(cmds, p.HGetAll(ctx, givenInKey(i, week)))
		}
	}
	if err := exec(ctx, p, "counting offers by day"); err != nil {
		return nil, err
	}
	given := map[string][GivenDays]int64{}
	for _, c := range cmds {
		for field, n := range c.Val() {
			number, offer, _ := strings.Cut(field, ":")
			day, err := strconv.ParseInt(number, 10, 64)
			k, bad := strconv.ParseInt(n, 10, 64)
			if err != nil || bad != nil {
				return nil, fmt.Errorf("counting offers by day: %q %q is no count", field, n)
			}
			if day >= first && day <= today {
				days := given[offer]
				days[day-first] += k
				given[offer] = days
			}
		}
	}
	return given, nil
}
