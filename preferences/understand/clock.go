package understand

// between reads a window of two times. A part of the day behind the second holds for both; without any, the reading
// that lies inside the day is taken if it is the only one.
func (s *sitting) between(a, b clock, part string) Reading {
	if !s.joined(a.to, b.from) {
		return unclear("several-times")
	}
	if b.part == "" {
		b.part = part
	}
	switch {
	case a.part == "" && b.part != "":
		return s.inherit(a, b)
	case a.part != "" && b.part == "":
		b.part = ""
	}
	return s.window2(candidates(a), candidates(b), a, b)
}

// joined: only range words, "and" after between, and light words may stand between two times.
func (s *sitting) joined(i, j int) bool {
	v := lexicon()
	if i == j {
		return s.hoursSideBySide(i-1, i)
	}
	if i > j {
		return false
	}
	for ; i < j; i++ {
		if v.rangeWords.at(s.toks, i) == 0 && !s.saysAt(i, "and", "&", "và", "giờ", "khoảng", "tầm", ">", "before", "trước", "about") {
			return false
		}
	}
	return true
}

// inherit gives the first time the part of the second where that keeps their order ("7-9h tối"); else the first is
// taken from the part before ("11h-1h chiều").
func (s *sitting) inherit(a, b clock) Reading {
	if b.part == "morning" && b.minutes == 12*60 && a.minutes >= dayStart && a.minutes < b.minutes { // "between 10 and 12 in the morning"
		return s.window(a.minutes, b.minutes, a.from, b.to, 0.93, "clock-range")
	}
	same := a
	same.part = b.part
	for _, x := range candidates(same) {
		for _, y := range candidates(b) {
			if x < y {
				return s.window(x, y, a.from, b.to, 0.96, "clock-range")
			}
		}
	}
	return s.window2(candidates(a), candidates(b), a, b)
}

func (s *sitting) window2(as, bs []int, a, b clock) Reading {
	type pair struct{ x, y int }
	var fits []pair
	for _, x := range as {
		for _, y := range bs {
			mixed := x < 12*60 && y >= 12*60 && a.part == "" && b.part == "" && !a.full && !b.full
			if x < y && (len(as) == 1 || x >= dayStart) && (len(bs) == 1 || y <= dayEnd) && !(mixed && a.minutes < b.minutes && b.minutes < 12*60) {
				fits = append(fits, pair{x, y})
			}
		}
	}
	if len(fits) == 0 && len(as) == 1 && a.part != "" && b.part == "" { // từ 9h tối tới 11h
		for _, y := range bs {
			if as[0] < y && y < 24*60 {
				fits = append(fits, pair{as[0], y})
			}
		}
	}
	if len(fits) > 1 && a.part != "" && b.part == "" { // 8 rưỡi sáng đến 10h: the nearer one
		fits = fits[:1]
	}
	if len(fits) != 1 || a.minutes == b.minutes && a.part == b.part {
		return unclear("which-half-of-the-day")
	}
	return s.window(fits[0].x, fits[0].y, a.from, b.to, 0.94, "clock-range")
}

// candidates lists the minutes of the day that a time may mean; none where hour and part contradict each other.
func candidates(c clock) []int {
	h, m := c.minutes/60, c.minutes
	if c.minutes > 24*60 || c.minutes < 0 {
		return nil
	}
	switch c.part {
	case "":
		if c.full {
			return []int{m}
		}
		if h == 12 {
			return []int{m}
		}
		return []int{m, m + 12*60}
	case "morning", "am":
		if h == 12 && c.part == "am" {
			return []int{m - 12*60}
		}
		return only(m, h < 12)
	case "noon":
		if h <= 2 {
			return []int{m + 12*60}
		}
		return only(m, h >= 10 && h <= 14)
	case "afternoon":
		if h <= 7 {
			return []int{m + 12*60}
		}
		return only(m, h >= 12 && h <= 18)
	case "evening":
		if h >= 5 && h <= 11 {
			return []int{m + 12*60}
		}
		return only(m, h >= 17)
	case "pm":
		if h < 12 {
			return []int{m + 12*60}
		}
		return []int{m}
	case "night":
		if h >= 6 && h <= 11 {
			return []int{m + 12*60}
		}
		return only(m, h >= 18)
	}
	return nil
}

