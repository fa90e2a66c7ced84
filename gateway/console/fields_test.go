package console_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/gateway"
	"github.com/hoidap/hoidap/gateway/control"
)

// badForm is a form with a mistake in it.
type badForm struct {
	who, path string
	form      url.Values
	field     string // where the mistake is
	keeps     string // what was typed there, as the page has it again; "": passwords are not sent back
	vi, en    string // how it is said
}

func badForms(id string) map[string]badForm {
	long := strings.Repeat("ă", 81)
	person, card := "/console/people/"+id, "/console/campaigns/mine/edit"
	question := func(more url.Values) url.Values {
		form := url.Values{"was": {"1"}, "do": {"check"}, "campaign": {"mine"}, "name": {"Của tôi"}, "audience": {"true"}, "channels": {"sms"}, "q.0.was": {"a"}, "q.0.id": {"a"}, "q.0.kind": {"text"}, "q.0.text.vi": {"Hỏi gì ạ?"}}
		for k, v := range more {
			form[k] = v
		}
		return form
	}
	return map[string]badForm{
		"a number to begin with":       {"marketer", "/console/campaigns/style/launch", url.Values{"first": {"một ít"}}, "first", "một ít", "Số người bắt đầu viết như 50 hoặc 10%.", "Write how many to begin with like 50 or 10%."},
		"the number of people":         {"marketer", "/console/campaigns/style/launch", url.Values{"people": {"7"}}, "people", "7", "Hãy gõ đúng số đó", "Type that number"},
		"a campaign without a name":    {"marketer", "/console/campaigns", url.Values{"name": {"!!!"}}, "name", "!!!", "Hãy đặt một cái tên có chữ hoặc số.", "Give it a name"},
		"an id of a campaign":          {"marketer", "/console/campaigns", url.Values{"name": {"Gu"}, "id": {"Gu Mùa"}}, "id", "Gu Mùa", "Mã chỉ gồm chữ thường không dấu", "An id has small letters"},
		"an id that is taken":          {"marketer", "/console/campaigns", url.Values{"name": {"Gu"}, "id": {"style"}}, "id", "style", "Đã có chiến dịch mang mã style", "There is a campaign style already"},
		"an audience in the editor":    {"marketer", card, question(url.Values{"audience": {"facts.orders = 3"}}), "audience", "facts.orders = 3", "", ""},
		"a duration in the editor":     {"marketer", card, question(url.Values{"q.0.fresh_for": {"lâu lâu"}}), "q.0.fresh_for", "lâu lâu", "", ""},
		"a condition in the editor":    {"marketer", card, question(url.Values{"q.0.when": {"prefs.x =="}}), "q.0.when", "prefs.x ==", "", ""},
		"a placeholder in the editor":  {"marketer", card, question(url.Values{"q.0.text.vi": {"Chào {{tên}}?"}}), "q.0.text.vi", "Chào {{tên}}?", "", ""},
		"a time in the editor":         {"marketer", card, question(url.Values{"starts": {"cron"}, "cron": {"sáng mai"}}), "cron", "sáng mai", "", ""},
		"a phone to try it on":         {"marketer", card, question(url.Values{"do": {"try"}, "try.to": {"số của tôi"}, "try.question": {"a"}, "try.account": {"sms"}}), "try.to", "số của tôi", "", ""},
		"what a customer said":         {"agent", person + "/correct", url.Values{"attribute": {"budget"}, "value": {"vừa vừa"}, "why": {"qua điện thoại"}}, "value", "vừa vừa", "Câu này cũng chưa rõ", ""},
		"how that is known":            {"agent", person + "/correct", url.Values{"attribute": {"budget"}, "value": {"700k"}}, "why", "", "Hãy viết vì sao bạn biết điều này.", "Say how you know this."},
		"why they want no more":        {"agent", person + "/opt-out", url.Values{"why": {"  "}}, "why", "", "Hãy ghi khách nói thế nào, ở đâu.", "Say what they said, and where."},
		"what is written to them":      {"agent", person + "/say", url.Values{"text": {strings.Repeat("a", 2001)}}, "text", strings.Repeat("a", 2001), "Tin nhắn có từ 1 đến 2000 ký tự.", "A message has between 1 and 2000 characters."},
		"a second address":             {"marketer", person + "/link", url.Values{"also": {"nhà bên"}, "by": {"code"}}, "also", "nhà bên", "", ""},
		"codes":                        {"marketer", "/console/offers/office-20/codes", url.Values{"codes": {"A B"}}, "codes", "A B", "Không phải một mã ở dòng 1", "line"},
		"somebody who is not there":    {"viewer", "/console/offers/what-if?who=0900000000", nil, "who", "0900000000", "Không có khách nào như vậy", "There is no such customer"},
		"a reason to pause":            {"marketer", "/console/channels/sms/pause", url.Values{"reason": {" "}}, "reason", "", "", ""},
		"a number for a test message":  {"admin", "/console/channels/sms/try", url.Values{"to": {"số của tôi"}}, "to", "số của tôi", "", ""},
		"a user's name":                {"admin", "/console/settings/users", url.Values{"name": {"Ông Tám"}, "role": {"agent"}}, "name", "Ông Tám", "Tên đăng nhập có 1 đến 64 ký tự", "A user name has 1 to 64"},
		"one's own name":               {"agent", "/console/settings/me", url.Values{"display": {long}}, "display", long, "Tên hiển thị dài hơn 80 ký tự.", "The display name has more than 80 characters."},
		"facts of the simulator":       {"viewer", "/console/simulator", url.Values{"campaign": {"style"}, "name": {"Lan"}, "locale": {"vi"}, "at": {"2026-12-01T10:00"}, "facts": {"ở Huế"}}, "facts", "ở Huế", "Không đọc được “ở Huế”", "“ở Huế” is not understood"},
		"the beginning of a simulated": {"viewer", "/console/simulator", url.Values{"campaign": {"style"}, "name": {"Lan"}, "at": {"mai"}}, "at", "mai", "Hãy chọn ngày và giờ bắt đầu.", "Choose the day and the time"},
		"a rule":                       {"marketer", "/console/audience?rule=facts.orders+%3D+3", nil, "rule", "facts.orders = 3", "", ""},
		"a wrong password":             {"", "/console/sign-in", url.Values{"name": {"agent"}, "password": {"sai rồi"}}, "name", "agent", "", ""},
	}
}

