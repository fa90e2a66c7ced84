// Package telegram speaks Telegram's Bot API: text with inline buttons out, messages and taps in. Nothing is signed;
// Telegram repeats a secret in a header of each call. A message's own id is unique within its chat only, so that ids are
// written "<chat>:<message>".
package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
	"github.com/hoidap/hoidap/preferences/address"
)

const apiHost = "https://api.telegram.org"

// Type describes the adapter.
func Type() adapters.Type {
	return adapters.Type{
		Name:     "telegram",
		Doc:      "A Telegram bot. People must press its start button first: invite them by https://t.me/<bot>?start=<code>.",
		Channels: []address.Channel{address.Telegram},
		Settings: settings(),
		Open:     open,
	}
}

func settings() []adapters.Setting {
	return []adapters.Setting{
		{Name: "bot_token", Doc: "The bot's token, from @BotFather.", Example: "${TELEGRAM_BOT_TOKEN}", Required: true, Secret: true, Check: token},
		{Name: "secret_token", Doc: "What Telegram shows in each call of the webhook; registering the webhook tells it. 8 to 256 letters, digits, _ and -.", Example: "${TELEGRAM_SECRET_TOKEN}", Required: true, Secret: true, Check: secret},
		httpcall.BaseURL(apiHost),
	}
}

func token(v string) error {
	id, rest, ok := strings.Cut(v, ":")
	if _, err := strconv.ParseUint(id, 10, 64); err != nil || !ok || rest == "" || !plain(rest) {
		return errors.New("must be a number, a colon, and letters, digits, _ and -")
	}
	return nil
}

func secret(v string) error {
	if len(v) < 8 || len(v) > 256 || !plain(v) {
		return errors.New("must be 8 to 256 letters, digits, _ and -")
	}
	return nil
}

func plain(v string) bool {
	return !strings.ContainsFunc(v, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '_' && r != '-'
	})
}

// Adapter speaks for one bot.
type Adapter struct {
	acc adapters.Account
	api *httpcall.Client
}

var (
	_ adapters.Adapter   = (*Adapter)(nil)
	_ adapters.Registrar = (*Adapter)(nil)
	_ adapters.Prober    = (*Adapter)(nil)
)

func open(acc adapters.Account) (adapters.Adapter, error) {
	client, err := httpcall.ClientOf(acc, settings(), "Telegram", apiHost)
	if err != nil {
		return nil, err
	}
	return &Adapter{acc, client}, nil
}

// Capabilities says what a bot can do. There are no receipts.
func (a *Adapter) Capabilities() adapters.Capabilities {
	return adapters.Capabilities{
		Inbound: true,
		Carries: []adapters.Class{adapters.Ad, adapters.Registration, adapters.Service, adapters.Reply, adapters.Control},
		TextMax: 4096,
		Options: adapters.OptionLimits{Max: 10, LabelMax: 40, PayloadMax: 64},
		Reports: adapters.SentOn,
		Repeat:  adapters.Blind,
	}
}

type button struct {
	Text string `json:"text"`
	Data string `json:"callback_data"`
}

type keyboard struct {
	Rows [][]button `json:"inline_keyboard"`
}

type outgoing struct {
	Chat   int64     `json:"chat_id"`
	Text   string    `json:"text"`
	Markup *keyboard `json:"reply_markup,omitempty"`
}

