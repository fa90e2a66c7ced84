package http_test

import (
	"maps"
	nethttp "net/http"
	"strings"
	"testing"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest"
	"github.com/hoidap/hoidap/adapters/http"
	"github.com/hoidap/hoidap/preferences/address"
)

var now = time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)

// small is the least that an account needs.
func small(more map[string]string) map[string]string {
	set := map[string]string{
		"base_url": "https://api.example.com", "send_path": "/send", "send_body": `{"to": {{to}}, "text": {{text}}, "ref": {{id}}}`,
		"sent_when": "$.code = 0", "sent_id": "$.id",
	}
	maps.Copy(set, more)
	return set
}

func opened(set map[string]string, channel address.Channel) (adapters.Adapter, error) {
	return http.Type().Open(adapters.Account{
		ID: "main", Channel: channel, Settings: set, WebhookURL: adaptertest.Webhook, HTTPClient: &nethttp.Client{}, Now: func() time.Time { return now },
	})
}

// account opens an account that must open.
func account(t testing.TB, more map[string]string) adapters.Adapter {
	t.Helper()
	a, err := opened(small(more), address.SMS)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Each mistake is refused with the setting's name and the cure, and no value is quoted: somebody may have written a
// password into a template.
func TestMistakes(t *testing.T) {
	t.Parallel()
	const hidden = "hunter2-hunter2-hunter2"
	for name, x := range map[string]struct {
		more map[string]string
		want string
	}{
		"no base_url":                  {map[string]string{"base_url": ""}, "base_url is missing"},
		"a user in base_url":           {map[string]string{"base_url": "https://a:" + hidden + "@b.example"}, "base_url must be a URL"},
		"another host in the path":     {map[string]string{"send_path": "https://evil.example/send"}, "send_path must begin with a slash"},
		"a path that climbs":           {map[string]string{"send_path": "/a/../send"}, "without .."},
		"a query in the path":          {map[string]string{"send_path": "/send?key=" + hidden}, "belong into send_query"},
		"text in the path":             {map[string]string{"send_path": "/send/{{text}}"}, "send_path cannot hold {{text}}"},
		"an open placeholder":          {map[string]string{"send_path": "/send/{{to"}, "send_path has a {{ that is never closed"},
		"an unknown placeholder":       {map[string]string{"send_body": `{"to": {{phone}}, "k": "` + hidden + `"}`}, "send_body has a placeholder that is not known: there are to, to_e164"},
		"quoted placeholders":          {map[string]string{"send_body": `{"to": "{{to}}", "text": {{text}}}`}, "bring their own quotation marks"},
		"half of JSON":                 {map[string]string{"send_body": `{"to": {{to}}, "text": {{text}}`}, "send_body makes no JSON"},
		"half of XML":                  {map[string]string{"send_type": "xml", "send_body": `<a><to>{{to}}</to><text>{{text}}</text>`}, "send_body makes no XML"},
		"a form that is JSON":          {map[string]string{"send_type": "form"}, "send_body (line 1) must be name=template"},
		"a body with GET":              {map[string]string{"send_method": "GET"}, "write its fields into send_query"},
		"DELETE":                       {map[string]string{"send_method": "DELETE"}, "send_method must be one of GET, POST, PUT"},
		"no text":                      {map[string]string{"send_body": `{"to": {{to}}}`}, "has no {{text}}"},
		"nobody":                       {map[string]string{"send_body": `{"text": {{text}}}`}, "has no {{to}}"},
		"a header without a colon":     {map[string]string{"send_headers": "X-Key: a\nX-Other " + hidden}, "send_headers (line 2) must be name:template"},
		"a header of ours":             {map[string]string{"send_headers": "host: evil.example"}, "not to be set"},
		"authorization by hand":        {map[string]string{"send_headers": "Authorization: Bearer " + hidden}, "is what auth, user, password and token make"},
		"text in a header":             {map[string]string{"send_headers": "X-Text: {{text}}"}, "belongs into send_body"},
		"a strange header":             {map[string]string{"send_headers": "X Key: a"}, "letters, digits and dashes"},
		"token is missing":             {map[string]string{"send_query": "key={{token}}"}, "token is missing, which send_query uses"},
		"bearer without a token":       {map[string]string{"auth": "bearer"}, "token is missing: auth: bearer needs it"},
		"basic without a user":         {map[string]string{"auth": "basic", "password": hidden}, "user is missing"},
		"a password for nothing":       {map[string]string{"password": hidden}, "password is used nowhere"},
		"two lines in a token":         {map[string]string{"auth": "bearer", "token": hidden + "\nX: y"}, "token holds a line end"},
		"a sum of nothing":             {map[string]string{"sign": "md5", "send_headers": "X-Sum: {{sign}}"}, "sign_parts is missing"},
		"a sum without a secret":       {map[string]string{"sign": "md5", "sign_parts": "id", "send_headers": "X-Sum: {{sign}}"}, "sign_parts has no part key"},
		"an hmac without a key":        {map[string]string{"sign": "hmac_sha256", "sign_parts": "id", "send_headers": "X-Sum: {{sign}}"}, "sign_key is missing"},
		"a sum nobody sees":            {map[string]string{"sign": "hmac_sha256", "sign_parts": "id", "sign_key": hidden}, "sign is used nowhere"},
		"a sum of itself":              {map[string]string{"sign": "hmac_sha256", "sign_parts": "body", "sign_key": hidden, "send_body": `{"to": {{to}}, "text": {{text}}, "sum": {{sign}}}`}, "cannot hold body where"},
		"a part nobody knows":          {map[string]string{"sign": "hmac_sha256", "sign_parts": "phone", "sign_key": hidden, "send_headers": "X-Sum: {{sign}}"}, "sign_parts has a part that is not known"},
		"an open literal":              {map[string]string{"sign": "hmac_sha256", "sign_parts": `"abc`, "sign_key": hidden, "send_headers": "X-Sum: {{sign}}"}, `sign_parts has a " that is never closed`},
		"national numbers of a chat":   {map[string]string{"number_format": "national", "channel": "zalo"}, "number_format is for telephone numbers"},
		"success by the status alone":  {map[string]string{"sent_when": "http 200"}, "sent_when must ask for something in the answer"},
		"success where nothing stands": {map[string]string{"sent_when": "$.error missing"}, "sent_when must ask for something in the answer"},
		"success by anything":          {map[string]string{"answer_format": "text", "sent_when": "$ matches ."}, "sent_when must ask for something in the answer"},
		"no success":                   {map[string]string{"sent_when": ""}, "sent_when is missing"},
		"a condition that is none":     {map[string]string{"sent_when": "$.a = 1\n$.code is " + hidden}, "sent_when (line 2) must be conditions such as"},
		"a path that is none":          {map[string]string{"sent_id": "$.data[id]"}, "sent_id must be a path such as"},
		"an expression that is none":   {map[string]string{"sent_id": "$.id match (\\d+"}, "is no expression (RE2) with one group"},
		"an expression of no group":    {map[string]string{"sent_id": `$.id match \d+`}, "with one group"},
		"looking back":                 {map[string]string{"sent_when": `$.id matches (?<=a)b`}, "is no expression (RE2)"},
		"a status that is none":        {map[string]string{"errors": "http 99 -> message"}, "errors (line 1) must name statuses"},
		"a number that is none":        {map[string]string{"errors": "$.code >= many -> message"}, "what is no number"},
		"an arrow to nowhere":          {map[string]string{"errors": "$.code = 1"}, "errors (line 1) must say what it means"},
		"a fault that is none":         {map[string]string{"errors": "\n$.code = 1 -> message\n\n$.code = 2 -> fatal"}, "errors (line 2) must mean unknown, transient"},
		"sending again after 503":      {map[string]string{"errors": "http 503 -> transient"}, "by what a proxy answers"},
		"sending again after 200":      {map[string]string{"errors": "http 2xx -> throttled"}, "by what a proxy answers"},
		"taken by the status":          {map[string]string{"errors": "http 409 -> duplicate"}, "by what a proxy answers"},
		"gone by a status":             {map[string]string{"errors": "http 500 -> operator"}, "by what a proxy answers"},
		"gone by what is missing":      {map[string]string{"errors": "$.code missing -> stopped"}, "by what a proxy answers"},
		"gone by anything":             {map[string]string{"answer_format": "text", "errors": "$ matches .* -> message"}, "by what a proxy answers"},
		"repeats of what":              {map[string]string{"send_body": `{"to": {{to}}, "text": {{text}}}`, "errors": "$.code = 124 -> duplicate"}, "is not told {{id}}"},
		"keyed by nothing":             {map[string]string{"send_body": `{"to": {{to}}, "text": {{text}}}`, "lost": "keyed"}, "lost is keyed, and the provider is not told {{id}}"},
		"ours by nothing":              {map[string]string{"send_body": `{"to": {{to}}, "text": {{text}}}`, "sent_id": "ours"}, "sent_id is ours, and the provider is not told {{id}}"},
		"echoed by nothing":            {map[string]string{"lost": "echoed"}, "lost is echoed, which needs"},
		"nobody vouches":               {map[string]string{"receive_from": "$.from", "receive_text": "$.text"}, "path_secret is missing"},
		"a sum of some parts":          {map[string]string{"receive_from": "$.from", "receive_text": "$.text", "verify": "md5", "verify_at": "$.sum", "verify_key": hidden, "verify_parts": "$.from key"}, "path_secret is missing"},
		"an easy secret":               {map[string]string{"path_secret": "hook"}, "path_secret is too easy"},
		"a sum that is nowhere":        {map[string]string{"verify": "hmac_sha256", "verify_key": hidden}, "verify_at is missing"},
		"a key and no sum":             {map[string]string{"verify_key": hidden}, "verify is none, and verify_key is given"},
		"an hmac of hooks, no key":     {map[string]string{"verify": "hmac_sha256", "verify_at": "header.X-Sum"}, "verify_key is missing"},
		"a sum of hooks, no key":       {map[string]string{"verify": "sha256", "verify_at": "header.X-Sum", "verify_key": hidden}, "verify_parts has no part key"},
		"an easy word":                 {map[string]string{"verify": "equals", "verify_at": "header.X-Token", "verify_key": "hunter2"}, "at least 16 characters"},
		"a part that is no path":       {map[string]string{"verify": "hmac_sha256", "verify_at": "header.X-Sum", "verify_key": hidden, "verify_parts": "raw_body a[b"}, "verify_parts has a part"},
		"a time nobody vouches for":    {map[string]string{"verify": "hmac_sha256", "verify_at": "header.X-Sum", "verify_key": hidden, "verify_time": "header.X-Time", "verify_max_age": "5m"}, "verify_time is not among verify_parts"},
		"half of an age":               {map[string]string{"verify_time": "$.time"}, "verify_max_age and verify_time belong together"},
		"an age that is none":          {map[string]string{"verify_time": "$.time", "verify_max_age": "old"}, "verify_max_age must be a time such as 5m"},
		"a challenge to anybody":       {map[string]string{"challenge": "query.challenge", "verify": "equals", "verify_at": "header.X-Token", "verify_key": hidden}, "challenge_token is missing"},
		"half of a challenge":          {map[string]string{"challenge": "query.challenge", "challenge_token": hidden, "path_secret": pathSecret}, "challenge_token and challenge_at belong together"},
		"a token for nothing":          {map[string]string{"challenge_token": hidden}, "challenge is missing"},
		"a text by nobody":             {map[string]string{"receive_text": "$.text", "path_secret": pathSecret}, "receive_from is missing, without which nobody knows whom receive_text is about"},
		"an opt-out by nobody":         {map[string]string{"opt_out_when": "$.a = 1", "path_secret": pathSecret}, "receive_from is missing"},
		"somebody without text":        {map[string]string{"receive_from": "$.from", "path_secret": pathSecret}, "receive_text is missing"},
		"a status of a call":           {map[string]string{"receive_from": "$.from", "receive_text": "$.text", "receive_when": "http 200", "path_secret": pathSecret}, "receive_when asks for an HTTP status"},
		"receipts of what":             {map[string]string{"states": "$.s = 1 -> delivered", "path_secret": pathSecret}, "status_id is missing"},
		"receipts that say nothing":    {map[string]string{"status_id": "$.id", "path_secret": pathSecret}, "states is missing"},
		"a state that is none":         {map[string]string{"status_id": "$.id", "states": "$.s = 1 -> done", "path_secret": pathSecret}, "states (line 1) must mean queued, sent"},
		"delivered to nobody":          {map[string]string{"status_id": "$.id", "states": "$.s = 1 -> delivered recipient", "path_secret": pathSecret}, "nothing behind the others"},
		"our id, untold":               {map[string]string{"send_body": `{"to": {{to}}, "text": {{text}}}`, "status_our_id": "$.ref", "states": "$.s = 1 -> delivered", "path_secret": pathSecret}, "status_our_id is given, and the provider is not told {{id}}"},
		"each of a header":             {map[string]string{"each": "header.X-Events"}, "each (line 1) must be a path into the body"},
		"a time that is none":          {map[string]string{"time_format": "yyyyMMdd"}, "time_format must be rfc3339, unix"},
		"a zone that is none":          {map[string]string{"time_zone": "Hanoi"}, "time_zone must be a zone"},
		"a reply that is no XML":       {map[string]string{"reply_type": "xml", "reply_body": "<ok>{{$.id}}", "path_secret": pathSecret}, "reply_body makes no XML"},
		"a reply of no path":           {map[string]string{"reply_body": "{{in[id}}", "path_secret": pathSecret}, "reply_body must be a path"},
		"a country that is none":       {map[string]string{"country": "VN"}, "country must be a calling code"},
	} {
		channel := address.SMS
		if c := x.more["channel"]; c != "" {
			channel = address.Channel(c)
			delete(x.more, "channel")
		}
		_, err := opened(small(x.more), channel)
		switch {
		case err == nil || !strings.Contains(err.Error(), x.want):
			t.Errorf("%s: %v, want %q", name, err, x.want)
		case strings.Contains(err.Error(), hidden), strings.Contains(err.Error(), "%!"):
			t.Errorf("%s: the error quotes what was written, or is misformed: %v", name, err)
		}
	}
}

// What is given decides what the account can do.
func TestCapabilities(t *testing.T) {
	t.Parallel()
	states := map[string]string{"path_secret": pathSecret, "status_id": "$.id"}
	with := func(more ...string) map[string]string {
		set := maps.Clone(states)
		for i := 0; i < len(more); i += 2 {
			set[more[i]] = more[i+1]
		}
		return set
	}
	one := account(t, nil).Capabilities()
	if one.Inbound || one.Reports != adapters.SentOn || one.Repeat != adapters.Blind || one.TextMax != 201 || len(one.Carries) != 4 {
		t.Errorf("%+v", one)
	}
	all := account(t, with("states", "$.s = 2 -> read\n$.s = 1 -> delivered", "receive_from", "$.from", "receive_text", "$.text", "lost", "keyed", "unicode", "no", "carries", "qc", "in_flight", "3")).Capabilities()
	if !all.Inbound || all.Reports != adapters.Read || all.Repeat != adapters.Keyed || all.TextMax != 459 || len(all.Carries) != 5 || all.InFlight != 3 {
		t.Errorf("%+v", all)
	}
	echoed := account(t, with("states", "$.s = 1 -> delivered", "status_our_id", "$.ref", "lost", "echoed", "text_max", "70")).Capabilities()
	if echoed.Reports != adapters.Delivered || echoed.Repeat != adapters.Echoed || echoed.TextMax != 70 {
		t.Errorf("%+v", echoed)
	}
	a, err := opened(small(nil), address.Zalo)
	if err != nil || a.Capabilities().TextMax != 1000 {
		t.Errorf("%v", err)
	}
}
