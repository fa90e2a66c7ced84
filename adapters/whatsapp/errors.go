package whatsapp

import (
	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
)

// statuses maps what becomes of a message.
var statuses = map[string]adapters.Status{
	"sent":      adapters.SentOn,
	"delivered": adapters.Delivered,
	"read":      adapters.Read,
	"played":    adapters.Read, // a voice message
	"failed":    adapters.Failed,
}

// faults maps Meta's error codes, which are the same in answers and in receipts. Subcodes are told no more since v16.
// Code 1 is not here: it is said of requests that are wrong and of servers that are, which the HTTP status tells apart.
var faults = map[int64]httpcall.Known{
	0:      {Fault: adapters.Operator, Detail: "the access token is refused"},
	2:      {Fault: adapters.Transient, Detail: "the API is overloaded"},
	3:      {Fault: adapters.Operator, Detail: "the app lacks a capability or permission"},
	4:      {Fault: adapters.Throttled, Detail: "the app calls too often"},
	10:     {Fault: adapters.Operator, Detail: "a permission is missing"},
	33:     {Fault: adapters.Operator, Detail: "no such number: phone_number_id, or the token's permissions"},
	190:    {Fault: adapters.Operator, Detail: "the access token has expired or was revoked"},
	368:    {Fault: adapters.Operator, Detail: "the account is blocked for a violation of Meta's policy"},
	80007:  {Fault: adapters.Throttled, Detail: "the account's rate limit"},
	130429: {Fault: adapters.Throttled, Detail: "the number's throughput is reached"},
	130472: {Fault: adapters.BadMessage, Detail: "the user is part of an experiment of Meta's and gets no marketing"},
	130497: {Fault: adapters.Operator, Detail: "the account may not write to this country"},
	131000: {Fault: adapters.Transient, Detail: "not sent, reason unknown"},
	131005: {Fault: adapters.Operator, Detail: "a permission is missing"},
	131008: {Fault: adapters.BadMessage, Detail: "a parameter is missing"},
	131009: {Fault: adapters.BadMessage, Detail: "a parameter has a wrong value"},
	131016: {Fault: adapters.Transient, Detail: "the service is not available"},
	131021: {Fault: adapters.Recipient, Detail: "sender and recipient are the same number"},
	131026: {Fault: adapters.Recipient, Detail: "not on WhatsApp, or cannot get this message"},
	131030: {Fault: adapters.Recipient, Detail: "a test number writes to the numbers on its list only"},
	131031: {Fault: adapters.Operator, Detail: "the account is locked"},
	131037: {Fault: adapters.Operator, Detail: "the number's display name is not approved"},
	131042: {Fault: adapters.Operator, Detail: "no valid way to pay"},
	131045: {Fault: adapters.Operator, Detail: "the number is not registered"},
	131047: {Fault: adapters.Window, Detail: "more than 24 hours since the customer wrote: a template is needed"},
	131048: {Fault: adapters.Throttled, Detail: "too many messages of this number were blocked or reported"},
	131049: {Fault: adapters.Later, Detail: "Meta lets no more marketing through to this user for now"},
	131050: {Fault: adapters.Stopped, Detail: "the user stopped marketing from this business"},
	131051: {Fault: adapters.BadMessage, Detail: "a kind of message that is not supported"},
	131052: {Fault: adapters.BadMessage, Detail: "the customer's attachment cannot be fetched"},
	131053: {Fault: adapters.Transient, Detail: "the attachment cannot be fetched"},
	131056: {Fault: adapters.Throttled, Detail: "too many messages to this user in a short time"},
	131057: {Fault: adapters.Transient, Detail: "the account is under maintenance"},
	131062: {Fault: adapters.BadMessage, Detail: "this kind of template needs the user's number"},
	132000: {Fault: adapters.BadMessage, Detail: "the number of the template's variables does not fit"},
	132001: {Fault: adapters.BadMessage, Detail: "no such template in this language, or not approved"},
	132005: {Fault: adapters.BadMessage, Detail: "the template is too long when filled"},
	132007: {Fault: adapters.BadMessage, Detail: "the template is against Meta's policy"},
	132012: {Fault: adapters.BadMessage, Detail: "the template's variables do not fit"},
	132015: {Fault: adapters.BadMessage, Detail: "the template is paused for low quality"},
	132016: {Fault: adapters.BadMessage, Detail: "the template is disabled"},
	132068: {Fault: adapters.BadMessage, Detail: "the flow is blocked"},
	132069: {Fault: adapters.BadMessage, Detail: "the flow is throttled"},
	133004: {Fault: adapters.Transient, Detail: "the server is not available"},
	133010: {Fault: adapters.Operator, Detail: "the number is not registered"},
	133016: {Fault: adapters.Throttled, Detail: "registered too often"},
	134011: {Fault: adapters.Operator, Detail: "the terms of payments are not accepted"},
}

// meaning of a code. Permissions have a hundred codes; an id that the token cannot see is told as a wrong parameter.
func meaning(code, subcode int64) (httpcall.Known, bool) {
	switch {
	case code >= 200 && code <= 299:
		return httpcall.Known{Fault: adapters.Operator, Detail: "a permission is missing"}, true
	case code == 100 && subcode == 33:
		return faults[33], true
	case code == 100:
		return httpcall.Known{Fault: adapters.BadMessage, Detail: "a parameter is wrong"}, true
	}
	k, ok := faults[code]
	return k, ok
}
