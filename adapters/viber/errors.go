package viber

import (
	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
)

// taken is the one status that is none of failure.
const taken = "0"

// faults is Viber's table of errors by status. A status that is not here leaves the outcome unknown.
func faults() map[string]httpcall.Known {
	return map[string]httpcall.Known{
		"1":  {Fault: adapters.Operator, Detail: "the webhook's address is not valid, or did not answer 200"},
		"2":  {Fault: adapters.Operator, Detail: "the auth_token was refused"},
		"3":  {Fault: adapters.BadMessage, Detail: "the request is malformed"},
		"4":  {Fault: adapters.BadMessage, Detail: "the request lacks a field"},
		"5":  {Fault: adapters.Recipient, Detail: "the receiver is not registered at Viber"},
		"6":  {Fault: adapters.Stopped, Detail: "the receiver is not subscribed to the bot"},
		"7":  {Fault: adapters.Operator, Detail: "the bot is blocked"},
		"8":  {Fault: adapters.Operator, Detail: "the token belongs to no bot"},
		"9":  {Fault: adapters.Operator, Detail: "the bot is suspended"},
		"10": {Fault: adapters.Operator, Detail: "the bot has no webhook"},
		"11": {Fault: adapters.Recipient, Detail: "the receiver has no device that shows bots"},
		"12": {Fault: adapters.Later, Detail: "a hundred messages within an hour without an answer"}, // counted for each receiver: no reason to pause the account
		"13": {Fault: adapters.BadMessage, Detail: "the version of the API is not supported"},
		"14": {Fault: adapters.BadMessage, Detail: "the message does not go with the version of the API"},
		"15": {Fault: adapters.Operator, Detail: "the bot may not do this"},
		"16": {Fault: adapters.BadMessage, Detail: "the chat takes no inline message"},
		"17": {Fault: adapters.Operator, Detail: "the bot is not inline"},
		"18": {Fault: adapters.Operator, Detail: "the bot is not published"},
		"21": {Fault: adapters.Recipient, Detail: "the receiver's country is not supported"},
		"22": {Fault: adapters.Operator, Detail: "payments are not supported"},
		"23": {Fault: adapters.Operator, Detail: "the free messages are used up"},
		"24": {Fault: adapters.Operator, Detail: "no balance is left"},
	}
}
