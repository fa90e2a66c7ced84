package console_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway"
)

// branchingCampaign has a branch by an answer, one by several, a question that nobody comes to, and answers without a gift.
const branchingCampaign = `
campaign: branching
name: Mùa cưới
channels: [sms]
questions:
  - id: style
    kind: choice
    text: {vi: "Chị {{name}} thích phong cách nào ạ?", en: "Which style do you like, {{name}}?"}
    options: [{value: sporty, label: {vi: Thể thao, en: Sporty}}, {value: office, label: {vi: Công sở, en: Office}}, {value: party, label: {vi: Dạ hội, en: Evening}}]
  - {id: card, kind: yes_no, text: {vi: "Chị có thẻ thành viên chưa ạ?"}, when: 'prefs.style == "office" || prefs.style == "party"'}
  - {id: budget, kind: money, currency: VND, text: {vi: "Ngân sách cho một bộ khoảng bao nhiêu ạ?"}, when: 'prefs.style == "office" && prefs.card == true'}
  - {id: lost, kind: text, text: {vi: "Chị muốn góp ý gì thêm không ạ?"}, when: 'prefs.style == "office" && prefs.style == "party"'}
  - {id: mail, kind: email, text: {vi: "Chị cho em xin email nhé?"}}
offers: [party-10]
---
offer: party-10
when: prefs.style == "office" || prefs.style == "party" && prefs.card == true
text: {vi: "Tặng chị {{name}} 10%."}
`

func TestBranchesAreDrawnInABrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(o *gateway.Options) {
		o.Files.(fstest.MapFS)["b.yaml"] = &fstest.MapFile{Data: []byte(branchingCampaign)}
	})
	status, body := h.as("marketer").get("/console/campaigns/branching/edit")
	require.Equal(t, 200, status)
	for _, want := range []string{
		">Công sở hoặc Dạ hội</text>",                                   // by one answer: its names
		"prefs.style == &#34;office&#34; &amp;&amp; prefs.card == true", // by several: as it was written
		"✕ không bao giờ được hỏi", "Ngõ cụt", "<li>Thể thao, Có</li>", "<li>Dạ hội, Không</li>", `<a href="#question-3">`,
	} {
		require.Contains(t, body, want)
	}
	h.browse(`
		await signIn('marketer');
		await page.goto(base + '/console/campaigns/branching/edit');
		await page.locator('.flow').screenshot(); // it has a size
		await page.locator('.branches summary').focus();
		await page.keyboard.press('Enter');
		await page.keyboard.press('Tab');
		await page.keyboard.press('Enter');
		expect(new URL(page.url()).hash === '#question-0', 'the words lead to the card by keyboard');
		await page.locator('#side').evaluate((x) => x.scrollIntoView());
		await check('branches');
		await shot('branches-light');
		await page.emulateMedia({ colorScheme: 'dark' });
		await page.setViewportSize({ width: 360, height: 740 });
		await check('branches, phone');
		await shot('branches-phone-dark');
	`, nil)
}
