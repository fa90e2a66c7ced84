package gateway_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
)

// overwritten puts something else in a key's place.
func overwritten(t *testing.T, rdb *redis.Client, key string) {
	t.Helper()
	p := rdb.TxPipeline()
	p.Del(t.Context(), key)
	p.Set(t.Context(), key, "somebody else's", 0)
	_, err := p.Exec(t.Context())
	require.NoError(t, err)
}

func keyOf(contact, kind string) string {
	var p int
	fmt.Sscanf(contact, "c%d-", &p) //nolint:errcheck // the caller sees that it is none
	return fmt.Sprintf("{p%02d}:%s", p, kind)
}

// A contact whose key holds something else is one that cannot be read: what happens to them is kept, the others go on.
func TestAContactThatSomethingElseLiesInPlaceOf(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	rdb := r.redis.Client()
	defer rdb.Close()
	id := r.contact(lan, "Lan")
	overwritten(t, rdb, keyOf(id, "contact:"+id))
	r.reply(lan, "hi")
	r.until("it lies with the dead letters", func() bool {
		_, body := r.try("GET", "/api/v1/dead-letters", nil)
		return strings.Contains(string(body), "contact unreadable")
	})
	r.reply(minh, "hi")
	r.phone(minh, 1)
	require.Empty(t, r.fake.Phone(lan))
}

// A partition where a key of its own holds something else stands still, whether reading or writing meets it; the others go
// on, and so does it once the key is mended, and what was half done is not done twice.
func TestAPartitionThatMeetsAForeignKeyStandsStill(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"ledger:%s", "log", "timers", "turn", "addresses"} {
		t.Run(strings.TrimSuffix(kind, ":%s"), func(t *testing.T) {
			t.Parallel()
			var log eavesdropper
			r := newRig(t, func(r *rig) { r.opts.Log = slog.New(slog.NewTextHandler(&log, nil)) })
			rdb := r.redis.Client()
			defer rdb.Close()
			id := r.contact(lan, "Lan")
			key := strings.ReplaceAll(keyOf(id, kind), "%s", id)
			others := r.elsewhere(id)
			overwritten(t, rdb, key)
			resp, err := r.fake.Reply(t.Context(), lan, "hi")
			require.NoError(t, err)
			r.until("the log says so", func() bool {
				return strings.Contains(log.String(), "a partition stands still") && strings.Contains(log.String(), keyOf(id, ""))
			})
			require.False(t, strings.Contains(log.String(), id), "what follows in the key is not said")
			for _, phone := range others {
				r.reply(phone, "hi")
			}
			for _, phone := range others {
				r.phone(phone, 1)
			}
			require.NoError(t, rdb.Del(t.Context(), key).Err())
			r.until("it goes on", func() bool {
				r.clock.Forward(5 * time.Second)
				return strings.Contains(log.String(), "that stood still goes on")
			})
			if resp.StatusCode == http.StatusOK && kind != "addresses" {
				r.phone(lan, 1)
			}
			r.reply(lan, "HELP")
			r.until("later replies are answered", func() bool { return len(r.fake.Phone(lan)) > 0 })
			require.LessOrEqual(t, len(r.fake.Phone(lan)), 2)
		})
	}
}

// elsewhere are phones of other partitions than a contact's, one in each of some.
func (r *rig) elsewhere(contact string) (phones []string) {
	r.t.Helper()
	seen := map[string]bool{keyOf(contact, ""): true}
	for i := 0; len(phones) < 4; i++ {
		phone := fmt.Sprintf("+849017%05d", i)
		if p := keyOf(r.contact(phone, "Ai"), ""); !seen[p] {
			seen[p] = true
			phones = append(phones, phone)
		}
	}
	return phones
}
