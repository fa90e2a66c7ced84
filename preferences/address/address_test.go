package address_test

import (
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/hoidap/hoidap/preferences/address"
	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	for _, s := range []string{
		"tel:+84901234567", "tel:+15005550006", "tel:+6834002", "tel:+123456789012345",
		"zalo:2512523625412515", "viber:01234567890A=", "line:U4af4980629", "telegram:-1001", "messenger:1234", "web:c_9.x~y",
		"whatsapp:US.13491208655302741918", "web:a:b",
	} {
		a, err := address.Parse(s)
		if err != nil || a.String() != s {
			t.Errorf("Parse(%q) = %v, %v", s, a, err)
		}
	}
	for _, s := range []string{
		"", ":", "tel", "tel:", ":+84901234567", "+84901234567", "0901234567", "sms:+84901234567", "TEL:+84901234567",
		"tel:84901234567", "tel:+0901234567", "tel:+84 901234567", "tel:+849012", "tel:+1234567890123456", "tel:+8490123456a",
		"tel:++84901234567", "tel:+８４901234567", "zalo:a b", "zalo:a\x00b", "zalo:a\n", "zalo:á", "zalo:" + strings.Repeat("1", 129),
		"whatsapp:+84901234567", "fax:1",
	} {
		a, err := address.Parse(s)
		if !errors.Is(err, address.ErrInvalid) || !a.IsZero() {
			t.Errorf("Parse(%q) = %v, %v; want it refused", s, a, err)
			continue
		}
		if strings.Contains(err.Error(), "0901234567") || strings.Contains(err.Error(), "8490123456a") {
			t.Errorf("the error repeats the address: %v", err)
		}
	}
}

