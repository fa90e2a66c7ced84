// Command hoidap is the gateway and its tools: a file a subcommand.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() { os.Exit(program()) }

// program runs the command line of this process.
func program() int {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	context.AfterFunc(ctx, cancel) // a second Ctrl-C ends what does not listen to the first
	return run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
}
