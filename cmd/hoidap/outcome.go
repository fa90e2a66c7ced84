package main

import (
	"encoding/json"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences/understand"
)

// outcome is what a conversation makes of a reply: a status, and the value as JSON where there is one.
type outcome struct {
	status understand.Status
	value  string
}

func outcomeOf(r understand.Reading) outcome {
	o := outcome{status: campaigns.TakenAs(r)}
	switch o.status {
	case understand.Answered:
		o.value = sameJSON(r.Value)
	case understand.IsCommand:
		o.value = sameJSON(r.Command)
	}
	return o
}

// recorded is an outcome as history has it. Only answers and commands have values.
func recorded(status understand.Status, value json.RawMessage) outcome {
	o := outcome{status: status}
	if (status == understand.Answered || status == understand.IsCommand) && len(value) > 0 {
		o.value = sameJSON(value)
	}
	return o
}

// sameJSON writes equal values in the same way, whatever the order of their fields was.
func sameJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	var plain any
	if json.Unmarshal(b, &plain) != nil {
		return string(b)
	}
	if b, err = json.Marshal(plain); err != nil {
		return ""
	}
	return string(b)
}

// String is "answered office".
func (o outcome) String() string {
	if o.value == "" {
		return string(o.status)
	}
	var text string
	if json.Unmarshal([]byte(o.value), &text) != nil {
		text = o.value
	}
	return string(o.status) + " " + text
}

// change names what becomes of a reply.
type change string

// The changes. Replies that were not understood and are now are what a change is for; the last two are for the worse.
const (
	unchanged     change = "unchanged"
	newlyAnswered change = "newly answered"
	changedValue  change = "changed value"
	newlyUnclear  change = "newly unclear"
)

func changeOf(before, after outcome) change {
	switch {
	case before == after:
		return unchanged
	case after.status == understand.Unclear:
		return newlyUnclear
	case before.status == understand.Unclear && after.status == understand.Answered:
		return newlyAnswered
	}
	return changedValue
}
