package understand

import "strconv"

// half reads a rưỡi without unit.
func (s *sitting) half(q *quantity) {
	if s.saysAt(q.to, "rưỡi", "rưởi") {
		q.lo += 0.5
		q.hi, q.fraction = q.lo, true
		q.to++
	}
}

// tail adds what follows a unit: tenths, hundredths or thousandths of it by the number of digits, or a smaller unit.
func (s *sitting) tail(q *quantity, ts measures) {
	i := q.to
	if i >= len(s.toks) {
		return
	}
	t := &s.toks[i]
	switch {
	case s.saysAt(i, "rưỡi", "rưởi"):
		q.lo += 0.5
		q.to++
	case s.saysAt(i, "mấy"), s.saysAt(i, "lẻ") && s.nothingBehind(i+1): // 1tr mấy
		q.hasHi, q.hi = true, q.lo+1
		q.to++
		return
	case s.smallerUnit(q, ts):
		s.rest(q)
	case s.saysAt(i, "and") && s.saysAt(i+1, "a"): // an hour and a half
		x, n := s.fractionBehind(i)
		q.lo, q.to = q.lo+x, i+n
	case t.kind == numberToken && len(t.word) <= 3 && (t.glued || q.unit.factor >= 1e6 && (s.nounAt(i+1) == "" || len(t.word) == 1 && afterAmount[s.typedAt(i+1)])):
		q.lo += s.tailDigits(i, q, ts)
	case t.kind == numberToken && len(t.word) == 3 && q.unit.factor == 1e3 && plainDigits(t.word) && s.saysAt(i-1, "nghìn", "ngàn", "ngìn") && (s.nothingBehind(i+1) || s.saysAt(i+1, "đồng", "đ")): // 45 nghìn 500
		q.lo += s.tailDigits(i, q, ts)
	case t.kind == numberToken && len(t.word) == 2 && q.unit == unit{100, "length"} && s.nothingBehind(i+1): // 1 mét 58
		q.lo += s.tailDigits(i, q, ts)
	case t.kind == numberToken && len(t.word) == 1 && (tenthsBehind[q.unit] || q.unit.family == "count") && s.nothingBehind(i+1):
		q.lo += float64(t.word[0]-'0') / 10
		q.to++
	case t.kind == wordToken && (q.unit.factor >= 1e6 || q.unit.family == "length" || q.unit.family == "money" || q.unit == unit{1e3, "count"} && s.vi || tenthsBehind[q.unit]):
		s.tailWords(q, i, ts)
	}
	q.hi = q.lo
}

// rest adds the hundreds and what they carry behind the thousands: "một triệu hai trăm nghìn ba trăm".
func (s *sitting) rest(q *quantity) {
	if !s.saysAt(q.to-1, "nghìn", "ngàn", "ngìn", "thousand") {
		return
	}
	x, n := s.numeralAt(q.to)
	if n > 1 && x >= 100 && x < 1000 && x == float64(int(x)) && s.toks[q.to].kind == wordToken {
		q.lo += x / q.unit.factor
		q.to += n
	}
}

// tenthsBehind are the measures of which people say the tenths behind the unit: "7 ký 8", "1 lít 2".
var tenthsBehind = map[unit]bool{{10, "length"}: true, {100, "length"}: true, {1000, "mass"}: true, {1e5, "mass"}: true, {1000, "volume"}: true}

func (s *sitting) nothingBehind(i int) bool {
	return i >= len(s.toks) || s.toks[i].ends() || s.onlyTrail(i)
}

