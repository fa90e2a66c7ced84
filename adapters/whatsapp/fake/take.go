package fake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/preferences/address"
)

// sent is what the business posts.
type sent struct {
	Product   string `json:"messaging_product"`
	Kind      string `json:"recipient_type"`
	To        string `json:"to"`
	Recipient string `json:"recipient"`
	Type      string `json:"type"`
	Opaque    string `json:"biz_opaque_callback_data"`
	Text      *struct {
		Body string `json:"body"`
	} `json:"text"`
	attachments
	Interactive *interactive `json:"interactive"`
	Template    *template    `json:"template"`
}

type attachment struct {
	Link    string `json:"link"`
	Caption string `json:"caption"`
}

type attachments struct {
	Image    *attachment `json:"image"`
	Video    *attachment `json:"video"`
	Audio    *attachment `json:"audio"`
	Document *attachment `json:"document"`
}

type reply struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

type interactive struct {
	Type   string `json:"type"`
	Header *struct {
		Type string `json:"type"`
		attachments
	} `json:"header"`
	Body struct {
		Text string `json:"text"`
	} `json:"body"`
	Action struct {
		Button  string `json:"button"`
		Buttons []struct {
			Type  string `json:"type"`
			Reply reply  `json:"reply"`
		} `json:"buttons"`
		Sections []struct {
			Title string  `json:"title"`
			Rows  []reply `json:"rows"`
		} `json:"sections"`
	} `json:"action"`
}

type template struct {
	Name     string `json:"name"`
	Language struct {
		Code string `json:"code"`
	} `json:"language"`
	Components []struct {
		Type       string `json:"type"`
		SubType    string `json:"sub_type"`
		Index      string `json:"index"`
		Parameters []struct {
			Type    string      `json:"type"`
			Name    string      `json:"parameter_name"`
			Text    string      `json:"text"`
			Payload string      `json:"payload"`
			Image   *attachment `json:"image"`
		} `json:"parameters"`
	} `json:"components"`
}

// take is the messages endpoint. What is against the documented limits gets the code of a wrong parameter.
func (f *WhatsApp) take(w http.ResponseWriter, r *http.Request) {
	var in sent
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Product != "whatsapp" || in.Kind != "individual" {
		refuse(w, http.StatusBadRequest, 100)
		return
	}
	m, ok := in.shown()
	if !ok || (in.To == "") == (in.Recipient == "") || len(in.Opaque) > 512 {
		refuse(w, http.StatusBadRequest, 131009)
		return
	}
	if in.To != "" {
		m.To = address.Address{Scheme: address.Tel, ID: "+" + strings.TrimPrefix(in.To, "+")}
	} else {
		m.To = address.Address{Scheme: "whatsapp", ID: in.Recipient}
	}
	f.Show(m)
	_, _ = fmt.Fprintf(w, `{"messaging_product":"whatsapp","contacts":[{"input":%q,"wa_id":%q}],"messages":[{"id":"wamid.HBgL%d","message_status":"accepted"}]}`,
		in.To+in.Recipient, in.To, f.Next())
}

func (in sent) shown() (m adapters.Message, ok bool) {
	switch in.Type {
	case "text":
		if in.Text == nil || in.Text.Body == "" || utf8.RuneCountInString(in.Text.Body) > 4096 {
			return m, false
		}
		m.Text = in.Text.Body
		return m, true
	case "interactive":
		return in.Interactive.shown()
	case "template":
		return in.Template.shown()
	}
	a, x, ok := in.of(in.Type)
	if !ok || utf8.RuneCountInString(a.Caption) > 1024 || in.Type == "audio" && a.Caption != "" {
		return m, false
	}
	m.Text, m.Media = a.Caption, []adapters.Media{x}
	return m, true
}

// of is the attachment of a type, which must have a link.
func (a attachments) of(kind string) (*attachment, adapters.Media, bool) {
	x := map[string]*attachment{"image": a.Image, "video": a.Video, "audio": a.Audio, "document": a.Document}[kind]
	if x == nil || !strings.HasPrefix(x.Link, "http") {
		return nil, adapters.Media{}, false
	}
	return x, adapters.Media{URL: x.Link, Type: kind}, true
}

func (in *interactive) shown() (m adapters.Message, ok bool) {
	if in == nil || in.Body.Text == "" || utf8.RuneCountInString(in.Body.Text) > 1024 {
		return m, false
	}
	m.Text = in.Body.Text
	if h := in.Header; h != nil {
		_, x, ok := h.of(h.Type)
		if !ok || in.Type != "button" || h.Type == "audio" { // a list's header is text only
			return m, false
		}
		m.Media = []adapters.Media{x}
	}
	m.Options, ok = in.options()
	return m, ok
}

func (in *interactive) options() (out []adapters.Option, ok bool) {
	titles, ids := map[string]bool{}, map[string]bool{}
	add := func(r reply, titleMax, idMax int) bool {
		n := utf8.RuneCountInString(r.Title)
		ok := n > 0 && n <= titleMax && r.ID != "" && len(r.ID) <= idMax && !ids[r.ID] && (in.Type == "list" || !titles[r.Title])
		titles[r.Title], ids[r.ID] = true, true
		out = append(out, adapters.Option{Payload: r.ID, Label: r.Title})
		return ok
	}
	switch a := in.Action; in.Type {
	case "button":
		for _, b := range a.Buttons {
			if b.Type != "reply" || !add(b.Reply, 20, 256) {
				return nil, false
			}
		}
		return out, len(out) >= 1 && len(out) <= 3
	case "list":
		for _, s := range a.Sections {
			for _, r := range s.Rows {
				if !add(r, 24, 200) {
					return nil, false
				}
			}
		}
		n := utf8.RuneCountInString(a.Button)
		return out, len(out) >= 1 && len(out) <= 10 && n >= 1 && n <= 20 && len(a.Sections) == 1
	}
	return nil, false
}

// shown gives each parameter the name under which people know it: gaps by number or name, buttons counted from 1.
func (t *template) shown() (m adapters.Message, ok bool) {
	if t == nil || t.Name == "" || t.Language.Code == "" {
		return m, false
	}
	v := map[string]string{}
	for _, c := range t.Components {
		for i, p := range c.Parameters {
			name := p.Name
			if name == "" {
				name = strconv.Itoa(i + 1)
			}
			index, _ := strconv.Atoi(c.Index)
			switch {
			case c.Type == "body" && p.Type == "text" && p.Text != "" && !strings.ContainsAny(p.Text, "\n\t"):
				v[name] = p.Text
			case c.Type == "header" && p.Type == "text":
				v["header."+name] = p.Text
			case c.Type == "header" && p.Type == "image" && p.Image != nil:
				v["header.image"] = p.Image.Link
			case c.Type == "button" && c.SubType == "quick_reply" && p.Type == "payload":
				v[fmt.Sprintf("button.%d", index+1)] = p.Payload
			case c.Type == "button" && c.SubType == "url" && p.Type == "text":
				v[fmt.Sprintf("link.%d", index+1)] = p.Text
			default:
				return m, false
			}
		}
	}
	m.Template = &adapters.Template{ID: t.Name, Language: t.Language.Code, Variables: v}
	return m, true
}
