package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/preferences"
)

// Inbox is where people answer what nobody else can.
type Inbox interface {
	// InboxPage is the n oldest items behind cursor ("" starts), of one reason or, with "", of all; next is "" at the end.
	InboxPage(ctx context.Context, reason, cursor string, n int) (page []InboxEntry, next string, err error)
	// InboxCounts is how many items there are of each of InboxReasons.
	InboxCounts(ctx context.Context) (map[string]int64, error)
	// InboxItem is one item with what is needed to deal with it.
	InboxItem(ctx context.Context, contact, item string) (InboxView, error)
	// ReadAs is what a person's own wording of an item's answer comes to. It is an ErrInvalid where that is not clear either.
	ReadAs(ctx context.Context, contact, item, wording string) (campaigns.Suggestion, error)
	// Settle records what the customer meant by an item, with their own words as the evidence, and lets the conversation go on.
	// value is in the form of the question's kind; declined says that they would rather not say.
	Settle(ctx context.Context, d Doing, value json.RawMessage, declined bool) error
	// Say writes to the customer, who is taken over by that.
	Say(ctx context.Context, d Doing, text string) (campaigns.Taken, error)
	// TakeOver keeps the gateway from talking to the contact until HandBack, or until nothing was done for LeaseLasts.
	TakeOver(ctx context.Context, d Doing) (campaigns.Taken, error)
	// HandBack asks the question that waited again, where it was.
	HandBack(ctx context.Context, d Doing) error
	// CloseItem takes an item away: there is nothing to do. One that is not there any more stays away.
	CloseItem(ctx context.Context, d Doing) error
	// Teach adds a synonym to an option in the campaign files; with write false it only says what that would change.
	Teach(ctx context.Context, l Lesson, write bool) (Taught, error)
}

// InboxReasons are the reasons for which items are in the inbox, those first that somebody waits for most.
func InboxReasons() []string {
	return []string{"taken_over", "complaint", "question", "agent", "unclear", "late", "no_open_question", "unknown_writer", "data", "forget"}
}

// InboxEntry is an item as the queue shows it.
type InboxEntry struct {
	campaigns.InboxItem
	Name  string           `json:"name,omitempty"`
	Taken *campaigns.Taken `json:"taken,omitempty"` // who talks to the contact; nil: nobody does
}

// InboxView is an item with what is needed to deal with it.
type InboxView struct {
	InboxEntry
	Person      ContactView            `json:"person"` // who they are by now: the item's contact, or the one that it was merged into
	Pending     *campaigns.Pending     `json:"pending,omitempty"`
	Suggestions []campaigns.Suggestion `json:"suggestions,omitempty"`
	Options     []campaigns.Suggestion `json:"options,omitempty"` // that a synonym can be saved for
	Writable    campaigns.Writable     `json:"writable"`
	Others      []campaigns.Open       `json:"others,omitempty"` // further items about them
}

// Doing is to whom the context's caller does something, and about what.
type Doing struct {
	Key     string // makes repeats harmless; empty: each call counts
	Contact string
	Item    string // empty: about no item
}

// Lesson is a synonym for an option, as one of the brand's people saw it used.
type Lesson struct {
	Campaign, Question, Value string
	Locale                    string // vi, en
	Words                     string
}

// Taught is what a lesson changes in the campaign files.
type Taught struct {
	File    string   `json:"file"`
	Line    int      `json:"line"`
	Removed []string `json:"removed,omitempty"` // lines
	Added   []string `json:"added,omitempty"`
	Known   bool     `json:"known,omitempty"`   // the words are read so already: nothing changes
	Folder  bool     `json:"folder,omitempty"`  // the file is one of the folder: it is changed there
	Written bool     `json:"written,omitempty"` // there is a new version of the file, to be published
}

// RefusedError is an ErrConflict that says in a stable word why something was not done, and who is at it.
type RefusedError struct {
	Reason  string // taken, not_open, value, no_words, window_closed, no_route, text, opted_out, declared_kept, cannot_mean
	Problem string
	Taken   *campaigns.Taken
}

func (e *RefusedError) Error() string { return ErrConflict.Error() + ": " + e.Problem }

