package understand

import (
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

// Bounds of what is kept of one question's replies: at some 600 bytes each, 150 kB.
const (
	rememberedWordings = 256
	rememberedBytes    = 64 // of one wording: longer ones are hardly written twice
)

// Remembering is a Reader that keeps what short replies were read as, for many customers answer one question in the same
// words: "1", "dạ có". It reads as the Reader does, and is safe for concurrent use; nobody may change what is in a Reading.
type Remembering struct {
	reader *Reader
	kept   *lru.Cache[wording, Reading]
}

// wording is all that a reading depends on.
type wording struct {
	text, locale string
	day          time.Time // midnight in the customer's zone, as if it were UTC: what "mai" and "t7" are
}

// Remembering keeps what c reads.
func (c *Reader) Remembering() *Remembering {
	kept, err := lru.New[wording, Reading](rememberedWordings)
	if err != nil {
		panic(err) // the size is a constant above zero
	}
	return &Remembering{c, kept}
}

// Read understands text as a reply to the compiled question, as Reader.Read does.
func (m *Remembering) Read(a Ask, text string) Reading {
	if len(text) > rememberedBytes {
		return m.reader.Read(a, text)
	}
	year, month, day := a.Now.Date()
	w := wording{text, a.Locale, time.Date(year, month, day, 0, 0, 0, 0, time.UTC)}
	if r, ok := m.kept.Get(w); ok {
		return r
	}
	// Or it would hold the whole message in memory, as the words of the reading would, and the contact's record.
	w.text, w.locale = strings.Clone(text), strings.Clone(a.Locale)
	r := m.reader.Read(a, w.text)
	m.kept.Add(w, r)
	return r
}
