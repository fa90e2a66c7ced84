package whatsapp

import (
	"cmp"
	"mime"
	"net/url"
	"path"
	"strings"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/preferences/address"
)

// outgoing is a message as Meta takes it: the envelope, and one of the forms.
type outgoing struct {
	Product   string `json:"messaging_product"`
	Kind      string `json:"recipient_type"`
	To        string `json:"to,omitempty"`        // a number
	Recipient string `json:"recipient,omitempty"` // the id of somebody who hides the number
	Ours      string `json:"biz_opaque_callback_data,omitempty"`
	form
}

// form is what is sent. One of the fields is set, that which Type names.
type form struct {
	Type        string       `json:"type"`
	Text        *text        `json:"text,omitempty"`
	Image       *media       `json:"image,omitempty"`
	Video       *media       `json:"video,omitempty"`
	Audio       *media       `json:"audio,omitempty"`
	Document    *media       `json:"document,omitempty"`
	Interactive *interactive `json:"interactive,omitempty"`
	Template    *template    `json:"template,omitempty"`
}

type text struct {
	Body    string `json:"body"`
	Preview bool   `json:"preview_url"`
}

type media struct {
	Link     string `json:"link"`
	Caption  string `json:"caption,omitempty"`
	Filename string `json:"filename,omitempty"` // of a document
}

type interactive struct {
	Type   string `json:"type"`
	Header *form  `json:"header,omitempty"`
	Body   struct {
		Text string `json:"text"`
	} `json:"body"`
	Action struct {
		Buttons  []button  `json:"buttons,omitempty"`
		Button   string    `json:"button,omitempty"`
		Sections []section `json:"sections,omitempty"`
	} `json:"action"`
}

type button struct {
	Type  string `json:"type"`
	Reply row    `json:"reply"`
}

type section struct {
	Rows []row `json:"rows"`
}

type row struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

func (a *Adapter) outgoing(m adapters.Message) (outgoing, error) {
	out := outgoing{Product: "whatsapp", Kind: "individual", Ours: m.ID}
	switch {
	case !address.WhatsApp.Carries(m.To):
		return out, &adapters.Error{Fault: adapters.Recipient, Detail: "the address does not belong to this channel"}
	case m.To.Scheme == address.Tel:
		out.To = strings.TrimPrefix(m.To.ID, "+")
	default:
		out.Recipient = m.To.ID
	}
	var err error
	if m.Template != nil {
		out.form, err = a.template(*m.Template)
	} else {
		out.form, err = a.shape(m)
	}
	return out, err
}

// shape finds the form that shows m. What no form has room for together is taken apart as Fit does for channels that
// show less: options become numbered lines, a picture a link. Each can still be answered.
func (a *Adapter) shape(m adapters.Message) (form, error) {
	var err error
	if len(m.Options) > 0 && !beside(m) {
		if m, err = without(m, adapters.Capabilities{MediaMax: 1}); err != nil {
			return form{}, err
		}
	}
	if len(m.Media) > 0 && m.Text != "" && (!short(m) || kindOf(m.Media[0]) == "audio") {
		if m, err = without(m, adapters.Capabilities{Options: a.Capabilities().Options}); err != nil {
			return form{}, err
		}
	}
	switch {
	case len(m.Options) > 0:
		return form{Type: "interactive", Interactive: a.choice(m)}, nil
	case len(m.Media) > 0:
		return attachment(m.Media[0], m.Text), nil
	}
	return form{Type: "text", Text: &text{Body: m.Text}}, nil
}

// beside reports whether the options have room beside the text and the picture. Only buttons stand beside a picture.
func beside(m adapters.Message) bool {
	return m.Text != "" && short(m) && (len(m.Media) == 0 || buttons(m.Options) && kindOf(m.Media[0]) != "audio")
}

func short(m adapters.Message) bool {
	return adapters.Capabilities{TextMax: bodyMax}.Check(adapters.Message{Text: m.Text}) == nil
}

// without is m as an account would send it that can do less.
func without(m adapters.Message, less adapters.Capabilities) (adapters.Message, error) {
	less.TextMax = textMax
	parts, _, err := adapters.Fit(m, less)
	if err != nil {
		return m, err
	}
	if len(parts) != 1 {
		return m, &adapters.Error{Fault: adapters.BadMessage, Detail: "the text has no room for what stands beside it"}
	}
	return parts[0], nil
}

// buttons reports whether options fit on buttons; else they are rows of a list. Titles of buttons must differ.
func buttons(options []adapters.Option) bool {
	seen := map[string]bool{}
	for _, o := range options {
		if seen[o.Label] || len([]rune(o.Label)) > buttonMax {
			return false
		}
		seen[o.Label] = true
	}
	return len(options) <= buttonsMax
}

// choice shows options as buttons, or as a list that a button opens. Both stay where they are, so that a late tap still
// says which question it answers.
func (a *Adapter) choice(m adapters.Message) *interactive {
	c := &interactive{Type: "button"}
	c.Body.Text = m.Text
	if len(m.Media) > 0 {
		header := attachment(m.Media[0], "")
		c.Header = &header
	}
	rows := make([]row, len(m.Options))
	for i, o := range m.Options {
		rows[i] = row{ID: cmp.Or(o.Payload, o.Label), Title: o.Label} // Meta takes none without an id
	}
	if !buttons(m.Options) {
		c.Type = "list"
		c.Action.Button, c.Action.Sections = cmp.Or(a.acc.Settings[settingList], defaultList), []section{{rows}}
		return c
	}
	for _, r := range rows {
		c.Action.Buttons = append(c.Action.Buttons, button{"reply", r})
	}
	return c
}

func attachment(x adapters.Media, caption string) form {
	f, m := form{Type: kindOf(x)}, &media{Link: x.URL, Caption: caption}
	switch f.Type {
	case "image":
		f.Image = m
	case "video":
		f.Video = m
	case "audio":
		f.Audio = m
	default:
		if u, err := url.Parse(x.URL); err == nil {
			m.Filename = path.Base(u.Path)
		}
		f.Document = m
	}
	return f
}

// kindOf is Meta's word for a kind of attachment. What it does not show itself goes as a document.
func kindOf(x adapters.Media) string {
	kind := x.Type
	if u, err := url.Parse(x.URL); kind == "" && err == nil {
		kind = mime.TypeByExtension(strings.ToLower(path.Ext(u.Path)))
	}
	kind, _, _ = mime.ParseMediaType(kind)
	switch {
	case kind == "image/jpeg", kind == "image/png":
		return "image"
	case kind == "video/mp4", kind == "video/3gpp":
		return "video"
	case strings.HasPrefix(kind, "audio/"):
		return "audio"
	}
	return "document"
}
