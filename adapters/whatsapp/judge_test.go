package whatsapp_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"testing"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/adaptertest/judge"
	"github.com/hoidap/hoidap/adapters/meta"
	"pgregory.net/rapid"
)

// builds makes each message with another hand's library, and answers with what it would post.
const builds = `(async () => {
const { WhatsAppAPI } = await import('whatsapp-api-js');
const m = await import('whatsapp-api-js/messages');
const forms = {
  text: (x) => new m.Text(x.text, false),
  image: (x) => new m.Image(x.link, false, x.text),
  buttons: (x) => new m.Interactive(new m.ActionButtons(...x.options.map((o) => new m.Button(o.id, o.title))), new m.Body(x.text), x.link ? new m.Header(new m.Image(x.link)) : undefined),
  list: (x) => new m.Interactive(new m.ActionList(x.button, new m.ListSection(undefined, ...x.options.map((o) => new m.Row(o.id, o.title)))), new m.Body(x.text)),
  template: (x) => new m.Template(x.name, new m.Language(x.language), new m.BodyComponent(...x.gaps.map((g) => new m.BodyParameter(g))), ...x.options.map((o) => new m.PayloadComponent(o.id))),
};
const posted = [];
for (const x of asked) {
  const fetch = async (url, o) => { posted.push({ url: String(url), body: JSON.parse(o.body), header: o.headers.Authorization }); return new Response('{"messages":[{"id":"wamid.A"}]}'); };
  const api = new WhatsAppAPI({ token: x.token, secure: false, v: 'v25.0', ponyfill: { fetch } });
  await api.sendMessage(x.number, x.to ? x.to : { bsuid: x.user }, forms[x.form](x), undefined, x.ours);
}
answer(posted);
})().catch((e) => { console.error(e); process.exit(1); });`

type wanted struct {
	Form     string   `json:"form"`
	Token    string   `json:"token"`
	Number   string   `json:"number"`
	To       string   `json:"to"`
	User     string   `json:"user"`
	Ours     string   `json:"ours"`
	Text     string   `json:"text"`
	Link     string   `json:"link"`
	Button   string   `json:"button"`
	Name     string   `json:"name"`
	Language string   `json:"language"`
	Gaps     []string `json:"gaps"`
	Options  []option `json:"options"`
}

type option struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// Another hand's library for the same API posts the same.
func TestAnotherHandPostsTheSame(t *testing.T) {
	t.Parallel()
	const link = "https://img.example.com/a.jpg"
	picture := []adapters.Media{{URL: link, Type: "image/jpeg"}}
	two, four := options("Sáng", "Chiều"), options("Đỏ", "Xanh", "Vàng", "Tím")
	cases := []struct {
		m    adapters.Message
		want wanted
	}{
		{adapters.Message{To: lan, Text: "Xin \"chào\" 😀 <b>\nạ"}, wanted{Form: "text", To: "84901234567"}},
		{adapters.Message{To: hidden, Text: "Dạ"}, wanted{Form: "text", User: hidden.ID}},
		{adapters.Message{To: lan, Text: "Mẫu này ạ", Media: picture}, wanted{Form: "image", To: "84901234567", Link: link}},
		{adapters.Message{To: lan, Text: "Lúc nào ạ?", Options: two}, wanted{Form: "buttons", To: "84901234567"}},
		{adapters.Message{To: lan, Text: "Thích không ạ?", Media: picture, Options: two}, wanted{Form: "buttons", To: "84901234567", Link: link}},
		{adapters.Message{To: hidden, Text: "Màu nào ạ?", Options: four}, wanted{Form: "list", User: hidden.ID, Button: "Chọn"}},
		{
			adapters.Message{To: lan, Template: &adapters.Template{ID: "visit", Language: "vi", Variables: map[string]string{"1": "Lan", "2": "Tết", "button.1": "1", "button.2": "2"}}},
			wanted{Form: "template", To: "84901234567", Name: "visit", Language: "vi", Gaps: []string{"Lan", "Tết"}, Options: []option{{ID: "1"}, {ID: "2"}}},
		},
	}
	asked := make([]wanted, len(cases))
	for i, x := range cases {
		w := x.want
		w.Token, w.Number, w.Ours, w.Text = token, number, fmt.Sprintf("c1.%d", i), x.m.Text
		for _, o := range x.m.Options {
			w.Options = append(w.Options, option{o.Payload, o.Label})
		}
		asked[i] = w
	}
	var posted []struct {
		URL    string
		Body   map[string]any
		Header string
	}
	judge.Ask(t, builds, asked, &posted)
	if len(posted) != len(cases) {
		t.Fatalf("%d posted", len(posted))
	}
	for i, x := range cases {
		b := setup(t, nil)
		x.m.ID = asked[i].Ours
		if _, err := b.Send(t.Context(), x.m); err != nil {
			t.Errorf("%d: %v", i, err)
			continue
		}
		var ours map[string]any
		if err := json.Unmarshal(b.last.body, &ours); err != nil {
			t.Fatal(err)
		}
		if theirs := plain(posted[i].Body); !reflect.DeepEqual(plain(ours), theirs) || posted[i].URL != "https://graph.facebook.com"+b.last.url.Path {
			t.Errorf("%d, %s:\n  ours %v\ntheirs %v", i, posted[i].URL, plain(ours), theirs)
		}
	}
}

