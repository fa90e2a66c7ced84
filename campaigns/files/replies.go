package files

import (
	"regexp"
	"strings"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/config/strict"
)

// keywordForm: what customers type before their answer to a short code, on any keyboard.
var keywordForm = regexp.MustCompile(`^[A-Z0-9]{2,16}$`)

// replies reads how answers come back from one-way channels: link, or a group.
//
// Example:
//
//	replies: link
//	replies: {account: shortcode, keyword: LUA, how: {vi: "Soạn LUA và câu trả lời, gửi 8077"}}
func (l *loading) replies(v strict.Value) *campaigns.Replies {
	if !v.Present() {
		return nil
	}
	if !v.IsGroup() {
		if v.OneOf("link") == "" {
			return nil
		}
		return &campaigns.Replies{Link: true}
	}
	g := v.Group("by", "account", "keyword", "how")
	out := &campaigns.Replies{}
	how := g.Get("how")
	if by := g.Get("by"); by.Present() {
		out.Link = by.OneOf("link") != ""
		out.How = l.template(how, "link")
		l.wantLink(how)
		for _, key := range []string{"account", "keyword"} {
			if x := g.Get(key); x.Present() {
				x.Fail("leave it out, or leave out by", "answers come by link or by another account, not both")
			}
		}
		return out
	}
	out.Account = l.account(g.Need("account", "shortcode, the id of the account that answers come to"))
	out.Keyword = l.keyword(g.Get("keyword"))
	out.How = l.template(g.Need("how", `{vi: "Soạn LUA và câu trả lời, gửi 8077"}`))
	return out
}

// wantLink: words that leave the link out would leave the customer without a way to answer.
func (l *loading) wantLink(how strict.Value) {
	if !how.Present() {
		return
	}
	for _, p := range l.byLocaleQuietly(how) {
		if s, ok := p.Value.Scalar(); ok && !strings.Contains(s, "{{link}}") {
			p.Value.Fail("write {{link}} where the link goes", "the customer is not told the link")
		}
	}
}

func (l *loading) account(v strict.Value) string {
	s := v.Text()
	if s != "" && !idForm.MatchString(s) {
		v.Fail("write the account's id, as in hoidap.yaml", "%q cannot be an account", s)
		return ""
	}
	return s
}

func (l *loading) keyword(v strict.Value) string {
	s := v.Text()
	if s != "" && !keywordForm.MatchString(s) {
		v.Fail("write it like LUA: 2 to 16 capital letters and digits, without marks", "%q cannot be a keyword", s)
		return ""
	}
	return s
}

// answerable refuses questions that nobody could answer, where the accounts are known.
func (l *loading) answerable(g strict.Group, c *campaigns.Campaign) {
	at := g.Get("channels")
	if !at.Present() {
		at = g.Get("campaign")
	}
	if ch := c.OneWay(l.opts.Routes); len(ch) > 0 {
		at.Fail("add replies: link, or name a channel whose account takes answers", "answers cannot come back by %s", ch[0])
	} else if ch := c.Unrepaid(l.opts.Routes); len(ch) > 0 {
		at.Fail("add an account that carries messages of class reply to the same customers", "nobody who answers by %s could be sent the next question or a gift", ch[0])
	}
}
