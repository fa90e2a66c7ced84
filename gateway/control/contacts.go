package control

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// Upsert implements Contacts.
func (s *Service) Upsert(ctx context.Context, e campaigns.ContactEdit) (ContactView, bool, error) {
	if err := access.Need(ctx, access.Admin); err != nil {
		return ContactView{}, false, err
	}
	if len(e.Addresses) == 0 {
		return ContactView{}, false, fmt.Errorf("%w: a contact needs an address", ErrInvalid)
	}
	return s.upserted(ctx, e)
}

// upserted is Upsert without asking who does it.
func (s *Service) upserted(ctx context.Context, e campaigns.ContactEdit) (ContactView, bool, error) {
	for try := range upsertTries {
		r, err := s.upsert(ctx, e, try > 0)
		if err != nil {
			return ContactView{}, false, err
		}
		if r.Outdated {
			return ContactView{}, false, s.outdated(ctx, r.Contact, e.Seen)
		}
		if !r.Moved {
			v, err := s.Contact(ctx, r.Contact)
			return v, r.Created, err
		}
	}
	return ContactView{}, false, fmt.Errorf("%w: the address is changing hands", ErrUnavailable)
}

// upsertTries is how often an edit is directed anew because its address led to somebody else by the time it arrived.
const upsertTries = 5

// upsert directs the edit to whom the addresses lead to; moved says that this was tried, and that one is another by now.
func (s *Service) upsert(ctx context.Context, e campaigns.ContactEdit, moved bool) (campaigns.Result, error) {
	contact, err := s.owner(ctx, e.Addresses)
	if err == nil && moved {
		contact, err = s.survivor(ctx, contact)
	}
	if err != nil {
		return campaigns.Result{}, err
	}
	home := e.Addresses[0].String()
	key, partition := home, s.Store.PartitionOf(home)
	if contact != "" {
		key = contact
		partition, _ = s.Store.PartitionOfContact(contact)
	}
	id, err := newID()
	if err != nil {
		return campaigns.Result{}, err
	}
	id = "edit:" + id
	ev := campaigns.Event{ID: id, Kind: campaigns.Edit, At: s.Now(), From: e.Addresses[0], Contact: &e}
	return s.order(ctx, partition, key, id, record.Envelope{Event: &ev})
}

// owner is the one contact that addresses lead to; "" for none.
func (s *Service) owner(ctx context.Context, as []address.Address) (string, error) {
	names := make([]string, len(as))
	for i, a := range as {
		names[i] = a.String()
	}
	led, err := s.Store.Resolve(ctx, names)
	if err != nil {
		return "", away(err)
	}
	contact := ""
	for _, id := range led {
		if id != "" && contact != "" && id != contact {
			return "", fmt.Errorf("%w: %w", ErrConflict, errSplit)
		}
		contact = cmp.Or(contact, id)
	}
	return contact, nil
}

// survivor is the contact that id turned out to be: an address may lead to the other one for a moment longer.
func (s *Service) survivor(ctx context.Context, id string) (string, error) {
	for range mergesMax {
		if id == "" {
			return "", nil
		}
		vs, err := s.views(ctx, []string{id})
		if err != nil {
			return "", err
		}
		if len(vs) == 0 || vs[0].MergedInto == "" {
			return id, nil
		}
		id = vs[0].MergedInto
	}
	return id, nil
}

// mergesMax bounds how far it is to a survivor.
const mergesMax = 8

// ContactByAddress implements Contacts.
func (s *Service) ContactByAddress(ctx context.Context, a address.Address) (ContactView, error) {
	id, err := s.owner(ctx, []address.Address{a})
	if err != nil {
		return ContactView{}, err
	}
	if id == "" {
		return ContactView{}, fmt.Errorf("%w: no contact has this address", ErrNotFound)
	}
	if id, err = s.survivor(ctx, id); err != nil {
		return ContactView{}, err
	}
	return s.Contact(ctx, id)
}

