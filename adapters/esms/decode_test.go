package esms_test

import (
	"crypto/md5"
	"encoding/base64"
	"errors"
	"net/url"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/esms"
	"github.com/hoidap/hoidap/preferences/address"
)

var twoWay = map[string]string{"short_code": "8041", "keyword": "SHOP", "mo_private_key": "secret1"}

// texted is a text to the short code, signed; others replace parameters before.
func texted(content string, others map[string]string) adapters.Request {
	q := url.Values{
		"sender": {"84901234567"}, "content": {content}, "serviceNumber": {"8041"}, "keyword": {"SHOP"}, "cpid": {"CP01"},
		"smsid": {"123456"}, "receiverTime": {"20260801093000"},
	}
	for name, v := range others {
		q.Set(name, v)
	}
	sum := md5.Sum([]byte(q.Get("cpid") + q.Get("smsid") + q.Get("content") + q.Get("receiverTime") + "secret1"))
	q.Set("sign", base64.StdEncoding.EncodeToString(sum[:]))
	return get(q.Encode())
}

// The keyword is no part of the answer.
func TestKeyword(t *testing.T) {
	t.Parallel()
	a := account(t, says(""), twoWay)
	for typed, want := range map[string]string{
		"SHOP 2": "2", "shop 2": "2", "Shop  2 nha ": "2 nha ", " SHOP\n2": "2", "SHOP2": "2", "SHOP 1, 3": "1, 3", "shop Đen": "Đen",
		"SHOP": "SHOP", "SHOP ": "SHOP ", // somebody who wanted to answer
		"SHOPPING": "SHOPPING", "SHOPđ": "SHOPđ", "2": "2", "em chọn SHOP 2": "em chọn SHOP 2", "SHO": "SHO", "": "", "SHOP SHOP 2": "SHOP 2",
	} {
		d, err := a.Decode(texted(typed, nil))
		if err != nil || len(d.Events) != 1 || d.Events[0].Text != want {
			t.Errorf("%q became %+v, %v, want %q", typed, d.Events, err, want)
		}
	}
}

// What a text to the short code is answered with, and which are nobody's answers.
func TestShortCode(t *testing.T) {
	t.Parallel()
	a := account(t, says(""), twoWay)
	d, err := a.Decode(texted("SHOP 2", map[string]string{"smsid": "1&2"}))
	want := "<ClientResponse><Message></Message><Smsid>1&amp;2</Smsid><Receiver>84901234567</Receiver></ClientResponse>"
	if err != nil || string(d.Answer.Body) != want || d.Answer.Header.Get("Content-Type") != "text/xml; charset=utf-8" {
		t.Errorf("%s, %v", d.Answer.Body, err)
	}
	for kind, others := range map[string]map[string]string{
		"no number":          {"sender": "VIETTEL"},
		"another short code": {"serviceNumber": "8079"},
	} {
		d, err := a.Decode(texted("SHOP 2", others))
		if err != nil || len(d.Events) > 0 || len(d.Ignored) != 1 || d.Ignored[0].Kind != kind || len(d.Answer.Body) == 0 {
			t.Errorf("%s: %+v, %v", kind, d, err)
		}
	}
	d, err = account(t, says(""), nil).Decode(texted("SHOP 2", nil))
	if err != nil || len(d.Events) > 0 || len(d.Ignored) != 1 {
		t.Errorf("an account without a short code: %+v, %v", d, err)
	}
	if _, err := a.Decode(texted("SHOP 2", map[string]string{"smsid": ""})); !errors.Is(err, adapters.ErrMalformed) {
		t.Errorf("without smsid: %v", err)
	}
}

// The clock is Vietnam's; one that cannot be read is not trusted.
func TestTimes(t *testing.T) {
	t.Parallel()
	a := account(t, says(""), twoWay)
	at := time.Date(2026, 8, 1, 2, 30, 7, 0, time.UTC)
	for told, want := range map[string]time.Time{"20260801093000": at.Add(-7 * time.Second), "": at, "01/08/2026 9:30": at, "20260801993000": at} {
		r := texted("2", map[string]string{"receiverTime": told})
		r.At = at
		if d, err := a.Decode(r); err != nil || !d.Events[0].At.Equal(want) {
			t.Errorf("%q: %+v, %v", told, d, err)
		}
	}
}

// Receipts whose counts say more than their status, or whose phone is not a number.
func TestReceipts(t *testing.T) {
	t.Parallel()
	a := account(t, says(""), nil)
	for query, want := range map[string]adapters.Event{
		"SMSID=a&SendStatus=5&SendFailed=1&SendSuccess=0":                           {Theirs: "a", Status: adapters.Undelivered, Code: "5"},
		"SMSID=a&SendStatus=5&SendFailed=1&SendSuccess=1":                           {Theirs: "a", Status: adapters.Undelivered, Code: "5"},
		"SMSID=a&SendStatus=5&SendFailed=0&SendSuccess=1":                           {Theirs: "a", Status: adapters.Delivered},
		"SMSID=a&SendStatus=5":                                                      {Theirs: "a", Status: adapters.SentOn},
		"SMSID=a&SendStatus=5&SendFailed=x&SendSuccess=-1":                          {Theirs: "a", Status: adapters.SentOn},
		"RequestId=m1&SendStatus=1":                                                 {Ours: "m1", Status: adapters.Queued},
		"SMSID=a&RequestId=m1&SendStatus=4&phonenumber=312158068343230&TypeId=26":   {Theirs: "a", Ours: "m1", Status: adapters.Failed, Fault: adapters.BadMessage, Code: "4"},
		"SMSID=a&SendStatus=7&phonenumber=84901234567":                              {Theirs: "a", Status: adapters.SentOn, From: lan},
		"SMSID=a&SendStatus=7&phonenumber=0901234567&error_info=%22{%5C%22e%5C%22}": {Theirs: "a", Status: adapters.SentOn, From: lan},
	} {
		d, err := a.Decode(get(query))
		want.Kind = adapters.Report
		if err != nil || len(d.Events) != 1 {
			t.Errorf("%s: %+v, %v", query, d, err)
			continue
		}
		got := d.Events[0]
		got.ID = ""
		if got.Kind != want.Kind || got.Ours != want.Ours || got.Theirs != want.Theirs || got.Status != want.Status || got.Fault != want.Fault || got.Code != want.Code || got.From != want.From {
			t.Errorf("%s: %+v, want %+v", query, got, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	signed := texted("SHOP 2", nil)
	f.Add(signed.URL[len(adaptertest.Webhook+"/"+pathSecret+"?"):])
	f.Add("SMSID=dc71&SendFailed=0&SendStatus=5&SendSuccess=1&RequestId=m1&phonenumber=0901234567")
	f.Add("smsid=1&sign=%zz")
	f.Add("event=other")
	a, err := esms.Type().Open(adapters.Account{ID: "main", Channel: address.SMS, Settings: settings(twoWay), WebhookURL: adaptertest.Webhook, Now: time.Now})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, query string) {
		d, err := a.Decode(get(query))
		switch {
		case err != nil:
			if !errors.Is(err, adapters.ErrForged) && !errors.Is(err, adapters.ErrMalformed) {
				t.Errorf("%v", err)
			}
		case len(d.Events)+len(d.Ignored) != 1:
			t.Errorf("%d events, %d ignored", len(d.Events), len(d.Ignored))
		}
		for _, e := range d.Events {
			if e.ID == "" || e.Kind == adapters.Inbound && (e.From.IsZero() || e.MessageID == "") || e.Kind == adapters.Report && e.Ours+e.Theirs == "" {
				t.Errorf("%+v", e)
			}
		}
	})
}