// Unwrap gives ErrConflict.
func (e *RefusedError) Unwrap() error { return ErrConflict }

// InboxPage implements Inbox.
func (s *Service) InboxPage(ctx context.Context, reason, cursor string, n int) ([]InboxEntry, string, error) {
	if reason != "" && !slices.Contains(InboxReasons(), reason) {
		return nil, "", fmt.Errorf("%w: there is no reason %q; there are: %s", ErrInvalid, reason, strings.Join(InboxReasons(), ", "))
	}
	after, err := placeOf(cursor)
	if err != nil {
		return nil, "", err
	}
	places, err := s.Store.InboxPlaces(ctx, reason, after, n)
	if err != nil {
		return nil, "", away(err)
	}
	items, err := s.itemsAt(ctx, places)
	if err != nil {
		return nil, "", err
	}
	page, err := s.entriesOf(ctx, items)
	if err != nil || len(places) < n || n == 0 {
		return page, "", err
	}
	last := places[len(places)-1]
	return page, strconv.FormatInt(last.At, 10) + "." + last.ID, nil
}

// placeOf reads a cursor.
func placeOf(cursor string) (store.InboxPlace, error) {
	if cursor == "" {
		return store.InboxPlace{}, nil
	}
	ms, id, ok := strings.Cut(cursor, ".")
	at, err := strconv.ParseInt(ms, 10, 64)
	if !ok || err != nil || at < 0 {
		return store.InboxPlace{}, fmt.Errorf("%w: the cursor is not one of ours", ErrInvalid)
	}
	return store.InboxPlace{At: at, ID: id}, nil
}

// itemsAt reads the items at places; those that are gone, or that cannot be read, are left out.
func (s *Service) itemsAt(ctx context.Context, places []store.InboxPlace) ([]campaigns.InboxItem, error) {
	if len(places) == 0 {
		return nil, nil
	}
	raw, err := s.Store.InboxAt(ctx, places)
	if err != nil {
		return nil, away(err)
	}
	var items []campaigns.InboxItem
	for i, b := range raw {
		if b == nil {
			continue
		}
		item, err := record.ReadInboxItem(b)
		if err != nil {
			s.Log.Error("an inbox item cannot be read and is left out", "partition", places[i].Partition, "error", err)
			continue
		}
		items = append(items, item)
	}
	return items, nil
}

// entriesOf adds to items whose they are, and who talks to them.
func (s *Service) entriesOf(ctx context.Context, items []campaigns.InboxItem) ([]InboxEntry, error) {
	ids := make([]string, len(items))
	for i, item := range items {
		ids[i] = item.Contact
	}
	stored, err := s.Store.Load(ctx, ids)
	if err != nil {
		return nil, away(err)
	}
	page := make([]InboxEntry, len(items))
	for i, item := range items {
		page[i] = InboxEntry{InboxItem: item}
		st, err := record.ReadState(item.Contact, stored[i].Fields)
		if err != nil || st.Contact == nil {
			continue
		}
		page[i].Name, page[i].Taken = st.Contact.Name, s.taken(st)
	}
	return page, nil
}

// taken is who talks to the contact now; nil: nobody does.
func (s *Service) taken(st campaigns.State) *campaigns.Taken {
	if st.Taken == nil || !s.Now().Before(st.Taken.Until) {
		return nil
	}
	return st.Taken
}

// InboxCounts implements Inbox.
func (s *Service) InboxCounts(ctx context.Context) (map[string]int64, error) {
	counts, err := s.Store.InboxCounts(ctx, InboxReasons())
	return counts, away(err)
}

// item is one item of a contact.
func (s *Service) item(ctx context.Context, contact, id string) (campaigns.InboxItem, error) {
	p, ok := s.Store.PartitionOfContact(contact)
	if !ok {
		return campaigns.InboxItem{}, notFound("contact", contact)
	}
	items, err := s.itemsAt(ctx, []store.InboxPlace{{ID: id, Partition: p}})
	if err != nil {
		return campaigns.InboxItem{}, err
	}
	if len(items) == 0 || items[0].Contact != contact {
		return campaigns.InboxItem{}, notFound("inbox item", id)
	}
	return items[0], nil
}

