package demo

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences"
	"github.com/labstack/echo/v4"
)

// maxContacts bounds the list of contacts to choose from.
const maxContacts = 1000

// person is one line of the list of contacts.
type person struct {
	ID     string `json:"id"`
	Full   string `json:"full"`
	Hint   string `json:"hint"`   // the end of their number
	Search string `json:"search"` // name without marks, and number
}

// contacts answers with everybody whom the phone can be.
func (d *demo) contacts(c echo.Context) error {
	all, err := d.everybody(c.Request().Context())
	if err != nil {
		return problem(err)
	}
	out := make([]person, 0, len(all))
	for _, v := range all {
		out = append(out, personOf(v))
	}
	slices.SortFunc(out, func(a, b person) int { return compareFold(a.Search, b.Search) })
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, map[string]any{"contacts": out})
}

func personOf(v control.ContactView) person {
	number := phoneOf(v).ID
	return person{ID: v.ID, Full: fullName(v), Hint: "… " + number[max(0, len(number)-4):],
		Search: unmarked(fullName(v)) + " " + number}
}

// everybody reads the contacts page by page.
func (d *demo) everybody(ctx context.Context) ([]control.ContactView, error) {
	var all []control.ContactView
	for cursor := ""; ; {
		page, next, err := d.o.API.List(ctx, cursor, 200)
		if err != nil {
			return nil, err
		}
		all = append(all, slices.DeleteFunc(page, func(v control.ContactView) bool { return v.Unreadable })...)
		if next == "" || len(all) >= maxContacts {
			return all, nil
		}
		cursor = next
	}
}

// persona is the contact to start with: the one asked for in the options, else somebody whom a campaign would ask,
// who writes Vietnamese and has told us nothing yet. The same one each time.
func (d *demo) persona(ctx context.Context) (string, error) {
	if d.o.Persona != "" {
		return d.o.Persona, nil
	}
	all, err := d.everybody(ctx)
	if err != nil || len(all) == 0 {
		return "", err
	}
	best := slices.MaxFunc(all, func(a, b control.ContactView) int {
		if d := fitness(a) - fitness(b); d != 0 {
			return d
		}
		return compareFold(nameOf(b)+phoneOf(b).ID, nameOf(a)+phoneOf(a).ID)
	})
	return best.ID, nil
}

func fitness(v control.ContactView) int {
	n, orders := 0, 0.0
	field(preferences.Entry{Detail: v.Facts}, "orders", &orders)
	for weight, fits := range []bool{
		slices.Contains(strings.Fields(unmarked(v.Name)), "lan"),
		orders > 0,
		v.Name != "",
		len(v.Preferences) == 0,
		v.Locale == "vi" || v.Locale == "",
		phoneOf(v).Scheme == "tel",
		v.Consented(preferences.Marketing),
		v.Suppressed == nil,
	} {
		if fits {
			n += 1 << weight
		}
	}
	return n
}

func compareFold(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }

// marks are the Vietnamese letters with marks by their plain letter, so that a search for "huong" finds Hương.
var marks = map[rune]string{
	'a': "àáảãạăằắẳẵặâầấẩẫậ", 'd': "đ", 'e': "èéẻẽẹêềếểễệ", 'i': "ìíỉĩị",
	'o': "òóỏõọôồốổỗộơờớởỡợ", 'u': "ùúủũụưừứửữự", 'y': "ỳýỷỹỵ",
}

// unmarked is s in small letters without Vietnamese marks (composed letters only).
func unmarked(s string) string {
	return strings.Map(func(r rune) rune {
		for plain, marked := range marks {
			if strings.ContainsRune(marked, r) {
				return plain
			}
		}
		return r
	}, strings.ToLower(s))
}
