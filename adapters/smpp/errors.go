package smpp

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/smpp/pdu"
)

// meaning of a code, with words of ours for operators.
type meaning struct {
	fault  adapters.Fault
	detail string
}

// faults maps command_status (SMPP 3.4, 5.1.3). A code that is neither here nor among the account's own leaves the outcome
// unknown.
var faults = map[pdu.Status]meaning{
	0x01:  {adapters.BadMessage, "the message's length is refused"},
	0x02:  {adapters.Operator, "the centre does not understand the length of what we send"},
	0x03:  {adapters.Operator, "the centre does not know submit_sm"},
	0x04:  {adapters.Transient, "the session is not bound for sending"},
	0x05:  {adapters.Transient, "bound already: another session holds the account"},
	0x06:  {adapters.BadMessage, "the priority is refused"},
	0x07:  {adapters.Operator, "the centre takes no registered_delivery"},
	0x08:  {adapters.Transient, "an error of the centre's system"},
	0x0A:  {adapters.Operator, "from is not allowed as a sender"},
	0x0B:  {adapters.Recipient, "not a number that the centre reaches"},
	0x0D:  {adapters.Operator, "the bind was refused"},
	0x0E:  {adapters.Operator, "the password was refused"},
	0x0F:  {adapters.Operator, "the system_id was refused"},
	0x14:  {adapters.Throttled, "the centre's queue is full"},
	0x15:  {adapters.Operator, "the service type is refused"},
	0x33:  {adapters.Recipient, "the number of recipients is refused"},
	0x40:  {adapters.Recipient, "the destination is refused"},
	0x43:  {adapters.BadMessage, "the centre takes no user data header"},
	0x45:  {adapters.Transient, "the centre could not submit the message"},
	0x48:  {adapters.Operator, "from_ton is refused"},
	0x49:  {adapters.Operator, "from_npi is refused"},
	0x50:  {adapters.Recipient, "the recipient's type of number is refused"},
	0x51:  {adapters.Recipient, "the recipient's numbering plan is refused"},
	0x53:  {adapters.Operator, "the system_type is refused"},
	0x58:  {adapters.Throttled, "too many messages a second"},
	0x61:  {adapters.BadMessage, "the time of delivery is refused"},
	0x62:  {adapters.BadMessage, "the time of expiry is refused"},
	0x64:  {adapters.Transient, "the receiver has a temporary error"},
	0x65:  {adapters.BadMessage, "the receiver has a permanent error"},
	0x66:  {adapters.BadMessage, "the receiver refused the message"},
	0xC0:  {adapters.BadMessage, "an optional parameter is malformed"},
	0xC1:  {adapters.BadMessage, "an optional parameter is not allowed"},
	0xC2:  {adapters.BadMessage, "an optional parameter has a wrong length"},
	0xC3:  {adapters.BadMessage, "an optional parameter is missing"},
	0xC4:  {adapters.BadMessage, "an optional parameter has a wrong value"},
	0x104: {adapters.BadMessage, "the data_coding is refused"},
}

// code is how a status is written for operators.
func code(s pdu.Status) string { return fmt.Sprintf("0x%02X", uint32(s)) }

// refusal is what a status other than 0 means.
func (a *Adapter) refusal(s pdu.Status) *adapters.Error {
	if f, ok := a.codes[s]; ok {
		return &adapters.Error{Fault: f, Code: code(s), Detail: "as the account's codes say"}
	}
	m, ok := faults[s]
	if !ok {
		m.detail = "a code that is neither the protocol's nor among the account's codes"
	}
	return &adapters.Error{Fault: m.fault, Code: code(s), Detail: m.detail}
}

// readCodes reads the setting codes: "0x401=operator, 1026=recipient".
func readCodes(v string) (map[pdu.Status]adapters.Fault, error) {
	out := map[pdu.Status]adapters.Fault{}
	for _, pair := range strings.Split(v, ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		number, word, _ := strings.Cut(pair, "=")
		n, err := strconv.ParseUint(strings.TrimSpace(number), 0, 32)
		if err != nil || n == 0 {
			return nil, errors.New("must be code=fault pairs, such as 0x401=operator,0x402=recipient")
		}
		switch f := adapters.Fault(strings.TrimSpace(word)); f {
		case adapters.Transient, adapters.Throttled, adapters.Recipient, adapters.Stopped, adapters.BadMessage, adapters.Operator:
			out[pdu.Status(n)] = f
		default:
			return nil, errors.New("knows the faults transient, throttled, recipient, stopped, message and operator")
		}
	}
	return out, nil
}

// states maps what a receipt tells, by its word (stat:) and by its number (message_state); SMPP 3.4, 5.2.28 and appendix B.
var (
	states = map[string]state{
		"ENROUTE": {adapters.SentOn, ""}, "ACCEPTD": {adapters.SentOn, ""}, "DELIVRD": {adapters.Delivered, ""},
		"EXPIRED": {adapters.Undelivered, adapters.Transient}, "UNDELIV": {adapters.Undelivered, adapters.Recipient},
		"DELETED": {adapters.Failed, adapters.Operator}, "REJECTD": {adapters.Failed, adapters.BadMessage},
		"UNKNOWN": {adapters.Undelivered, adapters.Unknown}, "SKIPPED": {adapters.Failed, adapters.Unknown}, "SCHEDULED": {adapters.Queued, ""},
	}
	stateNumbers = map[byte]string{
		0: "SCHEDULED", 1: "ENROUTE", 2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 6: "ACCEPTD", 7: "UNKNOWN", 8: "REJECTD", 9: "SKIPPED",
	}
)

type state struct {
	status adapters.Status
	fault  adapters.Fault
}
