package health

import (
	"fmt"
	"strings"
	"time"
)

// throttledFor is how long after the provider asked for patience an account is called throttled: it comes back by then.
const throttledFor = time.Minute

// Facts is all that is known of an account.
type Facts struct {
	Halt    Halt
	All     Together
	Probe   *Probe   // nil: the provider was not asked, or cannot be
	Webhook *Webhook // nil: the provider need not be told where webhooks go
}

// Verdict is how an account is, why, and what to do about it. Why and Cure are sentences, empty where all is well.
type Verdict struct {
	State   State
	Why     string
	Cure    string
	Trouble Trouble // what is wrong, for those who say it in another language
}

// Trouble is what is wrong with an account, whoever halted it or not, apart from its language.
type Trouble struct {
	Code   string // refused, expired, not_accepted, silent, unregistered, throttled; "": nothing is
	Fault  string // the provider's own code
	Detail string // the provider's own words
	At     time.Time
	Of, N  int // of N replicas, how many it does not answer
	Pace   float64
}

// Troubles are the codes of all that can be wrong.
func Troubles() []string {
	return []string{"refused", "expired", "not_accepted", "silent", "unregistered", "throttled"}
}

// Judge says how an account is. Of one that somebody halted it also says what is wrong beside.
func Judge(f Facts, now time.Time) Verdict {
	v := f.trouble(now)
	if f.Halt.State == "" {
		return v
	}
	h := Verdict{State: f.Halt.State, Why: f.Halt.why(), Cure: "Resume it when the reason is gone."}
	if h.State == Draining {
		h.Cure = "Take it out of the configuration once its queue is empty, or resume it."
	}
	if v.State == Failing {
		h.Why, h.Cure, h.Trouble = h.Why+" Beside that: "+v.Why, h.Cure+" "+v.Cure, v.Trouble
	}
	return h
}

func (h Halt) why() string {
	what := "Paused"
	if h.State == Draining {
		what = "Draining"
	}
	s := fmt.Sprintf("%s by %s since %s", what, h.By, h.At.UTC().Format(time.RFC3339))
	if h.Reason != "" {
		s += ": " + h.Reason
	}
	return strings.TrimSuffix(s, ".") + "."
}

// trouble is what is wrong, whoever halted the account or not; the worst comes first.
func (f Facts) trouble(now time.Time) Verdict {
	switch p, t := f.Probe, f.All; {
	case t.Refused != nil:
		return Verdict{Failing, "The provider refuses messages" + coded(t.Refused.Code, t.Refused.Detail) + ".", Cure(operator), Trouble{Code: "refused", Fault: t.Refused.Code, Detail: t.Refused.Detail}}
	case p != nil && !p.Expires.IsZero() && !p.Expires.After(now):
		return Verdict{Failing, "The account's credentials expired at " + p.Expires.UTC().Format(time.RFC3339) + ".", "Renew them at the provider.", Trouble{Code: "expired", At: p.Expires}}
	case p != nil && !p.OK && !p.Away && !t.Taken.After(p.At):
		return Verdict{Failing, "The provider does not take the account as it is" + coded("", p.Detail) + ".", Cure(operator), Trouble{Code: "not_accepted", Detail: p.Detail}}
	case t.Gone > 0:
		return Verdict{Failing, "The provider does not answer " + who(t) + ".", "Messages wait and one of them tries it every few seconds. See the provider's status page, and whether the network lets us out; a test message tells whether it answers again.", Trouble{Code: "silent", Of: t.Gone, N: t.Replicas}}
	case f.Webhook != nil && f.Webhook.Problem != "":
		return Verdict{Failing, "The provider could not be told where webhooks go: " + strings.TrimSuffix(f.Webhook.Problem, ".") + ".", "Answers and receipts do not come until it is: see that public_url is reached from outside and the credentials are right; it is tried again every few minutes.", Trouble{Code: "unregistered", Detail: f.Webhook.Problem}}
	case t.Until.After(now), now.Sub(t.Throttled) < throttledFor:
		return Verdict{Throttled, fmt.Sprintf("The provider asks for patience; the account goes at %.0f %% of its rate.", 100*t.Pace), Cure(throttled), Trouble{Code: "throttled", Pace: t.Pace}}
	}
	return Verdict{State: OK}
}

func who(t Together) string {
	if t.Replicas == 1 {
		return "us"
	}
	return fmt.Sprintf("%d of %d replicas", t.Gone, t.Replicas)
}

func coded(code, detail string) string {
	switch {
	case code != "" && detail != "":
		return fmt.Sprintf(" (code %s: %s)", code, strings.TrimSuffix(detail, "."))
	case code != "":
		return fmt.Sprintf(" (code %s)", code)
	case detail != "":
		return ": " + strings.TrimSuffix(detail, ".")
	}
	return ""
}

// Cure is what to do about what came of an attempt, in a sentence: a fault, unknown; empty for taken.
func Cure(result string) string {
	switch result {
	case taken:
		return ""
	case operator:
		return "See to the account's credentials, balance and configuration at the provider; messages wait and are tried again every minute."
	case throttled:
		return "It comes back by itself. Where it stays so, set the account's rate to what the provider allows."
	case "transient":
		return "The provider has trouble of its own: see its status page."
	case "later":
		return "The provider takes it later: its quiet hours, or the quota of the day is used up."
	case "recipient":
		return "This address cannot be reached: see that it is right and belongs to the channel."
	case "stopped":
		return "This person has opted out or blocked us at the provider: they must write first."
	case "window":
		return "The channel wants a template, or the customer to write first: write to it from that phone and try again."
	case "message":
		return "The provider does not take such a text: see whether the account may send templates only, or needs its sender approved."
	}
	return "Nobody knows whether it was taken: look at the phone and at the provider's own log."
}
