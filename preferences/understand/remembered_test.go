package understand

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestARememberedReplyReadsAsAFreshOne: whoever wrote it before, in which language, and at what time of which day.
func TestARememberedReplyReadsAsAFreshOne(t *testing.T) {
	lines := loadCorpus(t)
	questions := map[string]*Remembering{}
	fresh := map[string]*Reader{}
	keyOf := func(q Question) string {
		key, err := json.Marshal(q)
		require.NoError(t, err)
		return string(key)
	}
	for i := range lines {
		if key := keyOf(lines[i].Question); questions[key] == nil {
			fresh[key] = Compile(&lines[i].Question)
			questions[key] = fresh[key].Remembering()
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		l := rapid.SampledFrom(lines).Draw(t, "reply")
		key := keyOf(l.Question)
		for range 3 {
			a := Ask{Locale: rapid.SampledFrom([]string{"vi", "en"}).Draw(t, "locale"),
				Now: l.Now.AddDate(0, 0, rapid.IntRange(0, 2).Draw(t, "days")).Add(time.Duration(rapid.IntRange(-12, 12).Draw(t, "hours")) * time.Hour)}
			require.Equal(t, fresh[key].Read(a, l.Text), questions[key].Read(a, l.Text), "%q at %s", l.Text, a.Now)
		}
	})
}

// TestTomorrowIsAnotherDayTomorrow: "mai" is remembered for the day on which it was written, in the customer's zone.
func TestTomorrowIsAnotherDayTomorrow(t *testing.T) {
	m := Compile(&Question{Kind: "date"}).Remembering()
	evening := time.Date(2026, 11, 27, 23, 30, 0, 0, time.FixedZone("", 7*3600))
	require.Equal(t, "2026-11-28", m.Read(Ask{Locale: "vi", Now: evening}, "mai").Value.Text)
	require.Equal(t, "2026-11-29", m.Read(Ask{Locale: "vi", Now: evening.Add(time.Hour)}, "mai").Value.Text)
	require.Equal(t, "2026-11-28", m.Read(Ask{Locale: "vi", Now: evening.Add(time.Hour).UTC()}, "mai").Value.Text, "where it is still the day before")
}

// TestNothingOfAContactIsRemembered: their language, as their record has it, is a piece of that record's memory.
func TestNothingOfAContactIsRemembered(t *testing.T) {
	m := Compile(&Question{Kind: "number"}).Remembering()
	record := strings.Clone("vi|Lan|+84901234567")
	m.Read(Ask{Locale: record[:2]}, "3")
	kept := m.kept.Keys()[0].locale
	require.Equal(t, "vi", kept)
	require.NotSame(t, unsafe.StringData(record), unsafe.StringData(kept))
}

func TestLittleIsRemembered(t *testing.T) {
	m := Compile(&Question{Kind: "number"}).Remembering()
	a := Ask{Locale: "vi"}
	m.Read(a, strings.Repeat("dạ ", rememberedBytes))
	require.Zero(t, m.kept.Len(), "long replies are hardly written twice")
	var all sync.WaitGroup
	for writer := range 4 {
		all.Go(func() {
			for i := range rememberedWordings {
				require.InDelta(t, float64(writer*1000+i), *m.Read(a, fmt.Sprint("dạ ", writer*1000+i)).Value.Min, 0)
			}
		})
	}
	all.Wait()
	require.Equal(t, rememberedWordings, m.kept.Len())
}
