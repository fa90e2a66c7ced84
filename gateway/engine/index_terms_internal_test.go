package engine

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/expr"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/preferences"
)

// TestTheIndexSaysWhatIsTrue: however contacts change, and whatever of an index is crowded by then, the bits of each are those of all
// that is true of them: looking at the preferences alone that have changed misses none, and takes none of another away.
func TestTheIndexSaysWhatIsTrue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := &worker{Engine: New(Options{Secret: "s"}), terms: map[expr.Fact]string{}, indexes: map[int]*index{}}
		x := &index{Index: store.Index{Since: 1, Terms: map[string]string{}}, values: map[string]int{}, crowded: map[string]string{}}
		w.indexes[0] = x
		for i := range subjectsMost - rapid.IntRange(1, 12).Draw(rt, "subjects left") {
			x.values[fmt.Sprint("other ", i)] = 1
		}
		for _, name := range []string{"style", "sizes"} {
			x.values[w.subjectName("prefs."+name)] = valuesMost - rapid.IntRange(0, 3).Draw(rt, "values left of "+name)
		}
		if rapid.Bool().Draw(rt, "lumped") {
			subject := w.subjectName("prefs.style")
			x.Terms[w.termName(expr.Fact{Subject: "prefs.style", Value: expr.Other})], x.Terms[subject] = subject, subject
		}
		bits, stored := map[string]map[int64]bool{}, [3]map[string]string{}
		for range rapid.IntRange(1, 15).Draw(rt, "changes") {
			i := rapid.IntRange(0, 2).Draw(rt, "contact")
			tn := &turn{w: w, batch: store.NewBatch(store.Lease{})}
			p := read(store.Contact{ID: fmt.Sprint("c0-", i), Exists: stored[i] != nil, Fields: stored[i]})
			require.NoError(rt, p.unreadable())
			state := *p.state
			p.state = &state
			p.state.Contact = &preferences.Contact{ID: p.stored.ID, Preferences: map[string]preferences.Preference{}}
			if was := p.was.Contact; was != nil {
				*p.state.Contact = *was
				p.state.Contact.Preferences = maps.Clone(was.Preferences)
			}
			changeIndexed(rt, p)
			changed := w.forms.Changes(stored[i], p.state, p.attributes)
			fields := tn.indexed(p, changed)
			tn.bitsInto(bits)
			stored[i] = maps.Clone(stored[i])
			if stored[i] == nil {
				stored[i] = map[string]string{"v": "1"}
			}
			for _, f := range changed {
				fields = append(fields, store.Field(f))
			}
			for _, f := range fields {
				if stored[i][f.Name] = f.Value; f.Value == "" {
					delete(stored[i], f.Name)
				}
			}
			number, ok := x.Number(stored[i][store.NumberField])
			require.True(rt, ok)
			want := tn.termsOf(x, p.state.Facts())
			slices.Sort(want)
			var got []string
			for _, name := range slices.Sorted(maps.Keys(bits)) {
				if bits[name][number] {
					got = append(got, name)
				}
			}
			require.Equal(rt, want, append([]string{}, got...))
		}
	})
}

// bitsInto does with bits what the turn would do with those of Redis.
func (t *turn) bitsInto(all map[string]map[int64]bool) {
	for _, b := range t.bits {
		if all[b.name] == nil {
			all[b.name] = map[int64]bool{}
		}
		for _, c := range b.changes {
			all[b.name][c.Number] = c.True
		}
	}
}

// changeIndexed changes what an index knows of a contact: preferences mostly, and sometimes whose they are.
func changeIndexed(t *rapid.T, p *person) {
	c := p.state.Contact
	for range rapid.IntRange(1, 3).Draw(t, "preferences") {
		name := rapid.SampledFrom([]string{"style", "sizes", "gift", "note", "rare", strings.Repeat("long", 16), strings.Repeat("much", 17)}).Draw(t, "preference")
		p.attributes = append(p.attributes, name)
		if rapid.IntRange(0, 3).Draw(t, "gone") == 0 {
			delete(c.Preferences, name)
			continue
		}
		word := rapid.StringOfN(rapid.SampledFrom([]rune("abc")), 1, 2, -1)
		v := rapid.SampledFrom([]preferences.Value{
			{Kind: preferences.Choice, Text: word.Draw(t, "choice")},
			{Kind: preferences.Choice, Text: strings.Repeat("x", 49)},
			{Kind: preferences.Choices, List: rapid.SliceOfN(word, 0, 4).Draw(t, "choices")},
			{Kind: preferences.YesNo, Bool: rapid.Bool().Draw(t, "yes")},
			{Kind: preferences.Text, Text: word.Draw(t, "text")},
			{Kind: preferences.Date, Text: "2026-11-27"},
		}).Draw(t, "value")
		class := rapid.SampledFrom([]preferences.Class{preferences.Declared, preferences.Declared, preferences.Inferred}).Draw(t, "class")
		c.Preferences[name] = preferences.Preference{Attribute: name, Kind: v.Kind, Value: v, Class: class, Evidence: preferences.Evidence{At: time.Unix(rapid.Int64Range(1, 3).Draw(t, "at"), 0).UTC()}}
	}
	switch rapid.IntRange(0, 7).Draw(t, "else") {
	case 0:
		c.Locale = rapid.SampledFrom([]string{"", "vi", "en"}).Draw(t, "locale")
	case 1:
		c.Facts = map[string]any{rapid.SampledFrom([]string{"city", "rare", strings.Repeat("fact", 17)}).Draw(t, "fact"): rapid.SampledFrom([]any{"Huế", true, 3.0}).Draw(t, "fact's value")}
	case 2:
		p.state.Into = &campaigns.Into{Contact: "c0-other", At: time.Unix(1, 0).UTC()}
	case 3:
		p.state.Into = nil
	}
}