// smallerUnit adds "30 phút" to "1 giờ", "990 nghìn" to "12 triệu", "fifty cents" to "five dollars".
func (s *sitting) smallerUnit(q *quantity, ts measures) bool {
	i := q.to
	if s.saysAt(i, "and", "và", "lẻ") {
		i++
	}
	x, n := s.numeralAt(i)
	if n == 0 || x <= 0 {
		return false
	}
	u, m := ts(i + n)
	if s.saysAt(i+n, "cent", "cents") || centsBehind[q.unit] && s.typedAt(i+n) == "c" && s.toks[i+n].glued { // of whatever money
		u, m = unit{0.01, q.unit.family}, 1
	}
	twoDigits := s.toks[i].kind == numberToken && len(s.toks[i].word) == 2 || s.toks[i].kind == wordToken && x >= 10
	if m == 0 && centsBehind[q.unit] && x < 100 && twoDigits && q.to > q.from+1 && s.nothingBehind(i+n) { // 20 dollars 43, twenty dollars fifty
		u = unit{0.01, q.unit.family}
	} else if m == 0 && q.unit == (unit{60, "time"}) && x < 60 && int(x)%5 == 0 && len(s.toks[i].word) == 2 && s.nothingBehind(i+n) { // 1 tiếng 30
		u, m = unit{1, "time"}, 0
	} else if m == 0 || s.noMoreBehind(i+n) > 0 {
		return false
	}
	if u.factor <= 0 || u.factor >= q.unit.factor || !sameScale(u.family, q.unit.family) || x*u.factor >= q.unit.factor {
		return false
	}
	if asked, ok := s.asked(); ok && u.family == "months" && asked.factor > u.factor && s.saysAt(q.to-1, "tuổi") { // 25 tuổi 3 tháng
		return false
	}
	if u.family == "vnd" && u.factor == 1 {
		return false
	}
	q.lo += x * u.factor / q.unit.factor
	q.to = i + n + m
	return true
}

// cents adds "and 43c" to "$20".
func (s *sitting) cents(q *quantity, ts measures) bool {
	i := q.to
	if s.saysAt(i, "and", "và") {
		i++
	}
	_, n := s.numeralAt(i)
	if n == 0 || !s.saysAt(i+n, "cent", "cents", "c", "xu", "xen") || q.fraction || !s.smallerUnit(q, ts) {
		return false
	}
	q.hi = q.lo
	return true
}

// centsBehind are the kinds of money whose hundredths people say.
var centsBehind = map[unit]bool{{1, "usd"}: true, {1, "eur"}: true, {1, "gbp"}: true, {1, "aud"}: true, {1, "sgd"}: true, {1, "cad"}: true}

// sameScale: đồng are counted in words that other currencies have too.
func sameScale(a, b string) bool {
	return a == b || (a == "money" || a == "vnd") && (b == "money" || b == "vnd")
}

func (s *sitting) tailDigits(i int, q *quantity, ts measures) float64 {
	w := s.toks[i].word
	x, err := strconv.ParseFloat(w, 64)
	if err != nil {
		return 0
	}
	u, n := ts(i + 1)
	if n > 0 && u.family == q.unit.family && u.factor > 0 && u.factor < q.unit.factor && u.factor > 1 && s.noMoreBehind(i+1) == 0 { // 1tr 500k
		q.to = i + 1 + n
		return x * u.factor / q.unit.factor
	}
	if n > 0 && !s.toks[i].glued {
		return 0
	}
	q.to = i + 1
	if q.unit.family == "time" { // 1h30
		return x / 60
	}
	for range w {
		x /= 10
	}
	return x
}

// noMoreBehind is the length of "k hơn" in "3tr5 k hơn", where the k is không and no thousand.
func (s *sitting) noMoreBehind(i int) int {
	if s.vi && i < len(s.toks) && !s.toks[i].glued && (lexicon().shortVI[s.typedAt(i)] == "không" || s.saysAt(i, "không")) && s.saysAt(i+1, "hơn", "quá", "vượt") {
		return 2
	}
	return 0
}

// tailWords reads "một triệu hai", "hai triệu năm trăm", "một mét bảy hai".
func (s *sitting) tailWords(q *quantity, i int, ts measures) {
	x, n := s.numeralAt(i)
	if n == 0 || x != float64(int(x)) || x <= 0 || x >= 1000 || s.typedAt(i) == "one" { // the 5 kg one
		return
	}
	u, m := ts(i + n)
	switch {
	case m > 0 && u.family == q.unit.family && u.factor < q.unit.factor && u.factor > 0:
		q.lo += x * u.factor / q.unit.factor
		n += m
	case m > 0 || s.nounAt(i+n) != "" && q.unit != unit{100, "length"} && !(x >= 100 && q.unit.factor == 1e3):
		return
	case s.saysAt(i, "không"): // no hundreds: hai nghìn không trăm hai mươi
		q.lo += x / 1000
	case x < 10:
		q.lo += x / 10
	case x < 100:
		q.lo += x / 100
	default:
		q.lo += x / 1000
	}
	q.to = i + n
}
