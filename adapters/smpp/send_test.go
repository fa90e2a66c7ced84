package smpp_test

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/fakekit"
	"github.com/hoidap/hoidap/adapters/smpp"
	"github.com/hoidap/hoidap/adapters/smpp/fake"
	"github.com/hoidap/hoidap/preferences/address"
)

func TestWhatTheCentreGets(t *testing.T) {
	for from, want := range map[string]fake.Submit{
		"MYBRAND":      {From: "MYBRAND", FromTON: 5},
		"8041":         {From: "8041", FromTON: 3},
		"+15005550006": {From: "15005550006", FromTON: 1, FromNPI: 1},
	} {
		r := newRig(t, map[string]string{"from": from}, time.Second, time.Minute)
		m := adapters.Message{ID: "c1.1", To: lan, Class: adapters.Ad, Text: "Có", Expires: r.now().Add(24 * time.Hour)}
		if _, err := r.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		want.To, want.ToTON, want.ToNPI, want.Coding, want.Receipt, want.Validity, want.Octets = "84901234567", 1, 1, 8, 1, "000001000000000R", []byte("\x00C\x00\xf3")
		if got := r.fake.Submits(); len(got) != 1 || !reflect.DeepEqual(got[0], want) {
			t.Errorf("%s: %+v, want %+v", from, got, want)
		}
		r.stop()
	}
}

// Each part has an id of its own. Where the centre refuses one for a while, the parts that it has are not sent again.
func TestALongTextGoesOnWhereItWasInterrupted(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil, time.Second, time.Minute)
	text := strings.Repeat("Chị thích phong cách nào ạ? ", 8) // 4 parts
	r.fake.Arm(fakekit.Play{}, fakekit.Play{}, fakekit.Play{Status: 0x58})
	if _, err := r.send("c1.7", text); fault(err) != adapters.Throttled {
		t.Fatalf("the third part was throttled: %v", err)
	}
	s, err := r.send("c1.7", text)
	if err != nil || len(s.IDs) != 4 || s.Units != 4 {
		t.Fatalf("%+v, %v", s, err)
	}
	if n := len(r.fake.Submits()); n != 4 {
		t.Errorf("%d parts were taken", n)
	}
	if shown := r.fake.Shown(lan); len(shown) != 1 || shown[0].Text != text {
		t.Errorf("shown: %+v", shown)
	}
	if again, err := r.send("c1.7", text); err != nil || reflect.DeepEqual(again.IDs, s.IDs) {
		t.Errorf("a repeat that is wanted is sent: %+v, %v", again, err)
	}
	if shown := r.fake.Shown(lan); len(shown) != 1 {
		t.Errorf("the phone knows the parts of a repeat by their number: %d texts", len(shown))
	}
}

// Each part's receipt is told as it is, by the part's own id: the gateway, which outlives the session, knows of which parts a
// text is, and when it has arrived.
func TestReceiptsOfPartsAreToldEach(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil, time.Second, time.Minute)
	tell := func(id string, s adapters.Status, f adapters.Fault) adapters.Event {
		t.Helper()
		if err := r.fake.Tell(t.Context(), adapters.Event{Kind: adapters.Report, From: lan, Theirs: id, Status: s, Fault: f}); err != nil {
			t.Fatal(err)
		}
		e := r.next()
		if e.Theirs != id {
			t.Errorf("told %s of %s", id, e.Theirs)
		}
		return e
	}
	text := strings.Repeat("a", 400) // 3 parts
	s, err := r.send("c1.1", text)
	if err != nil || len(s.IDs) != 3 {
		t.Fatalf("%+v, %v", s, err)
	}
	order := []struct {
		part int
		want adapters.Status
	}{{2, adapters.Delivered}, {0, adapters.Delivered}, {0, adapters.Delivered}, {1, adapters.Delivered}}
	for _, x := range order {
		if e := tell(s.IDs[x.part], adapters.Delivered, ""); e.Status != x.want {
			t.Errorf("part %d: %s, want %s", x.part, e.Status, x.want)
		}
	}
	s, err = r.send("c1.2", text)
	if err != nil {
		t.Fatal(err)
	}
	tell(s.IDs[0], adapters.Delivered, "")
	if e := tell(s.IDs[1], adapters.Undelivered, adapters.Recipient); e.Status != adapters.Undelivered || e.Fault != adapters.Recipient {
		t.Errorf("a part did not arrive: %+v", e)
	}
	if e := tell(s.IDs[2], adapters.Delivered, ""); e.Status != adapters.Delivered {
		t.Errorf("a part arrived: %+v", e)
	}
	if one, err := r.send("c1.3", "a"); err != nil || tell(one.IDs[0], adapters.Delivered, "").Status != adapters.Delivered {
		t.Error("a text of one part is delivered at once")
	}
}