// Contact implements Contacts.
func (s *Service) Contact(ctx context.Context, id string) (ContactView, error) {
	vs, err := s.views(ctx, []string{id})
	if err != nil {
		return ContactView{}, err
	}
	if len(vs) == 0 {
		return ContactView{}, notFound("contact", id)
	}
	if vs[0].Unreadable {
		return ContactView{}, fmt.Errorf("%w: the record of contact %q is damaged or of a newer version; it can be erased, and what happens to it waits with the dead letters", ErrConflict, id)
	}
	return vs[0], nil
}

// views loads contacts; those that do not exist are left out, and those that cannot be read are marked.
func (s *Service) views(ctx context.Context, ids []string) ([]ContactView, error) {
	stored, err := s.Store.Load(ctx, ids)
	if err != nil {
		return nil, away(err)
	}
	var out []ContactView
	for _, c := range stored {
		if !c.Exists {
			continue
		}
		st, err := record.ReadState(c.ID, c.Fields)
		if err != nil || st.Contact == nil || c.Damaged {
			out = append(out, ContactView{Contact: preferences.Contact{ID: c.ID}, Unreadable: true})
			continue
		}
		out = append(out, contactView(st))
	}
	return out, nil
}

func contactView(st campaigns.State) ContactView {
	v := ContactView{Contact: *st.Contact, Conversation: st.Conversation}
	if st.Into != nil {
		v.MergedInto = st.Into.Contact
	}
	for _, m := range st.Merges {
		if m.Undone.IsZero() {
			v.Merged = append(v.Merged, Merged{Contact: m.Contact, At: m.Came, Also: m.Also, Account: m.Account, By: m.By})
		}
	}
	return v
}

// Unmerge implements Contacts.
func (s *Service) Unmerge(ctx context.Context, id, from string) (ContactView, error) {
	if err := access.Need(ctx, access.Marketer); err != nil {
		return ContactView{}, err
	}
	v, err := s.Contact(ctx, id)
	if err != nil {
		return v, err
	}
	switch {
	case v.MergedInto != "":
		return ContactView{}, fmt.Errorf("%w: contact %q has itself been merged into %q; undo that first", ErrConflict, id, v.MergedInto)
	case !slices.ContainsFunc(v.Merged, func(m Merged) bool { return m.Contact == from }):
		return ContactView{}, fmt.Errorf("%w: no contact of the id in from is merged into contact %q; its merged says which are", ErrConflict, id)
	}
	unique, err := newID()
	if err != nil {
		return ContactView{}, err
	}
	partition, _ := s.Store.PartitionOfContact(id)
	ev := campaigns.Event{ID: "unmerge:" + unique, Kind: campaigns.Unmerge, At: s.Now(), Peer: &campaigns.Peer{Contact: from}}
	if _, err := s.order(ctx, partition, id, ev.ID, record.Envelope{Event: &ev}); err != nil {
		return ContactView{}, err
	}
	s.note(ctx, "unmerged", "contact", id, from)
	return s.Contact(ctx, id)
}

// Erase implements Contacts.
func (s *Service) Erase(ctx context.Context, id string, seen time.Time) error {
	if err := access.Need(ctx, access.Admin); err != nil {
		return err
	}
	vs, err := s.views(ctx, []string{id})
	if err != nil {
		return err
	}
	if len(vs) == 0 {
		return notFound("contact", id)
	}
	unique, err := newID()
	if err != nil {
		return err
	}
	partition, _ := s.Store.PartitionOfContact(id)
	event := "erase:" + unique
	ev := campaigns.Event{ID: event, Kind: campaigns.EraseContact, At: s.Now()}
	if !seen.IsZero() {
		ev.Contact = &campaigns.ContactEdit{Seen: seen}
	}
	if vs[0].Unreadable { // it cannot say itself where it is reached
		if ev.Contact, err = s.reachedAt(ctx, id); err != nil {
			return err
		}
	}
	r, err := s.order(ctx, partition, id, event, record.Envelope{Event: &ev})
	switch {
	case err != nil:
		return err
	case r.Outdated:
		return s.outdated(ctx, id, seen)
	}
	s.note(ctx, "erased", "contact", id, "")
	return nil
}

