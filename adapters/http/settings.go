package http

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
)

// Words that settings may be.
const (
	yes, no                            = "yes", "no"
	care, ads                          = "care", "qc"
	formatJSON, formatXML              = "json", "xml"
	formatForm, formatText             = "form", "text"
	formatAuto                         = "auto"
	authNone, authBasic, authBearer    = "none", "basic", "bearer"
	plus, noPlus, national             = "e164", "no_plus", "national"
	lostUnknown, lostKeyed, lostEchoed = "unknown", "keyed", "echoed"
	verifyNone, verifySame             = "none", "equals"
	encPlain, encBase64, encHexUCS2    = "none", "base64", "hex_ucs2"
	encHex, encHexUpper                = "hex", "hex_upper"
)

func settings() []adapters.Setting {
	return slices.Concat(sendSettings(), answerSettings(), guardSettings(), hookSettings())
}

func sendSettings() []adapters.Setting {
	base := httpcall.BaseURL("")
	base.Required, base.Example = true, "https://api.example.com"
	base.Doc = "Scheme and host of the provider's API, with what all its paths begin with. Nothing leaves for another host, and no redirect is followed."
	return []adapters.Setting{
		base,
		{Name: "user", Doc: "What {{user}} stands for, and the user of auth: basic.", Example: "${ACME_USER}", Secret: true},
		{Name: "password", Doc: "What {{password}} stands for, and the password of auth: basic.", Example: "${ACME_PASSWORD}", Secret: true},
		{Name: "token", Doc: "What {{token}} stands for, and the token of auth: bearer.", Example: "${ACME_TOKEN}", Secret: true},
		{Name: "auth", Doc: "The header Authorization of each request: none, basic (user and password) or bearer (token).", Example: authBearer, Default: authNone, Check: adapters.OneOf(authNone, authBasic, authBearer)},
		{Name: "from", Doc: "What {{from}} stands for: the sender, as the provider knows it.", Example: "MYSHOP"},
		{Name: "send_method", Doc: "GET, POST or PUT.", Example: "POST", Default: "POST", Check: adapters.OneOf("GET", "POST", "PUT")},
		{Name: "send_path", Doc: "The path behind base_url. A template.", Example: "/v1/sms", Required: true},
		{Name: "send_query", Doc: "The parameters behind the path: a line each, name=template.", Example: "key={{token}}"},
		{Name: "send_headers", Doc: "Further headers: a line each, Name: template.", Example: "X-Request-Id: {{id}}"},
		{Name: "send_type", Doc: "What send_body is: json, form, xml or text. Placeholders are escaped for it.", Example: formatJSON, Default: formatJSON, Check: adapters.OneOf(formatJSON, formatForm, formatXML, formatText)},
		{Name: "send_body", Doc: "The body. A template; for form a line each, name=template. In JSON, placeholders bring their own quotation marks.", Example: `{"to": {{to}}, "text": {{text}}, "ref": {{id}}}`},
		{Name: "number_format", Doc: "How {{to}} writes numbers: e164 (+84901234567), no_plus (84901234567) or national (0901234567).", Example: noPlus, Default: plus, Check: adapters.OneOf(plus, noPlus, national)},
		{Name: "country", Doc: "The calling code of national numbers, both ways.", Example: "84", Default: "84", Check: countryCode},
		{Name: "unicode", Doc: "yes: texts leave as they are. no: without the marks of Vietnamese, and one with an emoji is refused.", Example: no, Default: yes, Check: adapters.OneOf(yes, no)},
		{Name: "text_max", Doc: "The longest text in one message, in characters; longer ones become several. Left out: three segments of SMS, 459 or, with Unicode, 201; 1000 on other channels.", Example: "306", Check: between(1, 20000)},
		{Name: "carries", Doc: "care: customer care only. qc: advertisements, too.", Example: care, Default: care, Check: adapters.OneOf(care, ads)},
		{Name: "in_flight", Doc: "Requests at once. Left out: 16.", Example: "4", Check: between(1, 256)},
		{Name: "sign", Doc: "How {{sign}} is made: " + strings.Join(algorithmNames(), ", ") + ".", Example: "hmac_sha256", Check: adapters.OneOf(algorithmNames()...)},
		{Name: "sign_parts", Doc: `What {{sign}} is made of, one behind the other: names of placeholders, body, key, "literals".`, Example: `user "|" id key`, Check: tokens},
		{Name: "sign_key", Doc: "The key of an hmac, and the part key.", Example: "${ACME_SIGN_KEY}", Secret: true},
		{Name: "sign_encoding", Doc: "hex, hex_upper or base64.", Example: encHex, Default: encHex, Check: adapters.OneOf(encHex, encHexUpper, encBase64)},
	}
}

