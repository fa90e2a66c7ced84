package demo

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences"
)

var slot = regexp.MustCompile(`\{\w+\}`)

func TestEveryTextIsInBothLanguages(t *testing.T) {
	for key, by := range texts {
		if by["vi"] == "" || by["en"] == "" || len(by) != 2 {
			t.Errorf("%s: wants vi and en, has %v", key, by)
		}
		vi, en := slot.FindAllString(by["vi"], -1), slot.FindAllString(by["en"], -1)
		slices.Sort(vi)
		slices.Sort(en)
		if !slices.Equal(slices.Compact(vi), slices.Compact(en)) {
			t.Errorf("%s: names %v in Vietnamese and %v in English", key, vi, en)
		}
	}
}

// Each text that the code, the template or the script names exists, and each fixed one that exists is named.
func TestEveryTextThatIsNamedExists(t *testing.T) {
	used := map[string]bool{}
	collect := func(source, pattern, prefix string) {
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(source, -1) {
			used[prefix+m[1]] = true
		}
	}
	files, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f, "_test.go") {
			collect(readFile(t, f), `say\("([^"]+)"[,)]`, "")
		}
	}
	collect(pageHTML, `T "([^"]+)"`, "")
	scripts, _ := fs.Glob(assets, "assets/*.js")
	for _, f := range scripts {
		source := readFile(t, f)
		collect(source, `say\('([^']+)'`, "js.")
		for key := range texts {
			if name, ok := strings.CutPrefix(key, "js."); ok && strings.Contains(source, "'"+name+"'") {
				used[key] = true // chosen by a condition
			}
		}
	}
	for key := range used {
		if texts[key] == nil {
			t.Errorf("%q is named but not in texts.json", key)
		}
	}
	for key := range texts {
		group, _, _ := strings.Cut(key, ".")
		if (group == "js" || group == "page" || group == "picker") && !used[key] {
			t.Errorf("%q is in texts.json but nothing names it", key)
		}
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// What the contracts list has words: entries, classes, commands, counts, replies to try.
func TestTheContractsHaveWords(t *testing.T) {
	want := []string{}
	for _, k := range []preferences.EntryKind{preferences.EntryCreated, preferences.EntryEdited, preferences.EntryReceived,
		preferences.EntryQueued, preferences.EntryHeld, preferences.EntrySent, preferences.EntryDelivered, preferences.EntryRead,
		preferences.EntryFailed, preferences.EntryNotSent, preferences.EntryUnderstood, preferences.EntryUnclear,
		preferences.EntryDeclined, preferences.EntryCommand, preferences.EntryPreference, preferences.EntryConsent,
		preferences.EntrySuppressed, preferences.EntryUnsuppressed, preferences.EntryAsked, preferences.EntryNotAsked,
		preferences.EntryReminded, preferences.EntryCompleted, preferences.EntryExpired, preferences.EntryStopped,
		preferences.EntryOffered, preferences.EntryNoOffer, preferences.EntryEvent, preferences.EntryInbox,
		preferences.EntryLinked, preferences.EntryNotLinked, preferences.EntryMerged, preferences.EntryMergedInto, preferences.EntryUnmerged} {
		want = append(want, "ledger."+string(k))
	}
	for _, k := range told {
		want = append(want, "story."+string(k))
	}
	for _, c := range slices.Concat(milestones, places) {
		want = append(want, "count."+string(c), "countwhy."+string(c))
	}
	for _, c := range []preferences.Class{preferences.Declared, preferences.Observed, preferences.Inferred, preferences.Imported} {
		want = append(want, "class."+string(c), "classwhy."+string(c))
	}
	for _, l := range []string{"vi", "en"} {
		for _, k := range append(preferences.Kinds(), "") {
			q := world().Campaigns["autumn-style"].Questions[0].Ask
			q.Kind = k
			for _, r := range slices.Concat(repliesTo(q, l), anytime(l), whenStopped(l)) {
				want = append(want, "try."+r.shows)
			}
		}
	}
	for _, p := range []string{"consent", "consent!", "nil==", "nil!=", "word==", "word!=", "in", "notin", "among", "time>=", "time>", "time<=", "time<", "number==", "number>=", "number<=", "number>", "number<"} {
		want = append(want, "term."+p)
	}
	for _, key := range want {
		if texts[key] == nil {
			t.Errorf("%q has no text", key)
		}
	}
}

func TestEveryPlaceOfTheAudienceIsShown(t *testing.T) {
	for _, c := range []campaigns.CountName{campaigns.CountQueued, campaigns.CountHeld, campaigns.CountSent, campaigns.CountFailed, campaigns.CountExcluded} {
		if !slices.Contains(places, c) {
			t.Errorf("%s is a place where a contact of the audience can be, and the bar does not show it", c)
		}
	}
}
