package files_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/campaigns/files"
	"github.com/hoidap/hoidap/preferences/address"
)

// TestQuestionsThatComeToNothing are refused where the accounts are known.
func TestQuestionsThatComeToNothing(t *testing.T) {
	t.Parallel()
	const question = "\nquestions:\n  - {id: style, kind: text, text: \"?\"}\n"
	for text, want := range map[string]string{
		"campaign: a": "a.yaml:1:11: answers cannot come back by sms; add replies: link, or name a channel whose account takes answers",
		"campaign: a\nreplies: link": "a.yaml:1:11: nobody who answers by sms could be sent the next question or a gift; " +
			"add an account that carries messages of class reply to the same customers",
	} {
		opts := options(t)
		opts.Routes = []campaigns.Route{{Account: "qc", Channel: address.SMS, Carries: []string{"ad"}}}
		_, problems := files.Load(fstest.MapFS{"a.yaml": {Data: []byte(text + question)}}, opts)
		require.Len(t, problems, 1)
		require.Equal(t, want, problems[0].String())
		opts.Routes = append(opts.Routes, campaigns.Route{Account: "sms", Channel: address.SMS, Inbound: true})
		_, problems = files.Load(fstest.MapFS{"a.yaml": {Data: []byte(text + question)}}, opts)
		require.Empty(t, problems)
	}
}
