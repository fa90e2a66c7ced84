package chim

import (
	"encoding/json"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
)

// faults says what Chim's codes mean, in the order of its page, with words of ours: its sentences quote numbers. A
// code that is not here leaves it to the HTTP status.
func faults() map[json.Number]httpcall.Known {
	return map[json.Number]httpcall.Known{
		"101": {Fault: adapters.Operator, Detail: "the key was refused"},
		"102": {Fault: adapters.Operator, Detail: "no balance"},
		"201": {Fault: adapters.Recipient, Detail: "no such number"},
		"202": {Fault: adapters.Stopped, Detail: "the number is on the do-not-call list"},
		"301": {Fault: adapters.BadMessage, Detail: "the text was refused"},
		"429": {Fault: adapters.Throttled, Detail: "too fast"},
		"900": {Fault: adapters.Transient, Detail: "busy"},
	}
}
