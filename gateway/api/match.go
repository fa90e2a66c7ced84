package api

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/web"
)

// An ETag begins with the revision of what it stands for, where that can be edited. If-Match asks for the revision alone: that
// another file has brought a warning, or that a viewer was shown less, is no edit.

const revisionKey = "revision"

// showsRevision says which revision an answer shows.
func showsRevision(c echo.Context, revision string) { c.Set(revisionKey, revision+".") }

func revisionOf(c echo.Context) string {
	s, _ := c.Get(revisionKey).(string)
	return s
}

// wanted is the revisions that If-Match names; none where the header is not there. One that cannot be read is "".
func wanted(c echo.Context) (revisions []string, whatever bool) {
	for _, v := range c.Request().Header.Values("If-Match") {
		for one := range strings.SplitSeq(v, ",") {
			if one = strings.TrimSpace(one); one == "*" {
				return nil, true
			}
			revision, _, _ := strings.Cut(strings.Trim(strings.TrimPrefix(one, "W/"), `"`), ".")
			revisions = append(revisions, revision)
		}
	}
	return revisions, len(revisions) == 0
}

// match refuses an edit of something that is at another revision than If-Match says; now is how it is answered at present.
func match(c echo.Context, revision string, now any) error {
	revisions, whatever := wanted(c)
	for _, r := range revisions {
		whatever = whatever || r == revision
	}
	if whatever {
		return nil
	}
	return stale(http.StatusPreconditionFailed, "It was changed since you read it: read it again, make your change to that, and send the ETag that it has then. The ETag of now stands in this answer's header.", revision, now)
}

// stale is the answer to an edit of something else than what is there; it has the ETag of what is.
func stale(status int, detail, revision string, now any) error {
	b, err := json.Marshal(now)
	if err != nil {
		return err
	}
	return &web.Problem{Status: status, Detail: detail, ETag: tagOf(revision+".", append(b, '\n'))}
}

// seenOf is what the caller has seen of a file that they edit, as If-Match says.
func seenOf(c echo.Context, theirs control.FileDetail) (control.FileSeen, error) {
	if len(c.Request().Header.Values("If-Match")) == 0 {
		return control.FileSeen{}, stale(http.StatusPreconditionRequired, "Say in If-Match which version of the file you have seen: the ETag that it was read with. The ETag of now stands in this answer's header.", theirs.Revision(), theirs)
	}
	if err := match(c, theirs.Revision(), theirs); err != nil {
		return control.FileSeen{}, err
	}
	return control.FileSeen{Version: theirs.Version, Revision: theirs.Revision()}, nil
}
