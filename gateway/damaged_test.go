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

// overheard is a rig whose log is read, and a client of its Redis.
func overheard(t *testing.T, changes ...change) (*rig, *redis.Client, *eavesdropper) {
	t.Helper()
	log := &eavesdropper{}
	r := newRig(t, append(changes, func(r *rig) { r.opts.Log = slog.New(slog.NewTextHandler(log, nil)) })...)
	rdb := r.redis.Client()
	t.Cleanup(func() { rdb.Close() })
	return r, rdb, log
}

// replaced puts a list in a key's place, and gives what puts back what was there.
func replaced(t *testing.T, rdb *redis.Client, key string) (mend func()) {
	t.Helper()
	tag, _, _ := strings.Cut(key, "}")
	aside, there := tag+"}:aside", rdb.Exists(t.Context(), key).Val() > 0
	p := rdb.TxPipeline()
	if there {
		p.Rename(t.Context(), key, aside)
	}
	if strings.HasSuffix(key, ":codes") { // which is a list itself
		p.Set(t.Context(), key, "somebody else's", 0)
	} else {
		p.RPush(t.Context(), key, "somebody else's")
	}
	_, err := p.Exec(t.Context())
	require.NoError(t, err)
	return func() {
		t.Helper()
		p := rdb.TxPipeline()
		p.Del(t.Context(), key)
		if there {
			p.Rename(t.Context(), aside, key)
		}
		_, err := p.Exec(t.Context())
		require.NoError(t, err)
	}
}

// inOnePartition has everybody seen to together.
func inOnePartition(r *rig) { r.opts.Redis.Partitions = 1 }

// ready is what /readyz says.
func (r *rig) ready() string {
	r.t.Helper()
	_, body := r.try("GET", "/readyz", nil)
	return string(body)
}

// The key of an offer or a pool holds something else: whoever would be given that is quarantined, with the key and the cure in the log, the
// others go on, and once the key is mended a replay gives what was promised.
func TestADamagedPoolHoldsUpOnlyWhoWouldBeGivenOfIt(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"{pool:office}:codes", "{pool:office}:claims", "{offer:office-20}:given"} {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			r, rdb, log := overheard(t, inOnePartition, steady)
			r.addCodes("office-20", "OFF1")
			r.contact(lan, "Lan")
			r.contact(minh, "Minh")
			mend := replaced(t, rdb, key)
			r.run("style")
			r.phone(lan, 1)
			r.phone(minh, 1)
			r.reply(lan, "2")
			r.phone(lan, 2)
			r.reply(lan, "600k")
			letter := r.letters(1)[0]
			require.Contains(t, letter.Reason, key)
			require.Contains(t, letter.Reason, "rename or delete it")
			require.Contains(t, log.String(), key)
			require.NotContains(t, log.String(), "Redis does not answer")
			require.Len(t, r.fake.Phone(lan), 2)

			r.reply(minh, "1")
			require.Contains(t, r.phone(minh, 2)[1], "sporty")
			require.Equal(t, http.StatusOK, r.call("GET", "/api/v1/offers", nil, nil))
			require.Contains(t, r.ready(), "1 keys of redis hold something else")
			require.EqualValues(t, 1, r.metric("hoidap_redis_keys_damaged"))

			mend()
			r.until("that it is mended is noticed", func() bool { return r.metric("hoidap_redis_keys_damaged") == 0 })
			require.Equal(t, 1, r.replay(letter.ID))
			require.Contains(t, r.phone(lan, 3)[2], "OFF1")
			require.EqualValues(t, 1, rdb.HLen(t.Context(), "{offer:office-20}:given").Val())
			require.EqualValues(t, 1, rdb.HLen(t.Context(), "{pool:office}:claims").Val())
		})
	}
}

// Codes that cannot be added are not known afterwards: they are new once the pool is mended.
func TestCodesForADamagedPoolAreRefused(t *testing.T) {
	t.Parallel()
	r, rdb, _ := overheard(t)
	for _, key := range []string{"{pool:office}:codes", "{pool:office}:known"} {
		mend := replaced(t, rdb, key)
		status, body := r.try("POST", "/api/v1/offers/office-20/codes", m{"codes": []string{"A", "B"}})
		require.Equal(t, http.StatusConflict, status, "%s", body)
		require.Contains(t, string(body), "damaged in Redis")
		mend()
	}
	var out struct{ Added, Duplicates int }
	require.Equal(t, http.StatusOK, r.call("POST", "/api/v1/offers/office-20/codes", m{"codes": []string{"A", "B"}}, &out))
	require.Equal(t, 2, out.Added)
}