// Send hands m to Telegram once. Options are inline buttons, one a row: their payload comes back, and they stay, so that a
// late tap still says which question it answers.
func (a *Adapter) Send(ctx context.Context, m adapters.Message) (adapters.Sent, error) {
	if err := a.Capabilities().Check(m); err != nil {
		return adapters.Sent{}, err
	}
	chat, err := strconv.ParseInt(m.To.ID, 10, 64)
	if err != nil || !address.Telegram.Carries(m.To) {
		return adapters.Sent{}, &adapters.Error{Fault: adapters.Recipient, Detail: "the address is no chat of Telegram's"}
	}
	out := outgoing{Chat: chat, Text: m.Text}
	for _, o := range m.Options {
		if out.Markup == nil {
			out.Markup = &keyboard{}
		}
		data := o.Payload
		if data == "" {
			data = o.Label // Telegram takes no button without data
		}
		if len(data) > 64 {
			return adapters.Sent{}, &adapters.Error{Fault: adapters.BadMessage, Detail: "an option without a payload has a label longer than 64 bytes"}
		}
		out.Markup.Rows = append(out.Markup.Rows, []button{{o.Label, data}})
	}
	var sent struct {
		ID   int64 `json:"message_id"`
		Chat struct {
			ID int64 `json:"id"`
		} `json:"chat"`
	}
	answer, err := a.call(ctx, "sendMessage", out, &sent)
	if err != nil {
		return adapters.Sent{}, err
	}
	if sent.ID == 0 {
		return adapters.Sent{}, answer.Odd("names no message")
	}
	return adapters.Sent{IDs: []string{messageID(sent.Chat.ID, sent.ID)}, Units: 1}, nil
}

func messageID(chat, message int64) string {
	return strconv.FormatInt(chat, 10) + ":" + strconv.FormatInt(message, 10)
}

// call asks for a method and reads its result. The bot's token is in the path: httpcall's errors hold no path.
func (a *Adapter) call(ctx context.Context, method string, params, result any) (httpcall.Answer, error) {
	answer, err := a.api.PostJSON(ctx, "/bot"+a.acc.Settings["bot_token"]+"/"+method, nil, params)
	if err != nil {
		return answer, err
	}
	var told struct {
		OK          bool            `json:"ok"`
		Code        int             `json:"error_code"`
		Description string          `json:"description"`
		Result      json.RawMessage `json:"result"`
		Parameters  struct {
			RetryAfter int `json:"retry_after"`
		} `json:"parameters"`
	}
	odd := answer.JSON(&told) // a proxy's page says nothing beside its status
	if told.Code != 0 || answer.Status != 200 {
		return answer, a.refused(answer, told.Code, told.Description, told.Parameters.RetryAfter)
	}
	if odd == nil && (!told.OK || json.Unmarshal(told.Result, result) != nil) {
		odd = answer.Odd("has no result")
	}
	return answer, odd
}

func (a *Adapter) refused(answer httpcall.Answer, code int, description string, wait int) error {
	now, said := a.acc.Now(), ""
	if code != 0 {
		said = strconv.Itoa(code)
	}
	err := answer.RefusedAs(said, meaning(code, description), now)
	var e *adapters.Error
	if errors.As(err, &e) && e.Fault == adapters.Throttled && wait > 0 {
		e.After = now.Add(time.Duration(wait) * time.Second)
	}
	return err
}

// Register tells Telegram where the webhook is, and what it is to show there.
func (a *Adapter) Register(ctx context.Context, callback string) error {
	var done bool
	_, err := a.call(ctx, "setWebhook", map[string]any{
		"url": callback, "secret_token": a.acc.Settings["secret_token"], "allowed_updates": []string{"message", "callback_query", "my_chat_member"},
	}, &done)
	return err
}

// Probe asks who the bot is, which checks the token. A token that is refused is a finding, not an error.
func (a *Adapter) Probe(ctx context.Context) (adapters.Health, error) {
	var me struct {
		Username string `json:"username"`
	}
	_, err := a.call(ctx, "getMe", struct{}{}, &me)
	var e *adapters.Error
	if errors.As(err, &e) && e.Fault == adapters.Operator {
		return adapters.Health{Detail: e.Error()}, nil
	}
	if err != nil {
		return adapters.Health{}, fmt.Errorf("asking for the bot: %w", err)
	}
	return adapters.Health{OK: true, Detail: "@" + me.Username}, nil
}
