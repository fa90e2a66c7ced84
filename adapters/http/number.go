package http

import (
	"strings"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/preferences/address"
)

const vietnam = "84"

// bareLeast is the least digits of a number that is international and has no plus.
const bareLeast = 10

// numberAs is a number of E.164 in one of the formats; false where it has no such form. Ids of other channels stay.
func numberAs(to address.Address, format, country string) (string, bool) {
	if to.Scheme != address.Tel {
		return to.ID, true
	}
	switch format {
	case noPlus:
		return strings.TrimPrefix(to.ID, "+"), true
	case national:
		rest, ok := strings.CutPrefix(to.ID, "+"+country)
		return "0" + rest, ok
	}
	return to.ID, true
}

// customer reads whom a call speaks of: 84901234567, 0901234567, 0084901234567, +84 90 123 45 67, or a channel's id.
func (a *Adapter) customer(told string) (address.Address, bool) {
	told = strings.TrimSpace(told)
	if scheme := a.acc.Channel.Scheme(); scheme != address.Tel {
		to, err := address.Parse(scheme + ":" + told)
		return to, err == nil
	}
	bare := strings.NewReplacer(" ", "", "-", "", ".", "", "(", "", ")", "").Replace(told)
	number, plus := strings.CutPrefix(bare, "+")
	if !plus {
		number, plus = strings.CutPrefix(bare, "00")
	}
	country := a.acc.Settings["country"]
	switch {
	case plus:
	case country == vietnam && (strings.HasPrefix(number, "0") || strings.HasPrefix(number, vietnam)):
		return adapters.VietnamesePhone(number)
	case strings.HasPrefix(number, "0"):
		number = country + number[1:]
	case len(number) < bareLeast:
		return address.Address{}, false // a short code, or a hotline
	}
	to, err := address.Parse(address.Tel + ":+" + number)
	return to, err == nil
}
