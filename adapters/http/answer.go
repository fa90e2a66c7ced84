package http

import (
	"errors"
	nethttp "net/http"
	"regexp"
	"strings"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
)

// judgement is how answers of the API are read.
type judgement struct {
	taken  all
	id     *source
	code   *source
	errors []errorRule
}

// errorRule says what a failure means.
type errorRule struct {
	when      all
	duplicate bool // it was taken before
	known     httpcall.Known
}

// faults are the words for what a failure may be; duplicate stands beside them.
func faults() map[string]adapters.Fault {
	return map[string]adapters.Fault{
		"unknown": adapters.Unknown, "transient": adapters.Transient, "throttled": adapters.Throttled, "later": adapters.Later,
		"recipient": adapters.Recipient, "stopped": adapters.Stopped, "window": adapters.Window, "message": adapters.BadMessage, "operator": adapters.Operator,
	}
}

const (
	duplicate   = "duplicate"
	faultsKnown = "unknown, transient, throttled, later, recipient, stopped, window, message, operator or duplicate"
	detailMost  = 200
)

// parseErrors reads lines of condition -> fault: words.
func parseErrors(v string) (out []errorRule, err error) {
	for n, line := range lines(v) {
		when, meaning, err := arrow(line)
		if err != nil {
			return nil, inLine(n, err)
		}
		word, words, _ := strings.Cut(meaning, ":")
		word, words = strings.TrimSpace(word), strings.TrimSpace(words)
		fault, known := faults()[word]
		switch {
		case !known && word != duplicate:
			return nil, inLine(n, errors.New("must mean "+faultsKnown))
		case len(words) > detailMost:
			return nil, inLine(n, errors.New("has more than 200 bytes of words for the operator"))
		}
		out = append(out, errorRule{when, word == duplicate, httpcall.Known{Fault: fault, Detail: words}})
	}
	return out, nil
}

// compileAnswer reads the settings of what the API answers.
func (a *Adapter) compileAnswer() error {
	set := a.acc.Settings
	j := &a.answer
	j.taken, _ = parseAll(set["sent_when"]) // checked before, as are those that follow
	j.id, _ = parseSource(set["sent_id"])
	j.errors, _ = parseErrors(set["errors"])
	if set["error_code"] != "" {
		j.code, _ = parseSource(set["error_code"])
	}
	switch {
	case a.anybody(j.taken, nethttp.StatusOK):
		return wrong("sent_when", "must ask for something in the answer that only the provider says, such as $.code = 00 or $.id exists: it holds for an empty answer or a proxy's page, too")
	case j.id.from == ours && !a.out.uses["id"]:
		return wrong("sent_id", "is ours, and the provider is not told {{id}}: write it into send_body or send_query")
	case set["lost"] == lostKeyed && !a.out.uses["id"]:
		return wrong("lost", "is keyed, and the provider is not told {{id}}, by which it drops repeats: write it into send_body, send_query or send_headers")
	case set["lost"] == lostEchoed && (!a.out.uses["id"] || set["status_our_id"] == ""):
		return wrong("lost", "is echoed, which needs {{id}} in what is sent and status_our_id in receipts")
	}
	return a.refuseGuesses()
}

// refuseGuesses refuses rules by which somebody could be texted twice, or taken for gone.
func (a *Adapter) refuseGuesses() error {
	keyed := a.acc.Settings["lost"] == lostKeyed
	for n, r := range a.answer.errors {
		again := r.known.Fault == adapters.Transient || r.known.Fault == adapters.Throttled || r.known.Fault == adapters.Later
		switch {
		case r.duplicate && !a.out.uses["id"]:
			return wrong("errors", "%w", inLine(n, errors.New("is duplicate, and the provider is not told {{id}}, by which it could know")))
		case keyed && again && !r.duplicate, r.known.Fault == adapters.Unknown && !r.duplicate:
			continue
		case a.anybody(r.when, doubtful()...):
			return wrong("errors", "%w", inLine(n, errors.New("says what became of a message by what a proxy answers, too, for one that was taken: ask for the provider's own code; or, for transient, throttled and later, set lost: keyed where the provider drops repeats")))
		}
	}
	return nil
}

// doubtful are statuses that do not say whether the message was taken.
func doubtful() []int {
	return []int{
		nethttp.StatusOK, nethttp.StatusAccepted, nethttp.StatusRequestTimeout, nethttp.StatusConflict, nethttp.StatusInternalServerError,
		nethttp.StatusBadGateway, nethttp.StatusServiceUnavailable, nethttp.StatusGatewayTimeout,
	}
}

// anybody reports whether conditions hold for what anybody may answer with one of the statuses, and not only the provider.
func (a *Adapter) anybody(when all, statuses ...int) bool {
	for _, body := range []string{"", "{}", "null", "[]", "<html/>", "<html><body>\n<h1>Bad Gateway</h1>\n</body></html>"} {
		tree, _ := parseTree(a.acc.Settings["answer_format"], "", []byte(body))
		for _, status := range statuses {
			if when.hold(scene{status: status, header: nethttp.Header{}, root: tree, event: tree}) {
				return true
			}
		}
	}
	return false
}

// judge gives the provider's id of a message that it took, or what became of it. Failures count before success:
// providers report them with HTTP 200.
func (a *Adapter) judge(answer httpcall.Answer, m adapters.Message) (id string, err error) {
	in := scene{status: answer.Status, header: answer.Header}
	tree, unreadable := parseTree(a.acc.Settings["answer_format"], answer.Header.Get("Content-Type"), answer.Body)
	if unreadable == nil {
		in.root, in.event = tree, tree
	}
	code := a.answer.codeOf(in, m)
	for _, r := range a.answer.errors {
		switch {
		case !r.when.hold(in):
		case r.duplicate:
			return a.known(in, m), nil
		case r.known.Fault == adapters.Unknown:
			return "", answer.Odd("is one of those that errors calls unknown")
		default:
			return "", answer.RefusedAs(code, r.known, a.acc.Now())
		}
	}
	if err := answer.RefusedAs(code, httpcall.Known{}, a.acc.Now()); err != nil {
		return "", err
	}
	if unreadable != nil {
		return "", answer.Odd("cannot be read")
	}
	if !a.answer.taken.hold(in) {
		return "", answer.Odd("is not what sent_when asks for, and errors does not know it")
	}
	if a.answer.id.from == ours {
		return m.ID, nil
	}
	if id := a.answer.id.value(in); id != "" {
		return id, nil
	}
	return "", answer.Odd("names no message where sent_id looks")
}

// known is the id of a message that was taken before: ours, where the provider does not say its own again.
func (a *Adapter) known(in scene, m adapters.Message) string {
	if a.answer.id.from != ours {
		if id := a.answer.id.value(in); id != "" {
			return id
		}
	}
	return m.ID
}

// codeForm is what a code may be: words that could hold a number or a text are left out.
var codeForm = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,32}$`)

// codeOf is the provider's code. What quotes the customer is none.
func (j judgement) codeOf(in scene, m adapters.Message) string {
	code := j.code.value(in)
	to := strings.TrimPrefix(m.To.ID, "+")
	if !codeForm.MatchString(code) || strings.Contains(code, to[max(0, len(to)-7):]) || code == m.Text {
		return ""
	}
	return code
}
