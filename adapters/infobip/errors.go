package infobip

import (
	"strconv"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
)

// The groups of statuses.
const (
	groupPending       = 1
	groupUndeliverable = 2
	groupDelivered     = 3
	groupExpired       = 4
	groupRejected      = 5
)

// Statuses with a meaning of their own.
const (
	statusDelivered = 5  // to the handset; others of the group: to the operator
	statusWaiting   = 3  // sent, and waiting for the operator's receipt
	statusDuplicate = 23 // the id is one of a message that Infobip has
)

// told is a status, or an error, as Infobip writes it. Its names and descriptions are left out: they quote numbers.
type told struct {
	Group int `json:"groupId"`
	ID    int `json:"id"`
}

// meaning is what became of a message; "" for a group that is not in the documents.
func (s told) meaning() adapters.Status {
	switch {
	case s.Group == groupPending && s.ID == statusWaiting:
		return adapters.SentOn
	case s.Group == groupPending:
		return adapters.Queued
	case s.Group == groupDelivered && s.ID == statusDelivered:
		return adapters.Delivered
	case s.Group == groupDelivered:
		return adapters.SentOn
	case s.Group == groupUndeliverable, s.Group == groupExpired:
		return adapters.Undelivered
	case s.Group == groupRejected:
		return adapters.Failed
	}
	return ""
}

// why is the kind of a failure and its code. The error says more than the status, where it is known.
func why(status, failure told) (httpcall.Known, string) {
	if k, ok := errorFaults()[failure.ID]; ok {
		return k, "error " + strconv.Itoa(failure.ID)
	}
	if k, ok := statusFaults()[status.ID]; ok {
		return k, "status " + strconv.Itoa(status.ID)
	}
	if failure.ID != 0 {
		return httpcall.Known{}, "error " + strconv.Itoa(failure.ID)
	}
	return httpcall.Known{}, "status " + strconv.Itoa(status.ID)
}

// statusFaults are the ids of statuses of the group REJECTED.
func statusFaults() map[int]httpcall.Known {
	return map[int]httpcall.Known{
		6:  {Fault: adapters.Recipient, Detail: "no network for this number"},
		8:  {Fault: adapters.Recipient, Detail: "the number's prefix is unknown"},
		10: {Fault: adapters.Recipient, Detail: "on a do-not-disturb list"},
		11: {Fault: adapters.Operator, Detail: "the source is not allowed"},
		12: {Fault: adapters.Operator, Detail: "no credits"},
		13: {Fault: adapters.Operator, Detail: "from may not be used"},
		14: {Fault: adapters.Stopped, Detail: "on the account's blocklist"},
		17: {Fault: adapters.Operator, Detail: "the package has expired"},
		18: {Fault: adapters.Operator, Detail: "a trial account can write to the verified number only"},
		19: {Fault: adapters.Operator, Detail: "no route on this account"},
		20: {Fault: adapters.Later, Detail: "too many messages to this number within an hour"},
		21: {Fault: adapters.Transient, Detail: "Infobip has an internal error"},
		24: {Fault: adapters.BadMessage, Detail: "the data header is not valid"},
		25: {Fault: adapters.BadMessage, Detail: "the text is too long"},
		51: {Fault: adapters.Recipient, Detail: "no destination"},
		52: {Fault: adapters.Recipient, Detail: "not a valid destination"},

		100: {Fault: adapters.Transient, Detail: "Infobip could not process the message"},
	}
}

// errorFaults are the ids of errors in receipts.
func errorFaults() map[int]httpcall.Known {
	return map[int]httpcall.Known{
		1:    {Fault: adapters.Recipient, Detail: "unknown number"},
		5:    {Fault: adapters.Transient, Detail: "the number cannot be found for now"},
		6:    {Fault: adapters.Transient, Detail: "the number is absent"},
		9:    {Fault: adapters.Recipient, Detail: "the number is not known to its network"},
		11:   {Fault: adapters.Recipient, Detail: "the number cannot get SMS"},
		13:   {Fault: adapters.Recipient, Detail: "the number is barred"},
		27:   {Fault: adapters.Transient, Detail: "the handset is off"},
		31:   {Fault: adapters.Transient, Detail: "the handset is busy"},
		32:   {Fault: adapters.Transient, Detail: "the delivery failed"},
		33:   {Fault: adapters.Transient, Detail: "the handset's memory is full"},
		34:   {Fault: adapters.Transient, Detail: "the network has an error"},
		256:  {Fault: adapters.Transient, Detail: "the network is busy"},
		368:  {Fault: adapters.Operator, Detail: "the sender is not registered"},
		433:  {Fault: adapters.Operator, Detail: "the account may not send there"},
		541:  {Fault: adapters.Later, Detail: "the carrier's limit"},
		542:  {Fault: adapters.Later, Detail: "the carrier's limit"},
		562:  {Fault: adapters.Operator, Detail: "the sender's campaign is not in order"},
		563:  {Fault: adapters.Operator, Detail: "the sender's campaign is not in order"},
		564:  {Fault: adapters.Operator, Detail: "the sender's campaign is not in order"},
		573:  {Fault: adapters.Stopped, Detail: "the person opted out"},
		581:  {Fault: adapters.Transient, Detail: "the person has no credit"},
		603:  {Fault: adapters.Stopped, Detail: "the person opted out"},
		629:  {Fault: adapters.Recipient, Detail: "the number cannot be reached"},
		2048: {Fault: adapters.Transient, Detail: "the network has an error"},
		2050: {Fault: adapters.Stopped, Detail: "the person opted out"},
		2052: {Fault: adapters.Stopped, Detail: "the person opted out"},
		3041: {Fault: adapters.Recipient, Detail: "not a mobile number"},
		4099: {Fault: adapters.Operator, Detail: "the account's settings stop the message"},
		4103: {Fault: adapters.Later, Detail: "too many of the same message to this number"},
		4104: {Fault: adapters.Later, Detail: "too many messages to this number"},
	}
}
