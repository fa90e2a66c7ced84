package gateway

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Stop finishes what is under way, or hands it back: webhooks first, then the sends, then the engine, which writes down what
// became of them; each partition goes to another replica as soon as nothing of it is in a provider's hands. It takes no
// longer than ctx allows: a part of the time is kept for writing down what is known by then, and at the end the connections
// to Redis are cut, whatever still waits for it. What was not written down then is found by the next owners, as after a
// crash.
func (g *Gateway) Stop(ctx context.Context) error {
	closing := sync.OnceValue(g.store.Close)
	cut := context.AfterFunc(ctx, func() { closing() }) //nolint:errcheck // told below
	defer cut()
	working, cancel := leaving(ctx)
	defer cancel()
	err := g.server.Stop(working)
	g.Control.Stop()
	g.monitor.Stop(working)
	g.finishWebhooks(working)
	g.keeper.Drain()
	g.sender.Stop(working)
	g.cancel() // by sessions, messages leave, too: they end behind the sends
	g.listening.Wait()
	g.engine.Stop()
	g.hangUp()
	g.Brake.Stop()
	g.Halts.Stop()
	err = errors.Join(err, g.keeper.Stop(ctx))
	if g.debug != nil {
		err = errors.Join(err, g.debug.Stop())
	}
	return errors.Join(err, closing())
}

// finishWebhooks gives the webhooks under way a moment to be answered: what is not is told again by the next owner.
func (g *Gateway) finishWebhooks(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	g.deliverer.Stop(ctx)
}

// leaving is the part of a stop's time in which work may go on: all but a fifth, or but two seconds.
func leaving(ctx context.Context) (context.Context, context.CancelFunc) {
	end, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, end.Add(-min(time.Until(end)/5, 2*time.Second)))
}

// Crash stops everything at once and hands nothing back, as a killed process would. It is for tests.
func (g *Gateway) Crash() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	g.server.Stop(ctx) //nolint:errcheck // a crash has no errors
	g.Control.Stop()
	for _, a := range g.accounts {
		if x, ok := a.adapter.(*exclusive); ok {
			x.abandon()
		}
	}
	g.cancel()
	g.deliverer.Stop(ctx)
	g.monitor.abandon()
	g.keeper.Abandon()
	g.listening.Wait()
	g.engine.Stop()
	g.sender.Stop(ctx)
	g.hangUp()
	g.Brake.Stop()
	g.Halts.Stop()
	g.store.Close() //nolint:errcheck // as above
}

// hangUp ends the connections to the providers that are kept for the next message.
func (g *Gateway) hangUp() {
	for _, a := range g.accounts {
		a.client.CloseIdleConnections()
	}
}
