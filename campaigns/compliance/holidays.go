package compliance

import "time"

// moving are the holidays of a market that follow the moon, by their first day and how many there are.
var moving = map[string][]struct {
	first, name string
	days        int
}{
	"vn": {
		{"2026-02-16", "tet", 5}, {"2027-02-05", "tet", 5}, {"2028-01-25", "tet", 5}, {"2029-02-12", "tet", 5}, {"2030-02-01", "tet", 5},
		{"2026-04-26", "hung_kings", 1}, {"2027-04-16", "hung_kings", 1}, {"2028-04-04", "hung_kings", 1}, {"2029-04-23", "hung_kings", 1}, {"2030-04-12", "hung_kings", 1},
	},
}

// fixed are the holidays of a market that have their day in the year.
var fixed = map[string]map[string]string{
	"vn": {"01-01": "new_year", "04-30": "reunification", "05-01": "labour", "09-02": "national"},
	"us": {"01-01": "new_year", "07-04": "national", "12-25": "christmas"},
	"eu": {"01-01": "new_year", "05-01": "labour", "12-25": "christmas", "12-26": "christmas"},
}

// Holiday is the name of the public holiday of a day in the market: tet, national, ...; empty where it is none. Those that
// follow the moon are known until 2030. No rule forbids to write on them; whoever plans wants to know.
func (p Pack) Holiday(day time.Time) string {
	if name := fixed[p.Market][day.Format("01-02")]; name != "" {
		return name
	}
	date := day.Format(time.DateOnly)
	for _, h := range moving[p.Market] {
		first, err := time.Parse(time.DateOnly, h.first)
		if err == nil && date >= h.first && date < first.AddDate(0, 0, h.days).Format(time.DateOnly) {
			return h.name
		}
	}
	return ""
}
