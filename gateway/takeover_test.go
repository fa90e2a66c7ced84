package gateway_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/control"
)

// queuedThenTaken has a question on its way that cannot leave yet, and somebody who takes the contact over before it does. The
// question is held as soon as sending goes on.
func queuedThenTaken(r *rig) (id string) {
	r.t.Helper()
	id = r.contact(lan, "Lan")
	r.stopSending("kiểm tra")
	r.run("style")
	r.settled(id, has("message.queued", ""))
	_, err := r.g.Control.TakeOver(asAdmin(r.t, "Hoa"), control.Doing{Contact: id})
	require.NoError(r.t, err)
	r.resumeSending()
	r.settled(id, has("message.held", "a_person_talks"))
	require.Empty(r.t, r.fake.Phone(lan))
	return id
}

// sentOnce waits until the customer has n messages, and shows that the question was sent once.
func (r *rig) sentOnce(id string, n int) {
	r.t.Helper()
	require.Contains(r.t, r.phone(lan, n)[n-1], "Chị Lan thích phong cách nào?")
	r.settled(id, func(es []entryView) bool { return count(es, "message.sent", "") == n })
	require.Equal(r.t, 1, count(r.ledger(id), "message.held", ""))
}

// What was queued before somebody took the conversation over leaves once, as soon as they hand it back; what they write
// themselves does not wait for that.
func TestAQueuedQuestionWaitsForWhoTalks(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := queuedThenTaken(r)
	c, hoa := r.g.Control, asAdmin(t, "Hoa")
	_, err := c.Say(hoa, control.Doing{Contact: id}, "Dạ em Hoa đây ạ.")
	require.NoError(t, err)
	require.Equal(t, "Dạ em Hoa đây ạ.", r.phone(lan, 1)[0])
	list, err := c.Standings(hoa, id)
	require.NoError(t, err)
	require.Equal(t, "a_person_talks", list[0].Reason)
	require.False(t, list[0].Until.IsZero())
	p, err := c.Person(hoa, id)
	require.NoError(t, err)
	require.Equal(t, "held", p.Planned.What)
	require.Equal(t, p.Taken.Until, p.Planned.At)
	require.NoError(t, c.HandBack(hoa, control.Doing{Contact: id}))
	r.sentOnce(id, 2)
}

// It leaves once, too, when whoever talked has done nothing for a while.
func TestAQueuedQuestionLeavesWhenTheLeaseRunsOut(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := queuedThenTaken(r)
	r.clock.Forward(campaigns.LeaseLasts + time.Second)
	r.sentOnce(id, 1)
	require.Equal(t, 1, count(r.ledger(id), "conversation.handed_back", "lease_over"))
}

// STOP is confirmed while somebody talks, and what was held never leaves.
func TestStopIsAnsweredWhileSomebodyTalks(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := queuedThenTaken(r)
	r.reply(lan, "TC")
	require.Contains(t, r.phone(lan, 1)[0], "Đã nhận yêu cầu từ chối")
	require.NoError(t, r.g.Control.HandBack(asAdmin(t, "Hoa"), control.Doing{Contact: id}))
	r.settled(id, has("conversation.handed_back", ""))
	require.Equal(t, 1, count(r.ledger(id), "message.not_sent", "opted_out"))
	require.Len(t, r.fake.Phone(lan), 1)
}

// Handed back at night, it meets the gate anew and waits for the morning.
func TestWhatWasHeldMeetsTheGateAnew(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.clock.at(t, "21:35")
	id := queuedThenTaken(r)
	hoa := asAdmin(t, "Hoa")
	r.clock.at(t, "21:44")
	_, err := r.g.Control.TakeOver(hoa, control.Doing{Contact: id})
	require.NoError(t, err)
	r.clock.at(t, "21:58")
	require.NoError(t, r.g.Control.HandBack(hoa, control.Doing{Contact: id}))
	r.settled(id, has("conversation.handed_back", ""))
	r.clock.at(t, "23:00")
	require.Empty(t, r.fake.Phone(lan))
	r.clock.at(t, "07:05")
	r.sentOnce(id, 1)
}
