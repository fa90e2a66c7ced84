package campaigns

import (
	"crypto/subtle"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/hoidap/hoidap/campaigns/compliance"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// Where no provider vouches for a second address, whoever reads what comes there proves it: a one-time code is sent to it,
// and the customer types the code where we know them; or a link, and they say on its page that it is them. Neither stands
// in a state, an event, a queue or a ledger: both are keyed hashes, made anew where they are compared and where they leave.

// Bounds on proofs.
const (
	proofLasts = 10 * time.Minute
	proofTries = 5         // wrong codes, of a million
	proofsMax  = 3         // that may begin within ...
	proofsPer  = time.Hour // ... this time
	codeDigits = 6
)

// The ways of a proof.
const (
	ByCode = "code"
	ByLink = "link"
)

// What stands for code and link in the text of a message until it leaves, and in its ledger entry for good.
const (
	codeMark = "{{code}}"
	linkMark = "{{link}}"
	hidden   = "******"
)

// Proof is under way: that a second address is a contact's own.
type Proof struct {
	ID      string          `json:"id"`                // nobody can guess it; the code is a keyed hash of it
	Also    address.Address `json:"also,omitzero"`     // the address
	By      string          `json:"by,omitempty"`      // code, link; in an event also empty: whichever fits
	Account string          `json:"account,omitempty"` // by which the code or link was sent
	Message string          `json:"message,omitempty"` // of ours, with the code or link
	Tries   int             `json:"tries,omitempty"`   // wrong codes so far
	Expires time.Time       `json:"expires,omitzero"`
}

// Fill puts the code or link of a proof, or the address of the customer's own page, into its message, which is about to
// leave. Other messages stay as they are.
func (w *World) Fill(o Outbound) Outbound {
	if !o.PageUntil.IsZero() {
		o.Text = w.withPage(o)
	}
	if o.Proof == "" {
		return o
	}
	if w.Code != nil {
		o.Text = strings.ReplaceAll(o.Text, codeMark, w.Code(o.Proof))
	}
	if w.ReplyLink != nil {
		o.Text = strings.ReplaceAll(o.Text, linkMark, w.ReplyLink(o.ID))
	}
	return o
}

// withPage is the text with the address of the customer's own page; without its last line, which leads there, where by now
// there is no page.
func (w *World) withPage(o Outbound) string {
	if w.OwnPage == nil {
		return o.Text[:max(0, strings.LastIndexByte(o.Text, '\n'))]
	}
	return strings.ReplaceAll(o.Text, pageMark, w.OwnPage(o.Contact, o.PageUntil))
}

// Check is what the gate is asked about a message. Whoever has opted out gets the answers to their own words, but proves
// nothing meanwhile.
func (w *World) Check(o *Outbound, c *preferences.Contact) compliance.Check {
	r, _ := w.route(o.Account)
	k := compliance.Check{Class: o.Class, Purpose: o.Purpose, Channel: r.Channel, Contact: c, Once: o.Once, Expires: o.Expires}
	if o.Proof != "" {
		k.Class = compliance.Service
	}
	return k
}

// told is the text as the ledger has it.
func (o *Outbound) told() string {
	switch {
	case o.Proof != "":
		return strings.NewReplacer(codeMark, hidden, linkMark, hidden).Replace(o.Text)
	case !o.PageUntil.IsZero():
		return strings.ReplaceAll(o.Text, pageMark, hidden)
	}
	return o.Text
}

// WhyNotProve is why a proof cannot begin, as a sentence without its stop, and from when on it can, if that is only a
// matter of time; "" where it can.
func (w *World) WhyNotProve(s State, p Proof, now time.Time) (why string, until time.Time) {
	t := &turn{w: w, s: s, now: now}
	if why, until = t.mayProve(p); why == "" {
		_, _, why = t.proofWay(p)
	}
	return why, until
}

func (t *turn) mayProve(p Proof) (why string, until time.Time) {
	c := t.s.Contact
	switch {
	case c == nil:
		return "there is no such contact", until
	case t.s.Into != nil:
		return "this contact has been merged into " + t.s.Into.Contact + "; link the address to that one", until
	case p.ID == "" || p.Also.IsZero():
		return "a proof needs an address", until
	case c.Suppressed != nil:
		return "this person has opted out: nothing is sent for them", until
	case has(c.Addresses, p.Also):
		return "the contact has this address already", until
	case len(c.Addresses) >= addressesMax:
		return "the contact has as many addresses as it may", until
	case t.s.Proof != nil && t.now.Before(t.s.Proof.Expires):
		return "another proof is under way for this contact", t.s.Proof.Expires
	}
	if recent := t.recentProofs(); len(recent) >= proofsMax {
		return "three proofs have begun for this contact within an hour", recent[0].Add(proofsPer)
	}
	return "", until
}

// recentProofs is when proofs began within the last hour, the oldest first.
func (t *turn) recentProofs() []time.Time {
	return slices.DeleteFunc(slices.Clone(t.s.Proofs), func(at time.Time) bool { return t.now.Sub(at) >= proofsPer })
}

// proofWay is how a code or link gets to the address that is to be proved, and which of them it is.
func (t *turn) proofWay(p Proof) (r Route, by, why string) {
	if r, why = t.proofRoute(p.Also); why != "" {
		return r, "", why
	}
	types, opens := t.w.Code != nil && t.canWrite(), t.w.ReplyLink != nil
	switch {
	case p.By == ByLink && !opens:
		return r, "", "a link needs the gateway's public_url, which is not configured"
	case p.By == ByCode && !types:
		return r, "", "the contact has no address from which a code could come back; prove it by a link"
	case p.By == "" && opens && (!r.Inbound || !types):
		return r, ByLink, ""
	case p.By == "" && !types:
		return r, "", "the contact has no address from which a code could come back, and a link needs the gateway's public_url"
	case p.By == "":
		return r, ByCode, ""
	}
	return r, p.By, ""
}

// proofRoute is the first account that may write to an address of which nobody knows whether its owner ever wrote to us.
func (t *turn) proofRoute(a address.Address) (found Route, why string) {
	why = "no account reaches this address"
	for _, r := range t.w.Routes {
		switch {
		case !r.Channel.Carries(a):
		case r.Draining:
			why = "the account that reaches this address is being drained"
		case !r.Can(ClassControl):
			why = "the account that reaches this address may not carry messages of class control"
		case r.Window > 0, r.Templates == TemplateAlways:
			why = "the account that reaches this address writes first only by template"
		default:
			return r, ""
		}
	}
	return found, why
}

// canWrite reports whether the customer can write to us where we know them.
func (t *turn) canWrite() bool {
	return slices.ContainsFunc(t.w.Routes, func(r Route) bool { return r.Inbound && slices.ContainsFunc(t.s.Contact.Addresses, r.Channel.Carries) })
}

// prove: somebody of the brand's says that the contact has the address Also as well. Its owner is asked.
//
// Example: {"kind":"prove","proof":{"id":"7f3k","also":"tel:+84901234567"}}
func (t *turn) prove() {
	t.out.Result.Contact = t.s.ID
	if t.e.Proof == nil {
		return
	}
	p := *t.e.Proof
	var r Route
	why, _ := t.mayProve(p)
	if why == "" {
		r, p.By, why = t.proofWay(p)
	}
	if why != "" {
		t.out.Result.Problem = why
		return
	}
	t.expireProof()
	t.s.Proofs = append(t.recentProofs(), t.now)
	p.Account, p.Tries, p.Expires = r.Account, 0, t.now.Add(proofLasts)
	t.note(preferences.Entry{Kind: preferences.EntryLinkAsked, Reason: p.By, Detail: map[string]any{
		"also": p.Also.Mask(), "account": p.Account, "until": p.Expires}})
	p.Message = t.sendProof(p)
	begun := p
	t.s.Proof, t.out.Result.Proof = &p, &begun
}

// sendProof sends the code or link, and returns the message's id.
func (t *turn) sendProof(p Proof) string {
	o := Outbound{Class: ClassControl, Account: p.Account, To: p.Also, Expires: p.Expires, Proof: p.ID, Link: p.By == ByLink}
	key, mark := sayCode, codeMark
	if o.Link {
		key, mark = sayProofLink, linkMark
	}
	o.Text = t.phrase(key, map[string]string{p.By: mark})
	t.queue(o, aboutProof)
	return t.out.Send[len(t.out.Send)-1].ID
}

// codeTyped reports whether the message has the form of the code that is waited for, and whether it is that.
func (t *turn) codeTyped() (typed, right bool) {
	p := t.s.Proof
	if p == nil || p.By != ByCode || t.w.Code == nil || !t.now.Before(p.Expires) {
		return false, false
	}
	code, ok := digits(t.bare())
	return ok, ok && subtle.ConstantTimeCompare([]byte(code), []byte(t.w.Code(p.ID))) == 1
}

// digits reads a message that is a code and nothing else, but for spaces and dots.
func digits(text string) (string, bool) {
	code := strings.Map(func(r rune) rune {
		if r == '.' || unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
	return code, len(code) == codeDigits && strings.Trim(code, "0123456789") == ""
}

// wrongCode counts a message that might have been the code. It is read as usual beside that, so that an amount answers
// the question that asks for one; but whoever guesses has no more tries by that.
func (t *turn) wrongCode() {
	p := t.s.Proof
	p.Tries++
	t.note(preferences.Entry{Kind: preferences.EntryLinkTried, Reason: "wrong_code", Detail: map[string]any{"left": proofTries - p.Tries}})
	if p.Tries >= proofTries {
		t.endProof("too_many_tries")
	}
}

// sayWrongCode answers a wrong code that was nothing else.
func (t *turn) sayWrongCode() {
	if t.s.Proof == nil {
		t.answer(ClassReply, t.phrase(sayCodeOver, nil), "")
		return
	}
	t.answer(ClassReply, t.phrase(sayCodeWrong, map[string]string{"left": itoa(int64(proofTries - t.s.Proof.Tries))}), "")
}

// proved: who got the link has said on its page that it is them.
//
// Example: {"kind":"proved","proof":{"id":"7f3k"}}
func (t *turn) proved() {
	p := t.s.Proof
	if p != nil && t.e.Proof != nil && p.ID == t.e.Proof.ID && p.By == ByLink && t.now.Before(p.Expires) {
		t.proven()
	}
}

// proven: the proof is as good as a provider's word. The customer is told, where we know them, so that they can object.
func (t *turn) proven() {
	p := t.s.Proof
	t.s.Proof = nil
	t.vouched(&Peer{Also: p.Also, Account: p.Account, By: p.By, At: t.happened()})
	t.answer(ClassControl, t.phrase(sayProved, map[string]string{"also": legible(p.Also)}), "")
}

// legible is an address as its owner recognises it, in the letters of any message.
func legible(a address.Address) string {
	_, id, _ := strings.Cut(a.Mask(), ":")
	return strings.ReplaceAll(id, "•", "*")
}

// endProof ends a proof in vain.
func (t *turn) endProof(reason string) {
	if p := t.s.Proof; p != nil {
		t.s.Proof = nil
		t.note(preferences.Entry{Kind: preferences.EntryNotLinked, Reason: reason, Detail: map[string]any{"also": p.Also.Mask(), "by": p.By}})
	}
}

func (t *turn) expireProof() {
	if p := t.s.Proof; p != nil && !t.now.Before(p.Expires) {
		t.endProof("expired")
	}
}

// carriesProof reports whether a message of ours, of which m is remembered, went to an address that is not the contact's yet.
func (t *turn) carriesProof(id string, m *Message) bool {
	return m != nil && m.About == aboutProof || t.s.Proof != nil && t.s.Proof.Message == id
}

// proofLost: the code or link has not arrived.
func (t *turn) proofLost(id string) {
	if t.s.Proof != nil && t.s.Proof.Message == id {
		t.endProof("not_delivered")
	}
}

// proofStopped: whoever has the address wants nothing of ours, which is not this contact's wish. It counts when the proof is over, too.
func (t *turn) proofStopped(id string, m *Message) {
	var to address.Address
	account := t.e.Account
	if m != nil {
		to = m.To
	}
	if p := t.s.Proof; p != nil && p.Message == id {
		to, account = p.Also, p.Account
		t.endProof("opted_out")
	}
	if !to.IsZero() {
		t.tell(Told{Address: to, Event: Event{Kind: ProviderOptOut, From: to, Account: account}})
	}
}
