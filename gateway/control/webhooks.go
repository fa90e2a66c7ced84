package control

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
)

// Webhooks tells how the endpoints are that are told what happens, and has them told again.
type Webhooks interface {
	// Webhooks is all that are configured, in the order of the configuration.
	Webhooks(ctx context.Context) ([]WebhookView, error)
	Webhook(ctx context.Context, name string) (WebhookView, error)
	// Deliveries is a page of the newest attempts, newest first; cursor "" starts, the returned "" ends. The last thousand
	// are kept, roughly.
	Deliveries(ctx context.Context, name, cursor string, n int) (page []Delivery, next string, err error)
	// ReplayDelivery tells an endpoint once more what a delivery told, under the same id, as long as the contact's ledger
	// has it. It says how many that were: 1, or 0 where there is none any more.
	ReplayDelivery(ctx context.Context, name, id string) (int, error)
	// ResumeWebhook has an endpoint told again that is off.
	ResumeWebhook(ctx context.Context, name, by string) (WebhookView, error)
	// TryWebhook posts a test, at once and once.
	TryWebhook(ctx context.Context, name string) (Delivery, error)
}

// WebhookState says how an endpoint is.
type WebhookState string

// The states.
const (
	WebhookOK      WebhookState = "ok"
	WebhookFailing WebhookState = "failing" // the last attempts failed; it is tried again
	WebhookOff     WebhookState = "off"     // it failed for days, or asked for no more: what it is to be told goes to the dead letters
)

// WebhookView is one endpoint. Nothing of it is secret.
type WebhookView struct {
	Name      string       `json:"name"`
	URL       string       `json:"url"` // without its query
	Events    []string     `json:"events"`
	State     WebhookState `json:"state"`
	Why       string       `json:"why,omitempty"`      // why the last attempt failed, or why it is off
	Since     time.Time    `json:"since,omitzero"`     // since when it is failing or off
	Waiting   int64        `json:"waiting"`            // what it is to be told
	Lost      int64        `json:"lost"`               // what it was never told, since too much waited
	Delivered time.Time    `json:"delivered,omitzero"` // when something was last
	Failed    time.Time    `json:"failed,omitzero"`    // when something was not, last
}

// Delivery is one attempt to tell an endpoint something.
type Delivery struct {
	ID      string    `json:"id"` // the webhook's: the same for every attempt
	Type    string    `json:"type"`
	At      time.Time `json:"at"`
	Attempt int       `json:"attempt"`          // from 1 on
	Result  string    `json:"result"`           // delivered, failed, given_up
	Status  int       `json:"status,omitempty"` // of the answer; 0: there was none
	Millis  int       `json:"milliseconds"`
	Error   string    `json:"error,omitempty"`
}

// Receiver is a configured endpoint, as far as control needs to know it.
type Receiver struct {
	Name   string
	URL    string // shown
	Events []string
}

// WebhookTest is the type of what TryWebhook posts.
const WebhookTest = "webhook.test"

// Webhooks implements Webhooks.
func (s *Service) Webhooks(ctx context.Context) ([]WebhookView, error) {
	names := make([]string, len(s.Receivers))
	for i, r := range s.Receivers {
		names[i] = r.Name
	}
	found, err := s.Store.Endpoints(ctx, names)
	if err != nil {
		return nil, away(err)
	}
	out := make([]WebhookView, len(names))
	for i, r := range s.Receivers {
		out[i] = webhookView(r, found[i])
	}
	return out, nil
}

func webhookView(r Receiver, e store.Endpoint) WebhookView {
	v := WebhookView{Name: r.Name, URL: r.URL, Events: r.Events, State: WebhookOK, Waiting: e.Waiting, Lost: e.Lost,
		Delivered: moment(e.Fields[store.EndpointDelivered]), Failed: moment(e.Fields[store.EndpointFailed])}
	switch {
	case e.Fields[store.EndpointOff] != "":
		v.State, v.Since, v.Why = WebhookOff, moment(e.Fields[store.EndpointOff]), e.Fields[store.EndpointOffWhy]
	case e.Fields[store.EndpointSince] != "":
		v.State, v.Since, v.Why = WebhookFailing, moment(e.Fields[store.EndpointSince]), e.Fields[store.EndpointWhy]
	}
	return v
}

