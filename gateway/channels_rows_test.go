package gateway_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/all"
	esms "github.com/hoidap/hoidap/adapters/esms/fake"
	http "github.com/hoidap/hoidap/adapters/http/fake"
	infobip "github.com/hoidap/hoidap/adapters/infobip/fake"
	line "github.com/hoidap/hoidap/adapters/line/fake"
	messenger "github.com/hoidap/hoidap/adapters/messenger/fake"
	smpp "github.com/hoidap/hoidap/adapters/smpp/fake"
	speedsms "github.com/hoidap/hoidap/adapters/speedsms/fake"
	telegram "github.com/hoidap/hoidap/adapters/telegram/fake"
	twilio "github.com/hoidap/hoidap/adapters/twilio/fake"
	viber "github.com/hoidap/hoidap/adapters/viber/fake"
	vonage "github.com/hoidap/hoidap/adapters/vonage/fake"
	whatsapp "github.com/hoidap/hoidap/adapters/whatsapp/fake"
	zalo "github.com/hoidap/hoidap/adapters/zalo/fake"
	"github.com/hoidap/hoidap/preferences/address"
)

// rowless are adapters that have no row in channels, with the reason.
var rowless = map[string]string{}

// provider is what the fakes of all providers can do.
type provider interface {
	Start() (baseURL string, err error)
	Close() error
	Hook(e adapters.Event) (adapters.Request, bool)
	Shown(to address.Address) []adapters.Message
	Wait(ctx context.Context, to address.Address, n int) ([]adapters.Message, error)
}

// twilioPhones are Twilio's phones by address, as the other fakes have them.
type twilioPhones struct{ *twilio.Twilio }

func (p twilioPhones) Wait(ctx context.Context, to address.Address, n int) ([]adapters.Message, error) {
	_, err := p.Twilio.Wait(ctx, to.ID, n)
	return p.Shown(to), err
}

// row is one way to use a provider.
type row struct {
	adapter, mode string
	channel       address.Channel
	at            string            // the setting that names the provider; empty: base_url
	settings      map[string]string // without that one; path_secret, where there is one, is in the webhook's address
	provider      func(webhook string) provider
	person        func(n int) address.Address

	said    func(n int, who address.Address) string                        // the provider's id of a customer's n-th message; nil: it gives none
	tapped  func(n int, o adapters.Option, row bool) (id, text, at string) // what comes with a tap: the id, the text, a reply token; nil: as if the payload were typed
	token   bool                                                           // each message brings a reply token
	invited bool                                                           // people must write first
	theirs  bool                                                           // receipts tell the provider's id alone
	stops   bool                                                           // the provider tells of opt-outs
	byTap   bool                                                           // the first question is a template, and a tap on it tells which message it answers and not who taps

	templates string // of the first question, as in the campaign's file
	replies   string // how answers come back, as in the campaign's file
	answers   *row   // the account that answers come to, where that is another one
}

func (r row) name() string { return r.adapter + ", " + r.mode }

func (r row) kind(t *testing.T) adapters.Type {
	t.Helper()
	kind, ok := all.Find(r.adapter)
	require.True(t, ok, r.adapter)
	return kind
}

// with is the row with other settings.
func (r row) with(mode string, settings map[string]string, change func(*row)) row {
	r.mode, r.settings = mode, maps.Clone(r.settings)
	maps.Copy(r.settings, settings)
	if change != nil {
		change(&r)
	}
	return r
}

const (
	hookSecret = "0192f3c2a7b87c1e9d0a4b5c6d7e8f90"
	metaSecret = "9a8b7c6d5e4f30211203f4e5d6c7b8a9"
	byPage     = "replies: link"
)

func phoneOf(n int) address.Address {
	return address.Address{Scheme: address.Tel, ID: "+8490123456" + strconv.Itoa(n)}
}

func userOf(scheme, form string) func(int) address.Address {
	return func(n int) address.Address { return address.Address{Scheme: scheme, ID: fmt.Sprintf(form, n)} }
}

func counted(form string) func(int, address.Address) string {
	return func(n int, _ address.Address) string { return fmt.Sprintf(form, n) }
}

// channels are the rows: each provider in each of its modes.
func channels() []row {
	return slices.Concat(esmsRows(), httpRows(), infobipRows(), lineRows(), messengerRows(), smppRows(), speedsmsRows(), telegramRows(), twilioRows(), viberRows(), vonageRows(), whatsappRows(), zaloRows())
}

