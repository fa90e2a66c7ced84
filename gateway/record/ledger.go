package record

import (
	"slices"
	"time"

	"github.com/hoidap/hoidap/preferences"
)

// Entries is the stored form of what one step adds to a ledger: all its entries, oldest first.
func Entries(list []preferences.Entry) []byte { return written(&list, 1024, entries) }

// Entries is the stored form of what one step adds to a ledger.
func (w *Writer) Entries(list []preferences.Entry) []byte {
	w.entries = list
	return formed(w, &w.entries, entries)
}

// ReadEntries reads them back.
func ReadEntries(raw []byte) ([]preferences.Entry, error) {
	if len(raw) > 0 && raw[0] == version1 { // one entry alone
		e, err := decodeJSON[preferences.Entry](raw, "ledger entry")
		return []preferences.Entry{e}, err
	}
	return read(raw, "ledger entries", entries)
}

// entries leaves out the time of an entry that has the one before it's, as all entries of a step have.
func entries(c *coder, list *[]preferences.Entry) {
	var before time.Time
	for i := 0; c.begin(1, i < len(*list)); i++ {
		if !c.writing {
			*list = append(*list, preferences.Entry{At: before})
		}
		e := &(*list)[i]
		switch {
		case c.writing && !e.At.Equal(before):
			c.putMoment(1, e.At)
		case !c.writing && c.has(1):
			e.At = c.getMoment()
		}
		before = e.At
		entry(c, e)
		c.finish(1)
	}
}

func entry(c *coder, e *preferences.Entry) {
	entryKind(c, 2, &e.Kind) // and 3
	words(c, 4, &e.Event)
	words(c, 5, &e.Campaign)
	words(c, 6, &e.Run)
	words(c, 7, &e.Question)
	words(c, 8, &e.Offer)
	words(c, 9, &e.Message)
	words(c, 10, &e.Class)
	words(c, 11, &e.Text)
	words(c, 12, &e.Reason)
	c.object(13, &e.Detail)
}

// entryKind is the place of the kind in entryKinds, from 1 on, and 0 with the kind in words for one that is not there.
func entryKind(c *coder, n field, k *preferences.EntryKind) {
	kinds := entryKinds()
	number := 0
	if c.writing {
		number = slices.Index(kinds[:], *k) + 1
	}
	whole(c, n, &number)
	switch {
	case number == 0:
		words(c, n+1, k)
	case !c.writing && number > 0 && number <= len(kinds):
		*k = kinds[number-1]
	case !c.writing:
		c.wrong("there is no entry kind %d", number)
	}
}

// entryKinds are the kinds as they are numbered in what is stored: new ones go to the end, and none is ever taken out.
func entryKinds() [39]preferences.EntryKind {
	return [...]preferences.EntryKind{
		preferences.EntryCreated, preferences.EntryEdited, preferences.EntryReceived, preferences.EntryQueued, preferences.EntryHeld,
		preferences.EntrySent, preferences.EntryDelivered, preferences.EntryRead, preferences.EntryFailed, preferences.EntryNotSent,
		preferences.EntryUnderstood, preferences.EntryUnclear, preferences.EntryDeclined, preferences.EntryCommand,
		preferences.EntryPreference, preferences.EntryConsent, preferences.EntrySuppressed, preferences.EntryUnsuppressed,
		preferences.EntryAsked, preferences.EntryNotAsked, preferences.EntryReminded, preferences.EntryCompleted,
		preferences.EntryExpired, preferences.EntryStopped, preferences.EntryOffered, preferences.EntryNoOffer,
		preferences.EntryEvent, preferences.EntryInbox, preferences.EntryLinked, preferences.EntryNotLinked,
		preferences.EntryMerged, preferences.EntryMergedInto, preferences.EntryUnmerged,
		preferences.EntryLinkAsked, preferences.EntryLinkTried,
		preferences.EntryInboxClosed, preferences.EntryTakenOver, preferences.EntryHandedBack, preferences.EntryCopied,
	}
}
