package store

import (
	"context"
	_ "embed"
	"strings"

	"github.com/redis/go-redis/v9"
)

//go:embed lua/commit.lua
var commitLua string

//go:embed lua/take.lua
var takeLua string

//go:embed lua/acquire.lua
var acquireLua string

//go:embed lua/join.lua
var joinLua string

//go:embed lua/renew.lua
var renewLua string

//go:embed lua/release.lua
var releaseLua string

//go:embed lua/claim_budget.lua
var claimBudgetLua string

//go:embed lua/claim_code.lua
var claimCodeLua string

//go:embed lua/add_codes.lua
var addCodesLua string

//go:embed lua/swap.lua
var swapLua string

type scripts struct {
	commit, take, acquire, renew, release, join, claimBudget, claimCode, addCodes, swap *redis.Script
}

func newScripts() scripts {
	return scripts{
		commit: redis.NewScript(commitLua), take: redis.NewScript(takeLua),
		acquire: redis.NewScript(acquireLua), renew: redis.NewScript(renewLua), release: redis.NewScript(releaseLua),
		join:        redis.NewScript(joinLua),
		claimBudget: redis.NewScript(claimBudgetLua), claimCode: redis.NewScript(claimCodeLua),
		addCodes: redis.NewScript(addCodesLua), swap: redis.NewScript(swapLua),
	}
}

func (s scripts) all() []*redis.Script {
	return []*redis.Script{s.commit, s.take, s.acquire, s.renew, s.release, s.join, s.claimBudget, s.claimCode, s.addCodes, s.swap}
}

// loadScripts makes the scripts known to Redis: inside a pipeline there is no falling back from EVALSHA to EVAL.
func (s *Store) loadScripts(ctx context.Context) error {
	for _, script := range s.scripts.all() {
		if err := script.Load(ctx, s.rdb).Err(); err != nil {
			return unavailable("loading scripts", err)
		}
	}
	return nil
}

// scripted runs a pipeline of scripts. Those that Redis had forgotten (it was restarted, or a replica without scripts was
// promoted) have done nothing, and are run again after loading.
func (s *Store) scripted(ctx context.Context, build func(p redis.Pipeliner)) ([]redis.Cmder, error) {
	return s.scriptedOn(ctx, s.rdb, build)
}

func (s *Store) scriptedOn(ctx context.Context, rdb redis.UniversalClient, build func(p redis.Pipeliner)) ([]redis.Cmder, error) {
	p := rdb.Pipeline()
	build(p)
	if p.Len() == 0 {
		return nil, nil
	}
	cmds, err := p.Exec(ctx)
	if err == nil {
		return cmds, nil
	}
	loaded := false
	for i, c := range cmds {
		if c.Err() == nil || !strings.HasPrefix(c.Err().Error(), "NOSCRIPT") {
			continue
		}
		if !loaded {
			if err := s.loadScripts(ctx); err != nil {
				return nil, err
			}
			loaded = true
		}
		cmds[i] = rdb.Do(ctx, c.Args()...)
	}
	return cmds, nil
}
