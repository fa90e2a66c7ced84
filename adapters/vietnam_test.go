package adapters_test

import (
	"errors"
	"testing"

	"github.com/hoidap/hoidap/adapters"
)

func TestPlain(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"Chị thích đến sáng hay chiều? Giảm 50.000₫": "Chi thich den sang hay chieu? Giam 50.000d",
		"OK 1":  "OK 1",
		"[A] €": "[A] €",
		"":      "",
	} {
		if got, err := adapters.Plain(typed); err != nil || got != want {
			t.Errorf("%q became %q, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"Cảm ơn 👍", "谢谢", "a\u0301"} {
		var e *adapters.Error
		if got, err := adapters.Plain(typed); !errors.As(err, &e) || e.Fault != adapters.BadMessage || got != "" {
			t.Errorf("%q became %q, %v", typed, got, err)
		}
	}
}

func TestVietnamesePhone(t *testing.T) {
	t.Parallel()
	for told, want := range map[string]string{
		"84901234567": "+84901234567", "0901234567": "+84901234567", "+84901234567": "+84901234567", "842438251234": "+842438251234",
		"0841234567": "+84841234567", // 084 is a mobile prefix, too
	} {
		if got, ok := adapters.VietnamesePhone(told); !ok || got.ID != want {
			t.Errorf("%q became %v, %v", told, got, ok)
		}
	}
	for _, told := range []string{"", "0", "84", "191", "84191", "VIETTEL", "8409012345670", "84 901234567", "840901234567", "+65901234567", "901234567", "312158068343230", "84９01234567"} {
		if got, ok := adapters.VietnamesePhone(told); ok {
			t.Errorf("%q became %v", told, got)
		}
	}
}
