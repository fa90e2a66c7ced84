package record

import (
	"time"

	"github.com/hoidap/hoidap/campaigns"
)

// identityField holds whom a contact has come in to, who has come in to it, and the proofs of second addresses. Most
// contacts have none.
const identityField = "i"

// identity is what is kept of a contact's merges and proofs.
type identity struct {
	into   *campaigns.Into
	merges []campaigns.Merge
	proof  *campaigns.Proof
	proofs []time.Time
}

func identities(c *coder, i *identity) {
	maybe(c, 1, &i.into, into)
	each(c, 2, &i.merges, merge)
	maybe(c, 3, &i.proof, proof)
	each(c, 4, &i.proofs, func(c *coder, at *time.Time) { c.moment(1, at) })
}

func into(c *coder, i *campaigns.Into) {
	words(c, 1, &i.Contact)
	c.moment(2, &i.At)
	addresses(c, 3, &i.Addresses)
}

func merge(c *coder, m *campaigns.Merge) {
	part(c, 1, &m.Peer, peer)
	c.moment(2, &m.Came)
	part(c, 3, &m.Took, core)
	each(c, 4, &m.Taken, preference)
	each(c, 5, &m.Replaced, preference)
	c.moment(6, &m.Undone)
}

func peer(c *coder, p *campaigns.Peer) {
	words(c, 1, &p.Contact)
	c.moment(2, &p.Created)
	c.flag(3, &p.Full)
	where(c, 4, &p.Also)
	words(c, 5, &p.Account)
	c.moment(6, &p.At)
	words(c, 7, &p.Refused)
	words(c, 8, &p.Named)
	words(c, 9, &p.By)
	whole(c, 10, &p.Has)
}

func proof(c *coder, p *campaigns.Proof) {
	words(c, 1, &p.ID)
	where(c, 2, &p.Also)
	words(c, 3, &p.By)
	words(c, 4, &p.Account)
	words(c, 5, &p.Message)
	whole(c, 6, &p.Tries)
	c.moment(7, &p.Expires)
}

func came(c *coder, v *campaigns.Came) {
	part(c, 1, &v.Contact, core)
	each(c, 2, &v.Preferences, preference)
	maybe(c, 3, &v.Conversation, new(Dialogue).conversation) // of no contact's: its id and address stand in full
	each(c, 4, &v.Waiting, waiting)
	each(c, 5, &v.Heard, heard)
	each(c, 6, &v.Ads, ad)
}

func back(c *coder, b *campaigns.Back) {
	addresses(c, 1, &b.Addresses)
	maybe(c, 2, &b.Suppressed, suppression)
	each(c, 3, &b.Consents, consent)
	addresses(c, 4, &b.Stayed)
	each(c, 5, &b.Ads, ad)
}

// part is a part that is always there.
func part[T any](c *coder, n field, v *T, form func(*coder, *T)) {
	if c.begin(n, true) {
		form(c, v)
		c.finish(n)
	}
}

// identity reads the field; a contact without it is one by itself.
func (r *reading) identity() {
	raw, ok := r.fields[identityField]
	if !ok {
		return
	}
	var i identity
	if err := readField(&r.coder, &i, raw, "identity", identities); err != nil {
		r.Unreadable++
		return
	}
	r.Into, r.Merges, r.Proof, r.Proofs = i.into, i.merges, i.proof, i.proofs
}

// identity writes it, where there is anything to tell.
func (w *changes) identity(s *campaigns.State) {
	_, had := w.fields[identityField]
	switch {
	case s.Into != nil || len(s.Merges) > 0 || s.Proof != nil || len(s.Proofs) > 0:
		put(w, identityField, &identity{s.Into, s.Merges, s.Proof, s.Proofs}, identities)
	case had:
		w.list = append(w.list, Field{identityField, ""})
	}
}
