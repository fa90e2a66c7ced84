package api

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/web"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// contactOut is a contact as it is answered. Its preferences are there where they were asked for.
type contactOut struct {
	control.ContactView
	Preferences *[]preferences.Preference `json:"preferences,omitempty"`
}

// shown is a contact for the caller: viewers do not see where somebody is reached.
func shown(c echo.Context, v control.ContactView) contactOut {
	v = listed(v)
	v.Addresses = slices.Clone(v.Addresses)
	for i, a := range v.Addresses {
		v.Addresses[i] = masked(c, a)
	}
	v.Merged = slices.Clone(v.Merged)
	for i, m := range v.Merged {
		v.Merged[i].Also = masked(c, m.Also)
	}
	if v.Conversation != nil {
		talk := *v.Conversation
		talk.To = masked(c, talk.To)
		v.Conversation = &talk
	}
	return contactOut{ContactView: v}
}

// listed gives one without addresses an empty list: clients need not expect null.
func listed(v control.ContactView) control.ContactView {
	v.Addresses = full(v.Addresses)
	return v
}

// contactRevision changes whenever the contact does.
func contactRevision(v control.ContactView) string {
	return "u" + strconv.FormatInt(v.Updated.UnixNano(), 36)
}

// contactSeen is the moment in a contact's revision.
func contactSeen(revision string) (time.Time, bool) {
	digits, ok := strings.CutPrefix(revision, "u")
	ns, err := strconv.ParseInt(digits, 36, 64)
	return time.Unix(0, ns).UTC(), ok && err == nil
}

// matchContact is what the caller has seen of a contact, as If-Match says. It is compared by the step that makes the change,
// in the order of all that happens to the contact. Zero: whatever it is.
func (h *handlers) matchContact(c echo.Context, id string) (seen time.Time, err error) {
	return h.seenContact(c, func() (control.ContactView, error) { return h.control.Contact(c.Request().Context(), id) })
}

// matchAddress is matchContact for one who is known by an address; If-Match names nobody where there is none yet.
func (h *handlers) matchAddress(c echo.Context, known []address.Address) (seen time.Time, err error) {
	return h.seenContact(c, func() (control.ContactView, error) {
		for _, a := range known {
			v, err := h.control.ContactByAddress(c.Request().Context(), a)
			if !errors.Is(err, control.ErrNotFound) {
				return v, err
			}
		}
		return control.ContactView{}, nobody()
	})
}

// seenContact looks at the contact only where If-Match does not name one revision: * is any, and of several it is the one of now.
func (h *handlers) seenContact(c echo.Context, look func() (control.ContactView, error)) (time.Time, error) {
	if len(c.Request().Header.Values("If-Match")) == 0 {
		return time.Time{}, nil
	}
	revisions, whatever := wanted(c)
	if len(revisions) == 1 {
		if seen, ok := contactSeen(revisions[0]); ok {
			return seen, nil
		}
	}
	v, err := look()
	if err != nil || whatever {
		return time.Time{}, err
	}
	return v.Updated, match(c, contactRevision(v), shown(c, v))
}

func nobody() error {
	return web.NewProblem(http.StatusPreconditionFailed, "Nobody has one of these addresses any more; leave If-Match out to create the contact.")
}

// contactProblem answers a change of what the contact was when it was seen.
func contactProblem(c echo.Context, err error) error {
	if x := (*control.ContactConflict)(nil); errors.As(err, &x) {
		return stale(http.StatusPreconditionFailed, sentence(err, control.ErrConflict), contactRevision(x.Now), shown(c, x.Now))
	}
	return err
}

// PutContact creates or changes the contact with one of the addresses.
func (h *handlers) PutContact(c echo.Context) error {
	body, err := readBody(c)
	if err != nil {
		return err
	}
	e, err := DecodeContact(body)
	if err != nil {
		return err
	}
	if e.Seen, err = h.matchAddress(c, e.Addresses); err != nil {
		return err
	}
	v, created, err := h.control.Upsert(c.Request().Context(), e)
	if !e.Seen.IsZero() && errors.Is(err, control.ErrNotFound) {
		return nobody()
	}
	if err != nil {
		return contactProblem(c, err)
	}
	if created {
		c.Response().Header().Set(echo.HeaderLocation, Prefix+"/contacts/"+v.ID)
		return c.JSON(http.StatusCreated, shown(c, v))
	}
	return c.JSON(http.StatusOK, shown(c, v))
}

// GetContacts is one contact by its address, or a page of all.
func (h *handlers) GetContacts(c echo.Context, p getContactsParams) error {
	if p.Address == "" {
		return h.listContacts(c, p)
	}
	if q := c.QueryParams(); q.Has("cursor") || q.Has("limit") {
		return badParameter("address", "names one contact, so it goes with neither cursor nor limit")
	}
	a, err := addressOf(p.Address)
	if err != nil {
		return err
	}
	v, err := h.control.ContactByAddress(c.Request().Context(), a)
	if err != nil {
		return err
	}
	return h.answerContact(c, v, p.With != "")
}

