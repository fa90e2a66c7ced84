package line

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
	"github.com/hoidap/hoidap/preferences/address"
)

// The headers of repeats: ours, and the one by which LINE names the request that it took before.
const (
	retryHeader    = "X-Line-Retry-Key"
	acceptedHeader = "X-Line-Accepted-Request-Id"
)

type action struct {
	Type    string `json:"type"`
	Label   string `json:"label"`
	Data    string `json:"data"`
	Display string `json:"displayText"`
}

type item struct {
	Type   string `json:"type"`
	Action action `json:"action"`
}

type quickReply struct {
	Items []item `json:"items"`
}

// object is one message object.
type object struct {
	Type     string      `json:"type"`
	Text     string      `json:"text,omitempty"`
	Original string      `json:"originalContentUrl,omitempty"`
	Preview  string      `json:"previewImageUrl,omitempty"`
	Quick    *quickReply `json:"quickReply,omitempty"`
}

type push struct {
	To       string   `json:"to"`
	Messages []object `json:"messages"`
}

type reply struct {
	Token    string   `json:"replyToken"`
	Messages []object `json:"messages"`
}

// Send hands m to LINE once. An answer to a person goes by the reply token, which costs nothing, as long as LINE takes
// it; a token that has ended took nothing, and the message is pushed. Replies have no key: what gets lost there may come
// twice, so that only answers go that way, which are rather repeated than lost.
func (a *Adapter) Send(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	if err := a.Capabilities().Check(m); err != nil {
		return adapters.Sent{}, err
	}
	if !address.LINE.Carries(m.To) {
		return adapters.Sent{}, &adapters.Error{Fault: adapters.Recipient, Detail: "the address is no user of LINE's"}
	}
	all := objects(m)
	if m.Handle != "" && (m.Class == adapters.Reply || m.Class == adapters.Control) {
		sent, err := a.post(ctx, "/v2/bot/message/reply", nil, reply{m.Handle, all})
		if !tokenEnded(err) {
			return sent, err
		}
	}
	sent, err := a.post(ctx, "/v2/bot/message/push", http.Header{retryHeader: {retryKey(m)}}, push{m.To.ID, all})
	if err == nil {
		sent.Units = 1 // a call is charged once, however many objects it has
	}
	return sent, err
}

// objects are m's attachments and then its text: quick replies show under the last one only.
func objects(m adapters.Message) (all []object) {
	for _, x := range m.Media {
		if picture(x) {
			all = append(all, object{Type: "image", Original: x.URL, Preview: x.URL})
		} else {
			all = append(all, object{Type: "text", Text: x.URL}) // sounds and films need what we do not know: length, preview
		}
	}
	if m.Text != "" {
		all = append(all, object{Type: "text", Text: m.Text})
	}
	if len(m.Options) > 0 {
		all[len(all)-1].Quick = quick(m.Options)
	}
	return all
}

// picture reports whether LINE shows x as a picture: it takes JPEG and PNG over HTTPS.
func picture(x adapters.Media) bool {
	return strings.HasPrefix(x.URL, "https://") && (x.Type == "image/jpeg" || x.Type == "image/png")
}

// quick are buttons that send the payload and show the label in the chat as if it had been written.
func quick(options []adapters.Option) *quickReply {
	q := &quickReply{}
	for _, o := range options {
		q.Items = append(q.Items, item{"action", action{"postback", o.Label, cmp.Or(o.Payload, o.Label), o.Label}})
	}
	return q
}

// retryKey is the same for each repeat of a message, in the form of a UUID that LINE demands. It keeps keys for a day.
func retryKey(m adapters.Message) string {
	sum := sha256.Sum256([]byte(m.To.String() + "\n" + m.ID))
	b := sum[:16]
	b[6], b[8] = b[6]&0x0f|0x80, b[8]&0x3f|0x80 // version 8: made as its maker likes
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

type told struct {
	Message string `json:"message"`
	Sent    []struct {
		ID string `json:"id"`
	} `json:"sentMessages"`
}

// post sends message objects and reads which messages they became.
func (a *Adapter) post(ctx context.Context, path string, header http.Header, body any) (adapters.Sent, error) {
	answer, err := a.api.PostJSON(ctx, path, a.authorized(header), body)
	if err != nil {
		return adapters.Sent{}, err
	}
	var t told
	odd := answer.JSON(&t)
	var ids []string
	for _, s := range t.Sent {
		if s.ID != "" {
			ids = append(ids, s.ID)
		}
	}
	if taken := answer.Header.Get(acceptedHeader); answer.Status == http.StatusConflict && taken != "" {
		if len(ids) == 0 {
			ids = []string{"request:" + taken} // the messages' own ids are not told
		}
		return adapters.Sent{IDs: ids}, nil
	}
	if err := refused(answer, t.Message, a.acc.Now()); err != nil {
		return adapters.Sent{}, err
	}
	if odd == nil && len(ids) == 0 {
		odd = answer.Odd("names no message")
	}
	return adapters.Sent{IDs: ids}, odd
}

func (a *Adapter) authorized(header http.Header) http.Header {
	h := httpcall.Bearer(a.acc.Settings["channel_access_token"])
	for name, v := range header {
		h[name] = v
	}
	return h
}
