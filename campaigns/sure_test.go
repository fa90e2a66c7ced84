package campaigns_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/understand"
)

func TestTakenAs(t *testing.T) {
	t.Parallel()
	office := preferences.Value{Kind: preferences.Choice, Text: "office"}
	for want, rs := range map[understand.Status][]understand.Reading{
		understand.Answered:  {{Status: understand.Answered, Value: office, Confidence: 0.85}},
		understand.Unclear:   {{Status: understand.Answered, Value: office, Confidence: 0.84}, {Status: understand.Answered, Confidence: 1}, {Status: understand.Unclear}},
		understand.Declined:  {{Status: understand.Declined, Confidence: 0.1}},
		understand.IsCommand: {{Status: understand.IsCommand, Confidence: 0.1}},
	} {
		for _, r := range rs {
			require.Equal(t, want, campaigns.TakenAs(r))
		}
	}
}
