package api

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"
	"go.yaml.in/yaml/v4"
)

// ReferencePrefix is where the document can be read by people.
const ReferencePrefix = "/api/docs"

//go:embed reference
var referenceFiles embed.FS

// MountReference adds the reference: the document as a page that asks nobody else for anything. It is open to everybody, as
// the document is.
func MountReference(e *echo.Echo) {
	page := sync.OnceValues(func() ([]byte, error) { return reference(document) })
	e.GET(ReferencePrefix, func(c echo.Context) error {
		b, err := page()
		if err != nil {
			return err
		}
		return c.HTMLBlob(http.StatusOK, b)
	})
	for name, kind := range map[string]string{"reference.css": "text/css; charset=utf-8", "reference.js": "text/javascript; charset=utf-8"} {
		e.GET(ReferencePrefix+"/"+name, func(c echo.Context) error {
			b, err := referenceFiles.ReadFile("reference/" + name)
			if err != nil {
				return err
			}
			return c.Blob(http.StatusOK, kind, b)
		})
	}
}

// described is what of the document the reference shows.
type described struct {
	Info struct{ Title, Version, Description string }
	Tags []struct{ Name, Description string }

	Paths    ordered[pathItem]
	Webhooks ordered[pathItem]

	Components struct {
		Schemas       ordered[schema]
		Parameters    map[string]parameter
		Responses     map[string]response
		RequestBodies map[string]body `yaml:"requestBodies"`
	}
}

type pathItem struct {
	Parameters             []parameter
	Get, Put, Post, Delete *operation
}

type operation struct {
	Summary, Description string
	ID                   string `yaml:"operationId"`
	Tags                 []string
	Role                 string `yaml:"x-role"`
	Parameters           []parameter
	Body                 *body `yaml:"requestBody"`
	Responses            ordered[response]

	Method, Path string `yaml:"-"`
}

type parameter struct {
	Ref         string `yaml:"$ref"`
	Name, In    string
	Description string
	Required    bool
	Schema      schema
}

type body struct {
	Ref      string `yaml:"$ref"`
	Required bool
	Content  map[string]media
}

type response struct {
	Ref         string `yaml:"$ref"`
	Description string
	Content     map[string]media
}

type media struct {
	Schema  schema
	Example any
}

type schema struct {
	Ref, Description, Format, Pattern string
	Type                              any
	Const, Default, Example           any
	Enum, Required                    []any
	Minimum, Maximum                  any
	MaxLength                         any `yaml:"maxLength"`
	Properties                        ordered[schema]
	Items                             *schema
	OneOf                             []schema `yaml:"oneOf"`
}

// UnmarshalYAML reads $ref, which no name of a field can say by itself.
func (s *schema) UnmarshalYAML(n *yaml.Node) error {
	type plain schema
	var ref struct {
		Ref string `yaml:"$ref"`
	}
	if err := n.Decode(&ref); err != nil {
		return err
	}
	err := n.Decode((*plain)(s))
	s.Ref = ref.Ref
	return err
}

// ordered is a mapping in the order in which it is written.
type ordered[T any] []named[T]

type named[T any] struct {
	Name  string
	Value T
}

// UnmarshalYAML keeps the order.
func (o *ordered[T]) UnmarshalYAML(n *yaml.Node) error {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		x := named[T]{Name: n.Content[i].Value}
		if err := n.Content[i+1].Decode(&x.Value); err != nil {
			return err
		}
		*o = append(*o, x)
	}
	return nil
}

// group is the operations of one tag.
type group struct {
	Name, Description string
	Operations        []operation
}

// reference makes the page of a document.
func reference(document []byte) ([]byte, error) {
	var d described
	if err := yaml.Unmarshal(document, &d); err != nil {
		return nil, fmt.Errorf("reading the API's document: %w", err)
	}
	t, err := template.New("reference.html").Funcs(template.FuncMap{"text": prose, "kind": kindOfSchema, "last": last, "lower": strings.ToLower}).ParseFS(referenceFiles, "reference/reference.html")
	if err != nil {
		return nil, fmt.Errorf("reading the reference's template: %w", err)
	}
	var out bytes.Buffer
	err = t.Execute(&out, map[string]any{"Doc": d, "Groups": d.groups(), "Told": d.operations(d.Webhooks), "Prefix": Prefix})
	return out.Bytes(), err
}

