package gateway_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRepliesAreListed(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.contact(lan, "Lan")
	r.run("style")
	r.phone(lan, 1)
	r.reply(lan, "hong biết nữa á")
	r.phone(lan, 2)
	r.reply(lan, "dạ 2 nha shop")
	r.phone(lan, 3)

	type reply struct {
		ID, Contact, Campaign, Question, Locale, Now, Text, Status, Value, Rule string
	}
	list := func(query string) (all []reply) {
		for cursor := ""; ; {
			var page struct {
				Replies []reply
				Next    string `json:"next_cursor"`
			}
			require.Equal(t, http.StatusOK, r.call("GET", "/api/v1/campaigns/style/replies?limit=1&cursor="+cursor+query, nil, &page))
			all = append(all, page.Replies...)
			if cursor = page.Next; cursor == "" {
				return all
			}
		}
	}
	found := list("")
	require.Len(t, found, 2)
	require.Equal(t, "unclear", found[0].Status)
	require.Equal(t, "hong biết nữa á", found[0].Text)
	require.Equal(t, "answered", found[1].Status)
	require.Equal(t, "office", found[1].Value)
	require.Equal(t, id, found[1].Contact)
	require.Equal(t, "style", found[1].Question)
	require.Equal(t, "vi", found[1].Locale)
	require.Regexp(t, `\+07:00$`, found[1].Now)
	require.NotEqual(t, found[0].ID, found[1].ID)
	require.Len(t, list("&question=style"), 2)
	require.Empty(t, list("&question=budget"))
	require.Equal(t, http.StatusNotFound, r.call("GET", "/api/v1/campaigns/gone/replies", nil, nil))
}