func TestCodesOfTheAccount(t *testing.T) {
	t.Parallel()
	r := newRig(t, map[string]string{"codes": "0x401=operator, 1026=stopped, 0x58=operator"}, time.Second, time.Minute)
	for status, want := range map[int]adapters.Fault{0x401: adapters.Operator, 0x402: adapters.Stopped, 0x58: adapters.Operator, 0x403: adapters.Unknown, 0xFF: adapters.Unknown} {
		r.fake.Arm(fakekit.Play{Status: status})
		if _, err := r.send("c1.1", "a"); err == nil || fault(err) != want {
			t.Errorf("%#x: %v, want %q", status, err, want)
		}
	}
}

// A session that breaks leaves open what became of the messages in flight, and of nothing else.
func TestACutLeavesOpenWhatIsInFlight(t *testing.T) {
	t.Parallel()
	r := newRig(t, map[string]string{"window": "3"}, time.Second, time.Minute)
	r.fake.Slow(time.Minute)
	const n = 8
	results := make(chan error, n)
	for range n {
		go func() {
			_, err := r.send("c1.1", "a")
			results <- err
		}()
	}
	wait(t, "three are in flight", func() bool { return r.fake.Calls() == 3 })
	r.fake.Slow(0)
	r.fake.Cut()
	count := map[string]int{}
	for range n {
		switch err := <-results; {
		case err == nil:
			count["taken"]++
		case fault(err) == adapters.Unknown:
			count["unknown"]++
		default:
			count[string(fault(err))]++
		}
	}
	if count["unknown"] != 3 || count["taken"]+count["transient"] != n-3 {
		t.Errorf("three were in flight: %v", count)
	}
}

// An answer that comes too late makes room in the window again.
func TestLateAnswersGiveTheirPlaceBack(t *testing.T) {
	t.Parallel()
	r := newRig(t, map[string]string{"window": "1"}, time.Second, time.Minute)
	r.fake.Slow(300 * time.Millisecond)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	m := adapters.Message{ID: "c1.1", To: lan, Class: adapters.Reply, Text: "a"}
	if _, err := r.Send(ctx, m); err == nil || fault(err) != adapters.Unknown {
		t.Errorf("the answer is late: %v", err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := r.Send(ctx, m); fault(err) != adapters.Transient {
		t.Errorf("there is no room in the window: %v", err)
	}
	r.fake.Slow(0)
	if _, err := r.send("c1.2", "b"); err != nil {
		t.Errorf("the window stays closed: %v", err)
	}
}

func TestAddressesOfOtherChannels(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil, time.Second, time.Minute)
	if _, err := r.Send(t.Context(), adapters.Message{ID: "c1.1", To: address.Address{Scheme: "zalo", ID: "1"}, Text: "a"}); fault(err) != adapters.Recipient {
		t.Error(err)
	}
}

func TestSettingsAreChecked(t *testing.T) {
	good := map[string]string{"address": "smpp.example.com:2775", "system_id": "a", "password": "b", "from": "8041"}
	for name, values := range map[string][]string{
		"address": {"smpp.example.com", ":2775", "h:99999"}, "tls": {"maybe"}, "tls_ca": {"x"}, "system_id": {strings.Repeat("a", 16), "ế"}, "password": {strings.Repeat("a", 64)},
		"from": {"MYBRANDISLONG", "Lụa", "1234567890123456"}, "from_ton": {"x", "99"}, "window": {"0", "1001", "x"}, "enquire_link": {"0s", "1h", "5"}, "alphabet": {"morse"},
		"receipt_ids": {"roman"}, "two_way": {"perhaps"}, "country": {"vn", "VNM"}, "codes": {"0x401", "x=operator", "0=operator", "1=window"},
	} {
		for _, v := range values {
			settings := map[string]string{name: v}
			for k, g := range good {
				if k != name {
					settings[k] = g
				}
			}
			if _, err := smpp.Type().Open(adapters.Account{Settings: settings, Now: time.Now}); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s %q: %v", name, v, err)
			}
		}
	}
}

// wait asks again and again: what it waits for happens in another's goroutine, and tells nobody.
func wait(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !is(); {
		if time.Now().After(end) {
			t.Fatalf("waited in vain: %s", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}
