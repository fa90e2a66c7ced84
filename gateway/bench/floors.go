package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"syscall"

	"github.com/hoidap/hoidap/gateway/bench/load"
	"github.com/hoidap/hoidap/gateway/store/floor"
	"github.com/hoidap/hoidap/gateway/store/scratch"
)

// The floors run as processes of their own, like the gateway beside them: this program, called as `bench floor NAME`.
const (
	bareFloor    = "bare"    // webhooks, one XADD a request
	wholeFloor   = "whole"   // the whole job
	backlogFloor = "backlog" // the engine alone
	sendFloor    = "send"    // the sender alone
	fanoutFloor  = "fanout"
	layoutFloor  = "layout" // contacts in the leanest form
)

// runFloor is the process of a floor.
func runFloor(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("which floor?")
	}
	set := flag.NewFlagSet(args[0], flag.ContinueOnError)
	var o floor.Server
	set.StringVar(&o.Redis, "redis", "", "host:port, or mini")
	set.StringVar(&o.Listen, "listen", "", "host:port")
	set.StringVar(&o.Hook, "hook", "", "the address that is signed")
	set.StringVar(&o.Token, "token", authToken, "what it is signed with")
	set.StringVar(&o.Provider, "provider", "", "where messages are sent")
	n := set.Int("n", 0, "how many")
	if err := set.Parse(args[1:]); err != nil {
		return err
	}
	var took floor.Took
	var err error
	switch args[0] {
	case bareFloor:
		return floor.XAdd(o)
	case wholeFloor:
		return floor.Whole(ctx, o)
	case backlogFloor:
		took, err = floor.Backlog(ctx, o.Redis, *n)
	case sendFloor:
		took, err = floor.Send(ctx, o.Redis, o.Provider, *n)
	case fanoutFloor:
		took, err = floor.FanOut(ctx, o.Redis, *n)
	case layoutFloor:
		took, err = floor.Layout(ctx, o.Redis, *n)
	default:
		return fmt.Errorf("there is no floor %q", args[0])
	}
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(took)
}

// bottom is a floor that takes webhooks, running.
type bottom struct {
	program *process
	redis   *scratch.Server // nil: in the floor's memory
	base    string
}

// floorServer starts a floor on a Redis; door is where it sends.
func (b *bench) floorServer(ctx context.Context, name, redisAddr string, door *load.Door) (*bottom, error) {
	listen, err := freeAddress()
	if err != nil {
		return nil, err
	}
	f := &bottom{base: "http://" + listen}
	args := []string{"floor", name, "-redis", redisAddr, "-listen", listen, "-hook", f.hook().URL}
	if door != nil {
		args = append(args, "-provider", door.URL()+"/2010-04-01/Accounts/AC1/Messages.json")
	}
	if f.program, err = launch(b.dir, b.self, args...); err != nil {
		return nil, err
	}
	if err := f.program.ready(ctx, f.base); err != nil {
		f.program.kill()
		return nil, err
	}
	return f, nil
}

func (f *bottom) hook() load.Webhook {
	return load.Webhook{URL: f.base + "/hooks/sms", Token: authToken, From: sender}
}

// floorTook runs a floor that ends by itself, on an empty Redis.
func (b *bench) floorTook(ctx context.Context, redis *scratch.Server, args ...string) (t floor.Took, err error) {
	if err := redis.Flush(ctx); err != nil {
		return t, err
	}
	cmd := exec.CommandContext(ctx, b.self, append([]string{"floor", args[0], "-redis", redis.Addr}, args[1:]...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return t, fmt.Errorf("floor %s: %w", args[0], err)
	}
	return t, json.Unmarshal(out, &t)
}
