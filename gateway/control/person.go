package control

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
	"github.com/hoidap/hoidap/preferences/understand"
)

// People tells all about one contact, for whoever has to do with them.
type People interface {
	Person(ctx context.Context, id string) (PersonView, error)
	// ContactNow is Person of the contact that id has turned out to be.
	ContactNow(ctx context.Context, id string) (PersonView, error)
	// Timeline is about n entries of the contact's ledger behind cursor ("" is now), the newest first. What one event did is
	// never cut. next is "" at the beginning of the ledger.
	Timeline(ctx context.Context, id, cursor string, n int) (page []preferences.Entry, next string, err error)
	// Standings is how the contact stands to each campaign now: whether a run would ask them, and if not why and until when.
	Standings(ctx context.Context, id string) ([]StandingView, error)
	// Correct records a value that somebody of the brand knows, by imported: it never stands in for the customer's own word,
	// and an ErrConflict says where that is in its place.
	Correct(ctx context.Context, id string, c Correction) (ContactView, error)
	// OptOut takes the contact's consent to marketing back, as somebody of the brand was told.
	OptOut(ctx context.Context, id, why string) (ContactView, error)
	// Attributes are those that some question asks for.
	Attributes(ctx context.Context) ([]AttributeView, error)
	// ReadValue reads a value as somebody words it; it is an ErrInvalid where that is not clear.
	ReadValue(ctx context.Context, attribute, locale, wording string) (preferences.Value, error)
	// Export is everything that is kept of a contact, with the ledgers of who turned out to be them.
	Export(ctx context.Context, id string) (Export, error)
}

// PersonView is a contact as a person who talks to them needs it.
type PersonView struct {
	ContactView
	Preferences []PreferenceView    `json:"preferences,omitempty"`
	Taken       *campaigns.Taken    `json:"taken,omitempty"`
	Pending     *campaigns.Pending  `json:"pending,omitempty"`
	Open        []campaigns.Open    `json:"open,omitempty"` // what waits for a person
	Planned     *Planned            `json:"planned,omitempty"`
	Proof       *ProofView          `json:"proof,omitempty"` // of a second address, under way
	Writable    campaigns.Writable  `json:"writable"`
	Parted      []Merged            `json:"parted,omitempty"` // those who had been merged into it and went out again
	Messages    []campaigns.Message `json:"messages,omitempty"`
}

// PreferenceView is a preference as people read it.
type PreferenceView struct {
	preferences.Preference
	Name  string  `json:"name"`            // what the answer is called
	Shown string  `json:"shown"`           // the value as the customer would say it
	Fresh bool    `json:"fresh"`           // it may stand in for asking again
	Left  float64 `json:"left,omitempty"`  // of its freshness, 0 to 1; where it goes stale
	Stale bool    `json:"stale,omitempty"` // it goes stale at some time
}

// Planned is the next thing that the gateway would ask a contact.
type Planned struct {
	What     string    `json:"what"` // remind, held, waits
	Campaign string    `json:"campaign"`
	Run      string    `json:"run,omitempty"`
	Question string    `json:"question,omitempty"`
	At       time.Time `json:"at,omitzero"` // zero: as soon as what is open has ended
}

// StandingView is a contact's standing to a campaign, with what the campaign is called and when its next run is.
type StandingView struct {
	campaigns.Standing
	Name string    `json:"name"`
	Next time.Time `json:"next,omitzero"` // zero: none is planned
}

// Correction is a value that somebody of the brand knows.
type Correction struct {
	Attribute string
	Value     json.RawMessage // in the form of the attribute's kind
	Why       string          // how the caller knows, in their words
	Seen      time.Time       // as in an edit
}

// Export is everything that is kept of a contact.
type Export struct {
	Contact     ContactView              `json:"contact"`
	Preferences []preferences.Preference `json:"preferences"`
	Ledger      []preferences.Entry      `json:"ledger"`
	At          time.Time                `json:"exported_at"`
}

