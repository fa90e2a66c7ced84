package store

import (
	"context"
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
}

// Claim claims for many at once: one round trip for the budgets, and one for the codes.
func (s *Store) Claim(ctx context.Context, claims []Claim) ([]Claimed, error) {
	got := make([]Claimed, len(claims))
	budgets := grouped(claims, func(i int) string { return givenKey(claims[i].Offer) })
	granted, err := s.claims(ctx, budgets, func(p redis.Pipeliner, g claimGroup) {
		args := make([]any, 0, 2*len(g.claims))
		for _, i := range g.claims {
			args = append(args, claims[i].Budget, claims[i].Key)
		}
		s.scripts.claimBudget.EvalSha(ctx, p, []string{g.key}, args...)
	})
	if err != nil {
		return nil, unavailable("claiming budget", err)
	}
	for i := range got {
		got[i].Spent = granted[i] != int64(1)
	}
	pools := grouped(claims, func(i int) string {
		if got[i].Spent {
			return ""
		}
		return claims[i].Pool
	})
	codes, err := s.claims(ctx, pools, func(p redis.Pipeliner, g claimGroup) {
		args := make([]any, len(g.claims))
		for n, i := range g.claims {
			args[n] = claims[i].Key
		}
		s.scripts.claimCode.EvalSha(ctx, p, []string{poolCodesKey(g.key), poolClaimsKey(g.key)}, args...)
	})
	if err != nil {
		return nil, unavailable("claiming codes", err)
	}
	for i, c := range claims {
		if !got[i].Spent && c.Pool != "" {
			got[i].Code = text(codes[i])
			got[i].Empty = got[i].Code == ""
		}
	}
	return got, s.returnBudget(ctx, claims, got)
}

// returnBudget gives back what was claimed for those who get no code.
func (s *Store) returnBudget(ctx context.Context, claims []Claim, got []Claimed) error {
	p := s.rdb.Pipeline()
	for i, c := range claims {
		if got[i].Empty {
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
	key    string
	claims []int
}

// claimsMost bounds the claims of one script.
const claimsMost = argumentsMost / 2

// grouped puts claims together that are made at the same key, in their order; those without a key are left out.
func grouped(claims []Claim, key func(i int) string) []claimGroup {
	var all []claimGroup
	at := map[string]int{}
	for i := range claims {
		k := key(i)
		if k == "" {
			continue
		}
		n, ok := at[k]
		if !ok || len(all[n].claims) == claimsMost {
			n, all = len(all), append(all, claimGroup{key: k})
			at[k] = n
		}
		all[n].claims = append(all[n].claims, i)
	}
	return all
}

// claims asks one script a group, and returns the answers by claim.
func (s *Store) claims(ctx context.Context, groups []claimGroup, ask func(redis.Pipeliner, claimGroup)) (map[int]any, error) {
	cmds, err := s.scripted(ctx, func(p redis.Pipeliner) {
		for _, g := range groups {
			ask(p, g)
		}
	})
	if err != nil {
		return nil, err
	}
	answers := map[int]any{}
	for n, g := range groups {
		v, err := cmds[n].(*redis.Cmd).Slice()
		if err != nil {
			return nil, err
		}
		for k, i := range g.claims {
			answers[i] = v[k]
		}
	}
	return answers, nil
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
			return added, unavailable("adding codes", err)
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
	n, err := s.rdb.LLen(ctx, poolCodesKey(pool)).Result()
	if err != nil {
		return 0, unavailable("counting codes", err)
	}
	return n, nil
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
