package store

import (
	"context"
	_ "embed"

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

//go:embed lua/halt.lua
var haltLua string

//go:embed lua/file.lua
var fileLua string

//go:embed lua/health.lua
var healthLua string

//go:embed lua/take_asked.lua
var takeAskedLua string

//go:embed lua/withdraw.lua
var withdrawLua string

type scripts struct {
	commit, take, acquire, renew, release, join, claimBudget, claimCode, addCodes, swap, halt, health, takeAsked, withdraw, file script
}

// script keeps its text, which go-redis's own does not tell.
type script struct {
	*redis.Script
	source string
}

func newScript(source string) script { return script{redis.NewScript(source), source} }

func newScripts() scripts {
	return scripts{
		commit: newScript(commitLua), take: newScript(takeLua),
		acquire: newScript(acquireLua), renew: newScript(renewLua), release: newScript(releaseLua),
		join:        newScript(joinLua),
		claimBudget: newScript(claimBudgetLua), claimCode: newScript(claimCodeLua),
		addCodes: newScript(addCodesLua), swap: newScript(swapLua),
		halt: newScript(haltLua), health: newScript(healthLua),
		takeAsked: newScript(takeAskedLua), withdraw: newScript(withdrawLua),
		file: newScript(fileLua),
	}
}

func (s scripts) all() []script {
	return []script{s.commit, s.take, s.acquire, s.renew, s.release, s.join, s.claimBudget, s.claimCode, s.addCodes, s.swap, s.halt, s.health, s.takeAsked, s.withdraw, s.file}
}

// loadScripts makes the scripts known to Redis, so that a pipeline need not fall back. On a cluster the replicas get them
// too, as far as they can be reached: one of them may be a master soon.
func (s *Store) loadScripts(ctx context.Context) error {
	load := func(ctx context.Context, c *redis.Client) error {
		for _, script := range s.scripts.all() {
			if err := c.ScriptLoad(ctx, script.source).Err(); err != nil {
				return err
			}
		}
		return nil
	}
	if err := s.eachMaster(ctx, load); err != nil {
		return unavailable("loading scripts", err)
	}
	if c, ok := s.rdb.(*redis.ClusterClient); ok {
		c.ForEachSlave(ctx, load) //nolint:errcheck // it is enough that the masters have them
	}
	return nil
}

// scripted runs a pipeline of scripts. Those that Redis did not know (it was restarted, or a replica without scripts was
// promoted) have done nothing, and are sent again with their text: inside a pipeline there is no falling back from
// EVALSHA to EVAL.
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
	for i, c := range cmds {
		if text, ok := s.scripts.unknown(c); ok {
			cmds[i] = p.Do(ctx, text...)
		}
	}
	if p.Len() > 0 {
		p.Exec(ctx) //nolint:errcheck // each command has its own error
	}
	return cmds, nil
}

// unknown is the command that sends a script's text, where c failed because Redis did not know the script.
func (s scripts) unknown(c redis.Cmder) ([]any, bool) {
	if err := c.Err(); err == nil || !redis.HasErrorPrefix(err, "NOSCRIPT") {
		return nil, false
	}
	for _, script := range s.all() {
		if sha := c.Args()[1]; sha == script.Hash() {
			return append([]any{"eval", script.source}, c.Args()[2:]...), true
		}
	}
	return nil, false
}
