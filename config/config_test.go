package config_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/big"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/hoidap/hoidap/config"
)

func env(name string) string {
	return map[string]string{
		"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "s3cret", "HOIDAP_TOKEN": "t0ken-of-the-crm", "HOST": "redis.internal", "TRICK": "${HOST} $${",
	}[name]
}

// folder serves files by path, as os.ReadFile does.
func folder(files map[string]string) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		s, ok := files[filepath.ToSlash(name)]
		if !ok {
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
		return []byte(s), nil
	}
}

func load(text string) (*config.Config, config.Problems) {
	return config.Load("/etc/hoidap/hoidap.yaml", env, folder(map[string]string{
		"/etc/hoidap/hoidap.yaml": text, "/run/secrets/key": "  from a file\n", "/etc/hoidap/near.txt": "near", "/empty": "\n", "/large": strings.Repeat("x", 70_000),
	}))
}

func TestSample(t *testing.T) {
	t.Parallel()
	c, problems := load(config.Sample())
	require.Empty(t, problems)
	require.Equal(t, "Lụa", c.Brand)
	require.Equal(t, config.HTTP{Listen: "127.0.0.1:8080", PublicURL: "https://msg.example.com"}, c.HTTP)
	require.Equal(t, "redis://127.0.0.1:6379/0", string(c.Redis.URL))
	require.Equal(t, "/etc/hoidap/campaigns", filepath.ToSlash(c.Campaigns))
	require.Equal(t, "vn", c.Market)
	require.Equal(t, "vi", c.Locale)
	require.Equal(t, "Asia/Ho_Chi_Minh", c.Timezone)
	require.Equal(t, "Asia/Ho_Chi_Minh", c.Zone.String())
	require.Equal(t, 64, c.Partitions)
	require.Equal(t, "1900 1234", c.Help)
	require.Len(t, c.Accounts, 1)
	a := c.Accounts[0]
	require.Equal(t, "sms", a.ID)
	require.Equal(t, "twilio", a.Adapter)
	require.Equal(t, "sms", a.Channel)
	require.InDelta(t, 10, a.Rate, 0)
	require.Len(t, a.Settings, 3)
	require.Equal(t, "s3cret", string(a.Settings["auth_token"].Value))
	require.Equal(t, "+15005550006", string(a.Settings["from"].Value))
	require.Equal(t, fmt.Sprintf("/etc/hoidap/hoidap.yaml:%d:%d", a.Settings["from"].Line, a.Settings["from"].Column), a.Settings["from"].Pos)
	require.Equal(t, []config.Token{{Name: "crm", Token: "t0ken-of-the-crm", Role: "admin"}}, c.Tokens)
}

const head = "brand: Lụa\nredis: {url: redis://h:6379}\n"

const least = head + "accounts: {sms: {adapter: twilio}}\n"

func TestDefaults(t *testing.T) {
	t.Parallel()
	c, problems := load(least)
	require.Empty(t, problems)
	require.Equal(t, config.HTTP{Listen: "127.0.0.1:8080", PublicURL: "http://127.0.0.1:8080", Local: true}, c.HTTP)
	require.Equal(t, "/etc/hoidap/campaigns", filepath.ToSlash(c.Campaigns))
	require.Equal(t, "vn", c.Market)
	require.Zero(t, c.Accounts[0].Rate)
	require.Empty(t, c.Debug)
	c, problems = load(least + "debug: {listen: \"[::1]:6060\"}\n")
	require.Empty(t, problems)
	require.Equal(t, "[::1]:6060", c.Debug)
	c, problems = load(least + "market: us\n")
	require.Empty(t, problems)
	require.Equal(t, "America/New_York", c.Timezone)
	require.Nil(t, c.AdsPerDay)
	c, problems = load(least + "ads_per_day: 0\n")
	require.Empty(t, problems)
	require.Equal(t, 0, *c.AdsPerDay)
	_, problems = load(least + "ads_per_day: 25\n")
	require.Len(t, problems, 1)
}