// plain takes away in which Meta leaves a choice: a false is as good as nothing, an index is a number or a string.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, x := range v {
			if x = plain(x); x != nil {
				out[name] = x
			}
			if n, ok := x.(float64); ok && name == "index" {
				out[name] = fmt.Sprint(n)
			}
		}
		return out
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
	case bool:
		if !v {
			return nil
		}
	}
	return v
}

// proves asks another hand's library whether calls are signed and what a handshake is answered with.
const proves = `(async () => {
const { WhatsAppAPI } = await import('whatsapp-api-js');
const api = new WhatsAppAPI({ token: 't', appSecret: asked.secret, webhookVerifyToken: asked.verify, v: 'v25.0' });
const signed = [];
for (const x of asked.calls) signed.push(await api.verifyRequestSignature(x.body, x.signature));
answer({ signed, challenge: await api.get({ 'hub.mode': 'subscribe', 'hub.verify_token': asked.verify, 'hub.challenge': '1158201444' }) });
})().catch((e) => { console.error(e); process.exit(1); });`

// Another hand's library takes for signed what Decode takes, and refuses what Decode refuses.
func TestAnotherHandProvesTheSame(t *testing.T) {
	t.Parallel()
	type call struct {
		Body      string `json:"body"`
		Signature string `json:"signature"`
	}
	a, f := account(t), newFake()
	var calls []call
	var authentic []bool
	texts := rapid.StringMatching(`[a-zạ-ỹ😀-😎/"<\\ ]{1,20}`)
	for seed := range 40 {
		r, _ := f.Hook(adapters.Event{Kind: adapters.Inbound, From: lan, MessageID: "wamid.J", Text: texts.Example(seed), At: now})
		if seed%2 == 1 {
			r.Body[len(r.Body)-3] ^= 1
		}
		_, err := a.Decode(r)
		calls, authentic = append(calls, call{string(r.Body), r.Header.Get(meta.SignatureHeader)}), append(authentic, err == nil)
	}
	var told struct {
		Signed    []bool
		Challenge string
	}
	judge.Ask(t, proves, map[string]any{"secret": secret, "verify": verify, "calls": calls}, &told)
	if !reflect.DeepEqual(told.Signed, authentic) || !authentic[0] || authentic[1] {
		t.Errorf("the judge says %v, and Decode %v", told.Signed, authentic)
	}
	d, err := a.Decode(adapters.Request{Method: http.MethodGet, URL: adaptertest.Webhook + "?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=" + verify})
	if err != nil || string(d.Answer.Body) != told.Challenge {
		t.Errorf("the judge answers %q, and Decode %q, %v", told.Challenge, d.Answer.Body, err)
	}
}
