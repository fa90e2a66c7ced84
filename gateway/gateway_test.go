package gateway_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters/twilio/fake"
	"github.com/hoidap/hoidap/gateway/hooks"
)

func TestAskAnswerBranchOffer(t *testing.T) {
	t.Parallel()
	r := newRig(t, withFake(fake.Options{Callbacks: true}))
	r.addCodes("office-20", "OFF1", "OFF2")
	id := r.contact(lan, "Lan")
	run := r.run("style")

	asked := r.phone(lan, 1)
	require.Contains(t, asked[0], "Chị Lan thích phong cách nào?")
	require.Contains(t, asked[0], "1")
	require.Contains(t, asked[0], "Thể thao")

	r.reply(lan, "dạ 2 nha shop")
	require.Contains(t, r.phone(lan, 2)[1], "Ngân sách")
	r.reply(lan, "tầm 600k")
	offer := r.phone(lan, 3)[2]
	require.Contains(t, offer, "Cảm ơn Lan!")
	require.Contains(t, offer, "OFF1")

	var prefs struct {
		Preferences []struct {
			Attribute, Class string
			Value            any
			Evidence         struct {
				Text, Channel, Account, Campaign, Question, At string
				MessageID                                      string `json:"message_id"`
			}
		}
	}
	require.Equal(t, http.StatusOK, r.call("GET", "/api/v1/contacts/"+id+"/preferences", nil, &prefs))
	require.Len(t, prefs.Preferences, 2)
	style := prefs.Preferences[1]
	require.Equal(t, "style", style.Attribute)
	require.Equal(t, "office", style.Value)
	require.Equal(t, "declared", style.Class)
	require.Equal(t, "dạ 2 nha shop", style.Evidence.Text)
	require.Equal(t, "sms", style.Evidence.Channel)
	require.Equal(t, "style", style.Evidence.Campaign)
	require.True(t, strings.HasPrefix(style.Evidence.MessageID, "SM"))
	require.NotEmpty(t, style.Evidence.At)

	r.settled(id, func(es []entryView) bool { return count(es, "message.delivered", "") == 3 })
	v := r.runOf(run)
	require.Equal(t, "done", v.State)
	for name, want := range map[string]int64{"audience": 1, "asked": 1, "sent": 1, "delivered": 1, "answered": 1, "completed": 1, "offered": 1, "failed": 0, "held": 0, "excluded": 0} {
		require.Equal(t, want, v.Counts[name], name)
	}

	// The same run, the same message, again: nothing changes.
	before := len(r.ledger(id))
	_, err := r.fake.Repeat(t.Context())
	require.NoError(t, err)
	again := r.run("style")
	r.settledRun(again, "done")
	require.Len(t, r.fake.Phone(lan), 3)
	require.Len(t, r.ledger(id), before, "a repeat changes nothing, and who has answered is not in the audience")
}

func (r *rig) settledRun(id, state string) (v runView) {
	r.t.Helper()
	r.until("run "+id+" is "+state, func() bool { v = r.runOf(id); return v.State == state })
	return v
}

func TestStopIsConfirmedOnceAndSilences(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"STOP", "TC", "đừng nhắn nữa", "tu choi"} {
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			id := r.contact(lan, "Lan")
			run := r.run("style")
			r.phone(lan, 1)
			r.reply(lan, word)
			confirmed := r.phone(lan, 2)[1]
			require.Contains(t, confirmed, "Lụa")
			r.reply(lan, word)
			r.settled(id, func(es []entryView) bool { return count(es, "message.received", "") == 2 })
			second := r.run("style")
			v := r.settledRun(second, "done")
			require.Equal(t, int64(0), v.Counts["sent"])
			require.Equal(t, v.Counts["audience"], v.Counts["excluded"])
			require.Equal(t, int64(1), r.runOf(run).Counts["opted_out"])
			require.Len(t, r.fake.Phone(lan), 2, "one confirmation, then silence")
		})
	}
}

func TestUnknownWriterGetsOneAnswerADay(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.reply(minh, "shop ơi có áo dài không")
	require.Len(t, r.phone(minh, 1), 1)
	id, ok := r.byPhone(minh)
	require.True(t, ok)
	r.reply(minh, "alo")
	r.settled(id, func(es []entryView) bool { return count(es, "message.received", "") == 2 })
	var inbox struct {
		Items []struct{ Text, Contact string } `json:"inbox"`
	}
	require.Equal(t, http.StatusOK, r.call("GET", "/api/v1/inbox", nil, &inbox))
	require.Len(t, inbox.Items, 2)
	require.Len(t, r.fake.Phone(minh), 1)
}

