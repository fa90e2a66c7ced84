package understand

import "strings"

// weekdayNames are the names of the days, and of the two parts of a week.
type weekdayNames struct {
	days              [7][]string // Monday first
	weekdays, weekend []string
}

func loadWeekdays() weekdayNames {
	var out weekdayNames
	day := 0
	for _, line := range strings.Split(wordFile("weekdays"), "\n") {
		part, names, isPart := strings.Cut(line, "] ")
		switch {
		case line == "" || line[0] == '#':
		case isPart && part == "[weekdays":
			out.weekdays = strings.Split(names, ", ")
		case isPart && part == "[weekend":
			out.weekend = strings.Split(names, ", ")
		default:
			out.days[day] = strings.Split(line, ", ")
			day++
		}
	}
	return out
}

// weekday returns which day an option stands for: 0 is Monday, -1 is none.
func (w *weekdayNames) weekday(o *Option) int {
	for _, label := range o.Label {
		label = strings.ToLower(strings.TrimSpace(clean(label)))
		for d, names := range w.days {
			for _, n := range names {
				if label == n {
					return d
				}
			}
		}
	}
	return -1
}

// nameWeekdays lets the options that are days go by all names of the day, and by those of the part of the week that
// they are in, unless another option has that name.
func (c *question) nameWeekdays() {
	w := &lexicon().weekdays
	days := make([]int, len(c.Options))
	found := 0
	for o := range c.Options {
		if days[o] = w.weekday(&c.Options[o]); days[o] >= 0 {
			found++
		}
	}
	if found < 2 {
		return
	}
	c.days = true
	for o, d := range days {
		if d < 0 {
			continue
		}
		part := w.weekdays
		if d >= 5 {
			part = w.weekend
		}
		c.alias(o, w.days[d])
		c.alias(o, part)
	}
}

// alias gives option o more names, where none of the labels is one of them.
func (c *question) alias(o int, names []string) {
	for _, name := range names {
		for _, locale := range [...]string{"vi", "en"} {
			r := tokenise(name, locale == "vi", c.known)
			if len(r.toks) > 0 && !c.labelled(r.toks) {
				c.options[o].names = append(c.options[o].names, r.toks)
				break
			}
		}
	}
}

// labelled reports whether some option has just these words for a label.
func (c *question) labelled(words []token) bool {
	for o := range c.options {
		for _, name := range c.options[o].names[:c.options[o].labels] {
			if len(name) == len(words) {
				if n, exact := nameAt(name, words, 0); n > 0 && exact {
					return true
				}
			}
		}
	}
	return false
}
