package record

import (
	"crypto/sha256"
	"encoding/base32"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/preferences"
)

// Notice is an event that a shop's own program is told of by webhook, as it waits to be delivered.
type Notice struct {
	ID       string // the webhook's: the same for every repeat, and for every endpoint. It begins with the contact's
	Type     string // one of NoticeTypes
	Queued   time.Time
	Attempts int    // that failed
	Body     []byte // JSON, as it is signed and posted
}

// NoticeTypes are the events that an endpoint may ask for, in the words of the ledger.
func NoticeTypes() []string {
	return []string{string(preferences.EntryPreference), string(preferences.EntryConsent), string(preferences.EntryCompleted), string(preferences.EntryOffered)}
}

// Notices makes notices of the entries that a contact's step, or a ledger, has; kept in their order. An entry gives the same
// notice whenever it is asked, so that the ledger is all that is needed to tell something again.
func Notices(contact string, entries []preferences.Entry, wanted func(kind string) bool) (out []Notice) {
	ordinals := map[string]int{}
	for _, e := range entries {
		if !wanted(string(e.Kind)) {
			continue
		}
		data := noticeData(contact, e)
		if data == nil {
			continue
		}
		of := e.Event + "\x00" + string(e.Kind)
		out = append(out, Notice{
			ID: noticeID(contact, of, ordinals[of]), Type: string(e.Kind), Queued: e.At,
			Body: newJSONWriter().write(map[string]any{"type": e.Kind, "timestamp": e.At.UTC(), "data": data}),
		})
		ordinals[of]++
	}
	return out
}

// TestNotice tells nothing but that it arrives.
func TestNotice(id, kind string, now time.Time) Notice {
	return Notice{ID: id, Type: kind, Queued: now, Body: newJSONWriter().write(map[string]any{"type": kind, "timestamp": now.UTC(), "data": map[string]any{}})}
}

// noticeID names an entry by what caused it: nothing of it can be read back.
func noticeID(contact, of string, ordinal int) string {
	sum := sha256.Sum256([]byte(contact + "\x00" + of + "\x00" + strconv.Itoa(ordinal)))
	return contact + ".w" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:10]))
}

// noticeData is what an endpoint is told of an entry; nil where nothing happened that it asked for.
func noticeData(contact string, e preferences.Entry) map[string]any {
	data := map[string]any{"contact": contact}
	put := func(name string, v any) {
		if v != nil && v != "" {
			data[name] = v
		}
	}
	put("campaign", e.Campaign)
	put("run", e.Run)
	switch e.Kind {
	case preferences.EntryPreference:
		put("question", e.Question)
		put("reason", e.Reason)
		for name, detail := range map[string]string{"attribute": "attribute", "preference": "new", "previous": "old"} {
			put(name, e.Detail[detail])
		}
	case preferences.EntryConsent:
		if _, changed := e.Detail["granted"]; !changed {
			return nil // that a suppression still holds
		}
		put("wording", e.Text)
		for _, name := range []string{"purpose", "granted", "channels", "source", "at"} {
			put(name, e.Detail[name])
		}
	case preferences.EntryCompleted:
		put("last_question", e.Question)
	case preferences.EntryOffered:
		put("offer", e.Offer)
		put("code", e.Detail["code"])
	default:
		return nil
	}
	return data
}

// Bytes is the stored form of what waits, without its id, which it is stored under.
func (n Notice) Bytes() []byte { return written(&n, 64+len(n.Body), notice) }

// ReadNotice reads it back.
func ReadNotice(id string, raw []byte) (Notice, error) {
	n, err := read(raw, "notice", notice)
	n.ID = id
	return n, err
}

func notice(c *coder, n *Notice) {
	words(c, 1, &n.Type)
	c.moment(2, &n.Queued)
	whole(c, 3, &n.Attempts)
	body := string(n.Body)
	words(c, 4, &body)
	if !c.writing {
		n.Body = []byte(body)
	}
}

// Attempt is one attempt to deliver a notice, as an endpoint's list of deliveries has it. Nothing of what was said is in it.
type Attempt struct {
	Notice string // its id
	Type   string
	At     time.Time
	Number int    // from 1 on; 0 for a test
	Result string // delivered, failed, given_up
	Status int    // the answer's; 0: there was none
	Millis int    // until the answer
	Error  string // why it is no success, in a few words
}

// Bytes is the attempt's stored form.
func (a Attempt) Bytes() []byte { return written(&a, 128, attempt) }

// ReadAttempt reads it back.
func ReadAttempt(raw []byte) (Attempt, error) { return read(raw, "attempt", attempt) }

func attempt(c *coder, a *Attempt) {
	words(c, 1, &a.Notice)
	words(c, 2, &a.Type)
	c.moment(3, &a.At)
	whole(c, 4, &a.Number)
	words(c, 5, &a.Result)
	whole(c, 6, &a.Status)
	whole(c, 7, &a.Millis)
	words(c, 8, &a.Error)
}
