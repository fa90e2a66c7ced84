package understand

import "github.com/hoidap/hoidap/preferences"

// ageAsked is the age that a question of yes or no draws the line at: "có bé dưới 3 tuổi không?", "Are you over 18?".
type ageAsked struct {
	months      float64
	under, with bool // below the age or above it; with the age itself
}

const monthsOfYear = 12

// ageInWording finds the line in the wording.
func (s *sitting) ageInWording() (ageAsked, bool) {
	q := s.q.text
	part := *s
	part.toks = q
	for i := 1; i < len(q); i++ {
		x, n := part.numeralAt(i)
		if n == 0 || i+n >= len(q) {
			continue
		}
		unit := 0.0
		switch {
		case part.saysAt(i+n, "tuổi", "years", "year") || part.saysAt(i+n, "t") && q[i+n].glued:
			unit = monthsOfYear
		case part.saysAt(i+n, "tháng", "months"):
			unit = 1
		case s.q.echo["child"] || s.q.echo["kid"] || s.q.echo["kids"] || s.q.echo["children"]:
			unit = monthsOfYear
		}
		a := ageAsked{months: x * unit}
		switch {
		case unit == 0:
			continue
		case part.saysAt(i-1, "dưới", "under", "below") || part.saysAt(i-1, "than") && part.saysAt(i-2, "younger"):
			a.under = true
		case part.saysAt(i-1, "trên", "over", "above") || part.saysAt(i-1, "than") && part.saysAt(i-2, "older"):
		case part.saysAt(i-1, "từ", "đủ"):
			a.with = true
		default:
			continue
		}
		return a, true
	}
	return ageAsked{}, false
}

// withinAge reads the ages that a reply says as a yes where one of them lies on the asked side of the line, and as a no where none does.
func (s *sitting) withinAge() (Reading, bool) {
	line, ok := s.ageInWording()
	if !ok || s.onlyAsks() {
		return Reading{}, false
	}
	qs := s.quantities(s.countAt)
	if len(qs) == 0 {
		return Reading{}, false
	}
	const oldest = 120 * monthsOfYear
	yes := false
	for _, q := range qs {
		age := q.lo * monthsOfYear
		switch {
		case q.unit.family == "months" || q.unit.family == "either":
			age = q.lo * q.unit.factor
		case q.unit.factor != 0 || q.noun != "" && !s.saysAt(q.to, "years", "yr", "yo", "y"):
			return Reading{}, false
		}
		if !q.exact() || s.askedAt(q.from) || age > oldest {
			return Reading{}, false
		}
		yes = yes || line.under && age < line.months || !line.under && (age > line.months || line.with && age == line.months)
	}
	return s.answered(preferences.Value{Kind: yesNoKind, Bool: yes}, "age", 0.88, qs[0].from, qs[len(qs)-1].to), true
}
