package gateway_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters"
	zalo "github.com/hoidap/hoidap/adapters/zalo/fake"
	"github.com/hoidap/hoidap/gateway"
	"github.com/hoidap/hoidap/preferences/address"
)

// chatters are a fleet whose one account is a Zalo OA, and its customers.
type chatters struct {
	*fleet
	talk   *talk
	oa     *zalo.Zalo
	people []address.Address
	ids    []string
}

// newChatters starts three replicas. Each customer has written to the OA lately, so that it may write to them.
func newChatters(t *testing.T, people int, rate float64) *chatters {
	t.Helper()
	row := zaloRows()[0]
	k := &talk{all: map[string]provider{}, theirs: map[string][]string{}, by: map[string]string{}}
	plug := func(r *rig) {
		row.provider = func(webhook string) provider {
			app := zaloApp()
			app.Now = r.clock.Now // what is found in the conversation is told apart by when it was said
			return zalo.New(webhook, app, true)
		}
		k.withRow(row)(r)
		r.accounts = func([]gateway.Account) []gateway.Account {
			a := k.plugged("main", row)
			a.Type, a.Rate = row.kind(t), rate // as it is, with its finder and its shared vault
			return []gateway.Account{a}
		}
	}
	c := &chatters{fleet: newFleet(t, 3, plug, withFiles(row.campaigns("")), heldFirmly), talk: k}
	c.oa = k.all["main"].(*zalo.Zalo)
	c.until("the partitions are shared out", func() bool { return evenly(c.owned(), 8) })
	codes := make([]string, people)
	for i := range codes {
		codes[i] = fmt.Sprintf("GIFT-%03d", i)
	}
	c.addCodes("gift", codes...)
	for i := range people {
		who := address.Address{Scheme: "zalo", ID: fmt.Sprintf("2468458835291%05d", i)}
		c.people = append(c.people, who)
		id, _ := k.known(who, "Lan")
		c.ids = append(c.ids, id)
	}
	return c
}

// answersAll is one customer who answers each question as soon as it is there, until the gift.
func (c *chatters) answersAll(i int) {
	ctx, cancel := context.WithTimeout(c.t.Context(), 60*time.Second)
	defer cancel()
	who := c.people[i]
	for n, text := range []string{"cong so", "3", "tại cửa hàng ạ", ""} {
		got, err := c.oa.Wait(ctx, who, n+2)
		if err != nil {
			c.t.Errorf("%s has %d messages and waits for %d", who, len(got), n+2)
			return
		}
		if text == "" {
			return
		}
		e := adapters.Event{Kind: adapters.Inbound, From: who, Text: text, MessageID: fmt.Sprintf("in-%d-%d", i, n), At: c.clock.Now()}
		call, _ := c.oa.Hook(e)
		c.until("an answer is taken", func() bool {
			resp, err := c.oa.Post(ctx, call)
			return err == nil && resp.StatusCode == http.StatusOK
		})
	}
}

func (c *chatters) shownToAll() (n int) {
	for _, who := range c.people {
		n += len(c.oa.Shown(who))
	}
	return n
}

// TestAZaloTokenEndsInTheMiddleOfARun: three replicas send at once with one token; it is renewed once, and nobody notices.
func TestAZaloTokenEndsInTheMiddleOfARun(t *testing.T) {
	t.Parallel()
	const people = 30
	for name, end := range map[string]func(*chatters){
		"Zalo refuses it before its time": func(c *chatters) { c.oa.Expire() },
		"its time is over":                func(c *chatters) { c.clock.Forward(23 * time.Hour) }, // of 25 hours
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newChatters(t, people, 60)
			c.oa.Point(publicURL+"/hooks/main", c.base)
			c.clock.Forward(5 * time.Minute) // the token is not so new any more that a refusal would be somebody's mistake
			_, before, _ := c.oa.TokenCalls()
			require.Equal(t, 1, before, "got with the refresh token of the configuration")
			greeted := c.shownToAll()
			require.Equal(t, people, greeted)
			c.oa.Slow(30 * time.Millisecond) // all three have messages under way when it ends

			run := c.run("taste")
			var customers sync.WaitGroup
			for i := range c.people {
				customers.Go(func() { c.answersAll(i) })
			}
			c.until("the run is in its middle", func() bool { return c.shownToAll() >= greeted+people/3 })
			end(c)
			customers.Wait()

			asked, given, atOnce := c.oa.TokenCalls()
			require.Equal(t, []int{2, 2, 1}, []int{asked, given, atOnce}, "asked for, given, and asked for at once")
			v := c.talk.settledRun(run, "done")
			require.Equal(t, []int64{people, people, people, 0, 0}, []int64{v.Counts["audience"], v.Counts["sent"], v.Counts["offered"], v.Counts["failed"], v.Counts["excluded"]})
			c.eachHasOne()
		})
	}
}

// eachHasOne holds that each phone shows the greeting, three questions and a gift of its own, and that the ledgers know of
// nothing else.
func (c *chatters) eachHasOne() {
	c.t.Helper()
	given := map[string]bool{}
	for i, who := range c.people {
		got := c.oa.Shown(who)
		require.Len(c.t, got, 5, "%s: nothing lost, nothing twice", who)
		code := regexp.MustCompile(`GIFT-\d{3}`).FindString(got[4].Text)
		require.NotEmpty(c.t, code, got[4].Text)
		require.False(c.t, given[code], "code %s went to two", code)
		given[code] = true
		c.until("all of it is written down", func() bool { return count(c.ledger(c.ids[i]), "message.sent", "") == 5 })
		require.Zero(c.t, count(c.ledger(c.ids[i]), "message.failed", ""))
	}
}
