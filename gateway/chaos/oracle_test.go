package chaos_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/gateway/chaos"
)

// day is when the stories below happen.
var day = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func sec(s float64) time.Time { return day.Add(time.Duration(s * float64(time.Second))) }

// told is a history in which every promise was kept: Lan is asked, answers, gets a code, is told of a return, and opts
// out; Minh is asked, answers, and gets another code.
func told() *chaos.History {
	left := int64(1)
	return &chaos.History{
		People: []*chaos.Person{lan(), minh()},
		Runs: []chaos.Firing{{ID: "style-0-n0", State: "done", Group: "0", Asked: sec(0.5), Counts: map[string]int64{
			"audience": 3, "asked": 2, "sent": 2, "excluded": 1}}},
		Offers: []chaos.Offer{{ID: "office-20", Given: 2, Budget: 40, CodesLeft: &left}, {ID: "thanks-5"}},
		Codes:  map[string]int{"office-20": 3},
	}
}

func lan() *chaos.Person {
	p := &chaos.Person{Phone: "+84900000001", ID: "c1-lan", Edited: 2, Editing: 3, Edit: 2, Posted: []string{"ev-1"},
		Wrote: []chaos.Wrote{{SID: "SM1", Text: "dạ 2 nha", Acked: sec(2), Calls: 2}, {SID: "SM2", Text: "TC", Acked: sec(5), Calls: 1}},
		Told:  []chaos.Receipt{{Message: "c1-lan.1", Status: "delivered", Acked: sec(1.3)}},
		Got: []chaos.Got{{Message: "c1-lan.1", SID: "P1", Text: "Chị thích phong cách nào?", Asked: sec(1.1), Taken: sec(1.1)},
			{Message: "c1-lan.2", SID: "P2", Text: "Tặng mã OFFICE-00001.", Asked: sec(2.2), Taken: sec(2.2)},
			{Message: "c1-lan.3", SID: "P3", Text: "Đã hủy.", Asked: sec(5.2), Taken: sec(5.2)}},
		Ledger: []chaos.Entry{
			{At: sec(1), Kind: "conversation.asked", Event: "run:c1", Run: "style-0-n0", Question: "style"},
			{At: sec(1), Kind: "message.queued", Event: "run:c1", Run: "style-0-n0", Message: "c1-lan.1", Class: "ad", Text: "Chị thích phong cách nào?"},
			{At: sec(1.2), Kind: "message.sent", Event: "d1", Run: "style-0-n0", Message: "c1-lan.1", Class: "ad"},
			{At: sec(1.3), Kind: "message.delivered", Event: "sms:P1/delivered", Message: "c1-lan.1", Class: "ad"},
			received(2.1, "SM1", "dạ 2 nha"),
			{At: sec(2.1), Kind: "preference.changed", Event: "sms:SM1"},
			{At: sec(2.1), Kind: "offer.given", Event: "sms:SM1", Offer: "office-20", Detail: map[string]any{"code": "OFFICE-00001"}},
			{At: sec(2.1), Kind: "message.queued", Event: "sms:SM1", Message: "c1-lan.2", Class: "reply", Text: "Tặng mã OFFICE-00001."},
			{At: sec(2.3), Kind: "message.sent", Event: "d2", Message: "c1-lan.2", Class: "reply"},
			{At: sec(3), Kind: "event.received", Event: "event:ev-1"},
			received(5.1, "SM2", "TC"),
			{At: sec(5.1), Kind: "contact.suppressed", Event: "sms:SM2", Reason: "keyword"},
			{At: sec(5.1), Kind: "message.queued", Event: "sms:SM2", Message: "c1-lan.3", Class: "control", Text: "Đã hủy."},
			{At: sec(5.3), Kind: "message.sent", Event: "d3", Message: "c1-lan.3", Class: "control"},
		}}
	p.Preferences = declared("dạ 2 nha", "SM1")
	return p
}

