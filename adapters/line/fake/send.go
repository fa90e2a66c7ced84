package fake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/preferences/address"
)

type object = map[string]any

type outgoing struct {
	To       string        `json:"to"`
	Token    string        `json:"replyToken"`
	Endpoint string        `json:"endpoint"`
	Messages []messagePart `json:"messages"`
}

type messagePart struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	Original string `json:"originalContentUrl"`
	Preview  string `json:"previewImageUrl"`
	Quick    struct {
		Items []struct {
			Type   string `json:"type"`
			Action struct {
				Type    string `json:"type"`
				Label   string `json:"label"`
				Data    string `json:"data"`
				Display string `json:"displayText"`
			} `json:"action"`
		} `json:"items"`
	} `json:"quickReply"`
}

func uuidForm() *regexp.Regexp {
	return regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
}

func (l *LINE) push(w http.ResponseWriter, r *http.Request) {
	in, ok := read(w, r)
	if !ok {
		return
	}
	key := r.Header.Get("X-Line-Retry-Key")
	if key != "" && !uuidForm().MatchString(key) {
		refuse(w, 400, "The value for the 'X-Line-Retry-Key' is invalid")
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if was, again := l.taken[key]; again && key != "" {
		w.Header().Set("X-Line-Accepted-Request-Id", was.request)
		w.WriteHeader(http.StatusConflict)
		_, _ = w.Write(was.answer)
		return
	}
	l.used++
	sent := l.show(in.To, in.Messages)
	if key != "" {
		again, _ := json.Marshal(object{"message": "The retry key is already accepted", "sentMessages": sent})
		l.taken[key] = accepted{request: fmt.Sprintf("%08x-request", l.Next()), answer: again}
	}
	say(w, object{"sentMessages": sent})
}

func (l *LINE) reply(w http.ResponseWriter, r *http.Request) {
	in, ok := read(w, r)
	if !ok {
		return
	}
	if r.Header.Get("X-Line-Retry-Key") != "" {
		refuse(w, 400, "The 'X-Line-Retry-Key' header is not supported")
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	to, good := l.tokens[in.Token]
	if !good {
		refuse(w, 400, "Invalid reply token")
		return
	}
	delete(l.tokens, in.Token)
	l.replies++
	say(w, object{"sentMessages": l.show(to, in.Messages)})
}

func (l *LINE) endpoint(w http.ResponseWriter, r *http.Request) {
	var in outgoing
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || !strings.HasPrefix(in.Endpoint, "https://") {
		refuse(w, 400, "Invalid webhook endpoint URL")
		return
	}
	l.Point(in.Endpoint, "")
	say(w, object{})
}

// read takes message objects and refuses what LINE refuses.
func read(w http.ResponseWriter, r *http.Request) (in outgoing, ok bool) {
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		refuse(w, 400, "The request body could not be parsed as JSON")
		return in, false
	}
	if len(in.Messages) == 0 || len(in.Messages) > 5 {
		refuse(w, 400, "The request body has 1 error(s)")
		return in, false
	}
	for _, p := range in.Messages {
		if !p.valid() {
			refuse(w, 400, "The request body has 1 error(s)")
			return in, false
		}
	}
	return in, true
}

func (p messagePart) valid() bool {
	switch p.Type {
	case "text":
		if n := len(utf16.Encode([]rune(p.Text))); n == 0 || n > 5000 {
			return false
		}
	case "image":
		if !strings.HasPrefix(p.Original, "https://") || !strings.HasPrefix(p.Preview, "https://") {
			return false
		}
	default:
		return false
	}
	for _, i := range p.Quick.Items {
		a := i.Action
		if i.Type != "action" || a.Type != "postback" || a.Label == "" || utf8.RuneCountInString(a.Label) > 20 || a.Data == "" || len(a.Data) > 300 || utf8.RuneCountInString(a.Display) > 300 {
			return false
		}
	}
	return len(p.Quick.Items) <= 13
}

// show lets a phone show message objects. Quick replies show under the last of them only, and are gone with the next.
func (l *LINE) show(to string, parts []messagePart) (sent []object) {
	m := adapters.Message{To: address.Address{Scheme: "line", ID: to}}
	var texts []string
	for _, p := range parts {
		sent = append(sent, object{"id": strconv.FormatInt(l.Next(), 10), "quoteToken": "yHAz4Ua2wx7"})
		if p.Type == "image" {
			m.Media = append(m.Media, adapters.Media{URL: p.Original, Type: "image/jpeg"})
		} else {
			texts = append(texts, p.Text)
		}
	}
	for _, i := range parts[len(parts)-1].Quick.Items {
		m.Options = append(m.Options, adapters.Option{Label: i.Action.Label, Payload: i.Action.Data})
	}
	m.Text = strings.Join(texts, "\n")
	l.Show(m)
	return sent
}

func say(w http.ResponseWriter, v object) {
	var b bytes.Buffer
	_ = json.NewEncoder(&b).Encode(v) // maps of strings and numbers always encode
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Line-Request-Id", "123e4567-e89b-12d3-a456-426655440001")
	_, _ = w.Write(b.Bytes())
}

func refuse(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"message":%q}`, message)
}