// GetContact is one contact by its id.
func (h *handlers) GetContact(c echo.Context, id string, p getContactParams) error {
	v, err := h.control.Contact(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return h.answerContact(c, v, p.With != "")
}

func (h *handlers) answerContact(c echo.Context, v control.ContactView, with bool) error {
	showsRevision(c, contactRevision(v))
	out := shown(c, v)
	if with {
		ps, err := h.preferencesOf(c.Request().Context(), v)
		if err != nil {
			return err
		}
		out.Preferences = &ps
	}
	return c.JSON(http.StatusOK, out)
}

func (h *handlers) listContacts(c echo.Context, p getContactsParams) error {
	ctx := c.Request().Context()
	page, next, err := h.control.List(ctx, p.Cursor, p.Limit)
	if err != nil {
		return err
	}
	out := struct {
		Contacts []contactOut `json:"contacts"`
		Next     string       `json:"next_cursor"`
		// Unreadable are contacts of the page whose record is damaged or of a newer version.
		Unreadable []string `json:"unreadable,omitempty"`
	}{make([]contactOut, 0, len(page)), next, nil}
	for _, v := range page {
		if v.Unreadable {
			out.Unreadable = append(out.Unreadable, v.ID)
			continue
		}
		o := shown(c, v)
		if p.With != "" {
			ps, err := h.preferencesOf(ctx, v)
			if err != nil {
				return err
			}
			o.Preferences = &ps
		}
		out.Contacts = append(out.Contacts, o)
	}
	return c.JSON(http.StatusOK, out)
}

// preferencesOf takes the preferences that came with the view, or reads them; in the order of their attributes.
func (h *handlers) preferencesOf(ctx context.Context, v control.ContactView) ([]preferences.Preference, error) {
	ps := []preferences.Preference{}
	if v.Contact.Preferences == nil {
		read, err := h.control.Preferences(ctx, v.ID)
		if err != nil {
			return nil, err
		}
		return append(ps, read...), nil
	}
	for _, k := range slices.Sorted(maps.Keys(v.Contact.Preferences)) {
		ps = append(ps, v.Contact.Preferences[k])
	}
	return ps, nil
}

// EraseContact deletes everything personal about one.
func (h *handlers) EraseContact(c echo.Context, id string) error {
	seen, err := h.matchContact(c, id)
	if err != nil {
		return err
	}
	return done(c, contactProblem(c, h.control.Erase(c.Request().Context(), id, seen)))
}

// UnmergeContact undoes a merge: of two contacts who were taken for one person.
func (h *handlers) UnmergeContact(c echo.Context, id string) error {
	body, err := readBody(c)
	if err != nil {
		return err
	}
	from, err := decodeUnmerge(body)
	if err != nil {
		return err
	}
	v, err := h.control.Unmerge(c.Request().Context(), id, from)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, shown(c, v))
}

// LinkContact begins to prove that an address is the contact's own as well.
func (h *handlers) LinkContact(c echo.Context, id string) error {
	body, err := readBody(c)
	if err != nil {
		return err
	}
	also, by, err := decodeLink(body)
	if err != nil {
		return err
	}
	p, err := h.control.Link(c.Request().Context(), id, also, by)
	if soon := (*control.SoonError)(nil); errors.As(err, &soon) {
		return &web.Problem{Status: http.StatusTooManyRequests, Detail: sentence(err, control.ErrTooSoon), RetryAfter: soon.Wait, Err: err}
	}
	if err != nil {
		return err
	}
	return c.JSON(http.StatusAccepted, p)
}

// GiveContactPage is a link to the contact's own page.
func (h *handlers) GiveContactPage(c echo.Context, id string) error {
	hours := control.OwnPageHours
	if err := decodeAny(c, func(o *object) { hours = o.whole("hours", hours, 1, control.OwnPageHoursMost) }); err != nil {
		return err
	}
	l, err := h.control.OwnPage(c.Request().Context(), id, hours)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, l)
}

// GetLedger is what changed about a contact, and why.
func (h *handlers) GetLedger(c echo.Context, id string, p getLedgerParams) error {
	entries, next, err := h.control.LedgerPage(c.Request().Context(), id, p.Cursor, p.Limit)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, struct {
		Ledger []preferences.Entry `json:"ledger"`
		Next   string              `json:"next_cursor,omitempty"`
	}{full(entries), next})
}

// GetPreferences is what a contact likes, with the evidence.
func (h *handlers) GetPreferences(c echo.Context, id string) error {
	ps, err := h.control.Preferences(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"preferences": full(ps)})
}

// full is the list, or an empty one where there is none: clients need not expect null.
func full[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
