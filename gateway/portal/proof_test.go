package portal_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/portal"
)

// pages shows one page, and notes what it is asked for.
type pages struct {
	portal.Pages // nothing else is asked for

	shows control.Asked
	fails error
	asked []string
}

func (p *pages) note(what string) (control.Asked, error) {
	p.asked = append(p.asked, what)
	return p.shows, p.fails
}

func (p *pages) AskedBy(_ context.Context, code string) (control.Asked, error) {
	return p.note("show " + code)
}

func (p *pages) AnswerBy(_ context.Context, code, text, _ string) (control.Asked, error) {
	return p.note("answer " + code + " " + text)
}

func (p *pages) ConfirmBy(_ context.Context, code string) (control.Asked, error) {
	return p.note("confirm " + code)
}

// visit loads a page, or posts a form to it.
func visit(t *testing.T, p *pages, form url.Values) (status int, page string) {
	t.Helper()
	e := echo.New()
	portal.Mount(e, p)
	r := httptest.NewRequest(http.MethodGet, "/l/1-abc", nil)
	if form != nil {
		r = httptest.NewRequest(http.MethodPost, "/l/1-abc", strings.NewReader(form.Encode()))
		r.Header.Set(echo.HeaderContentType, echo.MIMEApplicationForm)
	}
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	if got := w.Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control: %q", got)
	}
	return w.Code, w.Body.String()
}

func proving(locale string, p control.Proving) *pages {
	return &pages{shows: control.Asked{Brand: "Lụa <b>", Locale: locale, Proof: &p}}
}

// TestThePageOfAProof names the brand and where the customer is known, says that nothing is bought, and has one button.
func TestThePageOfAProof(t *testing.T) {
	t.Parallel()
	for locale, want := range map[string][]string{
		"vi": {"Lụa &lt;b&gt; xin hỏi: mình cũng nhắn với bên em bằng zalo:25•••515 phải không ạ?", "Mình không mua và không đăng ký gì ạ.", "Đúng, là mình"},
		"en": {"Lụa &lt;b&gt; asks: do you also write to us as zalo:25•••515?", "You buy nothing and sign up for nothing.", "Yes, this is me"},
	} {
		p := proving(locale, control.Proving{Known: "zalo:25•••515", Open: true})
		status, page := visit(t, p, nil)
		for _, w := range want {
			if status != http.StatusOK || !strings.Contains(page, w) {
				t.Errorf("%s: %d, no %q in %s", locale, status, w, page)
			}
		}
		if n := strings.Count(page, "<button"); n != 1 || strings.Count(page, "<form method=\"post\">") != 1 || strings.Contains(page, `name="stop"`) {
			t.Errorf("%s: %d buttons: %s", locale, n, page)
		}
		if p.asked[0] != "show 1-abc" || len(p.asked) != 1 {
			t.Errorf("looking at the page did %v", p.asked)
		}
	}
}

// TestAProofIsConfirmedByItsButton, and by nothing else that is posted.
func TestAProofIsConfirmedByItsButton(t *testing.T) {
	t.Parallel()
	for form, want := range map[string]string{"yes=1": "confirm 1-abc", "answer=yes": "answer 1-abc yes", "": "show 1-abc", "yes=": "show 1-abc", "stop=1": "answer 1-abc STOP"} {
		p := proving("en", control.Proving{Done: true})
		values, err := url.ParseQuery(form)
		if err != nil {
			t.Fatal(err)
		}
		_, page := visit(t, p, values)
		if len(p.asked) != 1 || p.asked[0] != want {
			t.Errorf("%q: %v", form, p.asked)
		}
		if !strings.Contains(page, "Thank you! We know now that it is you.") || strings.Contains(page, "<button") {
			t.Errorf("%q: %s", form, page)
		}
	}
}

// TestAProofThatIsOver has no button, and neither has a link that leads nowhere, or a gateway that cannot answer.
func TestAProofThatIsOver(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]*pages{
		"It works once, and for ten minutes.": proving("en", control.Proving{}),
		"không còn dùng được":                 {fails: control.ErrNotFound},
		"chờ chút nhé":                        {fails: fmt.Errorf("%w: away", control.ErrUnavailable)},
	} {
		if _, page := visit(t, p, url.Values{"yes": {"1"}}); !strings.Contains(page, want) || strings.Contains(page, "<button") {
			t.Errorf("%s: %s", want, page)
		}
	}
}