func TestQuietHoursHoldAdsUntilMorning(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.clock.at(t, "22:30")
	id := r.contact(lan, "Lan")
	run := r.run("style")
	r.settled(id, has("message.held", "quiet_hours"))
	v := r.runOf(run)
	require.Equal(t, int64(1), v.Counts["held"])
	require.Equal(t, "running", v.State)
	require.Empty(t, r.fake.Phone(lan))
	r.clock.at(t, "07:05")
	r.phone(lan, 1)
	require.Equal(t, int64(0), r.settledRun(run, "done").Counts["held"])
}

func TestStrangeTextsAreKeptWhole(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.contact(lan, "Lan")
	for i, text := range []string{"🙏🏽👍", "te\u0302\u0301", strings.Repeat("dài ", 1250), "a\u200bb\u202ec", "nul\x00byte", "\u2066x\u2069"} {
		r.reply(lan, text)
		es := r.settled(id, func(es []entryView) bool { return count(es, "message.received", "") == i+1 })
		var kept []string
		for _, e := range es {
			if e.Kind == "message.received" {
				kept = append(kept, e.Text)
			}
		}
		require.Equal(t, text, kept[i])
	}
}

func TestHooksRefuseWhatIsNotTheProviders(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	resp, err := r.fake.Forge(t.Context(), lan, "STOP")
	require.NoError(t, err)
	require.Equal(t, http.StatusForbidden, resp.StatusCode)
	post := func(path, body string) int {
		resp, err := http.Post(r.base+path, "application/x-www-form-urlencoded", strings.NewReader(body))
		require.NoError(t, err)
		resp.Body.Close()
		return resp.StatusCode
	}
	require.Equal(t, http.StatusForbidden, post("/hooks/sms", "From=x"))
	require.Equal(t, http.StatusNotFound, post("/hooks/nobody", "From=x"))
	require.Equal(t, http.StatusRequestEntityTooLarge, post("/hooks/sms", strings.Repeat("x", hooks.BodyMax+1)))
	_, metrics := r.try("GET", "/metrics", nil)
	require.Contains(t, string(metrics), `hoidap_webhook_calls_total{account="sms",result="forged"} 2`)
}

func TestRedisAwayAndBack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.redis.Kill()
	resp, err := r.fake.Reply(t.Context(), lan, "hi")
	require.NoError(t, err)
	require.Equal(t, http.StatusServiceUnavailable, resp.StatusCode)
	status, _ := r.try("PUT", "/api/v1/contacts", m{"addresses": []string{"tel:" + lan}})
	require.Equal(t, http.StatusServiceUnavailable, status)
	status, _ = r.try("GET", "/readyz", nil)
	require.Equal(t, http.StatusServiceUnavailable, status)
	status, _ = r.try("GET", "/healthz", nil)
	require.Equal(t, http.StatusOK, status)

	r.redis.Run() // empty, as nothing was kept: work resumes by itself
	r.reply(lan, "hi")
	r.phone(lan, 1)
}

func TestErasureLeavesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.contact(lan, "Nguyễn Thị Ngọc Lan")
	r.run("style")
	r.phone(lan, 1)
	r.reply(lan, "chuyện riêng của mình là bí mật lắm nha xyzzy")
	r.phone(lan, 2)
	require.Equal(t, http.StatusNoContent, r.call("DELETE", "/api/v1/contacts/"+id, nil, nil))
	require.Equal(t, http.StatusNotFound, r.call("GET", "/api/v1/contacts/"+id, nil, nil))
	for key, value := range r.redis.Everything() {
		for _, personal := range []string{lan[1:], "Ngọc Lan", "xyzzy"} {
			require.NotContains(t, key, personal)
			require.NotContains(t, value, personal, "key %s", key)
		}
	}
	// A later import does not bring the texts back.
	r.contact(lan, "Lan")
	v := r.settledRun(r.run("style"), "done")
	require.Equal(t, int64(1), v.Counts["excluded"])
	require.Len(t, r.fake.Phone(lan), 2)
}

func TestThrottledAndLostSendsArriveOnce(t *testing.T) {
	t.Parallel()
	for name, play := range map[string]func(*fake.Twilio){
		"throttled": func(f *fake.Twilio) { f.Throttle(2, 0) },
		"lost":      func(f *fake.Twilio) { f.Lose(1) },
		"down":      func(f *fake.Twilio) { f.Down(1, 503) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			id := r.contact(lan, "Lan")
			play(r.fake)
			run := r.run("style")
			r.phone(lan, 1)
			r.settled(id, has("message.sent", ""))
			require.Equal(t, int64(1), r.settledRun(run, "done").Counts["sent"])
			require.Len(t, r.fake.Phone(lan), 1)
		})
	}
}