// InboxItem implements Inbox.
func (s *Service) InboxItem(ctx context.Context, contact, id string) (InboxView, error) {
	item, err := s.item(ctx, contact, id)
	if err != nil {
		return InboxView{}, err
	}
	st, err := s.survivorState(ctx, contact)
	if err != nil {
		return InboxView{}, err
	}
	w, now := s.World(), s.Now()
	v := InboxView{InboxEntry: InboxEntry{InboxItem: item, Name: st.Contact.Name, Taken: s.taken(st)}, Person: contactView(st),
		Pending: w.Pending(st, now), Suggestions: w.Suggest(st, item, now), Writable: w.Writable(st, &item, now)}
	for _, o := range st.Open {
		if o.ID != item.ID {
			v.Others = append(v.Others, o)
		}
	}
	for _, x := range v.Suggestions {
		if x.Value.Kind == preferences.Choice || x.Value.Kind == preferences.Choices && len(x.Value.List) == 1 {
			v.Options = append(v.Options, x)
		}
	}
	return v, nil
}

// survivorState is all that is kept of a contact, or of the one that it was merged into.
func (s *Service) survivorState(ctx context.Context, id string) (campaigns.State, error) {
	id, err := s.survivor(ctx, id)
	if err != nil {
		return campaigns.State{}, err
	}
	return s.state(ctx, id)
}

// ReadAs implements Inbox.
func (s *Service) ReadAs(ctx context.Context, contact, id, wording string) (campaigns.Suggestion, error) {
	item, err := s.item(ctx, contact, id)
	if err != nil {
		return campaigns.Suggestion{}, err
	}
	st, err := s.survivorState(ctx, contact)
	if err != nil {
		return campaigns.Suggestion{}, err
	}
	x, ok := s.World().ReadAs(st, item, wording, s.Now())
	if !ok {
		return x, fmt.Errorf("%w: these words are no clear answer to the question either", ErrInvalid)
	}
	return x, nil
}

// Settle implements Inbox.
func (s *Service) Settle(ctx context.Context, d Doing, value json.RawMessage, declined bool) error {
	item, err := s.item(ctx, d.Contact, d.Item)
	if err != nil {
		return err
	}
	a := campaigns.Act{Declined: declined}
	if !declined {
		if a.Value, err = s.valueFor(item, value); err != nil {
			return err
		}
	}
	if a.Earlier, err = s.saidBefore(ctx, item); err != nil {
		return err
	}
	_, err = s.act(ctx, d, campaigns.Settled, a)
	return err
}

// valueFor reads a value in the form of the kind that the item's question has.
func (s *Service) valueFor(item campaigns.InboxItem, raw json.RawMessage) (preferences.Value, error) {
	if c := s.World().Campaigns[item.Campaign]; c != nil {
		for _, q := range c.Questions {
			if q.ID != item.Question {
				continue
			}
			v, err := preferences.ParseValue(q.Ask.Kind, raw)
			if err != nil {
				return v, fmt.Errorf("%w: %w", ErrInvalid, err)
			}
			return v, nil
		}
	}
	return preferences.Value{}, &RefusedError{Reason: campaigns.RefusedOver, Problem: "the question is not there any more"}
}

// saidBefore is what the customer wrote to the item's question before the item, as far as it was not understood.
func (s *Service) saidBefore(ctx context.Context, item campaigns.InboxItem) (said []string, err error) {
	entries, err := s.entries(ctx, item.Contact, pageLedger)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		switch {
		case e.Event == item.ID:
			return said, nil
		case e.Kind == preferences.EntryAsked && e.Question == item.Question:
			said = nil
		case e.Kind == preferences.EntryUnclear && e.Question == item.Question && e.Text != "" && !strings.Contains(item.Text, e.Text) && !slices.Contains(said, e.Text):
			said = append(said, e.Text)
		}
	}
	return said, nil
}

// Say implements Inbox.
func (s *Service) Say(ctx context.Context, d Doing, text string) (campaigns.Taken, error) {
	r, err := s.act(ctx, d, campaigns.Said, campaigns.Act{Text: text})
	return leaseOf(r), err
}

