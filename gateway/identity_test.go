package gateway_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/twilio/fake"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// proves has a provider vouch that the person with one phone has another address as well.
func (r *rig) proves(event, phone string, also address.Address) error {
	return r.g.Intake().Accept(r.t.Context(), "sms", []adapters.Event{{
		Kind: adapters.Linked, ID: event, At: r.clock.Now(), From: address.Address{Scheme: address.Tel, ID: phone}, Also: also}})
}

func tel(phone string) address.Address { return address.Address{Scheme: address.Tel, ID: phone} }

type personView struct {
	ID         string
	Addresses  []string
	MergedInto string `json:"merged_into"`
	Merged     []struct{ Contact string }
	Suppressed *struct{ Reason string }
}

func (r *rig) person(id string) personView {
	r.t.Helper()
	var p personView
	require.Equal(r.t, http.StatusOK, r.call("GET", "/api/v1/contacts/"+id, nil, &p))
	return p
}

// likes reads what a contact likes, by attribute.
func (r *rig) likes(id string) map[string]string {
	r.t.Helper()
	var out struct {
		Preferences []struct {
			Attribute string
			Value     any
		}
	}
	require.Equal(r.t, http.StatusOK, r.call("GET", "/api/v1/contacts/"+id+"/preferences", nil, &out))
	likes := map[string]string{}
	for _, p := range out.Preferences {
		likes[p.Attribute] = fmt.Sprint(p.Value)
	}
	return likes
}

// two makes two contacts that live in different partitions: the older is Lan's, and the younger has the phone.
func two(r *rig) (older, younger string) {
	r.t.Helper()
	older = r.contact(lan, "Lan")
	for i := range 100 {
		phone := fmt.Sprintf("+8491234%04d", i)
		id := r.contact(phone, "")
		if partition(id) != partition(older) {
			return older, phone
		}
	}
	r.t.Fatal("everybody lives in one partition")
	return "", ""
}

func partition(id string) string {
	part, _, _ := strings.Cut(id, "-")
	return part
}

// Two contacts in different partitions turn out to be one person. The older one goes on with everything, in the middle
// of the other's talk; undone, each has again what it had.
func TestTwoContactsBecomeOneAndAreParted(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	older, phone := two(r)
	younger, _ := r.byPhone(phone)
	run := r.run("style")
	r.phone(phone, 1)
	r.settled(younger, has("message.sent", ""))
	r.phone(lan, 1)
	r.reply(phone, "2") // office: now the budget is asked
	r.phone(phone, 2)
	r.settled(younger, func(es []entryView) bool { return count(es, "message.sent", "") == 2 })
	r.reply(lan, "1")
	r.phone(lan, 2)
	r.settled(older, func(es []entryView) bool { return count(es, "message.sent", "") == 2 })

	require.NoError(t, r.proves("p1", phone, tel(lan)))
	r.settled(older, has("contact.merged", ""))
	r.settled(younger, has("contact.merged_into", ""))
	r.until("the phone leads to the older one", func() bool { id, _ := r.byPhone(phone); return id == older })
	one := r.person(older)
	require.ElementsMatch(t, []string{"tel:" + lan, "tel:" + phone}, one.Addresses)
	require.Len(t, one.Merged, 1)
	gone := r.person(younger)
	require.Equal(t, older, gone.MergedInto)
	require.Empty(t, gone.Addresses)
	require.Equal(t, "sporty", r.likes(older)["style"], "said later")

	r.reply(phone, "600k") // the talk goes on
	require.Contains(t, r.phone(phone, 3)[2], "thể thao", "repaid by what is known of them by now")
	require.NotEmpty(t, r.likes(older)["budget"])
	require.Zero(t, count(r.ledger(younger), "preference.changed", "")-1, "what it learned itself stays in its ledger")
	counts := r.runOf(run).Counts
	require.Equal(t, counts["audience"], counts["queued"]+counts["held"]+counts["sent"]+counts["failed"]+counts["excluded"], "%v", counts)

	var back personView
	require.Equal(t, http.StatusOK, r.call("POST", "/api/v1/contacts/"+older+"/unmerge", m{"from": younger}, &back))
	require.Equal(t, []string{"tel:" + lan}, back.Addresses)
	r.settled(younger, has("contact.unmerged", ""))
	require.True(t, has("contact.unmerged", "")(r.ledger(older)))
	r.until("the phone leads back", func() bool { id, _ := r.byPhone(phone); return id == younger })
	require.Equal(t, []string{"tel:" + phone}, r.person(younger).Addresses)
	require.Empty(t, r.person(younger).MergedInto)
	require.Equal(t, map[string]string{"style": "office"}, r.likes(younger))
	require.Equal(t, "sporty", r.likes(older)["style"])
	status, raw := r.try("POST", "/api/v1/contacts/"+older+"/unmerge", m{"from": younger})
	require.Equal(t, http.StatusConflict, status, "%s", raw)
	r.reply(phone, "STOP")
	r.until("the stop counts", func() bool { return r.person(younger).Suppressed != nil })
	require.Nil(t, r.person(older).Suppressed)
}