func esmsRows() []row {
	oneWay := row{
		adapter: "esms", mode: "a brandname, answered by a page", channel: address.SMS, person: phoneOf, replies: byPage,
		settings: map[string]string{"api_key": "KEY", "secret_key": "SECRET", "brandname": "MYSHOP", "unicode": "yes", "carries": "qc", "path_secret": hookSecret},
		provider: func(webhook string) provider {
			return esms.New(esms.Options{Webhook: webhook, APIKey: "KEY", SecretKey: "SECRET", Brandname: "MYSHOP", ShortCode: "8041", Keyword: "SHOP", PrivateKey: "secret1", AdsFrom: 1})
		},
	}
	answered := func(r *row) { r.replies, r.said = "", counted("900719925474099%d") }
	return []row{
		oneWay,
		oneWay.with("a brandname without Unicode, answered by a page", map[string]string{"unicode": "no"}, nil),
		oneWay.with("a short code with a keyword", map[string]string{"short_code": "8041", "keyword": "SHOP", "mo_private_key": "secret1"}, answered),
		oneWay.with("a short code, without Unicode", map[string]string{"unicode": "no", "short_code": "8041", "keyword": "SHOP", "mo_private_key": "secret1"}, answered),
	}
}

// httpRows is a provider that speaks XML both ways, by configuration alone.
func httpRows() []row {
	return []row{{
		adapter: "http", mode: "XML by configuration", channel: address.SMS, person: phoneOf, stops: true, said: counted("900719925474099%d"),
		settings: map[string]string{
			"carries": "qc", "user": "thu-user", "password": "thu-password", "auth": "basic", "path_secret": hookSecret,
			"send_path": "/gateway", "send_type": "xml", "number_format": "no_plus",
			"send_body":    `<request ref="{{id}}"><phone>{{to}}</phone><text>{{text}}</text></request>`,
			"send_headers": "X-Sum: {{sign}}", "sign": "sha1", "sign_parts": `user "|" id "|" body key`, "sign_key": "thu-sign-key",
			"answer_format": "xml", "sent_when": "$.response.result.@code = 0", "sent_id": "$.response.message.@id", "error_code": "response.result.@code",
			"errors": "response.result.@code in 11, 12 -> recipient", "lost": "echoed",
			"verify": "md5", "verify_at": "header.X-Sum", "verify_encoding": "base64", "verify_parts": `"THU" raw_body key`, "verify_key": "thu-hook-key",
			"each": "$.event", "receive_when": `$.@type = mo`, "receive_from": "$.phone", "receive_text": "$.text", "receive_id": "$.id", "receive_time": "$.time",
			"opt_out_when": "$.@type = bye", "time_format": "unix_ms",
			"status_id": "$.id", "status_our_id": "$.ref", "status_to": "phone", "status_time": "time",
			"states":     "$.@type = dlr and $.state = D -> delivered\n$.@type = dlr and state = F -> failed recipient",
			"reply_type": "xml", "reply_body": `<ok id="{{root.event.id}}"/>`,
		},
		provider: func(webhook string) provider {
			return http.NewXML(http.Options{Webhook: webhook, User: "thu-user", Password: "thu-password", HookKey: "thu-hook-key", SignKey: "thu-sign-key"})
		},
	}}
}

func infobipRows() []row {
	number := row{
		adapter: "infobip", mode: "a number", channel: address.SMS, person: phoneOf, said: counted("81779031323506644%d"),
		settings: map[string]string{"api_key": "KEY", "from": "+15005550006", "webhook_user": "gw", "webhook_password": "s3cret", "path_secret": hookSecret},
		provider: func(webhook string) provider {
			return infobip.New(webhook, infobip.Options{Key: "KEY", From: "15005550006", User: "gw", Password: "s3cret"})
		},
	}
	return []row{number, number.with("a name, answered by a page", map[string]string{"from": "MyShop"}, func(r *row) { r.said, r.replies = nil, byPage })}
}

func lineRows() []row {
	return []row{{
		adapter: "line", mode: "an account", channel: address.LINE, person: userOf("line", "U4af4980629aabbccddeeff001122334%d"), stops: true, token: true,
		settings: map[string]string{"channel_secret": "0a1b2c3d4e5f60718293a4b5c6d7e8f9", "channel_access_token": "t0ken"},
		provider: func(webhook string) provider {
			return line.New(webhook, "0a1b2c3d4e5f60718293a4b5c6d7e8f9", "t0ken")
		},
		said:   counted("900719925474099%d"),
		tapped: func(n int, o adapters.Option, _ bool) (id, text, at string) { return "", "", "" },
	}}
}

