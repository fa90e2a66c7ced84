package gateway_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/api"
	"github.com/hoidap/hoidap/gateway/web"
)

// Whatever takes a body says of one that is wrong what is wrong with it: a field that there is not by its name, and what is no
// object as such.
func TestBadBodiesAreRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t, withWebhook(newReceiver(t)))
	contact := r.contact(lan, "Lan")
	doc, err := openapi3.NewLoader().LoadFromData(api.Document())
	require.NoError(t, err)
	bodies := 0
	for path, item := range doc.Paths.Map() {
		id := map[string]string{"contacts": contact, "campaigns": "style", "webhooks": "crm", "accounts": "sms", "offers": "office-20"}[strings.Split(path, "/")[1]]
		if id == "" {
			id = "none"
		}
		target := api.Prefix + strings.NewReplacer("{id}", id, "{item}", "none", "{delivery}", "none").Replace(path)
		for method, op := range item.Operations() {
			if op.RequestBody == nil || method == http.MethodGet {
				continue
			}
			bodies++
			for _, body := range []any{m{"nonsense": 1}, []int{1}} {
				status, said := r.try(method, target, body)
				var p web.Problem
				require.NoError(t, json.Unmarshal(said, &p), "%s: %s", op.OperationID, said)
				_, object := body.(m)
				if status != http.StatusBadRequest || p.Detail == "" || object && !strings.Contains(string(said), "nonsense") {
					t.Errorf("%s %v: %d %s", op.OperationID, body, status, said)
				}
			}
		}
	}
	require.Greater(t, bodies, 20)
}