// reachedAt is the addresses that lead to a contact.
func (s *Service) reachedAt(ctx context.Context, id string) (*campaigns.ContactEdit, error) {
	found, err := s.Store.AddressesOf(ctx, id)
	if err != nil {
		return nil, away(err)
	}
	e := &campaigns.ContactEdit{}
	for _, name := range found {
		a, err := address.Parse(name)
		if err != nil {
			return nil, fmt.Errorf("an address that leads to contact %s cannot be read: %w", id, err)
		}
		e.Addresses = append(e.Addresses, a)
	}
	return e, nil
}

// unreadableEntry stands in for a ledger entry that is damaged or of a newer version.
const unreadableEntry = preferences.EntryKind("unreadable")

// Ledger implements Contacts.
func (s *Service) Ledger(ctx context.Context, id string, n int) ([]preferences.Entry, error) {
	vs, err := s.views(ctx, []string{id})
	if err != nil {
		return nil, err
	}
	if len(vs) == 0 {
		return nil, notFound("contact", id)
	}
	entries, err := s.entries(ctx, id, n)
	return masked(ctx, entries), err
}

// entries is the newest n entries of a ledger, oldest first; n <= 0: all.
func (s *Service) entries(ctx context.Context, id string, n int) ([]preferences.Entry, error) {
	raw, err := s.Store.Ledger(ctx, id, n)
	if err != nil {
		return nil, away(err)
	}
	out := readLedger(raw)
	if n > 0 && len(out) > n { // what one step wrote lies together
		out = out[len(out)-n:]
	}
	return out, nil
}

// readLedger reads what steps wrote; what cannot be read has an entry that says so.
func readLedger(raw [][]byte) []preferences.Entry {
	out := make([]preferences.Entry, 0, len(raw))
	for _, b := range raw {
		e, err := record.ReadEntries(b)
		if err != nil {
			e = []preferences.Entry{{Kind: unreadableEntry}}
		}
		out = append(out, e...)
	}
	return out
}

// Preferences implements Contacts.
func (s *Service) Preferences(ctx context.Context, id string) ([]preferences.Preference, error) {
	v, err := s.Contact(ctx, id)
	if err != nil {
		return nil, err
	}
	out := make([]preferences.Preference, 0, len(v.Contact.Preferences))
	for _, p := range v.Contact.Preferences {
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b preferences.Preference) int { return cmp.Compare(a.Attribute, b.Attribute) })
	return out, nil
}

// List implements Contacts. The order is by partition, then by id; a cursor names the last contact of a page.
func (s *Service) List(ctx context.Context, cursor string, n int) ([]ContactView, string, error) {
	from, err := s.placeOf(cursor)
	if err != nil {
		return nil, "", err
	}
	p, after := from.partition, from.after
	var page []ContactView
	for ; p < s.Store.Partitions(); p, after = p+1, "" {
		ids, err := s.Store.Contacts(ctx, p, after, n-len(page))
		if err != nil {
			return nil, "", away(err)
		}
		vs, err := s.views(ctx, ids)
		if err != nil {
			return nil, "", err
		}
		page = append(page, vs...)
		if len(page) >= n && len(ids) > 0 {
			return page, place{p, ids[len(ids)-1]}.cursor(), nil
		}
	}
	return page, "", nil
}

// Occur implements Events.
func (s *Service) Occur(ctx context.Context, o Occurrence) error {
	if err := access.Need(ctx, access.Marketer); err != nil {
		return err
	}
	contact, err := s.owner(ctx, []address.Address{o.Address})
	if err != nil {
		return err
	}
	if contact == "" {
		return fmt.Errorf("%w: no contact has this address", ErrNotFound)
	}
	if o.At.IsZero() {
		o.At = s.Now()
	}
	partition, _ := s.Store.PartitionOfContact(contact)
	ev := campaigns.Event{ID: "event:" + o.ID, Kind: campaigns.Occurred, At: o.At, From: o.Address, Type: o.Type, Data: o.Data}
	e := record.Envelope{Event: &ev}
	return away(s.Store.Append(ctx, []int{partition}, []store.LogEntry{{ID: ev.ID, Key: contact, Body: e.Bytes()}}))
}