func minh() *chaos.Person {
	return &chaos.Person{Phone: "+84900000002", Group: "0", Known: sec(0), ID: "c2-minh", Wrote: []chaos.Wrote{{SID: "SM9", Text: "2", Acked: sec(2), Calls: 1}},
		Got: []chaos.Got{{Message: "c2-minh.1", SID: "P8", Text: "Chị thích phong cách nào?", Asked: sec(1.1)}, {Message: "c2-minh.2", SID: "P9", Text: "Tặng mã OFFICE-00002.", Asked: sec(2.2)}},
		Ledger: []chaos.Entry{
			{At: sec(1), Kind: "message.queued", Event: "run:c2", Run: "style-0-n0", Message: "c2-minh.1", Class: "ad"},
			{At: sec(1.2), Kind: "message.sent", Event: "d8", Message: "c2-minh.1", Class: "ad"},
			received(2.1, "SM9", "2"),
			{At: sec(2.1), Kind: "offer.given", Event: "sms:SM9", Offer: "office-20", Detail: map[string]any{"code": "OFFICE-00002"}},
			{At: sec(2.1), Kind: "message.queued", Event: "sms:SM9", Message: "c2-minh.2", Class: "reply", Text: "Tặng mã OFFICE-00002."},
			{At: sec(2.3), Kind: "message.sent", Event: "d9", Message: "c2-minh.2", Class: "reply"},
		}}
}

func received(at float64, sid, text string) chaos.Entry {
	return chaos.Entry{At: sec(at), Kind: "message.received", Event: "sms:" + sid, Text: text, Detail: map[string]any{"message_id": sid}}
}

func declared(text, sid string) (ps []chaos.Preference) {
	raw, err := json.Marshal([]any{map[string]any{"attribute": "style", "class": "declared", "evidence": map[string]any{"text": text, "message_id": sid}}})
	if err == nil {
		err = json.Unmarshal(raw, &ps)
	}
	if err != nil {
		panic(err)
	}
	return ps
}

// without drops the first entry of a kind about something.
func without(p *chaos.Person, kind, about string) {
	i := find(p, kind, about)
	p.Ledger = slices.Delete(p.Ledger, i, i+1)
}

func find(p *chaos.Person, kind, about string) int {
	i := slices.IndexFunc(p.Ledger, func(e chaos.Entry) bool {
		return e.Kind == kind && (e.Message == about || e.Event == about)
	})
	if i < 0 {
		panic("the story has no " + kind + " about " + about)
	}
	return i
}

// lost has the ledger say that nobody knows what became of a message.
func lost(p *chaos.Person, message string) {
	i := find(p, "message.sent", message)
	p.Ledger[i].Kind, p.Ledger[i].Reason = "message.failed", "unknown_outcome"
}

func again(p *chaos.Person, kind, about string) {
	p.Ledger = append(p.Ledger, p.Ledger[find(p, kind, about)])
}

func TestAGoodStoryHasNoFindings(t *testing.T) {
	t.Parallel()
	v := chaos.Judge(told())
	if len(v.Findings) > 0 {
		t.Errorf("%+v", v.Findings)
	}
	if v.Lost+v.Doubled+v.Repeated+v.Silent != 0 || v.Shown != 5 || v.Acknowledged != 5 || v.Judged != 2 || v.Unjudged != 0 {
		t.Errorf("%+v", v)
	}
}

