package line

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
)

// sentence is how LINE tells apart what has the same status: by the beginning of a sentence, which is matched and never
// repeated.
type sentence struct {
	status int
	begins string
	httpcall.Known
}

// endedCode is the code of errors about a reply token that was used or is too old.
const endedCode = "400 reply token"

func sentences() []sentence {
	return []sentence{
		{400, "Invalid reply token", httpcall.Known{Fault: adapters.Window, Detail: "the reply token was used or has ended"}},
		{400, "Failed to send messages", httpcall.Known{Fault: adapters.Recipient, Detail: "no such user, or none of this channel's provider"}},
		{400, "The property, 'to', in the request body is invalid", httpcall.Known{Fault: adapters.Recipient, Detail: "the address is no user id"}},
		{400, "", httpcall.Known{Fault: adapters.BadMessage, Detail: "the message was refused"}},
		{401, "", httpcall.Known{Fault: adapters.Operator, Detail: "the channel access token was refused"}},
		{403, "", httpcall.Known{Fault: adapters.Operator, Detail: "the account's plan does not allow it"}},
		{429, "You have reached your monthly limit", httpcall.Known{Fault: adapters.Operator, Detail: "the month's messages are used up"}},
		{429, "", httpcall.Known{Fault: adapters.Throttled, Detail: "too many requests"}},
	}
}

// refused says what an answer means that is none of success. LINE has no codes beside the status.
func refused(answer httpcall.Answer, message string, now time.Time) error {
	for _, s := range sentences() {
		if answer.Status != s.status || !strings.HasPrefix(message, s.begins) {
			continue
		}
		code := strconv.Itoa(s.status)
		if s.Fault == adapters.Window {
			code = endedCode
		}
		return answer.RefusedAs(code, s.Known, now)
	}
	return answer.Refused(now)
}

// tokenEnded reports whether LINE took nothing because of the reply token.
func tokenEnded(err error) bool {
	var e *adapters.Error
	return errors.As(err, &e) && e.Code == endedCode
}
