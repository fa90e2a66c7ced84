package files_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns"
)

func TestTemplatesAreRead(t *testing.T) {
	t.Parallel()
	const text = `
campaign: a
questions:
  - id: style
    kind: text
    text: "?"
    templates:
      whatsapp: {id: gu_mua_thu, language: vi, variables: {"1": "{{name}}"}}
      zns: {id: "301122"}
`
	require.Equal(t, map[string]campaigns.Template{
		"whatsapp": {ID: "gu_mua_thu", Language: "vi", Variables: map[string]string{"1": "{{name}}"}},
		"zns":      {ID: "301122"},
	}, load(t, text).Campaigns["a"].Questions[0].Templates)
}
