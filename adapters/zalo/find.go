package zalo

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
)

// lookBack is how many messages of a conversation Zalo shows at once.
const lookBack = 10

// clocksApart is by how much Zalo's clock may be behind ours.
const clocksApart = time.Minute

// Find looks for m among the last messages of the conversation: ours, with its text, sent since it was queued, and none
// of those that are known as others.
func (a Chat) Find(ctx context.Context, m adapters.Message) (adapters.Sent, bool, error) {
	if m.Template != nil {
		return adapters.Sent{}, false, errors.New("a template is not told apart from others in the conversation")
	}
	query, err := json.Marshal(object{"user_id": m.To.ID, "offset": 0, "count": lookBack})
	if err != nil {
		return adapters.Sent{}, false, err
	}
	answer, data, err := a.call(ctx, a.chat, httpcall.Call{Path: "/v2.0/oa/conversation", Query: url.Values{"data": {string(query)}}})
	if err != nil {
		return adapters.Sent{}, false, err
	}
	var told []struct {
		Source id     `json:"src"` // 0: the OA
		ID     id     `json:"message_id"`
		Time   id     `json:"time"` // milliseconds
		Text   string `json:"message"`
	}
	if err := json.Unmarshal(data, &told); err != nil {
		return adapters.Sent{}, false, answer.Odd("holds no conversation")
	}
	since, text := m.Queued.Add(-clocksApart), shownText(m)
	complete := len(told) < lookBack
	for _, x := range told {
		at, err := millis(x.Time)
		if err != nil {
			return adapters.Sent{}, false, answer.Odd("holds a message without a time")
		}
		if at.Before(since) {
			complete = true
			continue
		}
		if x.Source == "0" && x.Text == text && x.ID != "" && !slices.Contains(m.Others, string(x.ID)) {
			return adapters.Sent{IDs: []string{string(x.ID)}, Units: 1}, true, nil
		}
	}
	if !complete {
		return adapters.Sent{}, false, errors.New("the conversation went on too far to tell")
	}
	return adapters.Sent{}, false, nil
}

// millis reads a time in milliseconds.
func millis(v id) (time.Time, error) {
	n, err := strconv.ParseInt(string(v), 10, 64)
	return time.UnixMilli(n).UTC(), err
}