func TestExpansion(t *testing.T) {
	t.Parallel()
	c, problems := load(`brand: "${file:/run/secrets/key}"
redis: {url: "redis://${HOST}:6379/0"}
campaigns: /srv/campaigns
accounts:
  zalo: {adapter: zalo, rate: 600/m, quota: 8/48h, near: "${file:near.txt}", trick: "${TRICK}", plain: "$${HOST} costs $5", number: 0901, flag: yes, gone: , two: "${HOST}/${HOST}"}
  sms: {adapter: twilio, rate: 1800/h}
`)
	require.Empty(t, problems)
	require.Equal(t, "from a file", c.Brand)
	require.Equal(t, "redis://redis.internal:6379/0", string(c.Redis.URL))
	require.Equal(t, "/srv/campaigns", filepath.ToSlash(c.Campaigns))
	require.Equal(t, []string{"zalo", "sms"}, []string{c.Accounts[0].ID, c.Accounts[1].ID}, "in the order of the file")
	require.InDelta(t, 10, c.Accounts[0].Rate, 0)
	require.InDelta(t, 0.5, c.Accounts[1].Rate, 0)
	require.Equal(t, []config.Quota{{Most: 8, Within: 48 * time.Hour}, {}}, []config.Quota{c.Accounts[0].Quota, c.Accounts[1].Quota})
	got := map[string]string{}
	for name, s := range c.Accounts[0].Settings {
		got[name] = string(s.Value)
	}
	require.Equal(t, map[string]string{
		"near": "near", "trick": "${HOST} $${", "plain": "${HOST} costs $5", "number": "0901", "flag": "yes", "two": "redis.internal/redis.internal",
	}, got)
}

func TestWhoTellsTheProviderWhereWebhooksGo(t *testing.T) {
	t.Parallel()
	for text, byHand := range map[string]bool{"": false, ", register: yes": false, ", register: true": false, ", register: no": true, ", register: false": true} {
		c, problems := load(head + "accounts: {bot: {adapter: telegram" + text + "}}\n")
		require.Empty(t, problems, text)
		require.Equal(t, byHand, c.Accounts[0].ByHand, text)
		require.Empty(t, c.Accounts[0].Settings)
	}
}

func TestRedisModes(t *testing.T) {
	t.Parallel()
	c, problems := load("brand: b\naccounts: {sms: {adapter: twilio}}\nredis: {url: rediss://u:p@h:1, cluster: [a:1, b:2], confirm: 1}\n")
	require.Empty(t, problems)
	require.Equal(t, 1, c.Redis.Confirm)
	require.Equal(t, []string{"a:1", "b:2"}, c.Redis.Cluster)
	require.Nil(t, c.Redis.TLS)
	c, problems = load("brand: b\naccounts: {sms: {adapter: twilio}}\nredis: {url: redis://h, sentinel: {master: m, addrs: [a:1]}}\n")
	require.Empty(t, problems)
	require.Equal(t, &config.Sentinel{Master: "m", Addrs: []string{"a:1"}}, c.Redis.Sentinel)
	c, problems = load("brand: b\naccounts: {sms: {adapter: twilio}}\nredis: {url: redis://h, sentinel: {master: m, addrs: [a:1], user: u, password: \"${HOIDAP_TOKEN}\"}}\n")
	require.Empty(t, problems)
	require.Equal(t, &config.Sentinel{Master: "m", Addrs: []string{"a:1"}, User: "u", Password: "t0ken-of-the-crm"}, c.Redis.Sentinel)
}

// pair makes a certificate that vouches for itself, and its key, as PEM.
func pair(t *testing.T) (cert, key string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	about := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, about, about, k.Public(), k)
	require.NoError(t, err)
	raw, err := x509.MarshalPKCS8PrivateKey(k)
	require.NoError(t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}))
}

func TestRedisTLS(t *testing.T) {
	t.Parallel()
	cert, key := pair(t)
	other, _ := pair(t)
	files := map[string]string{"/etc/hoidap/ca.crt": cert, "/etc/hoidap/own.crt": cert, "/own.key": key, "/etc/hoidap/other.crt": other, "/etc/hoidap/text": "x"}
	read := func(tls, url string) (*config.Config, config.Problems) {
		files["/etc/hoidap/hoidap.yaml"] = "brand: b\naccounts: {s: {adapter: x}}\nredis:\n  url: " + url + "\n  tls: " + tls + "\n"
		return config.Load("/etc/hoidap/hoidap.yaml", env, folder(files))
	}
	c, problems := read("{ca: ca.crt, cert: own.crt, key: /own.key, server_name: redis.internal}", "rediss://h")
	require.Empty(t, problems)
	require.Equal(t, "redis.internal", c.Redis.TLS.ServerName)
	require.Len(t, c.Redis.TLS.Certificates, 1)
	require.NotNil(t, c.Redis.TLS.RootCAs)
	c, problems = read("{server_name: redis.internal}", "rediss://h")
	require.Empty(t, problems)
	require.Nil(t, c.Redis.TLS.RootCAs, "the system's")

	for tls, want := range map[string]string{
		"{ca: gone.crt}":                     "hoidap.yaml:5:13: the file gone.crt cannot be read: file does not exist",
		"{ca: text}":                         "hoidap.yaml:5:13: there is no certificate in the file; it must hold lines from BEGIN CERTIFICATE to END CERTIFICATE",
		"{cert: own.crt}":                    "hoidap.yaml:5:8: key is missing; write key: client.key, the key that belongs to cert",
		"{cert: other.crt, key: /own.key}":   "hoidap.yaml:5:15: cert and key do not fit together; both must be PEM files, and the key the certificate's own",
		"{ca: ca.crt, insecure: yes}":        "hoidap.yaml:5:21: unknown key insecure; the keys here are ca, cert, key, server_name",
		"{ca: \"${file:/etc/hoidap/text}\"}": "hoidap.yaml:5:13: the file x cannot be read: file does not exist",
	} {
		_, problems := read(tls, "rediss://h")
		require.Equal(t, want, strings.ReplaceAll(problems.Error(), "/etc/hoidap/hoidap", "hoidap"), tls)
	}
	_, problems = read("{ca: ca.crt}", "redis://h")
	require.Equal(t, "hoidap.yaml:4:8: tls is said, and url does not ask for it; write rediss://, or take tls out", strings.ReplaceAll(problems.Error(), "/etc/hoidap/", ""))
}

