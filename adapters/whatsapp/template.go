package whatsapp

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hoidap/hoidap/adapters"
)

// template is an approved text with what fills its gaps.
type template struct {
	Name     string `json:"name"`
	Language struct {
		Policy string `json:"policy"`
		Code   string `json:"code"`
	} `json:"language"`
	Components []component `json:"components,omitempty"`
}

type component struct {
	Type       string      `json:"type"`
	SubType    string      `json:"sub_type,omitempty"`
	Index      string      `json:"index,omitempty"`
	Parameters []parameter `json:"parameters"`
}

type parameter struct {
	Type    string `json:"type"`
	Name    string `json:"parameter_name,omitempty"`
	Text    string `json:"text,omitempty"`
	Payload string `json:"payload,omitempty"`
	Image   *media `json:"image,omitempty"`
}

// The names of variables that are not the body's.
const (
	headerImage = "header.image" // the address of the picture on top
	headerText  = "header."      // a gap in the headline: header.1
	buttonReply = "button."      // what a tap on a quick reply brings: button.1 is the first
	buttonLink  = "link."        // the end of a link button's address: link.2 is the second button
)

// buttonsOfTemplate is how many buttons a template has at most.
const buttonsOfTemplate = 10

// template fills an approved template. Variables that are numbers are the body's gaps in their order, and those with
// other names its named ones; header.1, header.image, button.1 and link.1 are what stands around it.
func (a *Adapter) template(x adapters.Template) (form, error) {
	t := &template{Name: x.ID}
	t.Language.Policy, t.Language.Code = "deterministic", cmp.Or(x.Language, a.acc.Settings[settingLanguage], defaultLanguage)
	header, body, around := component{Type: "header"}, component{Type: "body"}, []component(nil)
	for _, name := range slices.SortedFunc(maps.Keys(x.Variables), byNumber) {
		value := x.Variables[name]
		switch kind, gap := partOf(name); kind {
		case headerImage:
			header.Parameters = append(header.Parameters, parameter{Type: "image", Image: &media{Link: value}})
		case headerText:
			header.Parameters = append(header.Parameters, filled(gap, value))
		case buttonReply, buttonLink:
			b, err := onButton(kind, gap, value)
			if err != nil {
				return form{}, err
			}
			around = append(around, b)
		default:
			body.Parameters = append(body.Parameters, filled(name, value))
		}
	}
	for _, c := range append([]component{header, body}, around...) {
		if len(c.Parameters) > 0 {
			t.Components = append(t.Components, c)
		}
	}
	return form{Type: "template", Template: t}, nil
}

// byNumber orders variables so that 10 comes behind 9.
func byNumber(a, b string) int {
	return cmp.Or(cmp.Compare(len(digits(a)), len(digits(b))), cmp.Compare(a, b))
}

// digits is the number at the end of a name.
func digits(name string) string {
	return name[len(strings.TrimRight(name, "0123456789")):]
}

// partOf says what part of a template a variable fills, and which gap in it.
func partOf(name string) (kind, gap string) {
	if name == headerImage {
		return headerImage, ""
	}
	for _, kind := range [...]string{headerText, buttonReply, buttonLink} {
		if gap, ok := strings.CutPrefix(name, kind); ok && gap != "" {
			return kind, gap
		}
	}
	return "", name
}

// filled is what fills a gap: numbered ones are told apart by their order, others by their name.
func filled(gap, value string) parameter {
	p := parameter{Type: "text", Text: oneLine(value)}
	if digits(gap) != gap {
		p.Name = gap
	}
	return p
}

func onButton(kind, number, value string) (component, error) {
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > buttonsOfTemplate {
		return component{}, &adapters.Error{Fault: adapters.BadMessage, Detail: "a template's buttons are numbered from 1 to 10"}
	}
	c := component{Type: "button", Index: strconv.Itoa(n - 1)}
	if kind == buttonLink {
		c.SubType, c.Parameters = "url", []parameter{{Type: "text", Text: value}}
	} else {
		c.SubType, c.Parameters = "quick_reply", []parameter{{Type: "payload", Payload: value}}
	}
	return c, nil
}

// oneLine takes out of a value what Meta refuses in a gap: line ends, tabs and more than four spaces in a row.
func oneLine(v string) string {
	if strings.ContainsAny(v, "\n\r\t") || strings.Contains(v, "     ") {
		return strings.Join(strings.Fields(v), " ")
	}
	return v
}
