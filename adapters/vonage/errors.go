package vonage

import (
	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
)

// statuses are the words of receipts.
func statuses() map[string]adapters.Status {
	return map[string]adapters.Status{
		"accepted":  adapters.SentOn,
		"buffered":  adapters.SentOn,
		"delivered": adapters.Delivered,
		"expired":   adapters.Undelivered,
		"failed":    adapters.Undelivered,
		"unknown":   adapters.Undelivered,
		"rejected":  adapters.Failed,
	}
}

// faults are the statuses of a part in the answer to a message; 0 is none.
func faults() map[string]httpcall.Known {
	return map[string]httpcall.Known{
		"1":  {Fault: adapters.Throttled, Detail: "too fast"},
		"2":  {Fault: adapters.BadMessage, Detail: "a parameter is missing"},
		"3":  {Fault: adapters.BadMessage, Detail: "a parameter is not valid"},
		"4":  {Fault: adapters.Operator, Detail: "credentials refused"},
		"5":  {Fault: adapters.Transient, Detail: "Vonage has an internal error"},
		"6":  {Fault: adapters.BadMessage, Detail: "the message cannot be handled: a wrong country code or an unreachable network"},
		"7":  {Fault: adapters.Recipient, Detail: "the number is barred at Vonage"},
		"8":  {Fault: adapters.Operator, Detail: "the account is barred"},
		"9":  {Fault: adapters.Operator, Detail: "no balance"},
		"10": {Fault: adapters.Operator, Detail: "too many connections"},
		"11": {Fault: adapters.Operator, Detail: "the account may not use the SMS API"},
		"12": {Fault: adapters.BadMessage, Detail: "the message is too long"},
		"14": {Fault: adapters.Operator, Detail: "the account wants sends to be signed: switch that off"},
		"15": {Fault: adapters.Operator, Detail: "from is not a sender that may be used for this recipient"},
		"22": {Fault: adapters.BadMessage, Detail: "a network code is not valid"},
		"23": {Fault: adapters.BadMessage, Detail: "the callback's address is not valid"},
		"29": {Fault: adapters.Recipient, Detail: "a trial account may write to numbers of its list only"},
		"32": {Fault: adapters.Recipient, Detail: "writing to this destination is not allowed"},
		"33": {Fault: adapters.Recipient, Detail: "the number is deactivated"},
	}
}

// receiptFaults are the err-codes of receipts; what is not here, 1 and 99 among it, has no reason that helps.
func receiptFaults() map[string]httpcall.Known {
	return map[string]httpcall.Known{
		"2":  {Fault: adapters.Transient, Detail: "the handset was not to be reached for now"},
		"3":  {Fault: adapters.Recipient, Detail: "the number is not in use"},
		"4":  {Fault: adapters.Stopped, Detail: "the person barred us"},
		"5":  {Fault: adapters.Operator, Detail: "a ported number that Vonage cannot place"},
		"6":  {Fault: adapters.Operator, Detail: "taken for spam by the carrier"},
		"7":  {Fault: adapters.Transient, Detail: "the handset was busy"},
		"8":  {Fault: adapters.Transient, Detail: "the network had an error"},
		"9":  {Fault: adapters.Recipient, Detail: "not a valid number"},
		"10": {Fault: adapters.BadMessage, Detail: "the message is not valid"},
		"11": {Fault: adapters.Operator, Detail: "no route to the number"},
		"12": {Fault: adapters.Recipient, Detail: "the destination cannot be reached"},
		"13": {Fault: adapters.Recipient, Detail: "blocked by the person's age"},
		"14": {Fault: adapters.Recipient, Detail: "the carrier blocks messages to this number"},
		"15": {Fault: adapters.Transient, Detail: "the person has no prepaid credit"},
		"16": {Fault: adapters.Operator, Detail: "a quota of the account is used up"},
		"39": {Fault: adapters.Operator, Detail: "from may not be used for this destination"},
		"50": {Fault: adapters.Operator, Detail: "the sender's registration lacks something"},
		"51": {Fault: adapters.Operator, Detail: "the sender's registration does not fit"},
		"52": {Fault: adapters.BadMessage, Detail: "filtered by its content"},
		"53": {Fault: adapters.Stopped, Detail: "the person has not consented, by the carrier's register"},
		"54": {Fault: adapters.Operator, Detail: "the sender is not registered"},
	}
}