func TestParseAllocatesNothing(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { _, _ = address.Parse("tel:+84901234567") }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestMask(t *testing.T) {
	for in, want := range map[string]string{
		"tel:+84901234567":      "tel:+8490•••567",
		"tel:+6834002":          "tel:+68•••2",
		"zalo:2512523625412515": "zalo:25•••515",
		"web:abc":               "web:•••",
		"viber:abcdef":          "viber:a•••f",
	} {
		a, err := address.Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := a.Mask(); got != want {
			t.Errorf("Mask(%s) = %s, want %s", in, got, want)
		}
		if got := a.LogValue(); got.Kind() != slog.KindString || got.String() != want {
			t.Errorf("logged as %v", got)
		}
	}
	if m := (address.Address{}).Mask(); m != "" {
		t.Errorf("the zero address masks as %q", m)
	}
}

func TestText(t *testing.T) {
	type row struct{ A, B address.Address }
	in := row{A: address.Address{Scheme: "zalo", ID: "1"}}
	b, err := json.Marshal(in)
	if err != nil || string(b) != `{"A":"zalo:1","B":""}` {
		t.Fatalf("%s, %v", b, err)
	}
	var out row
	if err := json.Unmarshal(b, &out); err != nil || out != in {
		t.Fatalf("%v, %v", out, err)
	}
	if err := json.Unmarshal([]byte(`{"A":"0901234567"}`), &out); !errors.Is(err, address.ErrInvalid) {
		t.Errorf("got %v", err)
	}
}

func TestChannels(t *testing.T) {
	for _, c := range address.Channels() {
		if _, err := address.Parse(c.Scheme() + ":+84901234567"); err != nil {
			t.Errorf("%s: %v", c, err)
		}
	}
	tel := address.Address{Scheme: "tel", ID: "+84901234567"}
	if !address.SMS.Carries(tel) || !address.WhatsApp.Carries(tel) || address.Zalo.Carries(tel) || address.SMS.Carries(address.Address{}) ||
		!address.WhatsApp.Carries(address.Address{Scheme: "whatsapp", ID: "VN.1"}) || address.SMS.Carries(address.Address{Scheme: "whatsapp", ID: "VN.1"}) {
		t.Error("a channel carries what it cannot reach, or the other way round")
	}
}

func TestPhone(t *testing.T) {
	const lan = "tel:+84901234567"
	for typed, want := range map[string]string{
		"0901 234 567": lan, "0901.234.567": lan, "(090) 123-4567": lan, "84901234567": lan, "+84 90 123 45 67": lan,
		"0084 901234567": lan, "+84 (0)90 123 45 67": lan, "901234567": lan, " 0901234567\u200b": lan, "'0901234567": lan,
		"０９０１２３４５６７": lan, lan: lan, "+84901234567": lan,
		"0168 123 4567": "tel:+84381234567", "+84 168 1234567": "tel:+84381234567", "841681234567": "tel:+84381234567", "1681234567": "tel:+84381234567",
		"00841681234567": "tel:+84381234567", "0120 1234567": "tel:+84701234567", "01999999999": "tel:+84599999999", "0186 1234567": "tel:+84561234567",
		"0841234567": "tel:+84841234567", "84841234567": "tel:+84841234567", "841234567": "tel:+84841234567",
		"+1 415 555 2671": "tel:+14155552671", "+44 7911 123456": "tel:+447911123456",
	} {
		a, err := address.Phone(typed, "VN")
		if err != nil || a.String() != want {
			t.Errorf("Phone(%q) = %v, %v; want %s", typed, a, err, want)
		}
	}
	for _, typed := range []string{
		"", "  ", "+", "0", "000000000", "lan", "090123456", "09012345678", "0901234567/0912345678", "0901234567, 0912345678", "0901234567+0912345678",
		"0901234567 ext 3", "090-CALL-NOW", "14155552671", "+999 123456789", "0130 1234567", "01681234", "113", "1900 1234 5678 9012 3456 7890 12",
		"x:0901234567", "٠٩٠١٢٣٤٥٦٧",
	} {
		if a, err := address.Phone(typed, "VN"); !errors.Is(err, address.ErrInvalid) {
			t.Errorf("Phone(%q) = %v, %v; want it refused", typed, a, err)
		}
	}
	if a, err := address.Phone("(415) 555-2671", "us"); err != nil || a.String() != "tel:+14155552671" {
		t.Errorf("%v, %v", a, err)
	}
	// A refusal says what to do, and repeats nothing of the number.
	for typed, cure := range map[string]string{
		"028 3822 1234": "give the mobile number", "+84 24 3825 3841": "give the mobile number", "0283 822 1234": "give the mobile number",
		"1800 1091": "give the mobile number", "+1 800 555 0199": "give the mobile number",
		"0901234567/0912345678": "keep one", "0901234567 - 0912345678": "keep one", "0901 234 567 (chồng)": "letters and extensions", "09O1234567": "letters and extensions",
		"n/a": "letters and extensions", "090123456": "look", "09012345678": "look", "14155552671": "write + and the country code",
		"4901234567": "write + and the country code", "+999 123456789": "country", "-": "leave the number out",
	} {
		_, err := address.Phone(typed, "VN")
		if !errors.Is(err, address.ErrInvalid) || !strings.Contains(err.Error(), cure) || len(typed) > 3 && strings.Contains(err.Error(), typed) {
			t.Errorf("Phone(%q): %v; want it to say %q", typed, err, cure)
		}
	}
	for _, region := range []string{"", "XX", "vietnam"} {
		if a, err := address.Phone("0901234567", region); !errors.Is(err, address.ErrInvalid) || !strings.Contains(err.Error(), "the country must be known") {
			t.Errorf("region %q: %v, %v", region, a, err)
		}
	}
	if a, err := address.Phone("+84901234567", ""); err != nil || a.String() != lan {
		t.Errorf("%v, %v", a, err)
	}
}

// The prefixes of 2018: every old one is reached by its new one, whichever way the number is written.
func TestOldPrefixes(t *testing.T) {
	for old, now := range map[string]string{
		"0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078", "0123": "083", "0124": "084", "0125": "085", "0127": "081",
		"0129": "082", "0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036", "0167": "037", "0168": "038", "0169": "039",
		"0186": "056", "0188": "058", "0199": "059",
	} {
		want := "tel:+84" + now[1:] + "2345678"
		for _, typed := range []string{old + "2345678", old + " 234.5678", "84" + old[1:] + "2345678", "+84 " + old[1:] + " 234 5678", "+84 (0)" + old[1:] + "2345678"} {
			if a, err := address.Phone(typed, "VN"); err != nil || a.String() != want {
				t.Errorf("Phone(%q) = %v, %v; want %s", typed, a, err, want)
			}
		}
		a, err := address.Parse("tel:+84" + old[1:] + "2345678")
		if err != nil || a.Current().String() != want || a.Current().Current() != a.Current() {
			t.Errorf("%v is %v today, %v", a, a.Current(), err)
		}
	}
	for _, s := range []string{"tel:+84901234567", "tel:+842838221234", "tel:+14155552671", "tel:+8412012345678", "zalo:841201234567", "telegram:+841201234567"} {
		if a, err := address.Parse(s); err != nil || a.Current() != a {
			t.Errorf("%s became %v, %v", s, a.Current(), err)
		}
	}
}

// What Phone gives is an address, and giving it again changes nothing.
func TestPhoneSettles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typed := rapid.StringMatching(`(\+84|84|0|0084)?[ .]?(1[2689][0-9]|[35789][0-9])[ .-]?[0-9]{3}[ .-]?[0-9]{4}`).Draw(t, "typed")
		a, err := address.Phone(typed, "VN")
		if err != nil {
			return
		}
		if p, err := address.Parse(a.String()); err != nil || p != a {
			t.Fatalf("Phone gave %v, which Parse reads as %v, %v", a, p, err)
		}
		if b, err := address.Phone(a.ID, ""); err != nil || a != b {
			t.Fatalf("%v became %v, %v", a, b, err)
		}
	})
}