func TestRefusedRecipientsAreFailuresWithAReason(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.contact(lan, "Lan")
	r.fake.Fail(1, 400, 21211)
	v := r.settledRun(r.run("style"), "done")
	require.Equal(t, int64(1), v.Counts["failed"])
	r.settled(id, has("message.failed", "recipient"))
	var dead struct {
		Items []struct{ Reason, Account string } `json:"dead_letters"`
	}
	require.Equal(t, http.StatusOK, r.call("GET", "/api/v1/dead-letters", nil, &dead))
	require.Len(t, dead.Items, 1)
	require.Equal(t, "sms", dead.Items[0].Account)
}

func TestAnOptOutOvertakesWhatIsHeld(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.clock.at(t, "22:30")
	id := r.contact(lan, "Lan")
	run := r.run("style")
	r.settled(id, has("message.held", ""))
	r.reply(lan, "TC")
	r.phone(lan, 1) // the confirmation
	r.settled(id, has("message.not_sent", "opted_out"))
	v := r.settledRun(run, "done")
	require.Equal(t, int64(1), v.Counts["excluded"])
	require.Equal(t, int64(0), v.Counts["held"]+v.Counts["sent"])
	r.gone("out:due") // it does not wait in the queue for the morning
	r.clock.at(t, "07:05")
	r.reply(minh, "alo")
	r.phone(minh, 1)
	require.Len(t, r.fake.Phone(lan), 1, "nothing but the confirmation, in the morning either")
}

func TestARunIsPausedResumedAndCancelled(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.clock.at(t, "22:30")
	r.contact(lan, "Lan")
	r.contact(minh, "Minh")
	run := r.run("style")
	r.awaitCounts(run, "held", 2)
	require.Equal(t, http.StatusOK, r.call("POST", "/api/v1/runs/"+run+"/pause", m{}, nil))
	r.clock.at(t, "07:05")
	require.Equal(t, "paused", r.runOf(run).State)
	require.Empty(t, r.fake.Messages(), "nothing leaves while it is paused")
	require.Equal(t, http.StatusOK, r.call("POST", "/api/v1/runs/"+run+"/resume", m{}, nil))
	r.clock.Forward(time.Minute)
	r.phone(lan, 1)
	r.phone(minh, 1)
	r.settledRun(run, "done")

	r.clock.at(t, "22:30")
	third := r.contact("+84933333333", "Hoa")
	late := r.run("style")
	r.settled(third, has("message.held", ""))
	require.Equal(t, http.StatusOK, r.call("POST", "/api/v1/runs/"+late+"/cancel", m{}, nil))
	r.clock.at(t, "07:05")
	r.settled(third, has("message.not_sent", "run_cancelled"))
	r.awaitCounts(late, "excluded", r.settledRun(late, "cancelled").Counts["audience"])
	require.Empty(t, r.fake.Phone("+84933333333"))
	require.Equal(t, http.StatusConflict, r.call("POST", "/api/v1/runs/"+late+"/resume", m{}, nil))
}

func (r *rig) awaitCounts(run, name string, n int64) {
	r.t.Helper()
	r.until(name, func() bool { return r.runOf(run).Counts[name] == n })
}

func TestASchedulesFiringIsClaimedOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t, withFiles("campaign: daily\nschedule: {cron: \"30 10 * * *\", timezone: Asia/Ho_Chi_Minh}\n"+
		"questions:\n  - {id: color, kind: text, text: {vi: \"Chị thích màu gì?\"}}\n"))
	r.contact(lan, "Lan")
	second := *r // another replica on the same Redis
	second.start()
	defer second.g.Crash()
	r.clock.at(t, "10:30")
	r.phone(lan, 1)
	var out struct {
		Runs []struct{ ID, Campaign, Cause, State string }
	}
	require.Equal(t, http.StatusOK, r.call("GET", "/api/v1/runs", nil, &out))
	require.Len(t, out.Runs, 1)
	require.Equal(t, "schedule", out.Runs[0].Cause)
	r.settledRun(out.Runs[0].ID, "done")
	require.Len(t, r.fake.Phone(lan), 1)
}

func TestAFiringMissedWhileDownIsMadeUpForOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t, withFiles("campaign: daily\nschedule: {cron: \"30 10 * * *\", timezone: Asia/Ho_Chi_Minh}\n"+
		"questions:\n  - {id: color, kind: text, text: {vi: \"Chị thích màu gì?\"}}\n"))
	r.contact(lan, "Lan")
	r.crash()
	r.clock.at(t, "11:10")
	r.start()
	r.phone(lan, 1)
	var out struct{ Runs []struct{ ID, Cause string } }
	require.Equal(t, http.StatusOK, r.call("GET", "/api/v1/runs", nil, &out))
	require.Len(t, out.Runs, 1)
	require.Equal(t, "made_up", out.Runs[0].Cause)
}