// An address that was nobody's belongs to whoever it was proved for: who writes from there is known.
func TestAnAddressOfNobodyIsGiven(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.contact(lan, "Lan")
	require.NoError(t, r.proves("p1", lan, tel(minh)))
	r.settled(id, has("contact.linked", "added"))
	r.reply(minh, "xin chào")
	r.settled(id, has("message.received", ""))
	require.ElementsMatch(t, []string{"tel:" + lan, "tel:" + minh}, r.person(id).Addresses)
	require.Equal(t, 1, count(r.ledger(id), "contact.linked", "added"))
	require.NoError(t, r.proves("p1", lan, tel(minh)))
	require.NoError(t, r.proves("p2", lan, tel(minh)))
	r.settled(id, has("contact.linked", "known"))
	require.Equal(t, 1, count(r.ledger(id), "contact.linked", "added"), "nothing twice")
}

// An address of somebody who was erased is given to nobody.
func TestAnErasedAddressIsNotGiven(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id, other := r.contact(lan, "Lan"), r.contact(minh, "Minh")
	require.Equal(t, http.StatusNoContent, r.call("DELETE", "/api/v1/contacts/"+other, nil, nil))
	r.until("it leads to nobody", func() bool { _, ok := r.byPhone(minh); return !ok })
	require.NoError(t, r.proves("p1", lan, tel(minh)))
	r.settled(id, has("contact.not_linked", "address_forgotten"))
	require.Equal(t, []string{"tel:" + lan}, r.person(id).Addresses)
}

// A stop that either of two said stops both, and stays with both when they are parted.
func TestAStopOutlivesMergeAndUnmerge(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	older, phone := two(r)
	younger, _ := r.byPhone(phone)
	require.NoError(t, r.proves("p1", phone, tel(lan)))
	r.settled(older, has("contact.merged", ""))
	r.until("the phone leads to the older one", func() bool { id, _ := r.byPhone(phone); return id == older })
	r.reply(phone, "STOP")
	r.until("the stop counts", func() bool { return r.person(older).Suppressed != nil })
	require.Equal(t, http.StatusOK, r.call("POST", "/api/v1/contacts/"+older+"/unmerge", m{"from": younger}, nil))
	r.settled(younger, has("contact.unmerged", ""))
	require.NotNil(t, r.person(older).Suppressed)
	require.NotNil(t, r.person(younger).Suppressed)
}

// Erasing somebody erases the contacts that turned out to be them.
func TestErasureTakesTheMergedAlong(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	older, phone := two(r)
	younger, _ := r.byPhone(phone)
	r.reply(phone, "xin chào từ Huế")
	r.settled(younger, has("message.received", ""))
	require.NoError(t, r.proves("p1", phone, tel(lan)))
	r.settled(older, has("contact.merged", ""))
	r.until("the phone leads to the older one", func() bool { id, _ := r.byPhone(phone); return id == older })
	require.Equal(t, http.StatusNoContent, r.call("DELETE", "/api/v1/contacts/"+older, nil, nil))
	r.until("nothing is left", func() bool {
		for key, content := range r.redis.Everything() {
			if strings.Contains(key, ":seen:") || strings.Contains(key, ":answer:") {
				continue
			}
			traces := []string{phone[1:], lan[1:], "xin chào"}
			if !strings.HasSuffix(key, ":audit") { // which keeps that somebody was erased, under an id that leads nowhere any more
				traces = append(traces, older, younger)
			}
			for _, trace := range traces {
				if strings.Contains(key, trace) || strings.Contains(content, trace) {
					return false
				}
			}
		}
		return true
	})
}

// Whoever was merged may be erased alone: the other one lives on, with the addresses.
func TestTheMergedIsErasedAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	older, phone := two(r)
	younger, _ := r.byPhone(phone)
	require.NoError(t, r.proves("p1", phone, tel(lan)))
	r.settled(older, has("contact.merged", ""))
	r.until("the phone leads to the older one", func() bool { id, _ := r.byPhone(phone); return id == older })
	require.Equal(t, http.StatusNoContent, r.call("DELETE", "/api/v1/contacts/"+younger, nil, nil))
	r.settled(older, has("contact.unmerged", "erased"))
	require.Len(t, r.person(older).Addresses, 2)
	status, _ := r.try("POST", "/api/v1/contacts/"+older+"/unmerge", m{"from": younger})
	require.Equal(t, http.StatusConflict, status)
	r.reply(phone, "xin chào")
	r.settled(older, has("message.received", ""))
}

// TestAMergeSurvivesACrashAtAnyWrite walks the writes of a merge and of its undoing, and dies at each, before and after.
func TestAMergeSurvivesACrashAtAnyWrite(t *testing.T) {
	t.Parallel()
	dieAtEachWrite(t, 6, mergeAndPart)
}

