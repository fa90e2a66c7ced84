package files

import (
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/expr"
	"github.com/hoidap/hoidap/config/strict"
)

// everyLeast is the shortest time between two runs.
const everyLeast = time.Minute

// cron reads the five standard fields. The parser panics on some texts and takes others for something that nobody
// means, so both are looked at before.
func (l *loading) cron(v strict.Value, s *campaigns.Schedule) (cron.Schedule, string) {
	if !v.Present() {
		return nil, ""
	}
	spec := strings.Join(strings.Fields(v.Text()), " ")
	if spec == "" {
		return nil, ""
	}
	if strings.Contains(strings.ToUpper(spec), "TZ=") {
		v.Fail("write timezone: Asia/Ho_Chi_Minh beside it", "a cron line has no timezone in it")
		return nil, ""
	}
	if every, ok := strings.CutPrefix(spec, "@every"); ok {
		if d, ok := expr.ParseDuration(strings.TrimSpace(every)); !ok || d < everyLeast {
			v.Fail(`write it like "@every 2h"`, "%q is not a time between runs of at least a minute", strings.TrimSpace(every))
			return nil, ""
		}
	}
	parsed, ok := parseCron(spec)
	if !ok {
		misread(v, spec)
		return nil, ""
	}
	if fields, ok := parsed.(*cron.SpecSchedule); ok && s.ZoneName != byContact {
		fields.Location = s.Zone
	}
	// From a fixed day, so that the same file is right or wrong always; the next leap day is within reach of it.
	if parsed.Next(time.Date(2024, 1, 1, 0, 0, 0, 0, s.Zone)).IsZero() {
		v.Fail("look at the day and the month", "the cron line %q names a day that never comes", spec)
		return nil, ""
	}
	return parsed, spec
}

func parseCron(spec string) (s cron.Schedule, ok bool) {
	defer func() {
		if recover() != nil {
			s, ok = nil, false
		}
	}()
	s, err := cron.ParseStandard(spec)
	return s, err == nil
}

// cronNames stand for a whole line.
var cronNames = []string{"@hourly", "@daily", "@weekly", "@monthly", "@yearly", "@midnight", "@annually"}

// misread says what is wrong with a line in words of our own: those of the parser are for programmers, and in one language.
func misread(v strict.Value, spec string) {
	fields := strings.Fields(spec)
	switch {
	case strings.HasPrefix(spec, "@"):
		v.Fail(strict.Suggest(spec, cronNames), "%q is not a name for a time", spec)
	case len(fields) != 5:
		v.Fail(`write minute, hour, day, month and weekday: "0 10 * * SAT" is each Saturday at 10:00`, "a cron line has five fields, not %d", len(fields))
	default:
		for i, text := range fields {
			alone := slices.Repeat([]string{"*"}, len(fields))
			alone[i] = text
			if _, ok := parseCron(strings.Join(alone, " ")); !ok {
				misreadField(v, i, text)
			}
		}
	}
}

func misreadField(v strict.Value, i int, text string) {
	switch i {
	case 0:
		v.Fail(`write 0 to 59, such as "0 10 * * *" for 10:00`, "%q cannot be the minute, which comes first in a cron line", text)
	case 1:
		v.Fail(`write 0 to 23, such as "0 10,15 * * *" for 10:00 and 15:00`, "%q cannot be the hour, which comes second in a cron line", text)
	case 2:
		v.Fail(`write 1 to 31, such as "0 10 1 * *" for the first of the month`, "%q cannot be the day, which comes third in a cron line", text)
	case 3:
		v.Fail(`write 1 to 12 or JAN to DEC, such as "0 10 1 3,9 *" for March and September`, "%q cannot be the month, which comes fourth in a cron line", text)
	default:
		v.Fail(`write 0 (Sunday) to 6 or SUN to SAT, such as "0 10 * * MON-FRI"`, "%q cannot be the weekday, which comes last in a cron line", text)
	}
}
