package adapters_test

import (
	"testing"

	"github.com/hoidap/hoidap/adapters"
)

func TestOneWord(t *testing.T) {
	t.Parallel()
	for v, ok := range map[string]bool{"": true, "abc-123_~!": true, "two words": false, "copied\n": false, " copied": false, "mã": false, "a\u00a0b": false} {
		if err := adapters.OneWord(v); (err == nil) != ok {
			t.Errorf("%q: %v", v, err)
		}
	}
}

func TestOneOf(t *testing.T) {
	t.Parallel()
	two, three := adapters.OneOf("yes", "no"), adapters.OneOf("a", "b", "c")
	for v, want := range map[string]string{"yes": "", "no": "", "": "must be yes or no", "Yes": "must be yes or no"} {
		if got := text(two(v)); got != want {
			t.Errorf("%q: %q", v, got)
		}
	}
	if got := text(three("d")); three("c") != nil || got != "must be one of a, b, c" {
		t.Error(got)
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestSenderOfSMS(t *testing.T) {
	t.Parallel()
	for v, want := range map[string]struct{ ok, number bool }{
		"+15005550006": {true, true}, "84901234567": {true, true}, "8077": {true, true}, "MyShop": {true, false}, "My Shop 1": {true, false},
		"": {}, "MyVeryOwnShop": {}, "Tiệm": {}, "12": {true, false}, "+150055500061234": {true, true}, "My Shop 123": {true, false}, "My Shop 1234": {}, "+1500555000612345": {}, "My-Shop": {},
	} {
		if err := adapters.SenderOfSMS(v); (err == nil) != want.ok || adapters.IsNumber(v) != want.number {
			t.Errorf("%q: %v, number %v", v, err, adapters.IsNumber(v))
		}
	}
}
