package twilio

import "github.com/hoidap/hoidap/adapters"

// statuses maps MessageStatus (Messages resource). "receiving" and "received" belong to what customers send.
var statuses = map[string]adapters.Status{
	"accepted":            adapters.Queued,
	"scheduled":           adapters.Queued,
	"queued":              adapters.Queued,
	"sending":             adapters.Queued,
	"sent":                adapters.SentOn,
	"partially_delivered": adapters.SentOn,
	"delivered":           adapters.Delivered,
	"read":                adapters.Read,
	"undelivered":         adapters.Undelivered,
	"failed":              adapters.Failed,
	"canceled":            adapters.Failed,
}

// faults maps Twilio's error codes, which are the same in answers and in receipts, with words of ours for operators:
// Twilio's own sentences often quote the customer's number.
var faults = map[int]struct {
	fault  adapters.Fault
	detail string
}{
	20003: {adapters.Operator, "credentials refused"},
	20404: {adapters.Operator, "no such account or Messaging Service"},
	20429: {adapters.Throttled, "too many requests at once"},
	21211: {adapters.Recipient, "not a valid number"},
	21212: {adapters.Operator, "from is not a valid sender"},
	21217: {adapters.Recipient, "not a valid number"},
	21266: {adapters.Recipient, "sender and recipient are the same number"},
	21408: {adapters.Operator, "the country is not enabled in Messaging Geographic Permissions"},
	21602: {adapters.BadMessage, "no text"},
	21603: {adapters.Operator, "no sender"},
	21604: {adapters.BadMessage, "no recipient"},
	21606: {adapters.Operator, "the sender cannot send to this recipient"},
	21608: {adapters.Operator, "a trial account can write to verified numbers only"},
	21609: {adapters.Operator, "the status callback is not a public URL"},
	21610: {adapters.Stopped, "the recipient opted out"},
	21611: {adapters.Throttled, "the sender's queue is full"},
	21612: {adapters.Recipient, "no route to this number"},
	21614: {adapters.Recipient, "not a mobile number"},
	21617: {adapters.BadMessage, "the text is too long"},
	21656: {adapters.BadMessage, "the template's variables do not fit"},
	21659: {adapters.Operator, "from is not a sender of this account"},
	21703: {adapters.Operator, "the Messaging Service has no sender"},
	21705: {adapters.Operator, "no such Messaging Service"},
	30001: {adapters.Transient, "queue overflow"},
	30002: {adapters.Operator, "the account is suspended"},
	30003: {adapters.Transient, "the handset cannot be reached now"},
	30004: {adapters.Recipient, "the number or its carrier blocks messages"},
	30005: {adapters.Recipient, "unknown number"},
	30006: {adapters.Recipient, "a landline, or a carrier that cannot be reached"},
	30007: {adapters.BadMessage, "filtered by the carrier"},
	30008: {adapters.Transient, "not delivered, reason unknown"},
	30017: {adapters.Transient, "the carrier's network is congested"},
	30018: {adapters.Operator, "the sender is not registered in this country"},
	30032: {adapters.Operator, "the toll-free number is not verified"},
	30034: {adapters.Operator, "the number is not registered for US traffic"},
	30044: {adapters.Operator, "the trial account's limits are reached"},
	63003: {adapters.Recipient, "the channel knows no such recipient"},
	63007: {adapters.Operator, "no such WhatsApp sender"},
	63014: {adapters.Stopped, "blocked by the user"},
	63016: {adapters.Window, "free text needs the customer to have written in the last 24 hours"},
	63017: {adapters.Throttled, "the channel's rate limit"},
	63018: {adapters.Throttled, "the sender's rate limit"},
	63024: {adapters.Recipient, "not a WhatsApp recipient"},
	63028: {adapters.BadMessage, "the template's variables do not fit"},
	63032: {adapters.Stopped, "WhatsApp limits messages to this user"},
	63033: {adapters.Stopped, "the user blocked the sender"},
	63049: {adapters.Later, "Meta declined a marketing message to this user"},
}