func TestKeep(t *testing.T) {
	t.Parallel()
	c, problems := load(least + "keep: {inbox: 10d, dead_letters: 1d, runs: 30d, ledger: 100}\n")
	require.Empty(t, problems)
	const day = 24 * time.Hour
	require.Equal(t, config.Keep{Inbox: 10 * day, DeadLetters: day, Runs: 30 * day, Ledger: 100}, c.Keep)
	c, problems = load(least)
	require.Empty(t, problems)
	require.Zero(t, c.Keep)
	for text, want := range map[string]string{
		"{inbox: 0d}":   "inbox must be from 1d to 3650d; write it like 90d",
		"{runs: 29d}":   "runs must be from 30d to 3650d; write it like 90d",
		"{inbox: 2h}":   "inbox must be from 1d to 3650d; write it like 90d",
		"{ledger: 7}":   "ledger must be",
		"{letters: 7d}": "unknown key letters",
	} {
		_, problems = load(least + "keep: " + text + "\n")
		require.Len(t, problems, 1, text)
		require.Contains(t, problems.Error(), want)
	}
}

func TestConsole(t *testing.T) {
	t.Parallel()
	c, problems := load("brand: b\naccounts: {sms: {adapter: twilio}}\nredis: {url: redis://h}\n" +
		"console: {oidc: {issuer: https://login.example.com, client_id: h, client_secret: \"${HOIDAP_TOKEN}\", roles: {it: admin}, default: viewer}}\n")
	require.Empty(t, problems)
	require.Equal(t, &config.OIDC{Issuer: "https://login.example.com", ClientID: "h", ClientSecret: c.Console.OIDC.ClientSecret, Claim: "groups",
		Roles: map[string]string{"it": "admin"}, Default: "viewer"}, c.Console.OIDC)
	require.NotEmpty(t, c.Console.OIDC.ClientSecret)
	c, problems = load("brand: b\naccounts: {sms: {adapter: twilio}}\nredis: {url: redis://h}\nconsole: {}\n")
	require.Empty(t, problems)
	require.Nil(t, c.Console.OIDC, "people sign in with passwords alone")
}

