package store

import (
	"context"
	"net"

	"github.com/redis/go-redis/v9"
)

// hook lets tests look at any call to Redis, and break it before or after it took effect.
type hook struct {
	intercept Intercept
	commands  func([]any)
}

func newHook(o Options) hook {
	h := hook{o.Intercept, o.Commands}
	if h.intercept == nil {
		h.intercept = func(bool, string) error { return nil }
	}
	if h.commands == nil {
		h.commands = func([]any) {}
	}
	return h
}

func (h hook) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

func (h hook) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		h.commands(cmd.Args())
		if err := h.intercept(false, cmd.Name()); err != nil {
			cmd.SetErr(err)
			return err
		}
		err := next(ctx, cmd)
		if broken := h.intercept(true, cmd.Name()); broken != nil {
			cmd.SetErr(broken)
			return broken
		}
		return err
	}
}

func (h hook) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		for _, c := range cmds {
			h.commands(c.Args())
		}
		name := "pipeline"
		if len(cmds) > 0 {
			name = "pipeline " + cmds[0].Name()
		}
		if err := h.intercept(false, name); err != nil {
			return breakAll(cmds, err)
		}
		err := next(ctx, cmds)
		if broken := h.intercept(true, name); broken != nil {
			return breakAll(cmds, broken)
		}
		return err
	}
}

func breakAll(cmds []redis.Cmder, err error) error {
	for _, c := range cmds {
		c.SetErr(err)
	}
	return err
}