// TestEveryBreachIsFound doctors the good story, once for each promise that can be broken, and asks for the finding.
func TestEveryBreachIsFound(t *testing.T) {
	t.Parallel()
	const doubled, silent = "doubled", "silent"
	for _, x := range []struct {
		name   string
		doctor func(h *chaos.History, lan *chaos.Person)
		law    string
		says   string
		counts string
	}{
		{"a message is lost", func(_ *chaos.History, p *chaos.Person) { without(p, "message.received", "sms:SM1") }, "I1", "SM1", "lost"},
		{"a contact is lost", func(_ *chaos.History, p *chaos.Person) { p.Gone = true }, "I1", "c1-lan", "lost"},
		{"an edit is lost", func(_ *chaos.History, p *chaos.Person) { p.Edit = 1 }, "I1", "edit 2", "lost"},
		{"an event is lost", func(_ *chaos.History, p *chaos.Person) { without(p, "event.received", "event:ev-1") }, "I1", "ev-1", "lost"},
		{"a receipt is lost", func(_ *chaos.History, p *chaos.Person) { without(p, "message.delivered", "c1-lan.1") }, "I1", "delivery of c1-lan.1", "lost"},
		{"a run is lost", func(h *chaos.History, _ *chaos.Person) { h.Runs[0].Missing = true }, "I1", "style-0-n0", "lost"},
		{"a message from nowhere", func(_ *chaos.History, p *chaos.Person) { p.Ledger = append(p.Ledger, received(9, "SM7", "x")) }, "I1", "SM7", ""},
		{"a message is handled twice", func(_ *chaos.History, p *chaos.Person) { again(p, "message.received", "sms:SM1") }, "I2", "SM1", doubled},
		{"an event is handled twice", func(_ *chaos.History, p *chaos.Person) { again(p, "event.received", "event:ev-1") }, "I2", "ev-1", doubled},
		{"a receipt is handled twice", func(_ *chaos.History, p *chaos.Person) { again(p, "message.delivered", "c1-lan.1") }, "I2", "delivery of c1-lan.1", doubled},
		{"a preference changes twice", func(_ *chaos.History, p *chaos.Person) { again(p, "preference.changed", "sms:SM1") }, "I2", "preference.changed", doubled},
		{"a question is asked twice", func(_ *chaos.History, p *chaos.Person) { again(p, "conversation.asked", "run:c1") }, "I2", "question style", doubled},
		{"out of order", func(_ *chaos.History, p *chaos.Person) {
			i, j := find(p, "message.received", "sms:SM1"), find(p, "message.received", "sms:SM2")
			p.Ledger[i], p.Ledger[j] = p.Ledger[j], p.Ledger[i]
		}, "I3", "SM1", ""},
		{"answers leave out of order", func(_ *chaos.History, p *chaos.Person) { p.Got[1], p.Got[2] = p.Got[2], p.Got[1] }, "I3", "c1-lan.2", ""},
		{"an ad is queued after the opt-out", func(_ *chaos.History, p *chaos.Person) {
			p.Ledger = append(p.Ledger, chaos.Entry{At: sec(6), Kind: "message.queued", Event: "r2", Run: "r2", Message: "c1-lan.4", Class: "ad"})
		}, "I4", "c1-lan.4", ""},
		{"an ad arrives after the opt-out", func(_ *chaos.History, p *chaos.Person) { p.Got[0].Asked = sec(8) }, "I4", "c1-lan.1", ""},
		{"a message is shown twice", func(_ *chaos.History, p *chaos.Person) { p.Got = append(p.Got, p.Got[1]) }, "I5", "c1-lan.2", doubled},
		{"an ad is shown twice, though the ledger owns up", func(_ *chaos.History, p *chaos.Person) {
			p.Got = append(p.Got, p.Got[0])
			p.Ledger[find(p, "message.sent", "c1-lan.1")].Reason = "repeated_after_unknown_outcome"
		}, "I5", "c1-lan.1", doubled},
		{"an answer is shown three times, though the ledger owns up", func(_ *chaos.History, p *chaos.Person) {
			p.Blind = true
			p.Got = append(p.Got, p.Got[1], p.Got[1])
			p.Ledger[find(p, "message.sent", "c1-lan.2")].Reason = "repeated_after_unknown_outcome"
		}, "I5", "c1-lan.2", doubled},
		{"an ad of unknown outcome is shown twice", func(_ *chaos.History, p *chaos.Person) {
			p.Blind = true
			p.Got = append(p.Got, p.Got[0])
			lost(p, "c1-lan.1")
		}, "I5", "c1-lan.1", doubled},
		{"a delivery is lost by an account that is blind", func(_ *chaos.History, p *chaos.Person) {
			p.Blind = true
			without(p, "message.delivered", "c1-lan.1")
		}, "I1", "delivery of c1-lan.1", "lost"},
		{"the same answer under two ids", func(_ *chaos.History, p *chaos.Person) {
			e := p.Ledger[find(p, "message.queued", "c1-lan.2")]
			e.Message = "c1-lan.9"
			sent := chaos.Entry{At: sec(7), Kind: "message.sent", Event: "d7", Message: "c1-lan.9", Class: "reply"}
			p.Ledger = append(p.Ledger, e, sent)
			p.Got = append(p.Got, chaos.Got{Message: "c1-lan.9", Text: e.Text, Asked: sec(6.9)})
		}, "I5", "the same words", doubled},
		{"a message that was never queued", func(_ *chaos.History, p *chaos.Person) {
			p.Got = append(p.Got, chaos.Got{Message: "c1-lan.77", Text: "?", Asked: sec(3)})
		}, "I5", "c1-lan.77", ""},
		{"a code for two", func(_ *chaos.History, p *chaos.Person) { p.Got[1].Text = "Tặng mã OFFICE-00002." }, "I5", "OFFICE-00002", doubled},
		{"a code given twice", func(_ *chaos.History, p *chaos.Person) { again(p, "offer.given", "sms:SM1") }, "I5", "OFFICE-00001 was given twice", doubled},
		{"a budget is exceeded", func(h *chaos.History, _ *chaos.Person) { h.Offers[0].Budget = 1 }, "I5", "2 times of 1", ""},
		{"a claim leaks", func(h *chaos.History, _ *chaos.Person) { h.Offers[0].Given = 3 }, "I5", "given 3 times", ""},
		{"a code leaks", func(h *chaos.History, _ *chaos.Person) { *h.Offers[0].CodesLeft = 0 }, "I5", "0 are left", ""},
		{"called sent, and not shown", func(_ *chaos.History, p *chaos.Person) { p.Got = p.Got[:2] }, "I5", "c1-lan.3 is called sent", "lost"},
		{"nobody says what became of it", func(_ *chaos.History, p *chaos.Person) { without(p, "message.sent", "c1-lan.2") }, "I5", "what became of c1-lan.2", ""},
		{"evidence that nobody wrote", func(_ *chaos.History, p *chaos.Person) { p.Preferences = declared("dạ 1 nha", "SM1") }, "I6", "style", ""},
		{"evidence of another's message", func(_ *chaos.History, p *chaos.Person) { p.Preferences = declared("2", "SM9") }, "I6", "style", ""},
		{"somebody is in no bucket", func(h *chaos.History, _ *chaos.Person) { h.Runs[0].Counts["excluded"] = 0 }, "I11", "style-0-n0", ""},
		{"more are called sent than were", func(h *chaos.History, _ *chaos.Person) { h.Runs[0].Counts["sent"], h.Runs[0].Counts["excluded"] = 3, 0 }, "I11", "3 were sent", ""},
		{"fewer are called sent than were", func(h *chaos.History, _ *chaos.Person) { h.Runs[0].Counts["sent"], h.Runs[0].Counts["excluded"] = 1, 2 }, "I11", "1 were sent", ""},
		{"a run does not come to somebody", func(h *chaos.History, _ *chaos.Person) {
			for i := range h.People[1].Ledger {
				h.People[1].Ledger[i].Run = ""
			}
		}, "I1", "never came to them", "lost"},
		{"a run holds nobody", func(h *chaos.History, _ *chaos.Person) {
			h.Runs[0].Counts["held"], h.Runs[0].Counts["excluded"] = 1, 0
		}, "I11", "1 held, and it waits for 0", ""},
		{"silence", func(_ *chaos.History, p *chaos.Person) {
			without(p, "message.queued", "c1-lan.2")
			without(p, "message.sent", "c1-lan.2")
			p.Got = slices.Delete(p.Got, 1, 2)
		}, "silence", "SM1", silent},
		{"an answer is given up", func(_ *chaos.History, p *chaos.Person) {
			i := find(p, "message.sent", "c1-lan.2")
			p.Ledger[i].Kind, p.Ledger[i].Reason = "message.failed", "gave_up_transient"
			p.Got = slices.Delete(p.Got, 1, 2)
		}, "silence", "given up", ""},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			h := told()
			x.doctor(h, h.People[0])
			v := chaos.Judge(h)
			if !slices.ContainsFunc(v.Findings, func(f chaos.Finding) bool { return f.Law == x.law && strings.Contains(f.What, x.says) }) {
				t.Errorf("no %s about %q in %+v", x.law, x.says, v.Findings)
			}
			if n := map[string]int{"lost": v.Lost, doubled: v.Doubled, silent: v.Silent, "": 1}[x.counts]; n == 0 {
				t.Errorf("nothing was counted as %s: %+v", x.counts, v)
			}
		})
	}
}

