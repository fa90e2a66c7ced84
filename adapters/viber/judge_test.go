package viber_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/adaptertest/judge"
	"github.com/hoidap/hoidap/adapters/viber/fake"
)

// The validator of viber-bot accepts what our Viber signs, and refuses it changed.
func TestTheSDKAcceptsOurFake(t *testing.T) {
	t.Parallel()
	f := fake.New(adaptertest.Webhook, token)
	type call struct{ Body, Signature string }
	var calls []call
	for _, e := range []adapters.Event{
		{Kind: adapters.Inbound, From: lan(), MessageID: "5741311803571721087", Text: adaptertest.Letters, Name: "Lan"},
		{Kind: adapters.Report, From: lan(), Theirs: "5741311803571721087", Status: adapters.Read},
		{Kind: adapters.OptIn, From: lan(), Payload: "abc123"},
	} {
		e.At = time.Now()
		r, ok := f.Hook(e)
		if !ok {
			t.Fatal(e)
		}
		calls = append(calls, call{string(r.Body), r.Header.Get("X-Viber-Content-Signature")})
	}
	n := len(calls)
	for _, c := range calls[:n] {
		calls = append(calls, call{c.Body + " ", c.Signature})
	}
	var accepted []bool
	judge.Ask(t, `const MessageValidator = require('viber-bot/lib/message/message-validator');
		const v = new MessageValidator({ debug() {} }, asked.Token);
		answer(asked.Calls.map((c) => v.validateMessage(c.Signature, c.Body)));`,
		map[string]any{"Token": token, "Calls": calls}, &accepted)
	for i, ok := range accepted {
		if ok != (i < n) {
			t.Errorf("the SDK says %v of %.80q", ok, calls[i].Body)
		}
	}
}

// What viber-bot signs, the adapter finds right, whatever the JSON looks like.
func TestTheSDKSigns(t *testing.T) {
	t.Parallel()
	a := open(t, says("", nil), nil)
	bodies := []string{
		`{"event":"delivered","timestamp":1760000000000,"message_token":5741311803571721087,"user_id":"01234567890A="}`,
		"{ \"event\" : \"message\",\n\"timestamp\":1760000000000,\"message_token\":4912661846655238145,\"sender\":{\"id\":\"01234567890A=\",\"name\":\"Lan\"},\"message\":{\"type\":\"text\",\"text\":\"\\u0043\u00f3 \\/ Đồng ý 👍🏽\"}}",
	}
	var signatures []string
	judge.Ask(t, `const MessageValidator = require('viber-bot/lib/message/message-validator');
		const v = new MessageValidator({ debug() {} }, asked.Token);
		answer(asked.Bodies.map((body) => v._calculateHmacFromMessage(body)));`, map[string]any{"Token": token, "Bodies": bodies}, &signatures)
	for i, body := range bodies {
		r := adapters.Request{Method: http.MethodPost, URL: adaptertest.Webhook, Header: http.Header{"X-Viber-Content-Signature": {signatures[i]}}, Body: []byte(body)}
		if d, err := a.Decode(r); err != nil || len(d.Events) != 1 {
			t.Errorf("%s: %+v, %v", body, d, err)
		}
	}
}

// viber-bot's client and the adapter ask for the same; beside it viber-bot repeats the token in the body and sends empty
// tracking data.
func TestTheSDKSendsTheSame(t *testing.T) {
	t.Parallel()
	type request struct {
		Path, Token string
		Body        map[string]any
	}
	var seen []request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got := request{Path: r.Method + " " + r.URL.Path, Token: r.Header.Get("X-Viber-Auth-Token")}
		_ = json.Unmarshal(b, &got.Body)
		seen = append(seen, got)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"status":0,"status_message":"ok","message_token":5741311803571721087}`)
	}))
	defer server.Close()
	a := open(t, server.Config.Handler, map[string]string{"sender_avatar": "https://shop.example.com/a.png"})
	m := adapters.Message{ID: "c1.17", To: lan(), Text: adaptertest.Letters, Options: []adapters.Option{{Payload: "1", Label: "Buổi sáng"}, {Payload: "2", Label: "Buổi chiều"}}}
	if _, err := a.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	var status int
	judge.Ask(t, `const ViberClient = require('viber-bot/lib/viber-client');
		const TextMessage = require('viber-bot').Message.Text;
		const quiet = { info() {}, debug() {}, warn() {}, error() {} };
		const client = new ViberClient(quiet, { authToken: asked.Token, name: 'My Shop', avatar: 'https://shop.example.com/a.png' }, asked.At + '/pa', []);
		const Buttons = asked.Options.map((o) => ({ Columns: 3, Rows: 1, ActionType: 'reply', ActionBody: o.Payload, Text: o.Label, TextSize: 'regular' }));
		const m = new TextMessage(asked.Text, { Type: 'keyboard', DefaultHeight: false, Buttons });
		client.sendMessage(asked.To, 'text', m.toJson(), null, m.keyboard).then((r) => answer(r.status));`,
		map[string]any{"Token": token, "At": server.URL, "To": lan().ID, "Text": adaptertest.Letters, "Options": m.Options}, &status)
	if len(seen) != 2 {
		t.Fatalf("%d requests", len(seen))
	}
	delete(seen[1].Body, "auth_token")
	delete(seen[1].Body, "tracking_data")
	if !reflect.DeepEqual(seen[0], seen[1]) {
		t.Errorf("the adapter asks\n%+v\nthe SDK asks\n%+v", seen[0], seen[1])
	}
}