func TestProblems(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": `hoidap.yaml: the file says nothing; begin with brand: and the name that customers see`,
		"brnad: x\n": `hoidap.yaml:1:1: unknown key brnad; did you mean brand?
hoidap.yaml:1:1: brand is missing; write brand: the name that customers see
hoidap.yaml:1:1: redis is missing; write redis: {url: redis://127.0.0.1:6379/0}
hoidap.yaml:1:1: accounts is missing; write accounts: a group with the name of each account`,
		least + "---\nbrand: y\n":                     `hoidap.yaml:5:1: there are several documents in the file; put everything into one`,
		least + "http: {lisen: x, public_url: msg}\n": "hoidap.yaml:4:8: unknown key lisen; did you mean listen?\nhoidap.yaml:4:30: public_url must be an address of the web, not \"msg\"; write it whole: https://msg.example.com",
		least + "http: {listen: 8080}\n":              `hoidap.yaml:4:16: listen must be a host and a port, not "8080"; write it like 127.0.0.1:8080`,
		least + "market: de\n":                        `hoidap.yaml:4:9: market cannot be "de"; it is one of vn, us, eu`,
		least + "partitions: 0\n":                     `hoidap.yaml:4:13: partitions must be 1 to 1024, not 0`,
		least + "locale: fr\n":                        `hoidap.yaml:4:9: locale cannot be "fr"; it is one of vi, en`,
		least + "timezone: Hanoi\n":                   `hoidap.yaml:4:11: there is no timezone "Hanoi"; write a name such as Asia/Ho_Chi_Minh`,
		least + "debug: {listen: 0.0.0.0:6060}\n":     `hoidap.yaml:4:17: profiles are for this machine only, not for "0.0.0.0"; write 127.0.0.1:6060, and reach it from elsewhere by an SSH tunnel`,
		least + "debug: {listen: :6060}\n":            `hoidap.yaml:4:17: profiles are for this machine only, not for ""; write 127.0.0.1:6060, and reach it from elsewhere by an SSH tunnel`,
		least + "debug: {listen: 6060}\n":             `hoidap.yaml:4:17: listen must be a host and a port, not "6060"; write it like 127.0.0.1:8080`,
		least + "debug: {}\n":                         `hoidap.yaml:4:8: listen is missing; write listen: 127.0.0.1:6060`,
		least + "help: ${NOBODY}\n":                   `hoidap.yaml:4:7: the environment variable NOBODY is not set; set it, or write the value here`,
		least + "help: \"call ${NOBODY}\"\n":          `hoidap.yaml:4:13: the environment variable NOBODY is not set; set it, or write the value here`,
		least + "help: ${file:/nowhere}\n":            `hoidap.yaml:4:7: the file /nowhere cannot be read: file does not exist`,
		least + "help: ${file:/empty}\n":              `hoidap.yaml:4:7: the file /empty is empty; write the value into it`,
		least + "help: ${file:/large}\n":              `hoidap.yaml:4:7: the file /large is larger than 65536 bytes`,
		least + "help: ${NO BODY}\n":                  `hoidap.yaml:4:7: ${NO BODY} names no variable; write ${NAME} or ${file:/run/secrets/name}`,
		least + "help: ${HOST\n":                      `hoidap.yaml:4:7: a ${ is never closed; write ${NAME}, or $${ for the two signs themselves`,
		least + "api: {tokens: [{name: a, token: 0123456789abcdef, role: amdin}, {name: a, token: 0123456789abcdef}]}\n": `hoidap.yaml:4:57: role cannot be "amdin"; did you mean admin?
hoidap.yaml:4:65: role is missing; write role: viewer, agent, marketer or admin
hoidap.yaml:4:72: there is a token a already; give one of them another name
hoidap.yaml:4:82: this is the token of a, too; make one of its own: openssl rand -hex 16`,
		head + "accounts: {}\n":                                                            `hoidap.yaml:3:11: there is no account; write at least one`,
		head + "accounts:\n  SMS: {adapter: x}\n":                                          `hoidap.yaml:4:3: "SMS" cannot be the name of an account; write it like sms or zalo-shop: small letters, digits and dashes`,
		head + "accounts:\n  sms:\n":                                                       `hoidap.yaml:4:3: the account sms is empty; write adapter: twilio and its settings`,
		head + "accounts:\n  sms: {adaptor: twilio}\n":                                     `hoidap.yaml:4:3: the account sms has no adapter; did you mean adapter instead of adaptor?`,
		head + "accounts:\n  sms: twilio\n":                                                `hoidap.yaml:4:8: a group of keys is wanted here, not a text`,
		head + "accounts:\n  sms: {adapter: x, rate: 10}\n":                                `hoidap.yaml:4:27: "10" is not a rate; write it like 10/s, 600/m or 5000/h`,
		head + "accounts:\n  sms: {adapter: x, register: never}\n":                         `hoidap.yaml:4:31: register cannot be "never"; it is one of yes, no, true, false`,
		head + "accounts:\n  sms: {adapter: x, rate: 0/s}\n":                               `hoidap.yaml:4:27: a rate must be more than nothing; leave rate out where there is no limit`,
		head + "accounts:\n  sms: {adapter: x, quota: 8}\n":                                `hoidap.yaml:4:28: "8" is not a quota; write it like 8/48h: messages, and within how long of the customer's last`,
		head + "accounts:\n  sms: {adapter: x, quota: 8/2d}\n":                             `hoidap.yaml:4:28: "8/2d" is not a quota; write it like 8/48h: messages, and within how long of the customer's last`,
		head + "accounts:\n  sms: {adapter: x, quota: 0/48h}\n":                            `hoidap.yaml:4:28: a quota must be more than nothing; leave quota out where there is no limit`,
		head + "accounts:\n  sms: {adapter: x, from: [a, b]}\n":                            `hoidap.yaml:4:27: from must be a text, not a list`,
		head + "accounts:\n  sms: {adapter: x, k: 1, k: 2}\n":                              `hoidap.yaml:4:27: k is there already, on line 4; keep one of them`,
		"brand: b\naccounts: {s: {adapter: x}}\nredis: {url: redis://u:s3cret@h:1/main}\n": `hoidap.yaml:3:14: url names a database that is no number; end it with a number, like redis://127.0.0.1:6379/0`,
		"brand: b\naccounts: {s: {adapter: x}}\nredis: {url: h:1}\n":                       `hoidap.yaml:3:14: url must begin with redis:// or rediss://; write it like redis://127.0.0.1:6379/0, or rediss:// for TLS`,
		"brand: b\naccounts: {s: {adapter: x}}\nredis: {url: redis://h, cluster: [a], sentinel: {master: m, addrs: []}}\n": `hoidap.yaml:3:35: cluster must be a host and a port, not "a"; write it like 127.0.0.1:8080
hoidap.yaml:3:49: a Redis is a cluster or watched by sentinels, not both; keep one of them
hoidap.yaml:3:68: there is no sentinel; write at least one host:port`,
		"brand: b\naccounts: {s: {adapter: x}}\nredis: {url: redis://h/1, cluster: [a:1]}\n": `hoidap.yaml:3:14: a cluster has no other database than 0; end it with /0`,
		"brand: b\naccounts: {s: {adapter: x}}\nredis: {url: unix:///s, cluster: [a:1]}\n":   `hoidap.yaml:3:14: a cluster is not reached by a unix socket; write redis:// or rediss:// and one of its nodes`,
		least + "console: {oidc: {issuer: shop, client_id: h, client_secret: s, roles: {it: boss}}}\n": `hoidap.yaml:4:26: issuer must be an address of the web, not "shop"; write it whole: https://msg.example.com
hoidap.yaml:4:76: it cannot be "boss"; it is one of viewer, agent, marketer, admin`,
		"- a\n": `hoidap.yaml:1:1: a group of keys is wanted here, not a list; its keys are brand, http, redis, campaigns, market, accounts, api, partitions, locale, timezone, help, keep, debug, console, webhooks, blast_guard, approvals, ads_per_day`,
	} {
		c, problems := load(text)
		require.Nil(t, c, text)
		require.Equal(t, want, strings.ReplaceAll(problems.Error(), "/etc/hoidap/", ""), text)
	}
	_, problems := config.Load("gone.yaml", env, folder(nil))
	require.Equal(t, "gone.yaml: the file cannot be read: file does not exist; say with --config where the configuration is", problems.Error())
}

