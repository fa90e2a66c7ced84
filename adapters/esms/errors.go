package esms

import (
	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
)

// done is the CodeResult of a request that eSMS has taken, which is not yet a message that arrived.
const done = "100"

// repeated are codes of a request that eSMS has had before: it was taken then.
var repeated = map[string]bool{"124": true, "199": true}

// faults are eSMS's codes (CodeResult), by its table of error codes.
var faults = map[string]httpcall.Known{
	"99":  {Fault: adapters.Stopped, Detail: "the number is on eSMS's list of those that want nothing"},
	"101": {Fault: adapters.Operator, Detail: "api_key or secret_key is refused"},
	"102": {Fault: adapters.Operator, Detail: "the account has no price list"},
	"103": {Fault: adapters.Operator, Detail: "the balance is used up"},
	"104": {Fault: adapters.Operator, Detail: "the brandname is not registered"},
	"105": {Fault: adapters.BadMessage, Detail: "the message is not known"},
	"107": {Fault: adapters.Operator, Detail: "advertisements are approved in lists of 30 numbers and more: eSMS has to lift that for this account"},
	"108": {Fault: adapters.Recipient, Detail: "no telephone number"},
	"110": {Fault: adapters.BadMessage, Detail: "the message's data are wrong"},
	"118": {Fault: adapters.Operator, Detail: "the account may not send this type of message"},
	"120": {Fault: adapters.BadMessage, Detail: "too many numbers"},
	"140": {Fault: adapters.Operator, Detail: "our IP address is not on eSMS's list"},
	"146": {Fault: adapters.BadMessage, Detail: "the text fits no template that is registered for the brandname"},
	"160": {Fault: adapters.Throttled, Detail: "more messages a second than agreed"},
	"177": {Fault: adapters.Recipient, Detail: "the brandname is not registered with this number's network"}, // others go: not the operator's, who would stop all
	"300": {Fault: adapters.Operator, Detail: "the type of message is missing"},
	"301": {Fault: adapters.Operator, Detail: "the type of message is not supported"},
	"687": {Fault: adapters.BadMessage, Detail: "too many numbers"},
}

// outcome is what a SendStatus means; 5 says only that a message is done with, and the counts how.
type outcome struct {
	status adapters.Status
	fault  adapters.Fault
}

var outcomes = map[string]outcome{
	"1": {status: adapters.Queued}, // waits for approval
	"2": {status: adapters.Queued},
	"4": {status: adapters.Failed, fault: adapters.BadMessage}, // rejected by eSMS or a network
	"5": {status: adapters.SentOn},
	"7": {status: adapters.SentOn}, // handed to the network
}
