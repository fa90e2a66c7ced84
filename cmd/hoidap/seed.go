package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/hoidap/hoidap/campaigns"
	roles "github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// demoContacts is how many customers the sample brand has.
const demoContacts = 200

// The parts of the sample customers. Their numbers are of a range that is not given out.
var (
	familyNames = [...]string{"Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Hoàng", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ"}
	givenNames  = [...]string{"Lan", "Minh", "Hương", "Tuấn", "Mai", "Khoa", "Ngọc", "Huy", "Thảo", "Dung", "Quân", "Trang", "Phúc", "Vy", "Sơn", "Yến", "Bảo"}
	cities      = [...]string{"Hà Nội", "TP. Hồ Chí Minh", "Đà Nẵng", "Huế", "Cần Thơ", "Hải Phòng"}
)

// seedDemo fills the sample brand: its customers, and the codes of its offers.
func seedDemo(ctx context.Context, c control.API) error {
	work, ctx := errgroup.WithContext(roles.As(ctx, roles.Program()))
	work.SetLimit(16)
	now := time.Now()
	for i := range demoContacts {
		work.Go(func() error {
			_, _, err := c.Upsert(ctx, demoContact(i, now))
			return err
		})
	}
	work.Go(func() error { return seedCodes(ctx, c) })
	return work.Wait()
}

func seedCodes(ctx context.Context, c control.API) error {
	offers, err := c.Offers(ctx)
	if err != nil {
		return err
	}
	for _, o := range offers {
		if o.Pool == "" {
			continue
		}
		var codes []string
		for i := range 100 {
			codes = append(codes, fmt.Sprintf("%s-%03d", strings.ToUpper(o.Pool), i+1))
		}
		if _, _, err := c.AddCodes(ctx, o.ID, codes); err != nil {
			return err
		}
	}
	return nil
}

// demoContact is the i-th customer. One in ten has not agreed to marketing, so that the demo shows who is not asked and
// why; one in eight reads English.
func demoContact(i int, now time.Time) campaigns.ContactEdit {
	name, locale, zone := givenNames[i%len(givenNames)], "vi", "Asia/Ho_Chi_Minh"
	if i%8 == 7 {
		locale = "en"
	}
	return campaigns.ContactEdit{
		Addresses: []address.Address{{Scheme: "tel", ID: fmt.Sprintf("+8490000%04d", i)}},
		Name:      &name, Locale: &locale, Timezone: &zone,
		Facts: map[string]any{"city": cities[i%len(cities)], "family_name": familyNames[i%len(familyNames)], "orders": i % 7},
		Consents: []preferences.Consent{{Purpose: preferences.Marketing, Granted: i%10 != 9, Source: "checkout form",
			Wording: "Tôi đồng ý nhận tin từ Lụa, tối đa 4 tin mỗi tháng.", At: now.Add(-time.Duration(i+1) * 24 * time.Hour)}},
	}
}