// A password in an address that cannot be read must not end up in a log.
func TestProblemsKeepSecrets(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"redis://u:s3cret@:x/", "http://u:s3cret@h", "redis://u:s3cret%zz@h", "redis://:s3cret@"} {
		for _, line := range []string{"redis: {url: \"" + url + "\"}", "redis: \"" + url + "\""} {
			_, problems := load("brand: b\naccounts: {s: {adapter: x}}\n" + line + "\n")
			require.NotEmpty(t, problems, line)
			require.NotContains(t, problems.Error(), "s3cret")
		}
	}
}

func TestSecret(t *testing.T) {
	t.Parallel()
	s := config.Secret("s3cret")
	holder := struct {
		S config.Secret
		M map[string]config.Setting
	}{s, map[string]config.Setting{"k": {Value: s}}}
	var logged strings.Builder
	slog.New(slog.NewTextHandler(&logged, nil)).Info("x", "s", s, "h", holder)
	j, err := json.Marshal(holder)
	require.NoError(t, err)
	y, err := yaml.Dump(s)
	require.NoError(t, err)
	printed := []string{logged.String(), string(j), string(y), s.String(), s.GoString(), errors.New(s.String()).Error()}
	for _, verb := range []string{"%s", "%v", "%+v", "%#v", "%q", "%x", "%d", "%T"} {
		printed = append(printed, fmt.Sprintf(verb, s), fmt.Sprintf(verb, holder))
	}
	for _, p := range printed {
		require.NotContains(t, p, "s3cret")
		require.NotContains(t, p, fmt.Sprintf("%x", "s3cret"))
	}
	require.Equal(t, "•••", fmt.Sprint(s))
	require.Empty(t, fmt.Sprint(config.Secret("")))
	require.Equal(t, "s3cret", string(s))
}

func FuzzLoad(f *testing.F) {
	f.Add(config.Sample())
	f.Add(least + "help: ${HOST} $${ ${file:near.txt}\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, problems := load(text)
		if (c == nil) != (len(problems) > 0) {
			t.Fatalf("a configuration with problems, or neither: %v", problems)
		}
	})
}
