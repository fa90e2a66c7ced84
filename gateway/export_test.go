package gateway

import "github.com/hoidap/hoidap/gateway/hooks"

// Intake is how what adapters bring comes in.
func (g *Gateway) Intake() *hooks.Intake { return g.intake }
