package gateway_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/api"
	"github.com/hoidap/hoidap/gateway/web"
)

// Whatever list is read, a cursor that no page has given and a limit out of bounds are the caller's mistake: the answer says which
// parameter it is, and no list of that size is made.
func TestBadPagesAreRefused(t *testing.T) {
	t.Parallel()
	x := newReceiver(t)
	r := newRig(t, withWebhook(x))
	contact := r.contact(lan, "Lan")
	doc, err := openapi3.NewLoader().LoadFromData(api.Document())
	require.NoError(t, err)
	lists := 0
	for path, item := range doc.Paths.Map() {
		op := item.Get
		if op == nil {
			continue
		}
		query := url.Values{}
		for _, p := range op.Parameters {
			if p.Value.In == "query" && p.Value.Required {
				query.Set(p.Value.Name, "x")
			}
		}
		id := map[string]string{"contacts": contact, "campaigns": "style", "webhooks": "crm"}[strings.Split(path, "/")[1]]
		target := api.Prefix + strings.NewReplacer("{id}", id).Replace(path)
		for name, values := range map[string][]string{
			"cursor": {"nonsense", "-1", "99999999999999999999.x", ".", strings.Repeat("x", 513), "\x00"},
			"limit":  {"0", "-1", "1000000", "1e3", "x"},
		} {
			if op.Parameters.GetByInAndName("query", name) == nil {
				continue
			}
			lists++
			for _, v := range values {
				q := url.Values{name: {v}}
				for k := range query {
					q.Set(k, query.Get(k))
				}
				status, said := r.try(http.MethodGet, target+"?"+q.Encode(), nil)
				var p web.Problem
				require.NoError(t, json.Unmarshal(said, &p), "%s %s", op.OperationID, said)
				if status != http.StatusBadRequest || !strings.Contains(string(said), name) {
					t.Errorf("%s with %s=%.20q: %d %s", op.OperationID, name, v, status, said)
				}
			}
		}
	}
	require.Greater(t, lists, 10)
}
