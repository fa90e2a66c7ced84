package zalo

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
)

// told is Zalo's answer to whatever it is asked. HTTP is 200 for nearly all failures: Error is what counts.
type told struct {
	Error json.Number     `json:"error"`
	Data  json.RawMessage `json:"data"`
}

// call asks for something with the OA's token. Where Zalo refuses the token, another one is got, once, and the call made
// again: what is refused at the door was not attempted.
func (a *Adapter) call(ctx context.Context, client *httpcall.Client, call httpcall.Call) (httpcall.Answer, json.RawMessage, error) {
	token, err := a.tokens.access(ctx)
	if err != nil {
		return httpcall.Answer{}, nil, err
	}
	answer, said, err := a.ask(ctx, client, call, token.Access)
	if err == nil && refusedToken(said.Error) {
		if token, err = a.tokens.renew(ctx, token); err != nil {
			return answer, nil, err
		}
		answer, said, err = a.ask(ctx, client, call, token.Access)
	}
	if err != nil {
		return answer, nil, err
	}
	return answer, said.Data, a.refused(answer, said.Error)
}

func (a *Adapter) ask(ctx context.Context, client *httpcall.Client, call httpcall.Call, token string) (answer httpcall.Answer, said told, err error) {
	call.Header = call.Header.Clone()
	if call.Header == nil {
		call.Header = http.Header{}
	}
	call.Header["access_token"] = []string{token} // Zalo's own spelling: an underline, and small
	call.Header["appsecret_proof"] = []string{proof(a.acc.Settings["app_secret"], token)}
	if answer, err = client.Do(ctx, call); err != nil {
		return answer, said, err
	}
	_ = json.Unmarshal(answer.Body, &said) // a proxy's page has no code
	return answer, said, nil
}

// proof shows that who has the token has the app's secret, too.
func proof(secret, token string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(token))
	return hex.EncodeToString(mac.Sum(nil))
}

// refused says what an answer's code means; nil where it means success, which the caller must still find in the data.
func (a *Adapter) refused(answer httpcall.Answer, code json.Number) error {
	n, err := strconv.Atoi(string(code))
	if err != nil || n == 0 {
		return answer.Refused(a.acc.Now())
	}
	table := chatCodes()
	if a.templatesOnly() {
		table = templateCodes()
	}
	now := a.acc.Now()
	known, ok := table[n]
	if !ok { // a failure that the adapter cannot tell from others must not pass as taken
		if err := answer.RefusedAs(string(code), httpcall.Known{}, now); err != nil {
			return err
		}
		return answer.Odd("has the unknown code " + string(code))
	}
	if known.Fault == adapters.Later {
		return &adapters.Error{Fault: adapters.Later, Code: string(code), Detail: known.Detail, After: after(n, now)}
	}
	return answer.RefusedAs(string(code), known, now)
}
