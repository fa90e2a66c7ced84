package meta

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
)

// Graph calls the Graph API with one account's token. It may be used concurrently.
type Graph struct {
	http    *httpcall.Client
	header  http.Header
	version string
	proof   url.Values
	meaning func(code, subcode int64) (httpcall.Known, bool)
	now     func() time.Time
}

// New makes the Graph of an account whose settings have been checked. provider is how errors call it; meaning knows the
// channel's codes, where the zero Fault means that the documents say that the outcome is unknown.
func New(acc adapters.Account, provider, token string, meaning func(code, subcode int64) (httpcall.Known, bool)) (*Graph, error) {
	client, err := httpcall.New(acc, provider, GraphHost)
	if err != nil {
		return nil, err
	}
	g := &Graph{http: client, header: httpcall.Bearer(token), version: cmp.Or(acc.Settings[settingVersion], defaultVersion), meaning: meaning, now: acc.Now}
	if acc.Settings[settingProof] == "yes" {
		mac := hmac.New(sha256.New, []byte(acc.Settings[settingSecret]))
		mac.Write([]byte(token))
		g.proof = url.Values{settingProof: {hex.EncodeToString(mac.Sum(nil))}}
	}
	return g, nil
}

// Post posts body as JSON to path, such as "/me/messages", and reads what is answered into v.
func (g *Graph) Post(ctx context.Context, path string, body, v any) (httpcall.Answer, error) {
	call, err := httpcall.JSON(g.path(path), g.header, body)
	if err != nil {
		return httpcall.Answer{}, err
	}
	call.Query = g.proof
	return g.do(ctx, call, v)
}

// Get asks for some fields of the object at path.
func (g *Graph) Get(ctx context.Context, path, fields string, v any) (httpcall.Answer, error) {
	q := url.Values{}
	if fields != "" {
		q.Set("fields", fields)
	}
	for name, values := range g.proof {
		q[name] = values
	}
	return g.do(ctx, httpcall.Call{Path: g.path(path), Header: g.header, Query: q}, v)
}

func (g *Graph) path(path string) string { return "/" + g.version + path }

func (g *Graph) do(ctx context.Context, call httpcall.Call, v any) (httpcall.Answer, error) {
	answer, err := g.http.Do(ctx, call)
	if err != nil {
		return answer, err
	}
	if err := g.refused(answer); err != nil {
		return answer, err
	}
	return answer, answer.JSON(v)
}

// refused is what an answer's error means, and nil for an answer of 2xx without one.
func (g *Graph) refused(answer httpcall.Answer) error {
	var told struct {
		Error *Failure `json:"error"`
	}
	_ = json.Unmarshal(answer.Body, &told) // a proxy's page says nothing beside its status
	if told.Error == nil || told.Error.Code == nil {
		if err := answer.Refused(g.now()); err != nil || told.Error == nil {
			return err
		}
		return answer.Odd("has an error inside, without a code")
	}
	known, ok := g.meaning(*told.Error.Code, told.Error.Subcode)
	err := answer.RefusedAs(told.Error.String(), known, g.now())
	if ok && known.Fault == adapters.Unknown || err == nil {
		return answer.Odd("has an error inside (code " + told.Error.String() + ")")
	}
	return err
}

// Failure is an error of the Graph API. Its sentences quote numbers and ids, and are not read.
type Failure struct {
	Code    *int64 `json:"code"`
	Subcode int64  `json:"error_subcode"`
}

// String is the code, with the subcode where there is one.
func (f Failure) String() string {
	s := ""
	if f.Code != nil {
		s = strconv.FormatInt(*f.Code, 10)
	}
	if f.Subcode != 0 {
		s += "/" + strconv.FormatInt(f.Subcode, 10)
	}
	return s
}

// Unusable reports whether err means that token or configuration are refused: for a probe that is a finding.
func Unusable(err error) (detail string, ok bool) {
	var e *adapters.Error
	if errors.As(err, &e) && (e.Fault == adapters.Operator || e.Fault == adapters.BadMessage) {
		return e.Error(), true
	}
	return "", false
}
