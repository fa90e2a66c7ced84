package gateway_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/gateway/api"
)

// called is one operation of the document.
type called struct {
	method, path string
	op           *openapi3.Operation
	params       openapi3.Parameters
}

func everyOperation(t *testing.T) []called {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(api.Document())
	require.NoError(t, err)
	var all []called
	for _, path := range slices.Sorted(maps.Keys(doc.Paths.Map())) {
		item := doc.Paths.Map()[path]
		for _, method := range slices.Sorted(maps.Keys(item.Operations())) {
			op := item.Operations()[method]
			all = append(all, called{method, path, op, slices.Concat(item.Parameters, op.Parameters)})
		}
	}
	return all
}

// junk is what no schema asks for.
func junk(rt *rapid.T) any {
	return rapid.SampledFrom([]any{nil, true, -1, 1e308, 0.5, "", " ", "null", "\x00", "\u202egnp.exe", "<script>alert(1)</script>", "=1+1", "' OR 1=1 --", "../../etc/passwd", strings.Repeat("x", 5000),
		[]any{}, []any{nil}, map[string]any{}, map[string]any{"a": map[string]any{"b": []any{1, "x"}}}, json.Number("9704123456789012345"), "tel:+84901234567", "2026-11-01T09:00:00+07:00", "ạ"}).Draw(rt, "junk")
}

// valueOf is a value that mostly fits a schema.
func valueOf(rt *rapid.T, ref *openapi3.SchemaRef, known []string, depth int) any {
	if ref == nil || ref.Value == nil || depth > 6 || rapid.IntRange(0, 11).Draw(rt, "wrong") == 0 {
		return junk(rt)
	}
	s := ref.Value
	switch {
	case len(s.Enum) > 0:
		return rapid.SampledFrom(s.Enum).Draw(rt, "enum")
	case s.Example != nil && rapid.Bool().Draw(rt, "example"):
		return s.Example
	case s.Type.Is("string") && s.Format == "date-time":
		return rapid.SampledFrom([]any{"2026-11-01T09:00:00+07:00", "1970-01-01T00:00:00Z", "2026-02-30T00:00:00Z"}).Draw(rt, "time")
	case s.Type.Is("string"):
		return rapid.OneOf(rapid.SampledFrom(known), rapid.StringN(0, 40, 80)).Draw(rt, "text")
	case s.Type.Is("integer"), s.Type.Is("number"):
		return rapid.IntRange(-1, 300).Draw(rt, "number")
	case s.Type.Is("boolean"):
		return rapid.Bool().Draw(rt, "flag")
	case s.Type.Is("array"):
		list := []any{}
		for range rapid.IntRange(0, 3).Draw(rt, "members") {
			list = append(list, valueOf(rt, s.Items, known, depth+1))
		}
		return list
	case s.Type.Is("object"):
		m := map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
			if slices.Contains(s.Required, name) || rapid.Bool().Draw(rt, "has "+name) {
				m[name] = valueOf(rt, s.Properties[name], known, depth+1)
			}
		}
		if rapid.IntRange(0, 9).Draw(rt, "more") == 0 {
			m[rapid.SampledFrom([]string{"nope", "", "id", "Name", "__proto__"}).Draw(rt, "name")] = junk(rt)
		}
		return m
	}
	return junk(rt)
}

// request makes a call of an operation, valid or nearly so.
func (r *rig) request(rt *rapid.T, x called, known []string) *http.Request {
	path, query, header := x.path, url.Values{}, http.Header{}
	for _, ref := range x.params {
		p := ref.Value
		if p.In != "path" && !rapid.Bool().Draw(rt, "with "+p.Name) {
			continue
		}
		text, ok := valueOf(rt, p.Schema, known, 5).(string)
		if !ok {
			text = rapid.SampledFrom(append([]string{"0", "1", "50", "x", "", "-5", "99999999999999999999"}, known...)).Draw(rt, p.Name)
		}
		switch p.In {
		case "path":
			if text == "" || text == "." || text == ".." {
				text = "x"
			}
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(text))
		case "query":
			query.Add(p.Name, text)
		case "header":
			if !strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c > '~' }) {
				header.Set(p.Name, text)
			}
		}
	}
	if rapid.IntRange(0, 9).Draw(rt, "strange") == 0 {
		query.Add("strange", "1")
	}
	var body io.Reader
	if b := x.op.RequestBody; b != nil && rapid.IntRange(0, 9).Draw(rt, "bare") > 0 {
		raw, err := json.Marshal(valueOf(rt, b.Value.Content.Get("application/json").Schema, known, 0))
		require.NoError(rt, err)
		if rapid.IntRange(0, 9).Draw(rt, "torn") == 0 {
			raw = raw[:rapid.IntRange(0, len(raw)).Draw(rt, "at")]
		}
		body = bytes.NewReader(raw)
		header.Set("Content-Type", "application/json")
	}
	target := r.base + api.Prefix + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(r.t.Context(), x.method, target, body)
	require.NoError(rt, err)
	maps.Copy(req.Header, header)
	req.Header.Set("Authorization", "Bearer "+apiToken)
	return req
}

// Whatever is asked of whichever operation, it is never a fault of ours: each answer is a success, or a problem document that
// says what was wrong.
func TestNoCallIsAFault(t *testing.T) {
	t.Parallel()
	x := newReceiver(t)
	r := newRig(t, withWebhook(x))
	id := r.contact(lan, "Lan")
	run := r.run("style")
	r.phone(lan, 1)
	r.reply(lan, "hả?")
	r.settled(id, has("reply.unclear", ""))
	known := []string{id, run, "style", "office-20", "sms", "crm", "tel:" + lan, "tel:" + minh, "consent.marketing", "viewer", "message"}
	calls := map[int]int{}
	for _, op := range everyOperation(t) {
		checks := func(rt *rapid.T) {
			req := r.request(rt, op, known)
			answer, err := http.DefaultClient.Do(req)
			require.NoError(rt, err)
			defer answer.Body.Close()
			body, err := io.ReadAll(answer.Body)
			require.NoError(rt, err)
			calls[answer.StatusCode]++
			if answer.StatusCode >= 500 && answer.StatusCode != http.StatusServiceUnavailable {
				rt.Fatalf("%s %s answered %d %s", req.Method, req.URL, answer.StatusCode, body)
			}
			if answer.StatusCode >= 400 {
				var p struct {
					Title, Detail, Instance string
					Status                  int
				}
				if err := json.Unmarshal(body, &p); err != nil || p.Status != answer.StatusCode || p.Title == "" || p.Instance == "" {
					rt.Fatalf("%s %s answered %d %s", req.Method, req.URL, answer.StatusCode, body)
				}
			}
		}
		t.Run(op.op.OperationID, func(t *testing.T) { rapid.Check(t, checks) })
	}
	require.Greater(t, calls[http.StatusOK], 100, "%v", calls)
	require.Greater(t, calls[http.StatusBadRequest], 100, "%v", calls)
}
