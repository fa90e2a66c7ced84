package phone_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/phone"
	"github.com/hoidap/hoidap/preferences/address"
)

// browser is the other side of the phone: what the page shows and posts. It has no failures.
type browser struct{ hub *phone.Phone }

func (b browser) Hook(e adapters.Event) (adapters.Request, bool) {
	if e.Kind != adapters.Inbound || len(e.Media) > 0 {
		return adapters.Request{}, false
	}
	body, err := json.Marshal(map[string]any{"from": e.From, "text": e.Text, "payload": e.Payload, "id": e.MessageID, "name": e.Name})
	return adapters.Request{
		Method: http.MethodPost, URL: adaptertest.Webhook, Header: http.Header{phone.TokenHeader: {"secret"}}, Body: body, At: e.At,
	}, err == nil
}

func (b browser) Shown(to address.Address) []adapters.Message {
	var out []adapters.Message
	for _, m := range b.hub.Messages(to) {
		out = append(out, adapters.Message{To: m.To, Text: m.Text, Options: m.Options, Media: m.Media})
	}
	return out
}

func (b browser) Break(adapters.Fault) bool { return false }

func TestContract(t *testing.T) {
	for _, channel := range address.Channels() {
		to := address.Address{Scheme: channel.Scheme(), ID: "9007199254740993"}
		if to.Scheme == address.Tel {
			to.ID = "+84901234567"
		}
		t.Run(string(channel), func(t *testing.T) {
			adaptertest.Run(t, adaptertest.Kit{
				Open: func() (adapters.Type, adaptertest.Fake) {
					hub := phone.New()
					return phone.Type(hub), browser{hub}
				},
				Channel:  channel,
				Settings: map[string]string{"token": "secret"},
				To:       to,
				Proofs:   []adaptertest.Proof{{Header: phone.TokenHeader}}, // a shared secret: it signs nothing
				Lacks:    []adapters.Fault{adapters.Transient, adapters.Throttled, adapters.Later, adapters.Recipient, adapters.Stopped, adapters.Window, adapters.BadMessage, adapters.Operator},
				Events: []adapters.Event{
					{Kind: adapters.Inbound, From: to, MessageID: "t1", Text: "dạ 2 nha"},
					{Kind: adapters.Inbound, From: to, MessageID: "t2", Payload: "style=office", Name: "Lan"},
				},
			})
		})
	}
}
