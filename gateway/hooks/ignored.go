package hooks

import (
	"context"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/gateway/store"
)

// keepingMost is how long a call waits for what is kept of it to look at. Its events are durable by then, so that the
// provider is answered in any case.
const keepingMost = time.Second

// setAside counts and keeps what the adapter did not know. Nothing of it is logged: it may hold anything.
func (i *Intake) setAside(ctx context.Context, a *account, told []adapters.Ignored, at time.Time) {
	if len(told) == 0 {
		return
	}
	a.ignored.Add(float64(len(told)))
	kept := make([]store.Ignored, 0, len(told))
	for _, x := range told {
		kept = append(kept, store.Ignored{Kind: x.Kind, Raw: x.Raw[:min(len(x.Raw), adapters.IgnoredMax)], At: at})
	}
	ctx, cancel := context.WithTimeout(ctx, keepingMost)
	defer cancel()
	if err := i.Store.KeepIgnored(ctx, a.ID, kept); err != nil {
		i.Log.Warn("what a provider told, and the adapter does not know, could not be kept to look at", "account", a.ID, "error", err)
	}
}