// Person implements People.
func (s *Service) Person(ctx context.Context, id string) (PersonView, error) {
	st, err := s.state(ctx, id)
	if err != nil {
		return PersonView{}, err
	}
	w, now := s.World(), s.Now()
	v := PersonView{ContactView: contactView(st), Preferences: s.told(st), Taken: s.taken(st), Pending: w.Pending(st, now), Open: st.Open,
		Planned: planned(st, now), Writable: w.Writable(st, nil, now), Messages: st.Messages}
	if p := st.Proof; p != nil && now.Before(p.Expires) {
		v.Proof = &ProofView{Address: p.Also, By: p.By, Account: p.Account, Expires: p.Expires}
	}
	for _, m := range st.Merges {
		if !m.Undone.IsZero() {
			v.Parted = append(v.Parted, Merged{Contact: m.Contact, At: m.Undone, Also: m.Also, Account: m.Account, By: m.By})
		}
	}
	if access.Of(ctx).Role < access.Agent {
		v.mask()
	}
	return v, nil
}

// ContactNow implements People.
func (s *Service) ContactNow(ctx context.Context, id string) (PersonView, error) {
	id, err := s.survivor(ctx, id)
	if err != nil {
		return PersonView{}, err
	}
	return s.Person(ctx, id)
}

// mask hides where the contact is reached, from those who need not know.
func (v *PersonView) mask() {
	hide := func(a *address.Address) { a.ID = strings.TrimPrefix(a.Mask(), a.Scheme+":") }
	v.Addresses = slices.Clone(v.Addresses)
	for i := range v.Addresses {
		hide(&v.Addresses[i])
	}
	for _, list := range [][]Merged{v.Merged, v.Parted} {
		for i := range list {
			hide(&list[i].Also)
		}
	}
	if v.Proof != nil {
		hide(&v.Proof.Address)
	}
	v.Messages = slices.Clone(v.Messages)
	for i := range v.Messages {
		if !v.Messages[i].To.IsZero() {
			hide(&v.Messages[i].To)
		}
	}
	if v.Conversation != nil {
		talk := *v.Conversation
		hide(&talk.To)
		v.Conversation = &talk
	}
}

// told is what is known of the contact, in the order of the names.
func (s *Service) told(st campaigns.State) (list []PreferenceView) {
	w, now := s.World(), s.Now()
	for _, p := range st.Contact.Preferences {
		v := PreferenceView{Preference: p, Fresh: p.Fresh(now), Stale: !p.FreshUntil.IsZero()}
		v.Name, v.Shown = w.Told(st, p)
		if whole := p.FreshUntil.Sub(p.Evidence.At); v.Stale && whole > 0 {
			v.Left = max(0, min(1, float64(p.FreshUntil.Sub(now))/float64(whole)))
		}
		list = append(list, v)
	}
	slices.SortFunc(list, func(a, b PreferenceView) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Attribute, b.Attribute))
	})
	return list
}

// planned is what the gateway would ask next; nil: nothing is planned for them alone.
func planned(st campaigns.State, now time.Time) *Planned {
	conv := st.Conversation
	if st.Taken == nil && conv != nil && !conv.Remind.IsZero() {
		return &Planned{What: "remind", Campaign: conv.Campaign, Run: conv.Run, Question: conv.Question, At: conv.Remind}
	}
	for _, m := range st.Messages {
		if m.Status == "held" && conv != nil && m.Run == conv.Run {
			at := conv.AskedAt
			if st.Taken != nil && at.Before(st.Taken.Until) {
				at = st.Taken.Until
			}
			return &Planned{What: "held", Campaign: m.Campaign, Run: m.Run, Question: m.Question, At: at}
		}
	}
	var next *Planned
	for _, r := range st.Waiting {
		if next == nil || r.NotBefore.Before(next.At) {
			next = &Planned{What: "waits", Campaign: r.Campaign, Run: r.Run, At: r.NotBefore}
		}
	}
	if next != nil && next.At.Before(now) {
		next.At = time.Time{}
	}
	return next
}

