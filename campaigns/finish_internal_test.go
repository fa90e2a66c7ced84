package campaigns

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns/offers"
	"github.com/hoidap/hoidap/preferences"
)

func TestAnOfferNeverComesWithoutItsCode(t *testing.T) {
	o := &offers.Offer{Text: map[string]string{"vi": "Tặng mã {{code}}.", "en": "A gift for you."}}
	for locale, want := range map[string]string{"vi": "Tặng mã A1.", "en": "A gift for you.\nA1"} {
		s := &turn{w: &World{}, s: State{Contact: &preferences.Contact{Locale: locale}}}
		require.Equal(t, want, s.offerText(o, "A1"))
	}
}
