// Package smpp speaks SMPP 3.4 to a message centre (SMSC) of a carrier or an aggregator: one session that is kept for as
// long as Listen runs, by which texts leave, and replies and receipts come in.
package smpp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
	"github.com/hoidap/hoidap/adapters/smpp/pdu"
	"github.com/hoidap/hoidap/preferences/address"
)

// textMax is what one Send takes, in UTF-16 units: 19 parts at the worst, of which a contact's state keeps the ids.
const textMax = 1200

// Type describes the adapter.
func Type() adapters.Type {
	return adapters.Type{
		Name:     "smpp",
		Doc:      "SMS over SMPP 3.4: a session of one's own with a carrier's or an aggregator's message centre.",
		Channels: []address.Channel{address.SMS},
		Settings: settings(),
		Open:     open,

		Exclusive: true,
	}
}

func settings() []adapters.Setting {
	yesNo := adapters.OneOf("yes", "no")
	return []adapters.Setting{
		{Name: "address", Doc: "Host and port of the message centre.", Example: "smpp.carrier.example:2775", Required: true, Check: hostPort},
		{Name: "tls", Doc: "Whether the connection is encrypted: yes or no.", Default: "no", Check: yesNo},
		{Name: "tls_ca", Doc: "Certificates (PEM) of who signed the centre's; left out: those that this machine trusts.", Example: "${file:/etc/hoidap/smpp-ca.pem}", Check: pem},
		{Name: "system_id", Doc: "The account's name at the centre.", Example: "gw01", Required: true, Check: atMost(15)},
		{Name: "password", Doc: "Its password.", Example: "${SMPP_PASSWORD}", Required: true, Secret: true, Check: atMost(63)},
		{Name: "system_type", Doc: "What the centre wants to be told of the kind of system; most want nothing.", Check: atMost(12)},
		{Name: "from", Doc: "Who the texts come from: a name of up to 11 letters and digits, a short code, or a number with its country code.", Example: "MYBRAND", Required: true, Check: sender},
		{Name: "from_ton", Doc: "Type of number of from, where the centre wants another than follows from its form (5 for names, 3 for short codes, 1 for numbers).", Check: small},
		{Name: "from_npi", Doc: "Numbering plan of from, likewise (0 for names and short codes, 1 for numbers).", Check: small},
		{Name: "two_way", Doc: "Whether customers can answer to from: yes or no. Brand names are one-way.", Default: "yes", Check: yesNo},
		{Name: "alphabet", Doc: "What the centre's default alphabet (data_coding 0) is: gsm or latin1.", Default: "gsm", Check: adapters.OneOf("gsm", "latin1")},
		{Name: "receipt_ids", Doc: "How receipts write the ids of messages: same as when they were taken; decimal where those were hexadecimal; hex where those were decimal.", Default: "same", Check: adapters.OneOf("same", "decimal", "hex")},
		{Name: "window", Doc: "How many texts may be on their way to the centre without an answer, as agreed with it: 1 to 1000.", Default: "10", Check: windowSize},
		{Name: "enquire_link", Doc: "After how much silence the centre is asked whether it is still there.", Default: "30s", Check: interval},
		{Name: "country", Doc: "The country of numbers without a country code, by its two letters.", Default: "VN", Check: country},
		{Name: "codes", Doc: "What the centre's own codes mean, as code=fault with a comma between: transient, throttled, recipient, stopped, message, operator.", Example: "0x401=operator,0x402=recipient", Check: codes},
	}
}

// pace is how long things take; tests have another one.
type pace struct {
	first, most time.Duration // between two tries to connect
	refused     time.Duration // after a bind that was refused
	patience    time.Duration // of a Send, for a session
	answer      time.Duration // of the centre to a bind, an unbind, and for writing
	hold        time.Duration // for which parts of a customer's text wait unanswered for the others
	parts       time.Duration // after which what came of it counts as the whole
}

func usualPace() pace {
	return pace{first: 500 * time.Millisecond, most: time.Minute, refused: time.Minute, patience: 3 * time.Second,
		answer: 10 * time.Second, hold: 3 * time.Second, parts: 5 * time.Minute}
}

// Adapter speaks for one account at one centre.
type Adapter struct {
	acc    adapters.Account
	from   pdu.Address
	tls    *tls.Config // nil: none
	window int
	idle   time.Duration // enquire_link
	codes  map[pdu.Status]adapters.Fault
	pace   pace
	book   *book

	mu      sync.Mutex
	link    *link           // nil: there is no session
	why     *adapters.Error // why not
	changed chan struct{}   // closed and replaced when that changes
}

var (
	_ adapters.Adapter  = (*Adapter)(nil)
	_ adapters.Listener = (*Adapter)(nil)
	_ adapters.Prober   = (*Adapter)(nil)
)