// Timeline implements People. A cursor is the event behind whose entries the page begins.
func (s *Service) Timeline(ctx context.Context, id, cursor string, n int) ([]preferences.Entry, string, error) {
	if _, err := s.Contact(ctx, id); err != nil {
		return nil, "", err
	}
	for steps := timelineSteps; ; steps *= 4 {
		raw, err := s.Store.Ledger(ctx, id, steps)
		if err != nil {
			return nil, "", away(err)
		}
		whole := len(raw) < steps
		page, next, found := pageOf(raw, cursor, n)
		switch {
		case next != "", whole && found:
			return masked(ctx, page), next, nil
		case whole:
			return nil, "", errTimelineCursor
		}
	}
}

// errTimelineCursor: an empty page would say that there is nothing older.
var errTimelineCursor = fmt.Errorf("%w: the cursor is none that a page has given, or what stood there was cleared away since; begin without it", ErrInvalid)

// timelineSteps is how many steps of a ledger are read at first.
const timelineSteps = 100

// pageOf is the entries of the steps before the cursor's, newest first, until there are n, and the cursor of what is left;
// found: the cursor's step is there.
func pageOf(raw [][]byte, cursor string, n int) (page []preferences.Entry, next string, found bool) {
	found, event := cursor == "", ""
	for _, b := range slices.Backward(raw) {
		step := readLedger([][]byte{b})
		if len(step) == 0 {
			continue
		}
		if !found {
			found = step[0].Event == cursor
			continue
		}
		if len(page) >= n {
			return page, event, true
		}
		slices.Reverse(step)
		page, event = append(page, step...), step[0].Event
	}
	return page, "", found
}

// Standings implements People.
func (s *Service) Standings(ctx context.Context, id string) ([]StandingView, error) {
	st, err := s.state(ctx, id)
	if err != nil {
		return nil, err
	}
	w, now := s.World(), s.Now()
	var list []StandingView
	for id, c := range w.Campaigns {
		v := StandingView{Standing: w.Standing(st, id, now), Name: cmp.Or(c.Name, id)}
		if c.Schedule != nil && c.Schedule.Event == "" {
			v.Next = campaigns.Next(c, now)
		}
		list = append(list, v)
	}
	slices.SortFunc(list, func(a, b StandingView) int { return cmp.Compare(a.Campaign, b.Campaign) })
	return list, nil
}