// TakeOver implements Inbox.
func (s *Service) TakeOver(ctx context.Context, d Doing) (campaigns.Taken, error) {
	r, err := s.act(ctx, d, campaigns.TakenOver, campaigns.Act{})
	return leaseOf(r), err
}

// HandBack implements Inbox.
func (s *Service) HandBack(ctx context.Context, d Doing) error {
	_, err := s.act(ctx, d, campaigns.HandedBack, campaigns.Act{})
	return err
}

// CloseItem implements Inbox.
func (s *Service) CloseItem(ctx context.Context, d Doing) error {
	_, err := s.item(ctx, d.Contact, d.Item)
	if errors.Is(err, ErrNotFound) && d.Item != "" {
		return nil
	}
	if err == nil {
		_, err = s.act(ctx, d, campaigns.ItemDone, campaigns.Act{})
	}
	return err
}

func leaseOf(r campaigns.Result) campaigns.Taken {
	if r.Taken == nil {
		return campaigns.Taken{}
	}
	return *r.Taken
}

// act puts what a person does on the contact's log, and waits until it is committed. The event has the key in its id: what was done
// is known by that, also where whoever waited for it has died. What was refused is not, and may be done under the same key later.
func (s *Service) act(ctx context.Context, d Doing, kind campaigns.EventKind, a campaigns.Act) (campaigns.Result, error) {
	if err := access.Need(ctx, access.Agent); err != nil {
		return campaigns.Result{}, err
	}
	a.By = access.Of(ctx).Name
	if d.Item != "" {
		item, err := s.item(ctx, d.Contact, d.Item)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return campaigns.Result{}, err
		} else if err == nil {
			a.Item = &item
		}
	}
	if d.Key == "" {
		unique, err := newID()
		if err != nil {
			return campaigns.Result{}, err
		}
		d.Key = unique
	}
	for range upsertTries {
		contact, err := s.survivor(ctx, d.Contact)
		if err != nil {
			return campaigns.Result{}, err
		}
		if kind == campaigns.ItemDone { // it lies where it came
			contact = d.Contact
		}
		r, err := s.actOn(ctx, contact, campaigns.Event{ID: "act:" + string(kind) + ":" + contact + ":" + d.Key, Kind: kind, At: s.Now(), Act: &a})
		if err != nil || !r.Moved {
			return r, s.elsewhere(ctx, d, contact, a.Item, err)
		}
	}
	return campaigns.Result{}, fmt.Errorf("%w: the contact is changing hands", ErrUnavailable)
}

func (s *Service) actOn(ctx context.Context, contact string, ev campaigns.Event) (campaigns.Result, error) {
	if _, err := s.Contact(ctx, contact); err != nil {
		return campaigns.Result{}, err
	}
	p, _ := s.Store.PartitionOfContact(contact)
	try, err := newID()
	if err != nil {
		return campaigns.Result{}, err
	}
	a := *ev.Act
	a.Try, ev.Act = try, &a
	// What was refused may be asked again under its key: whoever asked first may have gone before the refusal came.
	if err := s.Store.DropAnswer(ctx, p, ev.ID); err != nil {
		return campaigns.Result{}, away(err)
	}
	r, err := s.order(ctx, p, contact, ev.ID, record.Envelope{Event: &ev})
	if r.Refused != "" {
		return r, &RefusedError{Reason: r.Refused, Problem: r.Problem, Taken: r.Taken}
	}
	return r, err
}

// elsewhere closes the item that was dealt with where it lies, where its contact was merged into another.
func (s *Service) elsewhere(ctx context.Context, d Doing, contact string, item *campaigns.InboxItem, err error) error {
	if err != nil || item == nil || contact == d.Contact {
		return err
	}
	ev := campaigns.Event{ID: "act:" + d.Contact + ":" + d.Key + ":done", Kind: campaigns.ItemDone, At: s.Now(), Act: &campaigns.Act{By: access.Of(ctx).Name, Item: item}}
	_, err = s.actOn(ctx, d.Contact, ev)
	return err
}