func answerSettings() []adapters.Setting {
	return []adapters.Setting{
		{Name: "answer_format", Doc: "What the API answers: json, xml, form or text (then $ is the whole).", Example: formatJSON, Default: formatJSON, Check: adapters.OneOf(formatJSON, formatXML, formatForm, formatText)},
		{Name: "sent_when", Doc: "What must stand in an answer for the message to be taken: a condition a line, all of which must hold. Anything else is an unknown outcome.", Example: "$.code = 00", Required: true, Check: checks(parseAll)},
		{Name: "sent_id", Doc: "Where the provider's id of the message stands; ours: it knows the message by {{id}}.", Example: "$.data.id", Required: true, Check: checks(parseSource)},
		{Name: "errors", Doc: "What failures mean: a line each, condition -> fault, or condition -> fault: words for the operator. The first that fits counts.", Example: "$.code in 103, 300 -> operator: the balance is used up", Check: checks(parseErrors)},
		{Name: "error_code", Doc: "Where the provider's code stands, for operators to see.", Example: "$.code", Check: checks(parseSource)},
		{Name: "lost", Doc: "How a lost answer is settled. unknown: it is not. keyed: by sending again, because the provider drops a second request with the same {{id}}. echoed: by the receipt, which has status_our_id.", Example: lostUnknown, Default: lostUnknown, Check: adapters.OneOf(lostUnknown, lostKeyed, lostEchoed)},
	}
}

func guardSettings() []adapters.Setting {
	path := adapters.PathSecret()
	path.Required = false
	path.Doc = "The last part of the webhook's address, /hooks/{account}/{path_secret}. Needed wherever a call does not show by itself who makes it. At least 128 random bits; `openssl rand -hex 16` makes one."
	return []adapters.Setting{
		path,
		{Name: "verify", Doc: "What webhooks show: none, equals (verify_key itself) or a sum: " + strings.Join(algorithmNames(), ", ") + ".", Example: "hmac_sha256", Default: verifyNone, Check: adapters.OneOf(append([]string{verifyNone, verifySame}, algorithmNames()...)...)},
		{Name: "verify_at", Doc: "Where they show it.", Example: "header.X-Signature", Check: checks(parseSource)},
		{Name: "verify_prefix", Doc: "What stands before it.", Example: "sha256="},
		{Name: "verify_encoding", Doc: "hex, hex_upper or base64.", Example: encHex, Default: encHex, Check: adapters.OneOf(encHex, encHexUpper, encBase64)},
		{Name: "verify_key", Doc: "The key of an hmac, the part key of a sum, or what equals compares with.", Example: "${ACME_HOOK_KEY}", Secret: true},
		{Name: "verify_parts", Doc: `What the sum is made of, one behind the other: raw_body, full_url, sorted_params, key, paths, "literals".`, Example: `"APP1" raw_body $.timestamp key`, Default: partBody, Check: tokens},
		{Name: "verify_time", Doc: "Where a call says when it was made, with verify_max_age. It must be among verify_parts, or in the body where that is.", Example: "$.timestamp", Check: checks(parseSource)},
		{Name: "verify_max_age", Doc: "How old a call may be.", Example: "24h", Check: duration},
		{Name: "challenge", Doc: "Where a handshake has what is to be said back.", Example: `query["hub.challenge"]`, Check: checks(parseSource)},
		{Name: "challenge_at", Doc: "Where a handshake shows challenge_token.", Example: `query["hub.verify_token"]`, Check: checks(parseSource)},
		{Name: "challenge_token", Doc: "What a handshake has to show.", Example: "${ACME_VERIFY_TOKEN}", Secret: true},
		{Name: "probes", Doc: "yes: calls without parameters and body are answered with 200; providers try addresses that way.", Example: yes, Default: no, Check: adapters.OneOf(yes, no)},
	}
}

