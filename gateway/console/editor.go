package console

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/campaigns/files"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences/address"
)

func (c *console) editor() screen {
	return screen{name: "editor", path: "/campaigns", least: access.Marketer, routes: []route{
		{http.MethodGet, "/campaigns/:id/edit", access.Marketer, bounded(c.showEditor)},
		{http.MethodPost, "/campaigns/:id/edit", access.Marketer, bounded(c.workOnForm)},
		{http.MethodGet, "/campaigns/:id/text", access.Marketer, bounded(c.showText)},
		{http.MethodPost, "/campaigns/:id/text", access.Marketer, bounded(c.workOnText)},
		{http.MethodPost, "/campaigns/:id/adopt", access.Marketer, bounded(c.adopt)},
		{http.MethodPost, "/campaigns/:id/publish", access.Marketer, bounded(c.publish)},
		{http.MethodPost, "/campaigns/:id/archive", access.Marketer, bounded(c.archive)},
		{http.MethodGet, "/campaigns/:id/versions", access.Marketer, bounded(c.showVersions)},
		{http.MethodPost, "/campaigns/:id/restore", access.Marketer, bounded(c.restore)},
	}}
}

// editorBody is a campaign under work.
type editorBody struct {
	ID       string
	File     control.FileDetail // as it is kept; Text is what is worked on
	Was      int                // the version that is worked on
	Form     files.Form
	AsText   bool
	Changed  bool      // what is worked on is not saved
	Branches *branches // nil: the text has mistakes
	Phones   []control.Phone
	Locale   string // of the phones
	Try      tried
	Conflict *conflict
	People   string // as typed to publish
	Count    string // what is wrong with that
	Problem  string
	Audience string // a rule that somebody wants to be put in
	Kinds    []string
	Channels []string
	Offers   []string
	ByHand   string // why no form can show it
}

// conflict is somebody else's text beside one's own.
type conflict struct {
	By      string
	Version int
	Lines   []control.DiffLine // from theirs to ours
}

// tried is a test message.
type tried struct {
	Account, To, Question string
	Problem               string
	Done                  *control.Trial
}

// Draftable reports whether the file can be written here.
func (b editorBody) Draftable() bool { return b.File.State != control.InFolder }

func newKey() string { return rand.Text() }

// firstForm is what a new campaign begins with.
func firstForm(n newCampaign) files.Form {
	return files.Form{Campaign: n.ID, Name: n.Name, Audience: cmp.Or(n.Audience, "consent.marketing"), Questions: []files.QuestionForm{{
		ID: "first", Kind: "choice", Text: map[string]string{"vi": "Chào {{name}}, mình thích loại nào hơn ạ?"}, FreshFor: "180d",
		Options: []files.OptionForm{{Value: "a", Label: map[string]string{"vi": "Loại thứ nhất"}}, {Value: "b", Label: map[string]string{"vi": "Loại thứ hai"}}},
	}}, Thanks: map[string]string{"vi": "Cảm ơn {{name}} nhiều ạ!"}}
}

// fileOf is the file that has a campaign.
func (c *console) fileOf(ctx context.Context, id string) (control.FileDetail, error) {
	all, err := c.Control.Files(ctx)
	if err != nil {
		return control.FileDetail{}, err
	}
	for _, f := range all {
		if slices.ContainsFunc(f.Defines, func(d files.Defined) bool { return d.Kind == "campaign" && d.ID == id }) {
			return c.Control.File(ctx, f.Name)
		}
	}
	return control.FileDetail{}, control.ErrNotFound
}

func (c *console) showEditor(x echo.Context) error { return c.openFile(x, false) }
func (c *console) showText(x echo.Context) error   { return c.openFile(x, true) }

func (c *console) openFile(x echo.Context, asText bool) error {
	f, err := c.fileOf(x.Request().Context(), pathParam(x, "id"))
	if err != nil {
		return err
	}
	b := editorBody{File: f, Was: f.Version, AsText: asText, Audience: x.QueryParam("audience")}
	if b.Audience != "" && b.Draftable() {
		err = c.putAudience(x, &b)
	}
	if err != nil {
		return err
	}
	return c.renderEditor(x, http.StatusOK, b)
}

