package store

import (
	"context"
	_ "embed"
	"errors"
	"strings"
	"sync"

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

//go:embed lua/unclaim_code.lua
var unclaimCodeLua string

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

//go:embed lua/freeze.lua
var freezeLua string

//go:embed lua/append.lua
var appendLua string

// allowFull lets a script run where Redis's memory is full. What such scripts write is bounded by what was taken in before,
// and it is they that make room: a commit takes off the log what it handled.
const allowFull = "#!lua flags=allow-oom\n"

type scripts struct {
	head string // what those begin with that run where memory is full

	commit, take, acquire, renew, release, join, claimBudget, claimCode, unclaimCode, addCodes, swap, halt, freeze, health, takeAsked, withdraw, file, append script
}

// script keeps its text, which go-redis's own does not tell.
type script struct {
	*redis.Script
	source string
}

func newScript(source string) script { return script{redis.NewScript(source), source} }

// newScripts makes the scripts. Those without the head bring something new, for which a full Redis has no room.
func newScripts(head string) scripts {
	return scripts{
		head:   head,
		commit: newScript(head + commandsLua() + commitLua), take: newScript(head + takeLua), append: newScript(head + appendLua),
		acquire: newScript(head + acquireLua), renew: newScript(head + renewLua), release: newScript(head + releaseLua),
		join:        newScript(head + joinLua),
		claimBudget: newScript(head + claimBudgetLua), claimCode: newScript(head + claimCodeLua), unclaimCode: newScript(head + unclaimCodeLua),
		swap: newScript(head + swapLua), halt: newScript(head + haltLua), freeze: newScript(head + freezeLua), health: newScript(head + healthLua),
		takeAsked: newScript(head + takeAskedLua), withdraw: newScript(head + withdrawLua),
		addCodes: newScript(addCodesLua), file: newScript(fileLua),
	}
}

// commandsLua tells the commit script the names of the commands, by the numbers that a plan has.
func commandsLua() string {
	return "local commands = {'" + strings.Join(commandNames(), "','") + "'}\n"
}

func (s scripts) all() []script {
	return []script{s.commit, s.take, s.acquire, s.renew, s.release, s.join, s.claimBudget, s.claimCode, s.unclaimCode, s.addCodes, s.swap, s.halt, s.freeze, s.health, s.takeAsked, s.withdraw, s.file, s.append}
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
	err := s.eachMaster(ctx, load)
	if knowsNoFlags(err) {
		s.scripts = newScripts("")
		err = s.eachMaster(ctx, load)
	}
	if err != nil {
		return unavailable("loading scripts", err)
	}
	if c, ok := s.rdb.(*redis.ClusterClient); ok {
		c.ForEachSlave(ctx, load) //nolint:errcheck // it is enough that the masters have them
	}
	return nil
}

// knowsNoFlags reports whether a script was refused for its first line. Every Redis since 7.0 knows it; the demo's, which is
// in memory and has no bound of its own, does not.
func knowsNoFlags(err error) bool {
	var said redis.Error
	return errors.As(err, &said) && strings.Contains(strings.ToLower(said.Error()), "compil")
}

// limiting runs the limiter's own scripts as ours: a full Redis would let nothing leave else.
type limiting struct {
	redis.UniversalClient
	store *Store
	ours  sync.Map // hash of the limiter's text -> *redis.Script
}

// EvalSha implements the limiter's interface. A script that was not seen yet is unknown, so that its text is brought.
func (l *limiting) EvalSha(ctx context.Context, sha string, keys []string, args ...any) *redis.Cmd {
	own, ok := l.ours.Load(sha)
	if !ok {
		c := redis.NewCmd(ctx)
		c.SetErr(unseen{})
		return c
	}
	c := own.(*redis.Script).EvalSha(ctx, l.UniversalClient, keys, args...)
	if redis.HasErrorPrefix(c.Err(), "NOSCRIPT") {
		c = own.(*redis.Script).Eval(ctx, l.UniversalClient, keys, args...)
	}
	return c
}

// Eval implements the limiter's interface.
func (l *limiting) Eval(ctx context.Context, text string, keys []string, args ...any) *redis.Cmd {
	own := redis.NewScript(l.store.scripts.head + text)
	l.ours.Store(redis.NewScript(text).Hash(), own)
	return own.Eval(ctx, l.UniversalClient, keys, args...)
}

// unseen is what Redis would say of a script that it does not know.
type unseen struct{}

func (unseen) Error() string { return "NOSCRIPT not seen yet" }

// RedisError implements redis.Error.
func (unseen) RedisError() {}

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