// gone waits until no key with name in it is left in Redis.
func (r *rig) gone(name string) {
	r.t.Helper()
	r.until("no "+name+" is left", func() bool {
		for k := range r.redis.Everything() {
			if strings.Contains(k, name) {
				return false
			}
		}
		return true
	})
}

// folder is a folder of campaign files that can be written to while it is watched.
func folder(t *testing.T, text string) (write func(string), c change) {
	t.Helper()
	dir := t.TempDir()
	stamp := time.Now()
	write = func(text string) {
		t.Helper()
		path := filepath.Join(dir, "campaigns.yaml")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		stamp = stamp.Add(time.Second) // file systems with coarse clocks
		require.NoError(t, os.Chtimes(path, stamp, stamp))
	}
	write(text)
	return write, func(r *rig) { r.opts.Files = os.DirFS(dir) }
}

func TestABrokenCampaignFileKeepsTheLastGoodVersion(t *testing.T) {
	t.Parallel()
	write, files := folder(t, styleCampaign)
	r := newRig(t, files)
	ids := func() (ids []string) {
		var out struct{ Campaigns []struct{ ID string } }
		require.Equal(t, http.StatusOK, r.call("GET", "/api/v1/campaigns", nil, &out))
		for _, c := range out.Campaigns {
			ids = append(ids, c.ID)
		}
		return ids
	}
	metric := func(want string) {
		t.Helper()
		r.until("problems "+want, func() bool {
			_, raw := r.try("GET", "/metrics", nil)
			return strings.Contains(string(raw), "hoidap_campaign_files_problems "+want+"\n")
		})
	}
	write(strings.Replace(styleCampaign, "{{name}} thích", "{{nme}} thích", 1))
	metric("1")
	require.Equal(t, []string{"style"}, ids(), "the last good version stays in force")
	write(strings.Replace(styleCampaign, "campaign: style", "campaign: style-two", 1))
	metric("0")
	require.Equal(t, []string{"style-two"}, ids())
}

// A replica that loses its partitions while a message is in the provider's hands, and takes them again, must not send it
// twice: what became of it could not be written down under the old lease.
func TestALeaseLostInMidSendDoublesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.contact(lan, "Lan")
	r.fake.Slow(500 * time.Millisecond)
	run := r.run("style")
	r.until("the message is under way", func() bool { return r.fake.Calls() == 1 })
	r.redis.Delete("*:lease")
	es := r.settled(id, has("message.sent", ""))
	require.Equal(t, 1, count(es, "message.sent", ""))
	require.Equal(t, int64(1), r.settledRun(run, "done").Counts["sent"])
	require.Len(t, r.fake.Phone(lan), 1)
	require.Equal(t, 1, r.fake.Calls())
	r.until("it is counted once", func() bool { return r.metric(`hoidap_messages_total{account="sms",class="ad",status="sent"}`) == 1 })
}

// Every address of a contact leads to the one conversation, whatever partition it belongs to, and none does after they
// were erased.
func TestAContactsOtherAddresses(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.contact(lan, "Lan")
	others := []string{"+84911111111", "+84922222222", "+84933333333"}
	all := []string{"tel:" + lan}
	for _, o := range others {
		all = append(all, "tel:"+o)
	}
	var out struct{ ID string }
	require.Equal(t, http.StatusOK, r.call("PUT", "/api/v1/contacts", m{"addresses": all}, &out))
	require.Equal(t, id, out.ID)
	for _, o := range others {
		r.until("the address leads there", func() bool { found, ok := r.byPhone(o); return ok && found == id })
	}
	r.run("style")
	r.phone(lan, 1)
	for _, o := range others {
		r.reply(o, "shop oi co ship khong")
	}
	r.settled(id, func(es []entryView) bool { return count(es, "message.received", "") == len(others) })
	require.Equal(t, http.StatusNoContent, r.call("DELETE", "/api/v1/contacts/"+id, nil, nil))
	for _, o := range append(others, lan) {
		r.until("the address leads nowhere", func() bool { _, ok := r.byPhone(o); return !ok })
	}
	r.until("nothing is left", func() bool {
		for key, content := range r.redis.Everything() {
			for _, o := range append(others, lan) {
				if strings.Contains(key+content, o[1:]) {
					return false
				}
			}
		}
		return true
	})
}