func TestMaskHides(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, err := address.Parse(rapid.StringMatching(`(tel:\+[1-9][0-9]{6,14}|zalo:[!-~]{1,128})`).Draw(t, "address"))
		if err != nil {
			t.Fatal(err)
		}
		head, tail, ok := strings.Cut(strings.TrimPrefix(a.Mask(), a.Scheme+":"), "•••")
		if !ok || len(tail) > 3 || len(head)+len(tail) > max(0, len(a.ID)-4) {
			t.Fatalf("%s shows too much of %s", a.Mask(), a)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"tel:+84901234567", "zalo:1", "whatsapp:VN.1", "web:a:b", ":", "tel:+0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := address.Parse(s)
		if err != nil {
			return
		}
		if b, err := address.Parse(a.String()); err != nil || a != b || a.String() != s {
			t.Errorf("%q is %v, then %v, %v", s, a, b, err)
		}
		_ = a.Mask()
	})
}

func FuzzPhone(f *testing.F) {
	for _, s := range []string{"0901 234 567", "84901234567", "+84 90 123 45 67", "01681234567", "+1", "++", "0"} {
		f.Add(s, "VN")
	}
	f.Fuzz(func(t *testing.T, s, region string) {
		a, err := address.Phone(s, region)
		if err != nil {
			return
		}
		if b, err := address.Parse(a.String()); err != nil || a != b {
			t.Errorf("%q gave %v, which Parse refuses: %v", s, a, err)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_, _ = address.Parse("tel:+84901234567")
	}
}

func TestTitle(t *testing.T) {
	want := []string{"SMS", "Zalo", "WhatsApp", "Viber", "Messenger", "Telegram", "LINE", "Web"}
	for i, c := range address.Channels() {
		if c.Title() != want[i] {
			t.Errorf("%s: %q", c, c.Title())
		}
	}
	if got := address.Channel("").Title(); got != "" {
		t.Error(got)
	}
}
