// Package all lists the adapters of this build. A new adapter is a folder of its own and one line here.
package all

import (
	"slices"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/esms"
	"github.com/hoidap/hoidap/adapters/http"
	"github.com/hoidap/hoidap/adapters/infobip"
	"github.com/hoidap/hoidap/adapters/line"
	"github.com/hoidap/hoidap/adapters/messenger"
	"github.com/hoidap/hoidap/adapters/smpp"
	"github.com/hoidap/hoidap/adapters/speedsms"
	"github.com/hoidap/hoidap/adapters/telegram"
	"github.com/hoidap/hoidap/adapters/twilio"
	"github.com/hoidap/hoidap/adapters/viber"
	"github.com/hoidap/hoidap/adapters/vonage"
	"github.com/hoidap/hoidap/adapters/whatsapp"
	"github.com/hoidap/hoidap/adapters/zalo"
)

// Types lists the adapters by name. The phone is not among them: it needs a hub, which whoever shows the phones makes
// and adds with phone.Type(hub).
func Types() []adapters.Type {
	return []adapters.Type{
		esms.Type(),
		http.Type(),
		infobip.Type(),
		line.Type(),
		messenger.Type(),
		smpp.Type(),
		speedsms.Type(),
		telegram.Type(),
		twilio.Type(),
		viber.Type(),
		vonage.Type(),
		whatsapp.Type(),
		zalo.Type(),
	}
}

// Find gives the adapter of a name.
func Find(name string) (adapters.Type, bool) {
	types := Types()
	i := slices.IndexFunc(types, func(t adapters.Type) bool { return t.Name == name })
	if i < 0 {
		return adapters.Type{}, false
	}
	return types[i], true
}