// mergeAndPart has two contacts become one while both write, and parts them again.
func mergeAndPart(t *testing.T, d *dying) {
	r := newRig(t, withIntercept(d.intercept), withFake(fake.Options{Callbacks: false}))
	older, phone := two(r)
	younger, _ := r.byPhone(phone)
	mu, enough := r.startedAnew(d)
	defer enough()
	until := func(what string, ok func() bool) {
		t.Helper()
		r.until(what, func() bool { return locked(mu, ok) })
	}
	says := func(from, text, sid string) {
		until(text, func() bool {
			resp, err := r.fake.Deliver(t.Context(), fake.Inbound{From: from, Body: text, SID: sid})
			return err == nil && resp.StatusCode == http.StatusOK
		})
	}
	d.armed.Store(true)
	until("the proof", func() bool { return r.g != nil && r.proves("p1", phone, tel(lan)) == nil })
	says(phone, "một", "SM1")
	says(lan, "hai", "SM2")
	is := func(contact, phone string) bool { id, ok := r.byPhone(phone); return ok && id == contact }
	read := func(id string) (p personView, ok bool) {
		status, raw := r.try("GET", "/api/v1/contacts/"+id, nil)
		ok = status == http.StatusOK && json.Unmarshal(raw, &p) == nil
		return p, ok
	}
	until("they are one", func() bool {
		gone, ok := read(younger)
		one, also := read(older)
		return ok && also && gone.MergedInto == older && len(one.Addresses) == 2 && is(older, phone) && is(older, lan)
	})
	heard := func() map[string]string {
		all := map[string]string{}
		for _, id := range []string{older, younger} {
			var out struct {
				Entries []entryView `json:"ledger"`
			}
			status, raw := r.try("GET", "/api/v1/contacts/"+id+"/ledger", nil)
			if status != http.StatusOK || json.Unmarshal(raw, &out) != nil {
				return nil
			}
			for _, e := range out.Entries {
				if e.Kind == "message.received" {
					all[e.Text] += id
				}
			}
		}
		return all
	}
	says(phone, "ba", "SM3")
	until("that was heard", func() bool { return heard()["ba"] != "" })
	until("they are two", func() bool {
		r.try("POST", "/api/v1/contacts/"+older+"/unmerge", m{"from": younger})
		gone, ok := read(younger)
		one, also := read(older)
		return ok && also && gone.MergedInto == "" && slices.Equal(one.Addresses, []string{"tel:" + lan}) && slices.Equal(gone.Addresses, []string{"tel:" + phone}) &&
			is(younger, phone) && is(older, lan)
	})
	says(phone, "bốn", "SM4")
	until("everything was heard, once", func() bool { return len(heard()) == 4 })
	d.armed.Store(false) // whoever has not died by now lives
	until("somebody answers", func() bool { status, _ := r.try("GET", "/readyz", nil); return status == http.StatusOK })
	mu.Lock()
	defer mu.Unlock()
	all := heard()
	require.Equal(t, older, all["hai"])
	require.Equal(t, older, all["ba"], "said while they were one")
	require.Equal(t, younger, all["bốn"])
	require.Contains(t, []string{older, younger}, all["một"], "once, by whoever it was then")
	require.Equal(t, 1, count(r.ledger(older), "contact.merged", ""))
	require.Equal(t, 1, count(r.ledger(younger), "contact.merged_into", ""))
	require.Equal(t, 1, count(r.ledger(younger), "contact.unmerged", ""))
	require.Equal(t, 1, count(r.ledger(older), "contact.unmerged", ""))
}

// The proof of a link stands whole in the ledger; a viewer reads it masked there, and an agent as it is.
func TestALedgerMasksProvedAddressesForViewers(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.contact(lan, "Lan")
	require.NoError(t, r.proves("p1", lan, tel(minh)))
	r.settled(id, has("contact.linked", "added"))
	for role, also := range map[access.Role]string{access.Nobody: tel(minh).Mask(), access.Viewer: tel(minh).Mask(), access.Agent: tel(minh).String()} {
		ctx := access.As(t.Context(), access.Caller{Name: "mai", Role: role})
		newest, err := r.g.Control.Ledger(ctx, id, 0)
		require.NoError(t, err)
		page, _, err := r.g.Control.LedgerPage(ctx, id, "", 50)
		require.NoError(t, err)
		times, _, err := r.g.Control.Timeline(ctx, id, "", 50)
		require.NoError(t, err)
		for way, entries := range map[string][]preferences.Entry{"ledger": newest, "page": page, "timeline": times} {
			linked := 0
			for _, e := range entries {
				if e.Kind == preferences.EntryLinked {
					linked++
					require.Equal(t, also, e.Detail["also"], "%s, %s", way, role)
				}
			}
			require.Positive(t, linked, way)
		}
	}
}
