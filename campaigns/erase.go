package campaigns

// erase: delete everything personal. Only a keyed hash of each address stays, so that nobody texts them by mistake.
//
// Example: {"kind":"erase"}
func (t *turn) erase() { t.eraseAll() }

// eraseAll deletes the contact. What its runs still counted as on the way becomes excluded, so that their counts add up
// although nobody will ever hear of those messages again.
func (t *turn) eraseAll() {
	t.eraseMerged()
	if c := t.s.Contact; c != nil {
		t.stopAll("erased")
		t.out.Suppress = append(t.out.Suppress, c.Addresses...)
	} else if !t.e.From.IsZero() {
		t.out.Suppress = append(t.out.Suppress, t.e.From)
	}
	t.out.Erase = true
	t.out.Ledger, t.out.Inbox, t.out.Preferences = nil, nil, nil // nothing of it may stay behind
	t.s = State{ID: t.s.ID, Listed: true}
}

// eraseMerged erases those who have come in as well: they are the same person. Those who were parted from this one are told
// to forget it. Who has come in to another and is erased alone leaves its addresses to that one.
func (t *turn) eraseMerged() {
	for _, m := range t.s.Merges {
		kind := EraseContact
		if !m.Undone.IsZero() {
			kind = MergedErased
		}
		t.tell(Told{Contact: m.Contact, Event: Event{Kind: kind, Peer: &Peer{Contact: t.s.ID}}})
	}
	switch into := t.s.Into; {
	case into == nil:
	case t.e.Peer != nil:
		t.out.Suppress = append(t.out.Suppress, into.Addresses...)
	default:
		t.tell(Told{Contact: into.Contact, Event: Event{Kind: MergedErased, Peer: &Peer{Contact: t.s.ID}}})
	}
}