func only(m int, ok bool) []int {
	if !ok {
		return nil
	}
	return []int{m}
}

// oneSided reads "sau 6h tối", "trước 9h sáng", "từ 13h", "18h trở đi". A time alone is a point.
func (s *sitting) oneSided(c clock, part string) Reading {
	if c.part == "" {
		c.part = part
	}
	after, before := s.sideOf(c)
	if after == before {
		return unclear("point-in-time")
	}
	var fits []int
	for _, m := range candidates(c) {
		if c.part != "" || c.full || m >= dayStart && m < dayEnd {
			fits = append(fits, m)
		}
	}
	if len(fits) != 1 {
		return unclear("which-half-of-the-day")
	}
	if after {
		return s.window(fits[0], -1, c.from, c.to, 0.94, "clock-after")
	}
	return s.window(-1, fits[0], c.from, c.to, 0.94, "clock-before")
}

func (s *sitting) sideOf(c clock) (after, before bool) {
	i := c.from
	if s.saysAt(i-1, "nhất") || s.saysAt(i-2, "nhất") && s.saysAt(i-1, "là") { // trễ nhất là 9h
		k := i - 2
		if s.saysAt(i-1, "là") {
			k--
		}
		return s.saysAt(k, "sớm"), s.saysAt(k, "trễ", "muộn")
	}
	for i > 0 && s.saysAt(i-1, "khoảng", "tầm", "cỡ", "lúc", "about", "around", "là", "the") {
		i--
	}
	if i > 0 {
		after = s.saysAt(i-1, "sau", "từ", "after", "from", "since", "past", "trên", "hơn")
		before = s.saysAt(i-1, "trước", "trc", "before", "until", "till", "by", "đến", "tới", "dưới")
		if s.saysAt(i-1, "than", "hơn") && s.saysAt(i-2, "later", "earlier", "muộn", "trễ", "sớm") {
			after, before = s.saysAt(i-2, "later", "muộn", "trễ"), s.saysAt(i-2, "earlier", "sớm")
			i--
		}
		k := i - 2
		for k > 1 && s.saysAt(k, "me", "us", "mình", "em", "tôi", "tui", "chị", "anh", "cho") && !s.toks[k].ends() {
			k--
		}
		if s.saysAt(k, "gọi", "nhắn", "giao", "đến", "tới", "ship", "qua", "call", "text", "ring", "come", "deliver", "calls", "texts", "visits", "deliveries") {
			k--
		}
		if (s.saysAt(k, "không", "no", "not") || s.bidsNot(k)) && !s.saysAt(i-1, "từ", "from") { // not before 10
			after, before = before, after
		}
	}
	if s.saysAt(i-1, "to") && s.saysAt(i-2, "up") {
		before = true
	}
	switch {
	case s.saysAt(c.to, "at") && s.saysAt(c.to+1, "the") && s.saysAt(c.to+2, "earliest"), s.saysAt(c.to, "earliest"):
		after = true
	case s.saysAt(c.to, "at") && s.saysAt(c.to+1, "the") && s.saysAt(c.to+2, "latest"), s.saysAt(c.to, "latest"):
		before = true
	case s.saysAt(c.to, "trở") && s.saysAt(c.to+1, "đi", "lên"), s.saysAt(c.to, "đổ") && s.saysAt(c.to+1, "đi", "lên"), s.saysAt(c.to, "+"), s.saysAt(c.to, "onwards", "onward"), s.saysAt(c.to, "or") && s.saysAt(c.to+1, "later", "after"):
		after = true
	case s.saysAt(c.to, "trở", "đổ") && s.saysAt(c.to+1, "về", "lại", "xuống"), s.saysAt(c.to, "or") && s.saysAt(c.to+1, "earlier", "before"):
		after, before = false, true
	}
	return after, before
}