// A key that the sender reads holds something else: nothing is sent in that partition, which the log says with the cure; the others go on, and
// so does it once the key is mended.
func TestADamagedQueueHoldsUpItsPartitionAlone(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"out:due:sms", "out:bodies", "out:sending", "out:blocked", "run:%s"} {
		t.Run(strings.TrimSuffix(kind, ":%s"), func(t *testing.T) {
			t.Parallel()
			r, rdb, log := overheard(t, steady)
			id := r.contact(lan, "Lan")
			others := r.elsewhere(id)
			r.stopSending("test")
			run := r.run("style")
			r.until("all are queued", func() bool { return r.runOf(run).Counts["queued"] >= int64(1+len(others)) })
			mend := replaced(t, rdb, strings.ReplaceAll(keyOf(id, kind), "%s", run))
			r.resumeSending()
			for _, phone := range others {
				r.phone(phone, 1)
			}
			r.until("the log says so", func() bool {
				return strings.Contains(log.String(), "nothing is sent in a partition") && strings.Contains(log.String(), keyOf(id, ""))
			})
			require.NotContains(t, log.String(), "Redis does not answer")
			require.NotContains(t, log.String(), id, "what follows in the key is not said")
			require.Contains(t, r.ready(), "keys of redis hold something else")
			require.Empty(t, r.fake.Phone(lan))

			mend()
			r.until("it goes on", func() bool {
				r.clock.Forward(5 * time.Second)
				return len(r.fake.Phone(lan)) == 1
			})
			r.until("that it is mended is noticed", func() bool { return r.metric("hoidap_redis_keys_damaged") == 0 })
			r.settled(id, has("message.sent", ""))
			require.Len(t, r.fake.Phone(lan), 1)
		})
	}
}

// A contact whose key holds something else by the time that their message leaves gets nothing; the message is kept, and the others' leave.
func TestAMessageToADamagedContactIsKept(t *testing.T) {
	t.Parallel()
	r, rdb, log := overheard(t, inOnePartition, steady)
	id := r.contact(lan, "Lan")
	r.contact(minh, "Minh")
	r.stopSending("test")
	run := r.run("style")
	r.until("both are queued", func() bool { return r.runOf(run).Counts["queued"] == 2 })
	mend := replaced(t, rdb, keyOf(id, "contact:"+id))
	r.resumeSending()
	r.phone(minh, 1)
	letter := r.letters(1)[0]
	require.Equal(t, "contact unreadable", letter.Reason)
	require.NotContains(t, log.String(), "Redis does not answer")
	require.Empty(t, r.fake.Phone(lan))
	mend()
	require.Equal(t, 1, r.replay(letter.ID))
	r.phone(lan, 1)
}

// TestTheOwnPageOfADamagedContactSaysSo: trying again would be no use. The log names the contact once, however often they try, and
// again where it is damaged anew.
func TestTheOwnPageOfADamagedContactSaysSo(t *testing.T) {
	t.Parallel()
	r, rdb, log := overheard(t)
	id := r.contact(lan, "Lan")
	path := r.given(id)
	for n := 1; n <= 2; n++ {
		mend := replaced(t, rdb, keyOf(id, "contact:"+id))
		for _, at := range []string{path, path, path + "/copy"} {
			status, page := r.page(at, nil)
			require.Equal(t, http.StatusInternalServerError, status)
			require.Contains(t, page, "Người phụ trách trang này đã được báo")
			require.NotContains(t, page, "thử lại sau một phút")
		}
		require.Equal(t, n, strings.Count(log.String(), "a customer's own page does not open"))
		require.Contains(t, log.String(), id)
		mend()
		status, _ := r.page(path, nil)
		require.Equal(t, http.StatusOK, status)
	}
}

// The key of an account's pace holds something else: its messages wait, and the log says for what.
func TestADamagedPaceIsNamed(t *testing.T) {
	t.Parallel()
	r, rdb, log := overheard(t, steady, func(r *rig) { r.rate = 100 })
	r.contact(lan, "Lan")
	replaced(t, rdb, "rate:{sms}")
	r.run("style")
	r.until("the log says so", func() bool {
		return strings.Contains(log.String(), "messages wait: Redis holds something else") && strings.Contains(log.String(), "rate:{sms}: rename or delete it")
	})
	require.NotContains(t, log.String(), "Redis does not answer")
	require.Empty(t, r.fake.Phone(lan))
	require.NoError(t, rdb.Del(t.Context(), "rate:{sms}").Err())
	r.phone(lan, 1)
	require.Equal(t, 1, strings.Count(log.String(), "messages wait: "), fmt.Sprint("it is not said again and again:\n", log.String()))
}