func hookSettings() []adapters.Setting {
	return []adapters.Setting{
		{Name: "hook_format", Doc: "What webhooks are: json, xml, form, or auto, by their Content-Type. A GET's fields are its parameters.", Example: formatJSON, Default: formatAuto, Check: adapters.OneOf(formatAuto, formatJSON, formatXML, formatForm)},
		{Name: "each", Doc: "Where the events of a call stand, a path a line. In all other paths $ is then one event, and root the whole.", Example: "$.results[*]", Check: checks(parseEach)},
		{Name: "receive_when", Doc: "What makes a call a customer's message: a condition a line, all of which must hold. Left out: it has receive_from and receive_text.", Example: "$.type = sms", Check: checks(parseAll)},
		{Name: "receive_from", Doc: "Where the customer's number or id stands. Left out: nobody can answer.", Example: "$.sender", Check: checks(parseSource)},
		{Name: "receive_text", Doc: "Where the text stands.", Example: "$.content", Check: checks(parseSource)},
		{Name: "receive_encoding", Doc: "How the text is written: none, base64 or hex_ucs2.", Example: encBase64, Default: encPlain, Check: adapters.OneOf(encPlain, encBase64, encHexUCS2)},
		{Name: "receive_id", Doc: "Where the message's id stands. Left out: the same text by the same person within two minutes counts once.", Example: "$.id", Check: checks(parseSource)},
		{Name: "receive_time", Doc: "Where its time stands.", Example: "$.received_at", Check: checks(parseSource)},
		{Name: "receive_media", Doc: "Where the addresses of pictures stand.", Example: "$.media[*].url", Check: checks(parseSource)},
		{Name: "opt_out_when", Doc: "What makes a call an opt-out of receive_from at the provider.", Example: "$.type = stop", Check: checks(parseAll)},
		{Name: "opt_in_when", Doc: "What makes a call the end of an opt-out.", Example: "$.type = start", Check: checks(parseAll)},
		{Name: "time_format", Doc: "How times are written: rfc3339, unix, unix_ms, or the time of Monday, 2 January 2006, 15:04:05 in the provider's way.", Example: "20060102150405", Default: timeRFC3339, Check: checks(parseTimeFormat)},
		{Name: "time_zone", Doc: "Where clocks without a zone hang.", Example: "Asia/Ho_Chi_Minh", Default: "Asia/Ho_Chi_Minh", Check: zone},
		{Name: "status_when", Doc: "What makes a call a receipt. Left out: it has status_id or status_our_id, and a state fits.", Example: "$.type = report", Check: checks(parseAll)},
		{Name: "status_id", Doc: "Where a receipt has the provider's id, the one of sent_id.", Example: "$.message_id", Check: checks(parseSource)},
		{Name: "status_our_id", Doc: "Where a receipt has {{id}}.", Example: "$.ref", Check: checks(parseSource)},
		{Name: "status_to", Doc: "Where a receipt has the customer's number or id.", Example: "$.phone", Check: checks(parseSource)},
		{Name: "status_time", Doc: "Where its time stands.", Example: "$.done_at", Check: checks(parseSource)},
		{Name: "status_code", Doc: "Where the code of a failure stands, for operators to see.", Example: "$.error", Check: checks(parseSource)},
		{Name: "states", Doc: "What receipts mean: a line each, condition -> queued, sent, delivered, read, undelivered or failed; behind the last two a fault may stand. The first that fits counts.", Example: "$.status = REJECTD -> failed recipient", Check: checks(parseStates)},
		{Name: "reply_type", Doc: "What reply_body is: text, json or xml.", Example: formatXML, Default: formatText, Check: adapters.OneOf(formatText, formatJSON, formatXML)},
		{Name: "reply_body", Doc: "What webhooks are answered with. A template, whose placeholders are paths into the call. Left out: nothing.", Example: "<Response><Id>{{$.id}}</Id></Response>"},
	}
}

func between(least, most int) func(string) error {
	return func(v string) error {
		if n, err := strconv.Atoi(v); err != nil || n < least || n > most {
			return errors.New("must be a number from " + strconv.Itoa(least) + " to " + strconv.Itoa(most))
		}
		return nil
	}
}

// checks makes the check of a setting of what reads it.
func checks[T any](parse func(string) (T, error)) func(string) error {
	return func(v string) error {
		_, err := parse(v)
		return err
	}
}

func tokens(v string) error {
	_, err := splitTokens(v)
	return err
}

func countryCode(v string) error {
	if len(v) == 0 || len(v) > 3 || v[0] == '0' || !digits(v) {
		return errors.New("must be a calling code such as 84")
	}
	return nil
}

func digits(v string) bool {
	return v != "" && !strings.ContainsFunc(v, func(r rune) bool { return r < '0' || r > '9' })
}

func duration(v string) error {
	if d, err := time.ParseDuration(v); err != nil || d <= 0 {
		return errors.New("must be a time such as 5m or 24h")
	}
	return nil
}

func zone(v string) error {
	if _, err := time.LoadLocation(v); err != nil {
		return errors.New("must be a zone such as Asia/Ho_Chi_Minh or UTC")
	}
	return nil
}