// TestWhatIsAllowedIsNotFound: what looks like a breach and is none.
func TestWhatIsAllowedIsNotFound(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name   string
		doctor func(h *chaos.History, lan *chaos.Person)
	}{
		{"an answer repeated after an unknown outcome, as the ledger says", func(_ *chaos.History, p *chaos.Person) {
			p.Got = append(p.Got, p.Got[1])
			p.Ledger[find(p, "message.sent", "c1-lan.2")].Reason = "repeated_after_unknown_outcome"
		}},
		{"an answer that a blind account repeated once", func(_ *chaos.History, p *chaos.Person) {
			p.Blind = true
			p.Got = append(p.Got, p.Got[1])
			p.Ledger[find(p, "message.sent", "c1-lan.2")].Reason = "repeated_after_unknown_outcome"
		}},
		{"an answer whose repeat nobody knows of either", func(_ *chaos.History, p *chaos.Person) {
			p.Blind = true
			p.Got = append(p.Got, p.Got[1])
			lost(p, "c1-lan.2")
		}},
		{"an ad of unknown outcome that came, and whose receipt nobody knows", func(h *chaos.History, p *chaos.Person) {
			p.Blind = true
			h.Runs[0].Counts["sent"], h.Runs[0].Counts["failed"] = 1, 1
			lost(p, "c1-lan.1")
			without(p, "message.delivered", "c1-lan.1")
		}},
		{"an answer of unknown outcome that comes after a later one", func(_ *chaos.History, p *chaos.Person) {
			p.Blind = true
			lost(p, "c1-lan.2")
			p.Got[1], p.Got[2] = p.Got[2], p.Got[1]
		}},
		{"an ad that was on its way when the opt-out was committed", func(_ *chaos.History, p *chaos.Person) { p.Got[0].Asked = sec(6) }},
		{"an ad in the hands of a gateway that stood still", func(h *chaos.History, p *chaos.Person) {
			p.Got[0].Asked = sec(9)
			h.Pauses = []chaos.Span{{From: sec(4), To: sec(7)}, {From: sec(6), To: sec(8)}}
		}},
		{"an ad after they came back", func(_ *chaos.History, p *chaos.Person) {
			p.Wrote = append(p.Wrote, chaos.Wrote{SID: "SM3", Text: "DK", Acked: sec(7)})
			p.Ledger = append(p.Ledger, received(7, "SM3", "DK"), chaos.Entry{At: sec(7), Kind: "contact.unsuppressed", Event: "sms:SM3"},
				chaos.Entry{At: sec(7), Kind: "message.not_sent", Event: "sms:SM3", Reason: "answered_today"},
				chaos.Entry{At: sec(8), Kind: "message.queued", Event: "r2", Run: "r2", Message: "c1-lan.4", Class: "ad"},
				chaos.Entry{At: sec(9), Kind: "message.sent", Event: "d7", Run: "r2", Message: "c1-lan.4", Class: "ad"})
			p.Got = append(p.Got, chaos.Got{Message: "c1-lan.4", Asked: sec(9)})
		}},
		{"a run that waits for somebody", func(h *chaos.History, p *chaos.Person) {
			h.Runs[0].Counts["held"], h.Runs[0].Counts["excluded"] = 1, 0
			p.Ledger = append(p.Ledger, chaos.Entry{At: sec(9), Kind: "conversation.not_asked", Run: "style-0-n0", Reason: "another_question_is_open"})
		}},
		{"two questions answered by one message", func(_ *chaos.History, p *chaos.Person) {
			e := p.Ledger[find(p, "preference.changed", "sms:SM1")]
			e.Question = "budget"
			p.Ledger = append(p.Ledger, e)
		}},
		{"a run that waits for somebody, and finds them once more", func(h *chaos.History, p *chaos.Person) {
			h.Runs[0].Counts["held"], h.Runs[0].Counts["excluded"] = 1, 0
			p.Ledger = append(p.Ledger, chaos.Entry{At: sec(9), Kind: "conversation.not_asked", Run: "style-0-n0", Reason: "another_question_is_open"},
				chaos.Entry{At: sec(10), Kind: "conversation.not_asked", Run: "style-0-n0", Reason: "already_asked"})
		}},
		{"a message in two pieces that is answered no more today", func(_ *chaos.History, p *chaos.Person) {
			p.Wrote = append(p.Wrote, chaos.Wrote{SID: "SM8", Text: "ok", Acked: sec(7)}, chaos.Wrote{SID: "SM9", Text: "còn hàng không ạ", Acked: sec(8)})
			p.Ledger = append(p.Ledger, received(7, "SM8", "ok"), chaos.Entry{At: sec(7), Kind: "reply.unclear", Event: "sms:SM8", Reason: "waits_for_more"},
				received(8, "SM9", "còn hàng không ạ"), chaos.Entry{At: sec(8), Kind: "message.not_sent", Event: "sms:SM9", Reason: "answered_today"})
		}},
		{"a message that was never acknowledged", func(_ *chaos.History, p *chaos.Person) {
			p.Wrote = append(p.Wrote, chaos.Wrote{SID: "SM8", Text: "alo"})
		}},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			h := told()
			x.doctor(h, h.People[0])
			if v := chaos.Judge(h); len(v.Findings) > 0 {
				t.Errorf("%+v", v.Findings)
			}
		})
	}
}