// putAudience puts a rule into the form; nothing is saved. A file that no form can show stays as it is.
func (c *console) putAudience(x echo.Context, b *editorBody) error {
	ctx, id := x.Request().Context(), pathParam(x, "id")
	form, err := c.Control.FormOf(ctx, b.File.Text, id)
	if err != nil {
		return nil
	}
	form.Audience = b.Audience
	text, err := c.Control.WithForm(ctx, b.File.Text, id, form)
	if err != nil {
		return err
	}
	b.Changed, b.File.Text, b.Form = text != b.File.Text, text, form
	b.File.Checked, err = c.Control.CheckFile(ctx, b.File.Name, text)
	return err
}

// renderEditor shows what is worked on: b.File.Text, read anew.
func (c *console) renderEditor(x echo.Context, status int, b editorBody) error {
	ctx := x.Request().Context()
	b.ID = pathParam(x, "id")
	if b.Form.Campaign == "" {
		form, err := c.Control.FormOf(ctx, b.File.Text, b.ID)
		if err != nil {
			b.AsText, b.ByHand = true, c.langOf(x).sentence(err)
		}
		b.Form = form
	}
	if b.Locale == "" {
		b.Locale = string(c.langOf(x))
	}
	draught := control.Draught{Name: b.File.Name, Text: b.File.Text, Campaign: b.ID, Locale: b.Locale, Customer: "Minh Trang"}
	if phones, err := c.Control.Preview(ctx, draught); err == nil {
		b.Phones = phones
	}
	if branching, err := c.Control.Branching(ctx, draught); err == nil {
		pic := c.langOf(x).branchPicture(branching)
		b.Branches = &pic
	}
	b.Kinds = []string{"choice", "choices", "yes_no", "number", "money", "rating", "date", "time_window", "text", "email"}
	if err := c.choices(ctx, &b); err != nil {
		return err
	}
	if x.Request().Header.Get("HX-Request") != "" && status == http.StatusOK {
		return c.fragment(x, status, "editor", b)
	}
	return c.show(x, status, page{name: "campaigns", main: "editor", title: "editor.title", body: b})
}

// choices are the channels and offers that there are.
func (c *console) choices(ctx context.Context, b *editorBody) error {
	accounts, err := c.Control.Accounts(ctx)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if !slices.Contains(b.Channels, string(a.Channel)) {
			b.Channels = append(b.Channels, string(a.Channel))
		}
	}
	for _, ch := range b.Form.Channels {
		if !slices.Contains(b.Channels, ch) {
			b.Channels = append(b.Channels, ch)
		}
	}
	offers, err := c.Control.Offers(ctx)
	for _, o := range offers {
		b.Offers = append(b.Offers, o.ID)
	}
	for _, o := range b.Form.Offers {
		if !slices.Contains(b.Offers, o) {
			b.Offers = append(b.Offers, o)
		}
	}
	return err
}

// working is a file with the version that the page was made from.
func (c *console) working(x echo.Context) (b editorBody, base string, err error) {
	ctx := x.Request().Context()
	b.ID = pathParam(x, "id")
	if b.File, err = c.fileOf(ctx, b.ID); err != nil {
		return b, "", err
	}
	if b.Was, err = strconv.Atoi(x.FormValue("was")); err != nil || b.File.State == control.InFolder {
		return b, "", control.ErrConflict
	}
	base, err = c.Control.FileText(ctx, b.File.Name, b.Was)
	b.Locale, b.People = x.FormValue("locale"), x.FormValue("people")
	b.Try = tried{Account: x.FormValue("try.account"), To: strings.TrimSpace(x.FormValue("try.to")), Question: x.FormValue("try.question")}
	return b, base, err
}

