package chaos

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// groups is how many groups the customers are in: each has runs of its own, so that runs overlap and nobody is asked all
// the time.
const groups = 4

// blindGroup is the group whose customers are reached by the blind account.
const blindGroup = 2

// accountOf is the account by which a group is reached.
func accountOf(group int) int {
	if group == blindGroup {
		return blind
	}
	return finding
}

// channelOf is the account's channel.
func channelOf(account int) string { return [accounts]string{"sms", "whatsapp"}[account] }

// returnedBy is the event that tells of a returned order of the account's customers.
func returnedBy(account int) string {
	return [accounts]string{"order.returned", "parcel.returned"}[account]
}

// campaignOf is two campaigns for one group of customers; %[1]d is the group, %[2]s its channel.
const campaignOf = `campaign: style-%[1]d
audience: consent.marketing && facts.group == %[1]d
channels: [%[2]s]
questions:
  - id: style
    kind: choice
    text: {vi: "Chị {{name}} thích phong cách nào?", en: "Which style is you, {{name}}?"}
    options:
      - {value: sporty, label: {vi: Thể thao, en: Sporty}, synonyms: {vi: [năng động]}}
      - {value: office, label: {vi: Công sở, en: Office}}
    fresh_for: 1m
  - id: budget
    kind: money
    currency: VND
    when: prefs.style == "office"
    text: {vi: "Ngân sách cho một bộ khoảng bao nhiêu ạ?", en: "What would you spend on an outfit?"}
    fresh_for: 1m
offers: [office-20, sporty-10, thanks-5]
thanks: {vi: "Cảm ơn {{name}}!", en: "Thank you, {{name}}!"}
---
campaign: size-%[1]d
audience: consent.marketing && facts.group == %[1]d
channels: [%[2]s]
questions:
  - id: size
    kind: choice
    text: {vi: "Chị mặc cỡ nào ạ?", en: "What is your size?"}
    options:
      - {value: s, label: {vi: S, en: S}}
      - {value: m, label: {vi: M, en: M}}
      - {value: l, label: {vi: L, en: L}}
    fresh_for: 1m
offers: [size-first, thanks-5]
thanks: {vi: "Cảm ơn chị!", en: "Thank you!"}
---
`

// returned is a campaign that events start; %[1]s is the channel, %[2]s the event.
const returned = `campaign: returned-%[1]s
schedule: {event: %[2]s, delay: 1s}
audience: consent.marketing
channels: [%[1]s]
questions:
  - id: why
    kind: rating
    min: 1
    max: 5
    text: {vi: "Chị chấm dịch vụ đổi trả mấy điểm, từ 1 đến 5?", en: "How was the return, from 1 to 5?"}
    fresh_for: 1m
offers: [thanks-5]
---
`

// common is what all groups share: offers whose budgets and pools run out.
const common = `offer: office-20
when: prefs.style == "office" && prefs.budget.max >= 500000
priority: 10
text: {vi: "Tặng {{name}} mã {{code}} giảm 20%.", en: "Code {{code}}: 20% off."}
code: {pool: office}
budget: 40
---
offer: sporty-10
when: prefs.style == "sporty"
priority: 5
text: {vi: "Mã {{code}} giảm 10% đồ thể thao.", en: "Code {{code}}: 10% off sports."}
code: {pool: sporty}
---
offer: size-first
when: prefs.size != nil
priority: 5
text: {vi: "Mời chị xem trước hàng mới.", en: "Have an early look."}
budget: 25
---
offer: thanks-5
text: {vi: "Mã {{code}} giảm 5%.", en: "Code {{code}}: 5% off."}
code: {shared: CAMON5}
`

// budgets are the budgets in common.
func budgets() map[string]int64 { return map[string]int64{"office-20": 40, "size-first": 25} }

// pools are the offers with codes of their own, and how such a code begins.
func pools() map[string]string {
	return map[string]string{"office-20": "OFFICE", "sporty-10": "SPORTY"}
}

func writeCampaigns(dir string) error {
	folder := filepath.Join(dir, "campaigns")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	var all strings.Builder
	for g := range groups {
		fmt.Fprintf(&all, campaignOf, g, channelOf(accountOf(g)))
	}
	for a := range accounts {
		fmt.Fprintf(&all, returned, channelOf(a), returnedBy(a))
	}
	all.WriteString(common)
	return os.WriteFile(filepath.Join(folder, "chaos.yaml"), []byte(all.String()), 0o600)
}