// lengthy makes a story longer than a page of the API, without anything being wrong with it.
func lengthy(p *chaos.Person) {
	for i := range 1500 {
		id := fmt.Sprintf("ev-long-%d", i)
		p.Posted = append(p.Posted, id)
		p.Ledger = append(p.Ledger, chaos.Entry{At: sec(10), Kind: "event.received", Event: "event:" + id})
	}
}

// TestALongStoryIsJudgedWithAllOthers: neither its length nor anybody else's keeps a promise from being asked for.
func TestALongStoryIsJudgedWithAllOthers(t *testing.T) {
	t.Parallel()
	h := told()
	lengthy(h.People[0])
	if v := chaos.Judge(h); len(v.Findings) > 0 || v.Judged != 2 || v.Unjudged != 0 {
		t.Fatalf("%+v", v)
	}
	again(h.People[0], "event.received", "event:ev-long-700")
	h.People[1].Got[1].Text = "Tặng mã OFFICE-00001."
	h.Offers[0].Budget = 1
	h.Runs[0].Counts["sent"] = 1
	v := chaos.Judge(h)
	for _, want := range []struct{ law, says string }{{"I2", "ev-long-700"}, {"I5", "OFFICE-00001"}, {"I5", "2 times of 1"}, {"I11", "style-0-n0"}} {
		if !slices.ContainsFunc(v.Findings, func(f chaos.Finding) bool { return f.Law == want.law && strings.Contains(f.What, want.says) }) {
			t.Errorf("no %s about %q in %+v", want.law, want.says, v.Findings)
		}
	}
}

// TestWhoIsUnreadIsAFinding, and keeps nobody else from being judged. What only the sum of all ledgers tells is not asked for.
func TestWhoIsUnreadIsAFinding(t *testing.T) {
	t.Parallel()
	h := told()
	h.People[1] = &chaos.Person{Phone: "+84900000002", Group: "0", Known: sec(0), Unread: true, Wrote: minh().Wrote, Got: minh().Got}
	v := chaos.Judge(h)
	if v.Judged != 1 || v.Unjudged != 1 || len(v.Findings) != 1 || v.Findings[0].Law != "unread" || v.Findings[0].Phone != "+84900000002" {
		t.Fatalf("%+v", v)
	}
	h.People[0].Got[1].Text = "Tặng mã OFFICE-00002."
	h.Runs[0].Counts["excluded"] = 0
	v = chaos.Judge(h)
	for _, want := range []struct{ law, says string }{{"I5", "OFFICE-00002"}, {"I11", "style-0-n0"}} {
		if !slices.ContainsFunc(v.Findings, func(f chaos.Finding) bool { return f.Law == want.law && strings.Contains(f.What, want.says) }) {
			t.Errorf("no %s about %q in %+v", want.law, want.says, v.Findings)
		}
	}
}
