package engine

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns/expr"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// writeForm writes down what a new form makes of contacts. That of a form that is known stays as it is.
var writeForm = flag.Bool("form", false, "write what a new form of the index makes of contacts")

// indexedContacts are some of all kinds.
func indexedContacts() []*preferences.Contact {
	at := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	long := strings.Repeat("x", 49)
	var many []any
	for i := range 65 {
		many = append(many, fmt.Sprint("m", i))
	}
	said := func(name string, v preferences.Value) preferences.Preference {
		return preferences.Preference{Attribute: name, Kind: v.Kind, Value: v, Class: preferences.Declared, Confidence: 1, Evidence: preferences.Evidence{Text: "1", At: at}}
	}
	return []*preferences.Contact{
		nil,
		{},
		{Locale: "vi", Addresses: []address.Address{{Scheme: address.Tel, ID: "+84901234567"}}, Consents: []preferences.Consent{{Purpose: preferences.Marketing, Granted: true, At: at}, {Purpose: preferences.Profiling, At: at}}},
		{Locale: "en", Addresses: []address.Address{{Scheme: "zalo", ID: "7"}}, Facts: map[string]any{"city": "Huế", "vip": true, "new": false, "orders": 3.0, "tags": []any{"a", "b"}, "none": []any{}, "mixed": []any{"a", 1.0}, "long": long, "many": many, long + long: "x"}},
		{Preferences: map[string]preferences.Preference{"style": said("style", preferences.Value{Kind: preferences.Choice, Text: "office"}), "gift": said("gift", preferences.Value{Kind: preferences.YesNo, Bool: true}),
			"size": said("size", preferences.Value{Kind: preferences.Text, Text: "M"})}},
	}
}

// TestTheFormOfTheIndexIsRaised: an index that was built before is believed as long as its form is the same. So where contacts
// come to other terms, or terms to other names, the form must be another one: raise the number in store.IndexForm, and
// write down what it makes of contacts with -form.
func TestTheFormOfTheIndexIsRaised(t *testing.T) {
	t.Parallel()
	const secret = "golden"
	var b strings.Builder
	fmt.Fprintf(&b, "values %d, subjects %d\nnumbered %s\n", valuesMost, subjectsMost, store.Index{Since: 3}.Numbered(7))
	for i, c := range indexedContacts() {
		var lines []string
		for _, f := range expr.Facts(c) {
			lines = append(lines, fmt.Sprintf("%d %s %s %q %q\n", i, store.TermName(secret, f.Subject, f.Value), store.SubjectName(secret, f.Subject), f.Subject, f.Value))
		}
		slices.Sort(lines)
		b.WriteString(strings.Join(lines, ""))
	}
	golden := filepath.Join("testdata", "index", store.IndexForm(secret)+".txt")
	want, err := os.ReadFile(golden)
	if os.IsNotExist(err) && *writeForm {
		require.NoError(t, os.MkdirAll(filepath.Dir(golden), 0o755))
		require.NoError(t, os.WriteFile(golden, []byte(b.String()), 0o644))
		return
	}
	require.NoError(t, err, "this form is not written down yet: go test ./gateway/engine -run FormOfTheIndex -form")
	require.Equal(t, string(want), b.String(), "contacts come to other terms: raise the number in store.IndexForm, then write its form down with -form")
}
