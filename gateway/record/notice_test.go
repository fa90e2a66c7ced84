package record_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// A consent to some channels is not told as one to all.
func TestANoticeSaysForWhichChannelsAConsentIs(t *testing.T) {
	t.Parallel()
	told := record.Notices("c1-x", []preferences.Entry{{Kind: preferences.EntryConsent, Event: "e1",
		Detail: map[string]any{"purpose": "marketing", "granted": true, "channels": []address.Channel{address.Zalo}, "source": "form"}}}, func(string) bool { return true })
	require.Len(t, told, 1)
	require.Contains(t, string(told[0].Bytes()), `"channels":["zalo"]`)
}
