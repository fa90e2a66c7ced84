// Package config reads hoidap.yaml into one struct tree: strictly, every mistake with file, line and column. What an
// adapter wants is its own business: an account's settings are left as positioned values for the adapter's declaration to
// check.
package config

import (
	"crypto/tls"
	_ "embed"
	"time"

	"github.com/hoidap/hoidap/config/strict"
)

// Config is hoidap.yaml with its defaults filled in.
type Config struct {
	File        string // the path it was read from
	Brand       string // the name customers see
	HTTP        HTTP
	Redis       Redis
	Campaigns   string // the folder of campaign and offer files, as a path from where the program runs
	Market      string // vn, us, eu
	Accounts    []Account
	Tokens      []Token
	Partitions  int            // fixed at the first start
	Locale      string         // of customers whose language is not known
	Zone        *time.Location // of customers whose zone is not known
	Timezone    string         // its name
	Keep        Keep           // how long things are kept
	TypeFrom    int            // people from which on whoever launches types their number; 0: never
	ApproveFrom int            // people from which on a second person must agree to a launch; 0: never
	AdsPerDay   *int           // ads to one telephone number within 24 hours; 0: any number; nil: as the market says
	Help        string         // how to reach a person, for the answer to HELP; may be empty
	Console     Console
	Webhooks    []Webhook // who is told what happens
	Debug       string    // host:port of this machine where profiles of the program are served; empty: nowhere
}

// Keep is how long is kept what nobody needs for ever; 0: the gateway's own defaults.
type Keep struct {
	Inbox       time.Duration // what waits for a person
	DeadLetters time.Duration // what was given up
	Runs        time.Duration // the counts of finished runs
	Ledger      int           // entries of a contact
}

// HTTP is where the gateway listens, and how others reach it.
type HTTP struct {
	Listen    string // host:port
	PublicURL string // what providers call and sign, without a slash at the end
	Local     bool   // it was not said: PublicURL is what this machine calls itself
}

// Redis is where everything is kept: one server, a cluster, or the master that sentinels name.
type Redis struct {
	URL      Secret        // redis:// or rediss://; user, password, database and TLS are taken from here in every mode
	Cluster  []string      // host:port of some of its nodes, beside the one in URL; empty: not a cluster
	Sentinel *Sentinel     // nil: none
	TLS      *tls.Config   // how rediss:// is spoken; nil: against the system's authorities
	Confirm  int           // replicas that must have what is written before it counts; 0: the master alone
	Lease    time.Duration // how long a replica that died keeps its share of the work; 0: the store's own
}

// Sentinel names the master that the sentinels watch.
type Sentinel struct {
	Master   string
	Addrs    []string // host:port of the sentinels
	User     string   // of the sentinels themselves; empty: none
	Password Secret
}

// Account is one configured sender.
type Account struct {
	ID       string // webhooks arrive at /hooks/<ID>
	Adapter  string
	Channel  string  // empty: the adapter's only one
	Rate     float64 // messages a second; 0: no limit
	Quota    Quota   // of messages after each of the customer's; zero: no limit
	Lighten  bool    // marks: save
	ByHand   bool    // the provider is told by hand where webhooks go
	Settings map[string]Setting

	At        strict.Place // of the account's name: where a missing setting is reported
	AdapterAt strict.Place
	ChannelAt strict.Place // the account's own where no channel is named
}

// Quota is how many messages may go to somebody after each of theirs, and for how long after it.
type Quota struct {
	Most   int
	Within time.Duration
}

// Setting is one adapter setting, as written, with ${...} filled in.
type Setting struct {
	Value        Secret // which ones are secret only the adapter knows, so all are treated so
	Line, Column int    // of the value
	Pos          string // "hoidap.yaml:14:5"
	Key          strict.Place
}

// Token opens the API to a program.
type Token struct {
	Name  string
	Token Secret
	Role  string // viewer, agent, marketer, admin
}

// tokenLeast is how many characters a token should have.
const tokenLeast = 16

// Guessable reports whether the token is short enough to be found by trying: whoever does may do with the customers what its role may.
func (t Token) Guessable() bool { return len(t.Token) < tokenLeast }

// Problem is one mistake, with its place and what to write instead.
type Problem = strict.Problem

// Problems are all mistakes of the file, in its order.
type Problems = strict.Problems

//go:embed hoidap.yaml
var sample string

// Sample is a whole hoidap.yaml with comments, to begin with.
func Sample() string { return sample }
