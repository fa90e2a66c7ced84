package speedsms

import (
	"strconv"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
)

// done is the code of a success.
const done = "00"

// faults are SpeedSMS's codes, by its page of them. They come with HTTP 200.
var faults = map[string]httpcall.Known{
	"007": {Fault: adapters.Operator, Detail: "our IP address is locked out"},
	"008": {Fault: adapters.Operator, Detail: "the account is blocked"},
	"009": {Fault: adapters.Operator, Detail: "the account may not send so, or not by this sender"},
	"101": {Fault: adapters.BadMessage, Detail: "something of the message is missing or wrong"},
	"105": {Fault: adapters.Recipient, Detail: "no telephone number"},
	"110": {Fault: adapters.BadMessage, Detail: "the sender does not carry these characters"},
	"113": {Fault: adapters.BadMessage, Detail: "the text is too long"},
	"300": {Fault: adapters.Operator, Detail: "the balance is used up"},
	"500": {Fault: adapters.Transient, Detail: "SpeedSMS asks to try again"},
}

// permanent is the first of the numbers in receipts that mean a failure for good, as in the networks' own receipts
// (TP-Status, 3GPP TS 23.040); those below may be followed by another receipt.
const permanent = 64

// outcome is what the number in a receipt means.
func outcome(told said) (s adapters.Status, known bool) {
	switch n, err := strconv.Atoi(string(told)); {
	case err != nil || n < 0:
		return "", false
	case n == 0:
		return adapters.Delivered, true
	case n < permanent:
		return adapters.SentOn, true
	}
	return adapters.Undelivered, true
}
