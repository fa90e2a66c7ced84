package console

import (
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/labstack/echo/v4"
)

//go:embed assets/*.css assets/*.js assets/*.svg assets/vendor/*.js assets/vendor/*.woff2
var assetFiles embed.FS

// assets are the files that pages load. Their address has a hash of all of them, so that browsers may keep them for ever.
type assets struct {
	hash  string
	files map[string][]byte
}

func readAssets() (assets, error) {
	a := assets{files: map[string][]byte{}}
	sum := sha256.New()
	err := fs.WalkDir(assetFiles, "assets", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := assetFiles.ReadFile(name)
		if err != nil {
			return err
		}
		fmt.Fprintln(sum, name, len(b))
		sum.Write(b) //nolint:errcheck // a hash never fails
		a.files[strings.TrimPrefix(name, "assets/")] = b
		return nil
	})
	a.hash = hex.EncodeToString(sum.Sum(nil)[:6])
	return a, err
}

// url is a file's address.
func (a assets) url(name string) (string, error) {
	if _, ok := a.files[name]; !ok {
		return "", fmt.Errorf("there is no asset %q", name)
	}
	return Prefix + "/assets/" + a.hash + "/" + name, nil
}

// icon is one of icons.svg, beside words that say the same.
func (a assets) icon(name string) (template.HTML, error) {
	if !strings.Contains(string(a.files["icons.svg"]), `id="`+name+`"`) {
		return "", fmt.Errorf("there is no icon %q", name)
	}
	return template.HTML(`<svg class="icon" aria-hidden="true"><use href="` + Prefix + "/assets/" + a.hash + "/icons.svg#" + template.HTMLEscapeString(name) + `"></use></svg>`), nil //nolint:gosec // escaped
}

func (a assets) serve(x echo.Context) error {
	name := path.Clean(x.Param("*"))
	b, ok := a.files[name]
	if !ok {
		return echo.NewHTTPError(http.StatusNotFound)
	}
	if x.Param("hash") == a.hash {
		x.Response().Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if path.Ext(name) == ".woff2" || !strings.Contains(x.Request().Header.Get("Accept-Encoding"), "gzip") {
		return x.Blob(http.StatusOK, contentType(name), b)
	}
	return packed(x, contentType(name), b)
}

// packed sends what is text in a third of its bytes; browsers ask for it once.
func packed(x echo.Context, kind string, b []byte) error {
	h := x.Response().Header()
	h.Set(echo.HeaderContentType, kind)
	h.Set(echo.HeaderContentEncoding, "gzip")
	h.Set(echo.HeaderVary, echo.HeaderAcceptEncoding)
	x.Response().WriteHeader(http.StatusOK)
	w := gzip.NewWriter(x.Response())
	if _, err := w.Write(b); err != nil {
		return err
	}
	return w.Close()
}

// contentType does not ask the system, whose table may be empty.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	}
	return mime.TypeByExtension(path.Ext(name))
}
