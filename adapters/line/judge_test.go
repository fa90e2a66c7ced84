package line_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/adaptertest/judge"
	"github.com/hoidap/hoidap/adapters/line/fake"
)

// LINE's own SDK accepts what our LINE signs, and refuses it changed.
func TestTheSDKAcceptsOurFake(t *testing.T) {
	t.Parallel()
	f := fake.New(adaptertest.Webhook, secret, token)
	type call struct{ Body, Signature string }
	var calls []call
	for _, text := range []string{adaptertest.Letters, "", "a\u2028b</script>", "2"} {
		r, ok := f.Hook(adapters.Event{Kind: adapters.Inbound, From: lan(), MessageID: "1", Text: text, Handle: "r", At: time.Now()})
		if !ok {
			t.Fatal(text)
		}
		calls = append(calls, call{string(r.Body), r.Header.Get("X-Line-Signature")})
	}
	n := len(calls)
	for _, c := range calls[:n] {
		calls = append(calls, call{c.Body + " ", c.Signature})
	}
	var accepted []bool
	judge.Ask(t, `const { validateSignature } = require('@line/bot-sdk');
		answer(asked.Calls.map((c) => validateSignature(c.Body, asked.Secret, c.Signature)));`,
		map[string]any{"Secret": secret, "Calls": calls}, &accepted)
	for i, ok := range accepted {
		if ok != (i < n) {
			t.Errorf("the SDK says %v of %.80q", ok, calls[i].Body)
		}
	}
}

// What Node signs by LINE's rule and the SDK finds right, the adapter finds right.
func TestTheSDKSigns(t *testing.T) {
	t.Parallel()
	_, a := played(t)
	bodies := []string{
		`{"destination":"U0","events":[]}`,
		"{\n  \"destination\": \"U0\",\n  \"events\": [ {\"type\":\"message\",\"mode\":\"active\",\"timestamp\":1760000000000,\"source\":{\"type\":\"user\",\"userId\":\"U1\"},\"webhookEventId\":\"01\",\"message\":{\"id\":\"1\",\"type\":\"text\",\"text\":\"\\u0043\u00f3 \\/ Đồng ý 👍🏽\"}} ]\n}",
	}
	var signatures []string
	judge.Ask(t, `const { validateSignature } = require('@line/bot-sdk');
		answer(asked.Bodies.map((body) => {
			const s = require('crypto').createHmac('SHA256', asked.Secret).update(body).digest('base64');
			if (!validateSignature(body, asked.Secret, s)) throw new Error('the SDK refuses ' + s);
			return s;
		}));`, map[string]any{"Secret": secret, "Bodies": bodies}, &signatures)
	for i, body := range bodies {
		r := adapters.Request{Method: http.MethodPost, URL: adaptertest.Webhook, Header: http.Header{"X-Line-Signature": {signatures[i]}}, Body: []byte(body)}
		if d, err := a.Decode(r); err != nil || len(d.Events) != i {
			t.Errorf("%s: %+v, %v", body, d, err)
		}
	}
}

// The SDK's client and the adapter ask for the same in the same words.
func TestTheSDKSendsTheSame(t *testing.T) {
	t.Parallel()
	type request struct {
		Path, Token, Key string
		Body             any
	}
	var mu sync.Mutex
	var seen []request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got := request{Path: r.Method + " " + r.URL.Path, Token: r.Header.Get("Authorization"), Key: r.Header.Get("X-Line-Retry-Key")}
		_ = json.Unmarshal(b, &got.Body)
		mu.Lock()
		seen = append(seen, got)
		mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"sentMessages":[{"id":"461230966842064897","quoteToken":"q"}]}`)
	}))
	defer server.Close()
	a := open(t, server.Config.Handler, token)
	options := []adapters.Option{{Payload: "1", Label: "Buổi sáng"}, {Payload: "2", Label: "Buổi chiều"}}
	for _, m := range []adapters.Message{
		{ID: "c1.17", To: lan(), Class: adapters.Ad, Text: adaptertest.Letters, Options: options},
		{ID: "c1.18", To: lan(), Class: adapters.Reply, Text: "Dạ", Handle: "38ef843bde154d9b91c21320ffd17a0f"},
	} {
		if _, err := a.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	ours := seen
	seen = nil
	var ids []string
	judge.Ask(t, `const { messagingApi } = require('@line/bot-sdk');
		const client = new messagingApi.MessagingApiClient({ channelAccessToken: asked.Token, baseURL: asked.At });
		const items = asked.Options.map((o) => ({ type: 'action', action: { type: 'postback', label: o.Label, data: o.Payload, displayText: o.Label } }));
		(async () => {
			const one = await client.pushMessage({ to: asked.To, messages: [{ type: 'text', text: asked.Text, quickReply: { items } }] }, asked.Key);
			const other = await client.replyMessage({ replyToken: '38ef843bde154d9b91c21320ffd17a0f', messages: [{ type: 'text', text: 'Dạ' }] });
			answer([one.sentMessages[0].id, other.sentMessages[0].id]);
		})();`,
		map[string]any{"Token": token, "At": server.URL, "To": lan().ID, "Text": adaptertest.Letters, "Options": options, "Key": ours[0].Key}, &ids)
	if !reflect.DeepEqual(ours, seen) || len(ids) != 2 {
		t.Errorf("the adapter asks\n%+v\nthe SDK asks\n%+v", ours, seen)
	}
}
