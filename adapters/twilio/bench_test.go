package twilio

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/twilio/fake"
	"github.com/hoidap/hoidap/preferences/address"
)

// answer is what Twilio answers to a message that it took, as long as Twilio's are.
const answer = `{"account_sid":"AC00000000000000000000000000000001","api_version":"2010-04-01","body":"Tặng chị Lan mã OFFICE20 giảm 20%% đồ công sở.","date_created":"Fri, 20 Nov 2026 03:00:00 +0000","date_sent":null,"date_updated":"Fri, 20 Nov 2026 03:00:00 +0000","direction":"outbound-api","error_code":null,"error_message":null,"from":"+15005550006","messaging_service_sid":null,"num_media":"0","num_segments":"1","price":null,"price_unit":"USD","sid":"SM%032d","status":"queued","subresource_uris":{"media":"/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages/SM1/Media.json"},"to":"+84901234567","uri":"/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages/SM1.json"}`

// door is a provider that takes everything at once.
func door(b *testing.B) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	var n atomic.Int64
	s := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_, _ = fmt.Fprintf(w, answer, n.Add(1))
	})}
	go func() { _ = s.Serve(l) }()
	b.Cleanup(func() { _ = s.Close() })
	return "http://" + l.Addr().String()
}

// BenchmarkSending measures a Send, 32 at once, and beside it the bare POST of the same form by net/http, whose answer is
// read and not understood. cpu-us is the whole process's, the provider's too; the provider is the same in both.
func BenchmarkSending(b *testing.B) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 0, 512
	client := &http.Client{Timeout: 30 * time.Second, Transport: transport}
	b.Cleanup(transport.CloseIdleConnections)
	acc := account(address.SMS, "base_url", door(b))
	acc.HTTPClient = client
	a := opened(b, acc)
	m := adapters.Message{ID: "c7-abcdef.12", To: lan, Class: adapters.Reply, Text: "Tặng chị Lan mã OFFICE20 giảm 20% đồ công sở.", Expires: time.Now().Add(time.Hour)}
	b.Run("bare", func(b *testing.B) { inParallel(b, func() error { return barePost(client, acc, m) }) })
	b.Run("twilio", func(b *testing.B) {
		inParallel(b, func() error {
			_, err := a.Send(b.Context(), m)
			return err
		})
	})
}

func barePost(client *http.Client, acc adapters.Account, m adapters.Message) error {
	form := url.Values{"To": {m.To.ID}, "From": {"+15005550006"}, "Body": {m.Text}, "StatusCallback": {acc.WebhookURL + "?mid=" + m.ID}, "ValidityPeriod": {"3599"}}
	req, err := http.NewRequest(http.MethodPost, acc.Settings["base_url"]+"/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth("AC00000000000000000000000000000001", token)
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return err
	}
	if res.StatusCode != http.StatusCreated {
		return fmt.Errorf("answered %d", res.StatusCode)
	}
	return nil
}

func inParallel(b *testing.B, send func() error) {
	b.ReportAllocs()
	b.SetParallelism(16) // on two processors 32 at once
	before := cpu()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := send(); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64((cpu()-before).Microseconds())/float64(b.N), "cpu-us/op")
}

// cpu is what this process has used so far.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkSignature is what checking a customer's message costs, and beside it the least of it by hand: the form read by
// net/url, its names sorted, HMAC-SHA1.
func BenchmarkSignature(b *testing.B) {
	a := opened(b, account(address.SMS))
	p := fake.New(fake.Options{Webhook: "https://gw.example.com/hooks/main"})
	r, _ := p.Hook(adapters.Event{Kind: adapters.Inbound, From: lan, Text: "dạ 2 nha shop, em thích công sở", MessageID: "SM00000000000000000000000000000001"})
	given := r.Header.Get(SignatureHeader)
	b.Run("by hand", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			form, err := url.ParseQuery(string(r.Body))
			if err != nil || fake.Sign(token, r.URL, form) != given {
				b.Fatal(err)
			}
		}
	})
	b.Run("twilio", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := a.authentic(r, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
}