func open(acc adapters.Account) (adapters.Adapter, error) {
	if err := httpcall.Open(acc, settings()); err != nil {
		return nil, err
	}
	a := &Adapter{acc: acc, from: sourceOf(acc.Settings), pace: usualPace(), book: newBook(), changed: make(chan struct{})}
	a.window, _ = strconv.Atoi(a.setting("window"))
	a.idle, _ = time.ParseDuration(a.setting("enquire_link"))
	a.codes, _ = readCodes(acc.Settings["codes"])
	if a.setting("tls") == "yes" {
		host, _, _ := net.SplitHostPort(acc.Settings["address"])
		a.tls = &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
		if ca := acc.Settings["tls_ca"]; ca != "" {
			a.tls.RootCAs = x509.NewCertPool()
			a.tls.RootCAs.AppendCertsFromPEM([]byte(ca))
		}
	}
	return a, nil
}

// setting is a setting's value, or its default.
func (a *Adapter) setting(name string) string {
	if v := a.acc.Settings[name]; v != "" {
		return v
	}
	for _, s := range settings() {
		if s.Name == name {
			return s.Default
		}
	}
	return ""
}

// Capabilities says what a session can do. A lost answer cannot be looked up: query_sm wants the id that was lost.
func (a *Adapter) Capabilities() adapters.Capabilities {
	return adapters.Capabilities{
		Inbound:  a.setting("two_way") == "yes",
		Carries:  []adapters.Class{adapters.Ad, adapters.Registration, adapters.Service, adapters.Reply, adapters.Control},
		TextMax:  textMax,
		Reports:  adapters.Delivered,
		Repeat:   adapters.Blind,
		InFlight: a.window,
		Timeout:  30 * time.Second,
	}
}

// Decode refuses: nothing of SMPP comes by webhooks.
func (a *Adapter) Decode(adapters.Request) (adapters.Decoded, error) {
	return adapters.Decoded{}, adapters.ErrForged
}

// Probe says whether there is a session, which there is only where the credentials are good.
func (a *Adapter) Probe(context.Context) (adapters.Health, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.link != nil:
		return adapters.Health{OK: true, Detail: "bound"}, nil
	case a.why != nil:
		return adapters.Health{Detail: a.why.Detail}, nil
	}
	return adapters.Health{Detail: "not bound yet"}, nil
}

// sourceOf is the sender with its type and plan of numbering.
func sourceOf(settings map[string]string) pdu.Address {
	from := settings["from"]
	a := pdu.Address{TON: tonName, NPI: npiUnknown, Addr: from}
	if number := strings.TrimPrefix(from, "+"); digits(number) {
		a = pdu.Address{TON: tonInternational, NPI: npiISDN, Addr: number}
		if len(number) <= shortCodeMax {
			a.TON, a.NPI = tonNetwork, npiUnknown
		}
	}
	if v, err := strconv.ParseUint(settings["from_ton"], 10, 8); err == nil {
		a.TON = byte(v)
	}
	if v, err := strconv.ParseUint(settings["from_npi"], 10, 8); err == nil {
		a.NPI = byte(v)
	}
	return a
}

// Types and plans of numbering (SMPP 3.4, 5.2.5 and 5.2.6).
const (
	tonInternational, tonNational, tonNetwork, tonName = 1, 2, 3, 5
	npiUnknown, npiISDN                                = 0, 1
	shortCodeMax                                       = 6 // digits
)

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// Checks of settings.

func hostPort(v string) error {
	host, port, err := net.SplitHostPort(v)
	if _, e := strconv.ParseUint(port, 10, 16); err != nil || e != nil || host == "" {
		return errors.New("must be a host and a port, such as smpp.carrier.example:2775")
	}
	return nil
}

func atMost(n int) func(string) error {
	return func(v string) error {
		if len(v) > n || strings.ContainsFunc(v, func(r rune) bool { return r < ' ' || r > '~' }) {
			return fmt.Errorf("must be at most %d characters of ASCII", n)
		}
		return nil
	}
}

func sender(v string) error {
	if number := strings.TrimPrefix(v, "+"); digits(number) && len(number) <= 15 {
		return nil
	}
	if len(v) > 11 || atMost(11)(v) != nil {
		return errors.New("must be a number, or a name of at most 11 characters of ASCII")
	}
	return nil
}

func small(v string) error {
	if n, err := strconv.ParseUint(v, 10, 8); err != nil || n > 18 {
		return errors.New("must be a small number")
	}
	return nil
}

func windowSize(v string) error {
	if n, err := strconv.Atoi(v); err != nil || n < 1 || n > 1000 {
		return errors.New("must be 1 to 1000")
	}
	return nil
}

func interval(v string) error {
	if d, err := time.ParseDuration(v); err != nil || d < time.Second || d > 10*time.Minute {
		return errors.New("must be a time between 1s and 10m")
	}
	return nil
}

func country(v string) error {
	if len(v) != 2 || strings.ToUpper(v) != v {
		return errors.New("must be the two letters of a country, such as VN")
	}
	return nil
}

func pem(v string) error {
	if !x509.NewCertPool().AppendCertsFromPEM([]byte(v)) {
		return errors.New("must be certificates in PEM")
	}
	return nil
}

func codes(v string) error {
	_, err := readCodes(v)
	return err
}