// Correct implements People.
func (s *Service) Correct(ctx context.Context, id string, c Correction) (ContactView, error) {
	if err := access.Need(ctx, access.Agent); err != nil {
		return ContactView{}, err
	}
	v, err := s.Contact(ctx, id)
	if err != nil {
		return v, err
	}
	kind, ok := s.World().Attributes()[c.Attribute]
	switch old, known := v.Contact.Preferences[c.Attribute]; {
	case !ok:
		return ContactView{}, fmt.Errorf("%w: no question asks for %q", ErrInvalid, c.Attribute)
	case known && old.Class == preferences.Declared:
		return ContactView{}, &RefusedError{Reason: "declared_kept", Problem: "the customer has said so themselves; only they can change it"}
	case c.Why == "":
		return ContactView{}, fmt.Errorf("%w: a correction says how that is known", ErrInvalid)
	}
	value, err := preferences.ParseValue(kind, c.Value)
	if err != nil {
		return ContactView{}, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return s.edited(ctx, v, campaigns.ContactEdit{Seen: c.Seen, Preferences: []preferences.Preference{{
		Attribute: c.Attribute, Kind: kind, Value: value, Class: preferences.Imported, Confidence: 1, Evidence: preferences.Evidence{Text: c.Why, Rule: "person", By: access.Of(ctx).Name, At: s.Now()},
	}}})
}

// OptOut implements People.
func (s *Service) OptOut(ctx context.Context, id, why string) (ContactView, error) {
	if err := access.Need(ctx, access.Agent); err != nil {
		return ContactView{}, err
	}
	v, err := s.Contact(ctx, id)
	if err != nil {
		return v, err
	}
	v, err = s.edited(ctx, v, campaigns.ContactEdit{Consents: []preferences.Consent{{
		Purpose: preferences.Marketing, Source: fromConsole + access.Of(ctx).Name, Wording: why, At: s.Now(),
	}}})
	if err == nil {
		s.note(ctx, "opted_out", "contact", id, "")
	}
	return v, err
}

// edited changes the contact of a view.
func (s *Service) edited(ctx context.Context, v ContactView, e campaigns.ContactEdit) (ContactView, error) {
	if len(v.Addresses) == 0 {
		return ContactView{}, fmt.Errorf("%w: this contact has no address any more", ErrConflict)
	}
	e.Addresses = v.Addresses[:1]
	changed, _, err := s.upserted(ctx, e)
	return changed, err
}

// Export implements People.
func (s *Service) Export(ctx context.Context, id string) (Export, error) {
	if err := access.Need(ctx, access.Marketer); err != nil {
		return Export{}, err
	}
	x, err := s.export(ctx, id)
	if err == nil {
		s.note(ctx, "exported", "contact", id, "")
	}
	return x, err
}

// export is Export without asking who wants it.
func (s *Service) export(ctx context.Context, id string) (Export, error) {
	v, err := s.Contact(ctx, id)
	if err != nil {
		return Export{}, err
	}
	x := Export{Contact: v, At: s.Now()}
	if x.Preferences, err = s.Preferences(ctx, id); err == nil {
		x.Ledger, err = s.history(ctx, v, mergesMax)
	}
	return x, err
}

// history is all of a contact's ledger, in the order of time, with those of who turned out to be the same person, at most so
// many steps away: they keep their own, and are erased together.
func (s *Service) history(ctx context.Context, v ContactView, deep int) ([]preferences.Entry, error) {
	all, err := s.Ledger(ctx, v.ID, 0)
	if err != nil || deep == 0 || len(v.Merged) == 0 {
		return all, err
	}
	ids := make([]string, len(v.Merged))
	for i, m := range v.Merged {
		ids[i] = m.Contact
	}
	others, err := s.views(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, o := range others {
		theirs, err := s.history(ctx, o, deep-1)
		if err != nil {
			return nil, err
		}
		all = append(all, theirs...)
	}
	slices.SortStableFunc(all, func(a, b preferences.Entry) int { return a.At.Compare(b.At) })
	return all, nil
}

// AttributeView is an attribute that some question asks for.
type AttributeView struct {
	Attribute string            `json:"attribute"`
	Kind      preferences.Kind  `json:"kind"`
	Name      map[string]string `json:"name"` // what the answer is called, by language
}

// Attributes implements People.
func (s *Service) Attributes(context.Context) ([]AttributeView, error) {
	w := s.World()
	var list []AttributeView
	for a, kind := range w.Attributes() {
		v := AttributeView{Attribute: a, Kind: kind, Name: map[string]string{}}
		for _, locale := range []string{"vi", "en"} {
			v.Name[locale], _ = w.Told(campaigns.State{Contact: &preferences.Contact{Locale: locale}}, preferences.Preference{Attribute: a})
		}
		list = append(list, v)
	}
	slices.SortFunc(list, func(a, b AttributeView) int { return cmp.Compare(a.Attribute, b.Attribute) })
	return list, nil
}

// ReadValue implements People.
func (s *Service) ReadValue(_ context.Context, attribute, locale, wording string) (preferences.Value, error) {
	for q := range s.World().Asking(attribute) {
		r := understand.Read(understand.Ask{Question: &q.Ask, Locale: locale, Now: s.Now()}, wording)
		if r.Status == understand.Answered && !r.Value.IsZero() {
			r.Value.Kind = q.Ask.Kind
			return r.Value, nil
		}
	}
	return preferences.Value{}, fmt.Errorf("%w: these words are no clear value of %q", ErrInvalid, attribute)
}
