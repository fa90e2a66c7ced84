package demo

import (
	"fmt"
	"strconv"
	"strings"
)

// schedule says the common forms of a cron line in words: daily, weekly, monthly, on workdays. Others stay as written.
func (n names) schedule(spec string) string {
	f := strings.Fields(spec)
	if len(f) != 5 || f[3] != "*" {
		return spec
	}
	minute, err1 := strconv.Atoi(f[0])
	hour, err2 := strconv.Atoi(f[1])
	if err1 != nil || err2 != nil {
		return spec
	}
	at := fmt.Sprintf("%02d:%02d", hour, minute)
	day, week := f[2], strings.ToUpper(f[4])
	_, notDate := strconv.Atoi(day)
	switch {
	case day == "*" && week == "*":
		return n.lang.say("cron.daily", "time", at)
	case day == "*" && (week == "MON-FRI" || week == "1-5"):
		return n.lang.say("cron.workdays", "time", at)
	case day == "*" && weekday(week) >= 0:
		return n.lang.say("cron.weekly", "day", n.lang.say("day."+strconv.Itoa(weekday(week))), "time", at)
	case week == "*" && notDate == nil:
		return n.lang.say("cron.monthly", "day", day, "time", at)
	}
	return spec
}

// weekday is the number of one day of the week, from Sunday; -1 where s is not one day.
func weekday(s string) int {
	for i, name := range []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"} {
		if s == name || s == strconv.Itoa(i) {
			return i
		}
	}
	return -1
}
