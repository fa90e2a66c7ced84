package phone_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/phone"
	"github.com/hoidap/hoidap/preferences/address"
)

var lan = address.Address{Scheme: "tel", ID: "+84901234567"}

func opened(t testing.TB, hub *phone.Phone, channel address.Channel) adapters.Adapter {
	t.Helper()
	a, err := phone.Type(hub).Open(adapters.Account{ID: "main", Channel: channel, Settings: map[string]string{"token": "secret"}})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestSendShowsOnce(t *testing.T) {
	hub := phone.New()
	a := opened(t, hub, address.SMS)
	messages, cancel := hub.Subscribe(lan)
	m := adapters.Message{ID: "m1", To: lan, Text: "Gu nào ạ?", Options: []adapters.Option{{Payload: "p", Label: "Thể thao"}}}
	one, err := a.Send(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	two, err := a.Send(t.Context(), m)
	if err != nil || !reflect.DeepEqual(one, two) {
		t.Errorf("%v, %v, %v", one, two, err)
	}
	shown := hub.Messages(lan)
	if len(shown) != 1 || shown[0].Text != m.Text || !reflect.DeepEqual(shown[0].Options, m.Options) || shown[0].Account != "main" || shown[0].Channel != address.SMS {
		t.Errorf("%+v", shown)
	}
	if got := <-messages; !reflect.DeepEqual(got, shown[0]) {
		t.Errorf("%+v", got)
	}
	cancel()
	cancel()
	if _, ok := <-messages; ok {
		t.Error("more after the end")
	}
	hub.Typed(lan, "dạ 1")
	if shown = hub.Messages(lan); len(shown) != 2 || !shown[1].Mine {
		t.Errorf("%+v", shown)
	}
	if _, err := opened(t, hub, address.Zalo).Send(t.Context(), m); err == nil {
		t.Error("a telephone number was reached by Zalo")
	}
}

func TestMemoryIsBounded(t *testing.T) {
	hub := phone.New()
	a := opened(t, hub, address.SMS)
	for i := range 500 {
		if _, err := a.Send(t.Context(), adapters.Message{ID: fmt.Sprint("m", i), To: lan, Text: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	if got := hub.Messages(lan); len(got) != 200 || got[199].Text != "499" {
		t.Errorf("%d messages", len(got))
	}
}

func TestPhonesAreBounded(t *testing.T) {
	hub := phone.New()
	watched := address.Address{Scheme: "tel", ID: "+84900000000"}
	_, cancel := hub.Subscribe(watched)
	defer cancel()
	for i := range 10_050 {
		hub.Typed(address.Address{Scheme: "tel", ID: fmt.Sprintf("+849011%05d", i)}, "a")
	}
	all := hub.Phones()
	if len(all) > 10_000 || all[0].ID != "+84901110049" || !slices.Contains(all, watched) {
		t.Errorf("%d phones, the last is %v", len(all), all[0])
	}
}

func TestListen(t *testing.T) {
	hub := phone.New()
	a := opened(t, hub, address.SMS)
	ctx, cancel := context.WithCancel(t.Context())
	events, ended := make(chan adapters.Event, 10), make(chan error)
	refused := false
	go func() {
		ended <- a.(adapters.Listener).Listen(ctx, func(_ context.Context, es []adapters.Event) error {
			if !refused {
				refused = true
				return errors.New("Redis is away")
			}
			for _, e := range es {
				events <- e
			}
			return nil
		})
	}()
	s, err := a.Send(t.Context(), adapters.Message{ID: "m1", To: lan, Text: "a"})
	if err != nil {
		t.Fatal(err)
	}
	if e := <-events; e.Status != adapters.Delivered || e.Ours != "m1" || e.Theirs != s.IDs[0] || e.ID == "" || e.From != lan {
		t.Errorf("%+v", e)
	}
	_, look := hub.Subscribe(lan)
	if e := <-events; e.Status != adapters.Read || e.Ours != "m1" {
		t.Errorf("%+v", e)
	}
	look()
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func request(token, body string) adapters.Request {
	return adapters.Request{Method: http.MethodPost, Header: http.Header{phone.TokenHeader: {token}}, Body: []byte(body), At: time.Unix(1700000000, 0)}
}

func TestDecode(t *testing.T) {
	a := opened(t, phone.New(), address.SMS)
	r := request("secret", `{"from":"tel:+84901234567","text":"dạ 2 nha","payload":"p","id":"t1"}`)
	d, err := a.Decode(r)
	want := adapters.Event{Kind: adapters.Inbound, ID: "t1", MessageID: "t1", From: lan, Text: "dạ 2 nha", Payload: "p", At: r.At}
	if err != nil || len(d.Events) != 1 || !reflect.DeepEqual(d.Events[0], want) {
		t.Errorf("%+v, %v", d, err)
	}
	for _, token := range []string{"", "Secret", "secret ", "secre"} {
		if _, err := a.Decode(request(token, string(r.Body))); !errors.Is(err, adapters.ErrForged) {
			t.Errorf("%q: %v", token, err)
		}
	}
	for _, body := range []string{
		"", "null", "{}", `{"from":"tel:+84901234567"}`, `{"from":"","text":"a"}`, `{"from":"zalo:1","text":"a"}`, `{"from":"0901234567","text":"a"}`,
		`{"from":"tel:+84901234567","text":"a","x":1}`, `{"from":"tel:+84901234567","text":"a"} {}`, `{"from":"tel:+84901234567","text":"a","id":"` + strings.Repeat("i", 65) + `"}`,
	} {
		if _, err := a.Decode(request("secret", body)); !errors.Is(err, adapters.ErrMalformed) || strings.Contains(err.Error(), "901234567") {
			t.Errorf("%s: %v", body, err)
		}
	}
	// Without an id, each request is a message of its own.
	one, _ := a.Decode(request("secret", `{"from":"tel:+84901234567","text":"a"}`))
	r = request("secret", `{"from":"tel:+84901234567","text":"a"}`)
	r.At = r.At.Add(time.Millisecond)
	if two, _ := a.Decode(r); one.Events[0].ID == two.Events[0].ID {
		t.Errorf("%s twice", one.Events[0].ID)
	}
}

func TestNoTokenLetsNobodyIn(t *testing.T) {
	a, err := phone.Type(phone.New()).Open(adapters.Account{Channel: address.SMS})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Decode(request("", `{"from":"tel:+84901234567","text":"a"}`)); !errors.Is(err, adapters.ErrForged) {
		t.Errorf("%v", err)
	}
}

func FuzzDecode(f *testing.F) {
	a := opened(f, phone.New(), address.Zalo)
	f.Add(`{"from":"zalo:1","text":"a"}`)
	f.Add(`{"from":`)
	f.Fuzz(func(t *testing.T, body string) {
		d, err := a.Decode(request("secret", body))
		if err != nil && !errors.Is(err, adapters.ErrMalformed) {
			t.Error(err)
		}
		for _, e := range d.Events {
			if e.ID == "" || e.From.IsZero() {
				t.Errorf("%+v", e)
			}
		}
	})
}
