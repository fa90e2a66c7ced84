package twilio

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/preferences/address"
	api "github.com/twilio/twilio-go/rest/api/v2010"
)

// Send hands m to Twilio once.
func (a *Adapter) Send(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	if err := a.caps.Check(m); err != nil {
		return adapters.Sent{}, err
	}
	p, err := a.params(m, a.now())
	if err != nil {
		return adapters.Sent{}, err
	}
	c := a.begin(ctx)
	defer c.end()
	got, err := c.service.CreateMessage(p)
	if err != nil {
		return adapters.Sent{}, err
	}
	s := sent(got)
	if len(s.IDs) == 0 {
		return s, fmt.Errorf("Twilio's answer names no message: outcome unknown")
	}
	return s, nil
}

func sent(m *api.ApiV2010Message) (s adapters.Sent) {
	if m.Sid != nil && *m.Sid != "" {
		s.IDs = []string{*m.Sid}
	}
	if m.NumSegments != nil {
		s.Units, _ = strconv.Atoi(*m.NumSegments) // "0" until a Messaging Service has chosen the sender
	}
	return s
}

// validity is how long Twilio may keep a message in its queue: its limits, in seconds.
const validityMin, validityMax = 5, 36000

func (a *Adapter) params(m adapters.Message, now time.Time) (*api.CreateMessageParams, error) {
	to, err := a.to(m.To)
	if err != nil {
		return nil, err
	}
	p := &api.CreateMessageParams{}
	p.SetTo(to)
	if a.service != "" {
		p.SetMessagingServiceSid(a.service)
	} else {
		p.SetFrom(a.from)
	}
	switch {
	case m.Template != nil:
		p.SetContentSid(m.Template.ID)
		if len(m.Template.Variables) > 0 {
			v, err := json.Marshal(m.Template.Variables)
			if err != nil {
				return nil, &adapters.Error{Fault: adapters.BadMessage, Detail: "the template's variables are no JSON"}
			}
			p.SetContentVariables(string(v))
		}
	case m.Text != "":
		p.SetBody(m.Text)
	case len(m.Media) == 0:
		return nil, &adapters.Error{Fault: adapters.BadMessage, Detail: "no text"}
	}
	if len(m.Media) > 0 {
		urls := make([]string, len(m.Media))
		for i, x := range m.Media {
			urls[i] = x.URL
		}
		p.SetMediaUrl(urls)
	}
	if a.callback != "" {
		p.SetStatusCallback(a.callback + m.ID)
	}
	if !m.Expires.IsZero() {
		left := int(m.Expires.Sub(now) / time.Second)
		if left <= 0 {
			return nil, &adapters.Error{Fault: adapters.BadMessage, Detail: "expired before it was sent"}
		}
		p.SetValidityPeriod(min(max(left, validityMin), validityMax))
	}
	return p, nil
}

// to writes an address as Twilio wants it.
func (a *Adapter) to(x address.Address) (string, error) {
	if !a.channel.Carries(x) {
		return "", &adapters.Error{Fault: adapters.Recipient, Detail: "the address does not belong to this channel"}
	}
	if a.channel == address.WhatsApp {
		return whatsappPrefix + x.ID, nil
	}
	return x.ID, nil
}