func messengerRows() []row {
	return []row{{
		adapter: "messenger", mode: "a page", channel: address.Messenger, person: userOf("messenger", "900719925474099%d"), invited: true, stops: true,
		settings: map[string]string{"page_token": "EAAG0token", "page_id": "102030405060708", "app_secret": metaSecret, "verify_token": "verify_0123456789-token"},
		provider: func(webhook string) provider {
			return messenger.New(webhook, messenger.Options{Token: "EAAG0token", Page: "102030405060708", Secret: metaSecret})
		},
		said: counted("m_in%d"),
		tapped: func(n int, o adapters.Option, _ bool) (id, text, at string) {
			return fmt.Sprintf("m_tap%d", n), o.Label, ""
		},
	}}
}

func smppRows() []row {
	return []row{{
		adapter: "smpp", mode: "a short code", channel: address.SMS, person: phoneOf, at: "address",
		settings: map[string]string{"system_id": "gw01", "password": "s3cr3t-word", "from": "8041"},
		provider: func(string) provider { return smpp.New("gw01", "s3cr3t-word") },
	}}
}

func speedsmsRows() []row {
	of := func(sender string) func(string) provider {
		return func(webhook string) provider {
			p := speedsms.New(speedsms.Options{Webhook: webhook, Token: "TOKEN", Sender: sender})
			if sender != "MYSHOP" { // both senders are of one account, which gives an id once
				for range 100 {
					p.Next()
				}
			}
			return p
		}
	}
	brandname := row{
		adapter: "speedsms", mode: "a brandname, answered by a page", channel: address.SMS, person: phoneOf, replies: byPage, provider: of("MYSHOP"),
		settings: map[string]string{"access_token": "TOKEN", "sms_type": "3", "sender": "MYSHOP", "unicode": "yes", "carries": "qc", "path_secret": hookSecret},
	}
	telephone := brandname.with("a telephone", map[string]string{"sms_type": "5", "sender": "device-1", "carries": "care"}, func(r *row) { r.provider = of("device-1") })
	return []row{
		brandname,
		brandname.with("a brandname for advertisements alone, answered by a page", map[string]string{"sms_type": "1"}, func(r *row) { r.answers = &telephone }),
		brandname.with("a brandname, answered to a telephone", nil, func(r *row) {
			r.answers, r.replies = &telephone, `replies: {account: answers, how: {vi: "Chị nhắn câu trả lời về 0901234500 ạ"}}`
		}),
	}
}

func telegramRows() []row {
	return []row{{
		adapter: "telegram", mode: "a bot", channel: address.Telegram, person: userOf("telegram", "900719925474099%d"), stops: true,
		settings: map[string]string{"bot_token": "123456789:AAbot-token", "secret_token": "s3cr3t_Token-0123456789abcdef"},
		provider: func(webhook string) provider {
			return telegram.New(webhook, "123456789:AAbot-token", "s3cr3t_Token-0123456789abcdef")
		},
		said: func(n int, who address.Address) string { return who.ID + ":" + strconv.Itoa(n) },
		tapped: func(n int, o adapters.Option, _ bool) (id, text, at string) {
			return fmt.Sprintf("4382bfdwdsb323b2d%d", n), "", ""
		},
	}}
}

func twilioRows() []row {
	of := func(wa bool) func(string) provider {
		return func(webhook string) provider {
			p := twilio.New(twilio.Options{WhatsApp: wa, Webhook: webhook})
			return twilioPhones{p}
		}
	}
	number := row{
		adapter: "twilio", mode: "a number", channel: address.SMS, person: phoneOf, provider: of(false), stops: true, said: counted("SMin%d"),
		settings: map[string]string{"account_sid": "AC00000000000000000000000000000001", "auth_token": authToken, "from": "+15005550006"},
	}
	return []row{
		number,
		number.with("a messaging service", map[string]string{"from": "", "messaging_service_sid": "MG1"}, nil),
		number.with("WhatsApp", nil, func(r *row) { r.channel, r.provider, r.invited = address.WhatsApp, of(true), true }),
		number.with("WhatsApp, by template", nil, func(r *row) {
			r.channel, r.provider, r.templates = address.WhatsApp, of(true), `{whatsapp: {id: HX1, variables: {"1": "{{name}}"}}}`
		}),
	}
}

func viberRows() []row {
	return []row{{
		adapter: "viber", mode: "a bot", channel: address.Viber, person: userOf("viber", "K917PBuvPZmhKfb8Vw3b2%d=="), stops: true,
		settings: map[string]string{"auth_token": "4453b6ac1s345678-e02c5f12174805f9", "sender_name": "Lụa"},
		provider: func(webhook string) provider { return viber.New(webhook, "4453b6ac1s345678-e02c5f12174805f9") },
		said:     counted("574131180357172108%d"),
		tapped: func(n int, o adapters.Option, _ bool) (id, text, at string) {
			return fmt.Sprintf("574131180357172208%d", n), "", ""
		},
	}}
}

