package fake_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters/twilio/fake"
)

const account = "AC00000000000000000000000000000001"

// call asks the API the way that curl in Twilio's documentation does.
func call(t *testing.T, base, method, query string, form url.Values, user string) (int, map[string]any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, base+"/2010-04-01/Accounts/"+account+"/Messages.json"+query, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(user, "12345678901234567890123456789012")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var body map[string]any
	if err := json.NewDecoder(res.Body).Decode(&body); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, body
}

func started(t *testing.T, o fake.Options) (*fake.Twilio, string) {
	t.Helper()
	p := fake.New(o)
	base, err := p.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p, base
}

func TestAPI(t *testing.T) {
	p, base := started(t, fake.Options{})
	send := func(to, body string) url.Values {
		return url.Values{"To": {to}, "From": {"+15005550006"}, "Body": {body}}
	}
	for _, x := range []struct {
		name   string
		form   url.Values
		user   string
		status int
		code   float64
	}{
		{"taken", send("+84901234567", "một"), account, 201, 0},
		{"no such user", send("+84901234567", "một"), "AC2", 401, 20003},
		{"no recipient", url.Values{"Body": {"a"}}, account, 400, 21604},
		{"no number", send("0901234567", "a"), account, 400, 21211},
		{"no text", send("+84901234567", ""), account, 400, 21602},
		{"too long", send("+84901234567", strings.Repeat("ê", 1601)), account, 400, 21617},
		{"no sender", url.Values{"To": {"+84901234567"}, "Body": {"a"}}, account, 400, 21603},
	} {
		status, body := call(t, base, http.MethodPost, "", x.form, x.user)
		if code, _ := body["code"].(float64); status != x.status || code != x.code {
			t.Errorf("%s: HTTP %d, %v", x.name, status, body)
		}
	}
	if got := p.Messages(); len(got) != 1 || got[0].Body != "một" || p.Phone("whatsapp:+84901234567")[0].SID != got[0].SID {
		t.Errorf("%+v", got)
	}
}

func TestList(t *testing.T) {
	now := time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
	p, base := started(t, fake.Options{Now: func() time.Time { return now }})
	for _, to := range []string{"+84901234567", "+84901234567", "+84907654321"} {
		call(t, base, http.MethodPost, "", url.Values{"To": {to}, "From": {"+15005550006"}, "Body": {"một"}}, account)
	}
	_, _ = p.Status(t.Context(), p.Messages()[0].SID, "sent", 0)
	for query, want := range map[string]int{
		"":                             3,
		"?PageSize=2":                  2,
		"?To=%2B84901234567":           2,
		"?From=%2B1":                   0,
		"?DateSent%3E=2026-11-20":      1, // the others still wait
		"?DateSent%3E=2026-11-21":      0,
		"?DateSent%3C=2026-11-21":      1,
		"?To=whatsapp%3A%2B8490123456": 0,
	} {
		status, body := call(t, base, http.MethodGet, query, nil, account)
		if got, _ := body["messages"].([]any); status != 200 || len(got) != want {
			t.Errorf("%s: HTTP %d, %d messages, want %d", query, status, len(got), want)
		}
	}
}

func TestKeep(t *testing.T) {
	p, base := started(t, fake.Options{Keep: 2})
	for _, to := range []string{"+84900000001", "+84900000002", "+84900000003"} {
		call(t, base, http.MethodPost, "", url.Values{"To": {to}, "From": {"+15005550006"}, "Body": {"một"}}, account)
	}
	if len(p.Messages()) != 2 || len(p.Phone("+84900000001")) != 0 || len(p.Phone("+84900000003")) != 1 || p.Calls() != 3 {
		t.Errorf("%+v, %d calls", p.Messages(), p.Calls())
	}
}

func TestCloseEndsWhatIsUnderWay(t *testing.T) {
	p, base := started(t, fake.Options{})
	p.Slow(time.Hour)
	ended := make(chan struct{})
	go func() {
		req, _ := http.NewRequestWithContext(context.Background(), http.MethodGet, base, nil)
		req.SetBasicAuth(account, "x")
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			_ = res.Body.Close()
		}
		close(ended)
	}()
	_ = p.Close()
	<-ended
}

func TestWeather(t *testing.T) {
	taken := make(chan fake.Message, 8)
	p, base := started(t, fake.Options{Taken: func(m fake.Message) { taken <- m }})
	form := url.Values{"To": {"+84901234567"}, "From": {"+15005550006"}, "Body": {"một"}, "StatusCallback": {"https://x.example/hooks/sms?mid=c1.7"}}
	send := func() (int, error) {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/2010-04-01/Accounts/"+account+"/Messages.json", strings.NewReader(form.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.SetBasicAuth(account, "12345678901234567890123456789012")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return 0, err
		}
		defer res.Body.Close()
		return res.StatusCode, nil
	}
	never := func() float64 { return 0 }
	p.SetWeather(fake.Weather{Throttled: 1, RetryAfter: time.Second, Chance: never})
	if status, err := send(); status != http.StatusTooManyRequests || err != nil {
		t.Errorf("throttled: %d %v", status, err)
	}
	p.SetWeather(fake.Weather{Failing: 1, Chance: never})
	if status, err := send(); status != http.StatusServiceUnavailable || err != nil {
		t.Errorf("failing: %d %v", status, err)
	}
	if n := len(p.Messages()); n != 0 {
		t.Errorf("%d messages were taken in bad weather", n)
	}
	p.SetWeather(fake.Weather{Lost: 1, Chance: never})
	if status, err := send(); err == nil {
		t.Errorf("lost: answered %d", status)
	}
	if m := <-taken; m.Ours != "c1.7" || m.Asked.IsZero() {
		t.Errorf("lost: %+v", m)
	}
	p.SetWeather(fake.Weather{Late: 1, LateBy: time.Millisecond, Chance: never})
	if status, err := send(); err == nil {
		t.Errorf("late: answered %d", status)
	}
	if m := <-taken; !m.Created.After(m.Asked) {
		t.Errorf("late: %+v", m)
	}
	p.SetWeather(fake.Weather{})
	if status, err := send(); status != http.StatusCreated || err != nil {
		t.Errorf("fine: %d %v", status, err)
	}
}