// workOnForm takes a form as it stands, does what was asked for, and shows it again.
func (c *console) workOnForm(x echo.Context) error {
	b, base, err := c.working(x)
	if err != nil {
		return err
	}
	b.Form = readForm(x)
	do := x.FormValue("do")
	reshape(&b.Form, do)
	text, err := c.Control.WithForm(x.Request().Context(), base, b.ID, b.Form)
	if err != nil {
		b.Problem = cmp.Or(c.langOf(x).twice(b.Form), c.langOf(x).sentence(err))
		b.File.Text = base
		return c.renderEditor(x, http.StatusConflict, b)
	}
	b.File.Text, b.Changed = text, text != base
	return c.carryOn(x, b, do)
}

// workOnText is workOnForm for the text itself.
func (c *console) workOnText(x echo.Context) error {
	b, base, err := c.working(x)
	if err != nil {
		return err
	}
	b.AsText = true
	b.File.Text = strings.ReplaceAll(x.FormValue("text"), "\r\n", "\n")
	b.Changed = b.File.Text != base
	return c.carryOn(x, b, x.FormValue("do"))
}

// carryOn checks, fixes, saves, publishes or tries what is worked on.
func (c *console) carryOn(x echo.Context, b editorBody, do string) error {
	ctx := x.Request().Context()
	if b.File.Text == "" {
		b.File.Text = "\n"
	}
	checked, err := c.Control.CheckFile(ctx, b.File.Name, b.File.Text)
	if err != nil {
		return err
	}
	if n, ok := strings.CutPrefix(do, "fix."); ok {
		return c.fix(x, b, checked, n)
	}
	b.File.Checked = checked
	switch do {
	case "save":
		return c.save(x, b)
	case "try":
		c.try(ctx, x, &b)
	}
	return c.renderEditor(x, http.StatusOK, b)
}

func (c *console) fix(x echo.Context, b editorBody, found control.Checked, which string) error {
	n, err := strconv.Atoi(which)
	all := slices.Concat(found.Problems, found.Warnings)
	if err == nil && n >= 0 && n < len(all) && all[n].Fix != nil && all[n].File == b.File.Name {
		if text, ok := all[n].Fix.Apply([]byte(b.File.Text)); ok {
			b.File.Text, b.Changed, b.Form = string(text), true, files.Form{}
		}
	}
	if b.File.Checked, err = c.Control.CheckFile(x.Request().Context(), b.File.Name, b.File.Text); err != nil {
		return err
	}
	// What was fixed is in the text alone: it is saved as a draft, so that the form begins there.
	return c.save(x, b)
}

func (c *console) save(x echo.Context, b editorBody) error {
	_, err := c.Control.SaveFile(x.Request().Context(), control.FileEdit{Name: b.File.Name, Text: b.File.Text, Was: b.Was})
	var theirs *control.FileConflict
	switch {
	case errors.As(err, &theirs):
		b.Conflict = &conflict{By: theirs.Theirs.By, Version: theirs.Theirs.Version, Lines: control.Compare(theirs.Theirs.Text, b.File.Text)}
		b.Was = theirs.Theirs.Version // whoever saves again has seen it
		return c.renderEditor(x, http.StatusConflict, b)
	case err != nil:
		return err
	}
	end := "/edit"
	if b.AsText {
		end = "/text"
	}
	return c.goTo(x, "/campaigns/"+url.PathEscape(b.ID)+end, "editor.saved")
}

// try sends one question to a phone.
func (c *console) try(ctx context.Context, x echo.Context, b *editorBody) {
	to, err := address.Parse(b.Try.To)
	if err != nil {
		to, err = address.Phone(b.Try.To, "VN")
	}
	if err != nil {
		b.Try.Problem = c.langOf(x).say("editor.try.bad")
		return
	}
	done, err := c.Control.TryQuestion(ctx, control.Draught{Name: b.File.Name, Text: b.File.Text, Campaign: b.ID, Locale: string(c.langOf(x)), Customer: "Minh Trang"}, b.Try.Question, b.Try.Account, to.Current())
	if err != nil {
		b.Try.Problem = c.langOf(x).sentence(err)
		return
	}
	b.Try.Done = &done
}