func vonageRows() []row {
	number := row{
		adapter: "vonage", mode: "a number", channel: address.SMS, person: phoneOf, said: counted("0A000000123456%d"),
		settings: map[string]string{"api_key": "abcd1234", "api_secret": "API.secret", "from": "+15005550006", "signature_secret": "vonage-signature", "signature_method": "sha256hmac"},
		provider: func(webhook string) provider {
			return vonage.New(webhook, vonage.Options{Key: "abcd1234", Secret: "API.secret", From: "15005550006", Form: "POST", Method: "sha256hmac", SignatureSecret: "vonage-signature"})
		},
	}
	return []row{number, number.with("a name, answered by a page", map[string]string{"from": "MyShop"}, func(r *row) { r.said, r.replies = nil, byPage })}
}

func whatsappRows() []row {
	open := row{
		adapter: "whatsapp", mode: "a number", channel: address.WhatsApp, person: phoneOf, invited: true, stops: true,
		settings: map[string]string{"access_token": "EAAG0token", "phone_number_id": "106540352242922", "app_secret": metaSecret, "verify_token": "verify_0123456789-token"},
		provider: func(webhook string) provider {
			return whatsapp.New(webhook, whatsapp.Options{Token: "EAAG0token", Number: "106540352242922", Secret: metaSecret})
		},
		said: counted("wamid.in%d"),
		tapped: func(n int, o adapters.Option, list bool) (id, text, at string) {
			if list {
				return fmt.Sprintf("wamid.list%d", n), o.Label, ""
			}
			return fmt.Sprintf("wamid.button%d", n), o.Label, ""
		},
	}
	return []row{open, open.with("a number, by template", nil, func(r *row) {
		r.invited, r.templates = false, `{whatsapp: {id: gu_v1, language: vi, variables: {"1": "{{name}}", "button.1": "1", "button.2": "2"}}}`
	})}
}

func zaloApp() zalo.App {
	return zalo.App{ID: "431234567890123456", Secret: "zalo-app-secret-1", OA: "388613280878808645", OASecret: "zalo-oa-secret-key-1"}
}

func zaloRows() []row {
	app := zaloApp()
	number := twilioRows()[0]
	templates := row{
		adapter: "zalo", mode: "templates to telephones, answered by a tap, and an SMS number for the rest", channel: address.SMS, person: phoneOf, said: number.said, answers: &number, byTap: true,
		settings:  map[string]string{"app_id": app.ID, "app_secret": app.Secret, "oa_id": app.OA, "oa_secret": app.OASecret, "refresh_token": zalo.FirstRefresh},
		provider:  func(webhook string) provider { return zalo.New(webhook, app, false) },
		templates: `{main: {id: "322307", variables: {customer_name: "{{name}}"}}}`, // the labels of its buttons were approved with it
	}
	return []row{{
		adapter: "zalo", mode: "an Official Account", channel: address.Zalo, person: userOf("zalo", "24684588352919792%d"), invited: true, stops: true, theirs: true, said: counted("96d3cdf3af15046090%d"),
		settings: map[string]string{"app_id": app.ID, "app_secret": app.Secret, "oa_id": app.OA, "oa_secret": app.OASecret, "refresh_token": zalo.FirstRefresh},
		provider: func(webhook string) provider { return zalo.New(webhook, app, true) },
	}, templates}
}

// Each adapter of the build is in the table, or is excused for a reason that still holds.
func TestEveryAdapterHasItsRows(t *testing.T) {
	t.Parallel()
	has, names := map[string]bool{}, map[string]bool{}
	for _, r := range channels() {
		require.False(t, names[r.name()], "twice: %s", r.name())
		has[r.adapter], names[r.name()] = true, true
	}
	for _, x := range all.Types() {
		require.True(t, has[x.Name] || rowless[x.Name] != "", "%s has no row in channels: add one, so that the conversation is played over its fake", x.Name)
	}
	for name := range rowless {
		require.False(t, has[name], "%s has a row: it needs no excuse any more", name)
	}
}

// noting notes which ids the provider gave to each message.
type noting struct {
	adapters.Adapter
	note func(id string, theirs []string)
}

func (n noting) Send(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	s, err := n.Adapter.Send(ctx, m)
	if err == nil {
		n.note(m.ID, s.IDs)
	}
	return s, err
}

// listening is noting for adapters that keep a session.
type listening struct {
	noting
	adapters.Listener
}

func noted(kind adapters.Type, note func(string, []string)) adapters.Type {
	open := kind.Open
	kind.Open = func(acc adapters.Account) (adapters.Adapter, error) {
		a, err := open(acc)
		n := noting{a, note}
		if l, ok := a.(adapters.Listener); ok {
			return listening{n, l}, err
		}
		return n, err
	}
	return kind
}