// Every mistake in a form stands at its field, in the user's language, and what was typed is still there.
func TestMistakesStandAtTheirFields(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(o *gateway.Options) { o.Care = control.Care{TypeFrom: 1} })
	id := h.contact("+84901234567", "Lan")
	_, err := h.g.Control.SaveFile(h.program(), control.FileEdit{Name: "mine.yaml", Text: "campaign: mine\nname: Của tôi\nquestions:\n  - {id: a, kind: text, text: {vi: \"Hỏi gì ạ?\"}}\n"})
	require.NoError(t, err)
	_, err = h.g.Control.Preflight(h.program(), control.PreflightQuery{Campaign: "style"}, nil)
	require.NoError(t, err)
	visitors := map[string]*visitor{"": h.visitor()}
	for _, who := range []string{"viewer", "agent", "marketer", "admin"} {
		visitors[who] = h.as(who)
	}
	for name, bad := range badForms(id) {
		said := map[string]string{}
		for lang, want := range map[string]string{"vi": bad.vi, "en": bad.en} {
			method := http.MethodPost
			if bad.form == nil {
				method = http.MethodGet
			}
			_, page := visitors[bad.who].do(method, bad.path, bad.form, http.Header{"Accept-Language": {lang}})
			assert.Contains(t, page, `<html lang="`+lang+`"`, name)
			said[lang] = saidAt(t, page, bad.field, bad.keeps, name)
			assert.Contains(t, strings.ToLower(said[lang]), strings.ToLower(want), name)
		}
		assert.NotEqual(t, said["vi"], said["en"], "%s is said in both languages", name)
	}
}

// saidAt is what a page says at a field that is marked as mistaken and holds what was typed.
func saidAt(t *testing.T, page, field, keeps, name string) string {
	t.Helper()
	tag := regexp.MustCompile(`(?s)<(?:input|textarea|select)[^>]*\sname="` + regexp.QuoteMeta(field) + `"[^>]*aria-invalid="true"[^>]*>[^<]*`).FindString(page)
	by := regexp.MustCompile(`aria-describedby="([^"]+)"`).FindStringSubmatch(tag)
	if !assert.NotNil(t, by, "%s: the field %s is not marked", name, field) {
		return ""
	}
	assert.Contains(t, tag, keeps, "%s: what was typed is kept", name)
	_, rest, _ := strings.Cut(page, `id="`+by[1]+`"`)
	_, rest, _ = strings.Cut(rest, ">")
	before, _, _ := strings.Cut(rest, "</p>")
	words := strings.TrimSpace(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(before, ""))
	assert.NotEmpty(t, words, name)
	return words
}
