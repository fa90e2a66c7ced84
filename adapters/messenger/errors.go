package messenger

import (
	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
)

// code is one of Meta's codes, with the subcode that tells its kinds apart; 0 stands for all subcodes that are not here.
type code struct{ code, sub int64 }

// faults maps Meta's error codes. The zero Fault means that Meta's own page tells of messages that arrived all the same.
var faults = map[code]httpcall.Known{
	{1, 0}:         {Detail: "something failed at Meta; the message may have been sent"},
	{2, 0}:         {Fault: adapters.Transient, Detail: "the service is not available"},
	{4, 0}:         {Fault: adapters.Throttled, Detail: "the app calls too often"},
	{10, 0}:        {Fault: adapters.Operator, Detail: "a permission is missing"},
	{10, 2018065}:  {Fault: adapters.Window, Detail: "more than 24 hours since the customer wrote"},
	{10, 2018108}:  {Fault: adapters.Recipient, Detail: "this person cannot get messages"},
	{10, 2018278}:  {Fault: adapters.Window, Detail: "more than 24 hours since the customer wrote"},
	{17, 0}:        {Fault: adapters.Throttled, Detail: "the user's rate limit"},
	{32, 0}:        {Fault: adapters.Throttled, Detail: "the page's rate limit"},
	{100, 0}:       {Fault: adapters.BadMessage, Detail: "a parameter is wrong"},
	{100, 2018001}: {Fault: adapters.Recipient, Detail: "no such person for this page"},
	{100, 2018109}: {Fault: adapters.BadMessage, Detail: "the attachment is too large"},
	{190, 0}:       {Fault: adapters.Operator, Detail: "the page's token has expired or was revoked"},
	{200, 1545041}: {Fault: adapters.Stopped, Detail: "this person gets no messages from the page: blocked, switched off, or gone"},
	{200, 2018108}: {Fault: adapters.Recipient, Detail: "this person cannot get messages"},
	{230, 0}:       {Fault: adapters.Operator, Detail: "the token lacks pages_messaging"},
	{368, 0}:       {Fault: adapters.Operator, Detail: "the page is blocked for a violation of Meta's policy"},
	{551, 0}:       {Fault: adapters.Stopped, Detail: "this person gets no messages from the page: blocked, switched off, or gone"},
	{613, 0}:       {Fault: adapters.Throttled, Detail: "the rate limit of this call"},
	{1200, 0}:      {Fault: adapters.Transient, Detail: "sending fails for the moment"},
	{2018027, 0}:   {Fault: adapters.Operator, Detail: "the page has reached its limit"},
	{10, 2018027}:  {Fault: adapters.Operator, Detail: "the page has reached its limit"},
	{80006, 0}:     {Fault: adapters.Throttled, Detail: "the page's rate limit for Messenger"},
}

// meaning of a code: by its subcode where that is known. Permissions have a hundred codes.
func meaning(c, sub int64) (httpcall.Known, bool) {
	for _, key := range [...]code{{c, sub}, {c, 0}} {
		if k, ok := faults[key]; ok {
			return k, true
		}
	}
	if c >= 200 && c <= 299 {
		return httpcall.Known{Fault: adapters.Operator, Detail: "a permission is missing"}, true
	}
	return httpcall.Known{}, false
}
