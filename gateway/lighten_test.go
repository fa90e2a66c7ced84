package gateway_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/adapters"
)

// TestMarksAreSavedWhereThatSavesSegments, for who has no marks in their name; the ledger says so.
func TestMarksAreSavedWhereThatSavesSegments(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(r *rig) { r.light = true })
	lanID, ngocID := r.contact(lan, "Lan"), r.contact("+84909000002", "Ngọc")
	r.run("style")
	plain, marked := r.phone(lan, 1)[0], r.phone("+84909000002", 1)[0]
	require.Contains(t, plain, "Chi Lan thich phong cach nao?")
	require.Contains(t, plain, "2. Cong so")
	require.Equal(t, 1, adapters.SegmentCount(plain))
	require.Contains(t, marked, "Chị Ngọc thích phong cách nào?")
	require.Contains(t, marked, "2. Công sở")

	simpler := func(id string) any {
		for _, e := range r.settled(id, has("message.sent", "")) {
			if e.Kind == "message.sent" {
				return e.Detail["simpler"]
			}
		}
		return nil
	}
	require.Equal(t, []any{"marks"}, simpler(lanID))
	require.Nil(t, simpler(ngocID))
	r.reply(lan, "cong so")
	require.Contains(t, r.phone(lan, 2)[1], "Ngân sách", "what fits one segment keeps its marks")
}
