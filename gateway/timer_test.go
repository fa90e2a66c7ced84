package gateway_test

import (
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
)

// timers are those of contacts, by name.
func (r *rig) timers() map[string]time.Time {
	r.t.Helper()
	found := map[string]time.Time{}
	raw := r.raw()
	keys, err := raw.Keys(r.t.Context(), "*}:timers").Result()
	require.NoError(r.t, err)
	for _, key := range keys {
		for _, z := range raw.ZRangeWithScores(r.t.Context(), key, 0, -1).Val() {
			found[z.Member.(string)] = time.UnixMilli(int64(z.Score))
		}
	}
	return found
}

// TestAContactHasOneTimer: it follows what the contact's state waits for, the reminder first and then the end, and is gone
// once nothing is awaited.
func TestAContactHasOneTimer(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.contact(lan, "Lan")
	other := r.contact("+84909000002", "Mai")
	r.run("style")
	r.phone(lan, 1)
	r.settled(id, has("message.sent", "")) // a reminder does not overtake its question
	r.settled(other, has("message.sent", ""))
	name := "c|" + id
	require.Len(t, r.timers(), 2)
	reminder := r.timers()[name]
	require.True(t, reminder.After(r.clock.Now()))

	r.clock.Forward(reminder.Sub(r.clock.Now()) + time.Minute)
	r.clock.at(t, "12:00")
	r.phone(lan, 2)
	r.until("the timer is set to the end", func() bool { return r.timers()[name].After(reminder.Add(time.Hour)) })
	require.Len(t, r.timers(), 2)

	r.clock.Forward(r.timers()[name].Sub(r.clock.Now()) + time.Minute)
	r.until("nothing is awaited", func() bool { return len(r.timers()) == 0 })
	for _, contact := range []string{id, other} {
		require.Equal(t, 1, count(r.ledger(contact), "conversation.expired", "no_answer"))
	}
}

// TestATimerThatRangForADamagedContact lies with the dead letters, rings once, and is heeded when it is replayed.
func TestATimerThatRangForADamagedContact(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.contact(lan, "Lan")
	r.run("style")
	r.phone(lan, 1)
	r.settled(id, has("message.sent", ""))
	raw, key := r.raw(), r.keyOf(id)
	dialogue, err := raw.HGet(t.Context(), key, "d").Result()
	require.NoError(t, err)
	require.NoError(t, raw.HSet(t.Context(), key, "d", "2damaged").Err())
	r.clock.Forward(40 * 24 * time.Hour)
	l := r.letters(1)[0]
	require.Empty(t, r.timers())

	require.NoError(t, raw.HSet(t.Context(), key, "d", dialogue).Err())
	require.Equal(t, 1, r.replay(l.ID))
	r.settled(id, has("conversation.expired", "no_answer"))
	require.Empty(t, r.dead(""))
	require.Empty(t, r.timers())
}

// TestTimersOfTheOldKindAreHeeded: whoever waited when the gateway was renewed is woken, and has one timer from then on.
func TestTimersOfTheOldKindAreHeeded(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.contact(lan, "Lan")
	r.run("style")
	r.phone(lan, 1)
	r.settled(id, has("message.sent", ""))
	key := strings.Replace(r.keyOf(id), "contact:"+id, "timers", 1)
	require.NoError(t, r.raw().ZRem(t.Context(), key, "c|"+id).Err())
	require.NoError(t, r.raw().ZAdd(t.Context(), key, redis.Z{Score: float64(r.clock.Now().UnixMilli()), Member: "c|" + id + "|remind"}).Err())
	r.until("it has a timer of today's kind", func() bool { return !r.timers()["c|"+id].IsZero() })
	require.Len(t, r.timers(), 1)
	r.clock.Forward(40 * 24 * time.Hour)
	r.settled(id, has("conversation.expired", "no_answer"))
}

// keyOf is where a contact lies.
func (r *rig) keyOf(id string) string {
	r.t.Helper()
	keys, err := r.raw().Keys(r.t.Context(), "*}:contact:"+id).Result()
	require.NoError(r.t, err)
	require.Len(r.t, keys, 1)
	return keys[0]
}
