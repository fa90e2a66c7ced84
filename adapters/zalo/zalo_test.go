package zalo_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/fakekit"
	"github.com/hoidap/hoidap/adapters/zalo"
	"github.com/hoidap/hoidap/adapters/zalo/fake"
	"github.com/hoidap/hoidap/preferences/address"
)

// What is asked of Zalo has the form of its documents.
func TestCallsAreAsDocumented(t *testing.T) {
	t.Parallel()
	options := []adapters.Option{{Payload: "1", Label: "Sáng"}, {Payload: "2", Label: "Chiều"}}
	picture := []adapters.Media{{URL: "https://img.example.com/1.jpg", Type: "image/jpeg"}}
	for name, x := range map[string]struct {
		channel address.Channel
		m       adapters.Message
		want    string
	}{
		"buttons": {address.Zalo, adapters.Message{Text: "Buổi nào?", Options: options}, `POST /v3.0/oa/message/cs {"recipient":{"user_id":"246845883529197922"},"message":{"text":"Buổi nào?","attachment":{"type":"template","payload":{"buttons":[
			{"title":"Sáng","type":"oa.query.show","payload":"1"},{"title":"Chiều","type":"oa.query.show","payload":"2"}]}}}}`},
		"a picture": {address.Zalo, adapters.Message{Text: "Đây ạ", Media: picture}, `POST /v3.0/oa/message/cs {"recipient":{"user_id":"246845883529197922"},"message":{"text":"Đây ạ","attachment":{"type":"template","payload":{"template_type":"media","elements":[
			{"media_type":"image","url":"https://img.example.com/1.jpg"}]}}}}`},
		"a picture with buttons is a link": {address.Zalo, adapters.Message{Text: "Màu nào?", Media: picture, Options: options[:1]}, `POST /v3.0/oa/message/cs {"recipient":{"user_id":"246845883529197922"},"message":{"text":"Màu nào?\nhttps://img.example.com/1.jpg","attachment":{"type":"template","payload":{"buttons":[
			{"title":"Sáng","type":"oa.query.show","payload":"1"}]}}}}`},
		"a file is a link": {address.Zalo, adapters.Message{Media: []adapters.Media{{URL: "https://img.example.com/1.pdf", Type: "application/pdf"}}},
			`POST /v3.0/oa/message/cs {"recipient":{"user_id":"246845883529197922"},"message":{"text":"https://img.example.com/1.pdf"}}`},
		"a template to a person": {address.Zalo, adapters.Message{Template: &adapters.Template{ID: "322307", Variables: map[string]string{"n": "Lan"}}},
			`POST /v3.0/oa/message/template {"user_id":"246845883529197922","template_id":"322307","template_data":{"n":"Lan"}}`},
		"a template to a number": {address.SMS, adapters.Message{Template: &adapters.Template{ID: "322307"}},
			`POST /message/template {"phone":"84901234567","template_id":"322307","template_data":{},"tracking_id":"c7-abc.17","sending_mode":"1"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFleet(t)
			var got string
			var header http.Header
			between := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				got, header = r.Method+" "+r.URL.Path+" "+string(body), r.Header
				_, _ = io.WriteString(w, `{"error":0,"message":"Success","data":{"message_id":"8f3a","msg_id":"8f3a"}}`)
			}))
			defer between.Close()
			f.url = between.URL
			x.m.ID, x.m.To = "c7-abc.17", lan
			if x.channel == address.SMS {
				x.m.To = tel
			}
			sent, err := f.open(x.channel, nil).Send(t.Context(), x.m)
			if err != nil || !reflect.DeepEqual(sent, adapters.Sent{IDs: []string{"8f3a"}, Units: 1}) {
				t.Fatalf("%+v, %v", sent, err)
			}
			if !sameCall(t, got, x.want) {
				t.Errorf("asked %s\nwant  %s", got, x.want)
			}
			// HTTP's names have no case, so that the server has them in its own form.
			if v := header["Access_token"]; len(v) != 1 || v[0] != fake.FirstAccess || header.Get("Appsecret_proof") != zalo.Proof(app.Secret, fake.FirstAccess) || header.Get("Authorization") != "" {
				t.Errorf("headers %v", header)
			}
		})
	}
}

// sameCall compares method and path as they are, and the bodies as JSON.
func sameCall(t *testing.T, got, want string) bool {
	t.Helper()
	gotHead, gotBody, _ := strings.Cut(got, " {")
	wantHead, wantBody, _ := strings.Cut(want, " {")
	var a, b any
	if err := errors.Join(json.Unmarshal([]byte("{"+gotBody), &a), json.Unmarshal([]byte("{"+wantBody), &b)); err != nil {
		t.Fatal(err)
	}
	return gotHead == wantHead && reflect.DeepEqual(a, b)
}

func TestSendRefuses(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	picture := []adapters.Media{{URL: "https://img.example.com/1.jpg", Type: "image/jpeg"}}
	for name, x := range map[string]struct {
		channel address.Channel
		m       adapters.Message
		want    adapters.Fault
	}{
		"chat to a number":          {address.Zalo, adapters.Message{To: tel, Text: "a"}, adapters.Recipient},
		"a template to a Zalo id":   {address.SMS, adapters.Message{To: lan, Template: &adapters.Template{ID: "1"}}, adapters.Recipient},
		"free text to a number":     {address.SMS, adapters.Message{To: tel, Text: "a"}, adapters.BadMessage},
		"an id too long to track":   {address.SMS, adapters.Message{ID: strings.Repeat("a", 49), To: tel, Template: &adapters.Template{ID: "1"}}, adapters.BadMessage},
		"no room for the link":      {address.Zalo, adapters.Message{To: lan, Text: strings.Repeat("a", 1990), Media: picture, Options: []adapters.Option{{Payload: "1", Label: "a"}}}, adapters.BadMessage},
		"a text and a link that go": {address.Zalo, adapters.Message{To: lan, Text: strings.Repeat("a", 1900), Media: picture, Options: []adapters.Option{{Payload: "1", Label: "a"}}}, ""},
	} {
		_, err := f.open(x.channel, nil).Send(t.Context(), x.m)
		if (err == nil) != (x.want == "") || faultOf(err) != x.want {
			t.Errorf("%s: %v, want %q", name, err, x.want)
		}
	}
}

func TestNumbersOfAppAndOA(t *testing.T) {
	t.Parallel()
	for _, s := range zalo.Type().Settings {
		if s.Name != "app_id" && s.Name != "oa_id" {
			continue
		}
		for v, ok := range map[string]bool{"12345": true, "1234": false, strings.Repeat("1", 20): true, strings.Repeat("1", 21): false, "12345a": false} {
			if err := s.Check(v); (err == nil) != ok {
				t.Errorf("%s %q: %v", s.Name, v, err)
			}
		}
	}
}

// Codes that do not say whether the message was taken, and those that nobody knows, leave the outcome open.
func TestCodesThatSayNothing(t *testing.T) {
	t.Parallel()
	for _, channel := range []address.Channel{address.Zalo, address.SMS} {
		f := newFleet(t)
		a := f.open(channel, nil)
		for _, code := range []int{-100, -200, -120, -123, -99999, 7} {
			f.zalo.Arm(fakekit.Play{Status: 200, Body: `{"error":` + strconv.Itoa(code) + `,"message":"?","data":{"message_id":"1","msg_id":"1"}}`})
			if err := f.send(a); err == nil || faultOf(err) != adapters.Unknown {
				t.Errorf("%s, %d: %v, want an unknown outcome", channel, code, err)
			}
		}
	}
}

// Each code of the tables means the same in an answer, whether it is written as a number or as a text.
func TestCodes(t *testing.T) {
	t.Parallel()
	chat, template := zalo.Tables()
	for channel, table := range map[address.Channel]map[int]adapters.Fault{address.Zalo: chat, address.SMS: template} {
		f := newFleet(t)
		a := f.open(channel, nil)
		for code, want := range table {
			if code == -216 || code == -220 || code == -124 {
				continue // see TestANewTokenThatIsRefused
			}
			for _, form := range []string{strconv.Itoa(code), strconv.Quote(strconv.Itoa(code))} {
				f.zalo.Arm(fakekit.Play{Status: 200, Body: `{"error":` + form + `,"message":"84901234567"}`})
				if err := f.send(a); faultOf(err) != want {
					t.Errorf("%s, %s: %v, want %s", channel, form, err, want)
				}
			}
		}
	}
}

func TestAfter(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		code      int
		now, want string // in Vietnam
	}{
		{-133, "2026-12-31 23:10", "2027-01-01 07:00"},
		{-133, "2026-11-20 05:59", "2026-11-20 07:00"},
		{-234, "2026-11-20 22:00", "2026-11-21 07:00"},
		{-144, "2026-11-20 05:59", "2026-11-21 07:00"},
		{-1472, "2026-11-20 10:00", "2026-11-21 07:00"},
		{-1441, "2026-12-20 10:00", "2027-01-01 07:00"},
		{-1471, "2026-11-30 23:59", "2026-12-01 07:00"},
	} {
		vietnam := time.FixedZone("ICT", 7*60*60)
		now, err := time.ParseInLocation("2006-01-02 15:04", x.now, vietnam)
		if err != nil {
			t.Fatal(err)
		}
		if got := zalo.After(x.code, now.UTC()).In(vietnam).Format("2006-01-02 15:04"); got != x.want {
			t.Errorf("%d at %s: %s, want %s", x.code, x.now, got, x.want)
		}
	}
}

// A lost message is found among others with the same text, and not where the conversation went on too far.
func TestFind(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	a := f.open(address.Zalo, nil)
	first, err := a.Send(t.Context(), message(a, "same"))
	if err != nil {
		t.Fatal(err)
	}
	m := message(a, "same")
	m.Others = first.IDs
	find := func() (adapters.Sent, bool, error) { return a.(adapters.Finder).Find(t.Context(), m) }
	if _, taken, err := find(); taken || err != nil {
		t.Errorf("another message was taken for it: %v, %v", taken, err)
	}
	second, err := a.Send(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	if got, taken, err := find(); !taken || err != nil || !reflect.DeepEqual(got, second) {
		t.Errorf("%+v, %v, %v, want %+v", got, taken, err, second)
	}
	for range 10 {
		if _, err := a.Send(t.Context(), message(a, "later")); err != nil {
			t.Fatal(err)
		}
	}
	if _, taken, err := find(); taken || err == nil {
		t.Errorf("ten messages later: %v, %v, want that it cannot tell", taken, err)
	}
	m.Queued = time.Now().Add(time.Hour)
	if _, taken, err := find(); taken || err != nil {
		t.Errorf("all are older: %v, %v", taken, err)
	}
	if _, ok := f.open(address.SMS, nil).(adapters.Finder); ok {
		t.Error("templates to numbers cannot be looked up")
	}
}

func TestDecode(t *testing.T) {
	t.Parallel()
	a := newFleet(t).open(address.Zalo, nil)
	user, oa := map[string]any{"id": lan.ID}, map[string]any{"id": app.OA}
	at := time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
	for name, x := range map[string]struct {
		body map[string]any
		want []adapters.Event
	}{
		"several are seen": {map[string]any{"event_name": "user_seen_message", "sender": oa, "recipient": user, "message": map[string]any{"msg_ids": []string{"a", "b"}}},
			[]adapters.Event{
				{Kind: adapters.Report, ID: "user_seen_message:" + lan.ID + ":a", From: lan, At: at, Theirs: "a", Status: adapters.Read},
				{Kind: adapters.Report, ID: "user_seen_message:" + lan.ID + ":b", From: lan, At: at, Theirs: "b", Status: adapters.Read},
			}},
		"what the OA said itself": {map[string]any{"event_name": "oa_send_text", "sender": oa, "recipient": user, "message": map[string]any{"msg_id": "a", "text": "Gu nào?"}}, nil},
		"an old number": {map[string]any{"event_name": "user_submit_info", "sender": user, "recipient": oa, "info": map[string]any{"name": "Lan", "phone": "0168 123 4567"}},
			[]adapters.Event{{Kind: adapters.Linked, ID: "user_submit_info:" + lan.ID + ":1795143600000", From: lan, At: at, Name: "Lan", Also: address.Address{Scheme: "tel", ID: "+84381234567"}}}},
		"ids as numbers": {map[string]any{"event_name": "user_send_text", "sender": map[string]any{"id": json.Number("246845883529197922")}, "recipient": oa, "message": map[string]any{"msg_id": json.Number("9007199254740993"), "text": "2"}},
			[]adapters.Event{{Kind: adapters.Inbound, ID: "user_send_text:9007199254740993", From: lan, At: at, MessageID: "9007199254740993", Text: "2"}}},
		"a receipt of a hashed number": {map[string]any{"event_name": "user_received_message", "sender": oa, "recipient": map[string]any{"id": "f0a4b3a2d998485bc744a2e6fcb2dec760b843aba1f24a84edf4bf32c68e71d5"}, "message": map[string]any{"msg_id": "c1", "tracking_id": "c7-abc.17"}},
			[]adapters.Event{{Kind: adapters.Report, ID: "user_received_message:c1", At: at, Ours: "c7-abc.17", Theirs: "c1", Status: adapters.Delivered}}},
		"stars": {map[string]any{"event_name": "user_feedback", "oa_id": app.OA, "message": map[string]any{"msg_id": "c1", "tracking_id": "c7-abc.17", "rate": 5, "note": "nhanh ạ", "submit_time": "1795143600001"}},
			[]adapters.Event{{Kind: adapters.Inbound, ID: "user_feedback:c1:1795143600001", At: at, Ours: "c7-abc.17", Text: "5\nnhanh ạ"}}},
	} {
		d, err := a.Decode(told(x.body))
		if err != nil || !reflect.DeepEqual(d.Events, x.want) || len(d.Ignored) > 0 {
			t.Errorf("%s:\n got %+v, %v\nwant %+v", name, d, err, x.want)
		}
	}
}

// A number that cannot be read proves nothing, and a call that is a day old is a copy.
func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	a := newFleet(t).open(address.Zalo, nil)
	follow := map[string]any{"event_name": "follow", "oa_id": app.OA, "follower": map[string]any{"id": lan.ID}}
	r := told(follow)
	at := time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
	for after, forged := range map[time.Duration]bool{2 * time.Hour: false, 24 * time.Hour: false, 24*time.Hour + time.Second: true, -time.Hour: false} {
		r.At = at.Add(after)
		if _, err := a.Decode(r); errors.Is(err, adapters.ErrForged) != forged {
			t.Errorf("after %v: %v", after, err)
		}
	}
	d, err := a.Decode(told(map[string]any{"event_name": "user_submit_info", "sender": map[string]any{"id": lan.ID}, "recipient": map[string]any{"id": app.OA}, "info": map[string]any{"phone": "113"}}))
	if err != nil || len(d.Events) > 0 || len(d.Ignored) != 1 {
		t.Errorf("a number that is none: %+v, %v", d, err)
	}
	other := newFleet(t).open(address.Zalo, map[string]string{"oa_secret": "another", "app_secret": app.OASecret})
	if _, err := other.Decode(told(follow)); !errors.Is(err, adapters.ErrForged) || !strings.Contains(err.Error(), "app_secret") {
		t.Errorf("signed by the app's secret: %v", err)
	}
}

// FuzzDecode: whatever is signed is read, refused or set aside, and an event that comes out is whole.
func FuzzDecode(f *testing.F) {
	z := fake.New("https://gw.example.com/hooks/main", app, true)
	for _, e := range kit(true).Events {
		e.At = time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
		if r, ok := z.Hook(e); ok {
			f.Add(r.Body)
		}
	}
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"event_name":1,"timestamp":17e9}`))
	s := settings()
	a, err := zalo.Type().Open(adapters.Account{ID: "main", Channel: address.Zalo, Settings: s, Vault: &vault{}, Now: time.Now})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		d, err := a.Decode(z.SignedBytes(body))
		if err != nil && !errors.Is(err, adapters.ErrMalformed) && !errors.Is(err, adapters.ErrForged) {
			t.Fatal(err)
		}
		for _, e := range d.Events {
			if e.ID == "" || e.Kind == "" || e.From.IsZero() && e.Ours == "" || e.At.IsZero() {
				t.Errorf("%q became %+v", body, e)
			}
		}
	})
}