func (d *described) groups() []group {
	var out []group
	all := d.operations(d.Paths)
	for _, t := range d.Tags {
		g := group{Name: t.Name, Description: t.Description}
		for _, o := range all {
			if len(o.Tags) > 0 && o.Tags[0] == t.Name {
				g.Operations = append(g.Operations, o)
			}
		}
		out = append(out, g)
	}
	return out
}

// operations are those of paths, with what they refer to in place.
func (d *described) operations(paths ordered[pathItem]) (out []operation) {
	for _, p := range paths {
		for _, m := range []struct {
			name string
			op   *operation
		}{{"GET", p.Value.Get}, {"PUT", p.Value.Put}, {"POST", p.Value.Post}, {"DELETE", p.Value.Delete}} {
			if m.op == nil {
				continue
			}
			o := *m.op
			o.Method, o.Path = m.name, p.Name
			o.Parameters = d.parameters(append(append([]parameter{}, p.Value.Parameters...), o.Parameters...))
			if o.Body != nil && o.Body.Ref != "" {
				b := d.Components.RequestBodies[last(o.Body.Ref)]
				o.Body = &b
			}
			o.Responses = d.responses(o.Responses)
			out = append(out, o)
		}
	}
	return out
}

func (d *described) parameters(ps []parameter) []parameter {
	for i, p := range ps {
		if p.Ref != "" {
			ps[i] = d.Components.Parameters[last(p.Ref)]
		}
	}
	return ps
}

func (d *described) responses(rs ordered[response]) ordered[response] {
	for i, r := range rs {
		if r.Value.Ref != "" {
			rs[i].Value = d.Components.Responses[last(r.Value.Ref)]
		}
	}
	return rs
}

// last is the name that a reference ends with.
func last(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }

// kindOfSchema says what a value is, in a few words.
func kindOfSchema(s schema) string {
	switch {
	case s.Const != nil:
		return fmt.Sprint(s.Const)
	case len(s.Enum) > 0:
		words := make([]string, len(s.Enum))
		for i, e := range s.Enum {
			words[i] = fmt.Sprint(e)
		}
		return strings.Join(words, " · ")
	case s.Format == "date-time":
		return "time"
	case s.Type == nil:
		return ""
	}
	kind := strings.Trim(fmt.Sprint(s.Type), "[]")
	if s.Minimum != nil && s.Maximum != nil {
		kind += fmt.Sprintf(" %v–%v", s.Minimum, s.Maximum)
	}
	if s.Default != nil {
		kind += fmt.Sprintf(", else %v", s.Default)
	}
	return kind
}

var (
	codeText = regexp.MustCompile("`([^`]+)`")
	boldText = regexp.MustCompile(`\*\*([^*]+)\*\*`)
	emphText = regexp.MustCompile(`\*([^*\s][^*]*)\*`)
	linkText = regexp.MustCompile(`\[([^\]]+)\]\((https://[^)\s]+)\)`)
)

// prose makes paragraphs of what the document says: all is escaped, then the few marks that it uses are made.
func prose(s string) template.HTML {
	s = template.HTMLEscapeString(strings.TrimSpace(s))
	s = codeText.ReplaceAllString(s, "<code>$1</code>")
	s = boldText.ReplaceAllString(s, "<strong>$1</strong>")
	s = emphText.ReplaceAllString(s, "<em>$1</em>")
	s = linkText.ReplaceAllString(s, `<a href="$2" rel="noreferrer">$1</a>`)
	return template.HTML("<p>" + strings.ReplaceAll(s, "\n\n", "</p><p>") + "</p>") //nolint:gosec // our own document, escaped
}