// moment reads milliseconds; zero where there are none.
func moment(ms string) time.Time {
	n, err := strconv.ParseInt(ms, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}

// Webhook implements Webhooks.
func (s *Service) Webhook(ctx context.Context, name string) (WebhookView, error) {
	r, err := s.receiver(name)
	if err != nil {
		return WebhookView{}, err
	}
	found, err := s.Store.Endpoints(ctx, []string{name})
	if err != nil {
		return WebhookView{}, away(err)
	}
	return webhookView(r, found[0]), nil
}

func (s *Service) receiver(name string) (Receiver, error) {
	i := slices.IndexFunc(s.Receivers, func(r Receiver) bool { return r.Name == name })
	if i < 0 {
		return Receiver{}, notFound("webhook", name)
	}
	return s.Receivers[i], nil
}

// placeShape is where an entry lies in a stream.
var placeShape = regexp.MustCompile(`^[0-9]{1,15}-[0-9]{1,15}$`)

// Deliveries implements Webhooks.
func (s *Service) Deliveries(ctx context.Context, name, cursor string, n int) (page []Delivery, next string, err error) {
	if _, err := s.receiver(name); err != nil {
		return nil, "", err
	}
	if cursor != "" && !placeShape.MatchString(cursor) {
		return nil, "", errCursor
	}
	found, err := s.Store.Attempts(ctx, name, cursor, n)
	if err != nil {
		return nil, "", away(err)
	}
	for _, a := range found {
		if x, err := record.ReadAttempt(a.Body); err == nil { // one of a newer version tells nothing
			page = append(page, delivery(x))
		}
	}
	if len(found) == n {
		next = found[n-1].Place
	}
	return page, next, nil
}

func delivery(a record.Attempt) Delivery {
	return Delivery{ID: a.Notice, Type: a.Type, At: a.At.UTC(), Attempt: a.Number, Result: a.Result, Status: a.Status, Millis: a.Millis, Error: a.Error}
}

// ReplayDelivery implements Webhooks. The owner of the contact's partition makes it anew of the ledger.
func (s *Service) ReplayDelivery(ctx context.Context, name, id string) (int, error) {
	if _, err := s.receiver(name); err != nil {
		return 0, err
	}
	contact, _, ok := strings.Cut(id, ".")
	p, known := s.Store.PartitionOfContact(contact)
	if !ok || !known {
		return 0, notFound("delivery", id)
	}
	unique, err := newID()
	if err != nil {
		return 0, err
	}
	r, err := s.order(ctx, p, "", "tell:"+unique, record.Envelope{Tell: &record.Tell{Endpoint: name, Contact: contact, Notice: id}})
	if err == nil && r.Letters == 0 {
		err = fmt.Errorf("%w: the ledger of the contact does not have this any more", ErrNotFound)
	}
	return r.Letters, err
}

// ResumeWebhook implements Webhooks.
func (s *Service) ResumeWebhook(ctx context.Context, name, by string) (WebhookView, error) {
	if _, err := s.receiver(name); err != nil {
		return WebhookView{}, err
	}
	gone := []string{store.EndpointOff, store.EndpointOffWhy, store.EndpointSince, store.EndpointWhy}
	if _, err := s.Store.Attempted(ctx, name, nil, nil, gone, nil); err != nil {
		return WebhookView{}, away(err)
	}
	s.Log.Warn("a webhook's endpoint goes on", "webhook", name, "by", by)
	return s.Webhook(ctx, name)
}

// TryWebhook implements Webhooks.
func (s *Service) TryWebhook(ctx context.Context, name string) (Delivery, error) {
	if _, err := s.receiver(name); err != nil {
		return Delivery{}, err
	}
	unique, err := newID()
	if err != nil {
		return Delivery{}, err
	}
	a, _ := s.Post(ctx, name, record.TestNotice("test."+unique, WebhookTest, s.Now()))
	return delivery(a), nil
}
