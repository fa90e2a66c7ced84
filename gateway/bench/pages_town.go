package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/bench/load"
	"github.com/hoidap/hoidap/gateway/record"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/preferences"
)

// townCampaigns is how many campaigns there are: one for everybody, and small ones.
const townCampaigns = 200

// townStyles are what people say of themselves.
var townStyles = []string{"sporty", "office", "party", "street"}

// townFiles are the campaign files of the data set, each day of the month but those around today its own.
func townFiles(now time.Time) map[string]string {
	files := map[string]string{"large.yaml": largeCampaign}
	for i := 1; i < townCampaigns; i++ {
		files[fmt.Sprintf("small-%03d.yaml", i)] = smallCampaign(i, now)
	}
	for i := range 20 {
		files[fmt.Sprintf("offer-%02d.yaml", i)] = fmt.Sprintf("offer: gift-%02d\nwhen: prefs.style == %q\npriority: %d\ntext: {vi: \"Tặng {{name}} mã {{code}}.\"}\ncode: {pool: gift-%02d}\n",
			i, townStyles[i%len(townStyles)], i, i)
	}
	return files
}

const largeCampaign = `campaign: everybody
name: Gu thời trang mùa thu
audience: consent.marketing
channels: [sms]
questions:
  - id: style
    attribute: style
    kind: choice
    text: {vi: "Chị {{name}} thích phong cách nào?", en: "Which style is you, {{name}}?"}
    fresh_for: 1h
    options:
      - {value: sporty, label: {vi: Thể thao, en: Sporty}, synonyms: {vi: [năng động]}}
      - {value: office, label: {vi: Công sở, en: Office}}
      - {value: party, label: {vi: Dự tiệc, en: Party}}
      - {value: street, label: {vi: Đường phố, en: Street}}
offers: [thanks-5]
thanks: {vi: "Cảm ơn {{name}}!", en: "Thank you, {{name}}!"}
---
offer: thanks-5
text: {vi: "Mã {{code}} giảm 5%.", en: "{{code}} takes 5% off."}
code: {shared: CAMON5}
`

func smallCampaign(i int, now time.Time) string {
	schedule := ""
	if i%2 == 0 {
		day := (now.UTC().Day()+4+i%20)%28 + 1 // none of them begins while it is measured
		schedule = fmt.Sprintf("schedule: {cron: \"%d %d %d * *\", timezone: Asia/Ho_Chi_Minh}\n", i%60, 8+i%10, day)
	}
	return fmt.Sprintf(`campaign: small-%03d
name: Chiến dịch nhỏ số %d
%saudience: consent.marketing && facts.group == "g%03d"
channels: [sms]
questions:
  - id: budget
    attribute: budget
    kind: money
    currency: VND
    text: {vi: "Ngân sách cho một bộ khoảng bao nhiêu ạ?", en: "About how much for one outfit?"}
  - id: visit-%03d
    attribute: visit
    kind: yes_no
    text: {vi: "Cuối tuần này {{name}} ghé shop chứ?", en: "Will you drop in this weekend, {{name}}?"}
offers: [gift-%02d]
thanks: {vi: "Cảm ơn {{name}}!"}
`, i, i, schedule, i, i, i%20)
}

// townCities and townNames make people look like people.
var (
	townCities = []string{"Huế", "Hà Nội", "Đà Nẵng", "Sài Gòn", "Cần Thơ", "Hải Phòng", "Nha Trang", "Đà Lạt"}
	townNames  = []string{"Lan", "Hương", "Minh Anh", "Trang", "Thu Hà", "Ngọc", "Phương Linh", "Mai", "Tuấn", "Đức"}
)

// townsman is the i-th contact: most consent, many have said something already, some write English.
func (b *bench) townsman(i int) campaigns.ContactEdit {
	e, at := customer(i), time.Now().Add(-time.Duration(1+i%200)*time.Hour)
	name, locale := fmt.Sprintf("%s %d", townNames[i%len(townNames)], i), "vi"
	if i%9 == 0 {
		locale = "en"
	}
	e.Name, e.Locale = &name, &locale
	e.Facts = map[string]any{"city": townCities[i%7%len(townCities)], "tier": []any{"gold", "silver", "bronze"}[i%3], "orders": i % 12, "newsletter": i%4 == 0}
	if i < b.town.early {
		e.Facts["group"] = fmt.Sprintf("g%03d", i%townCampaigns)
	}
	e.Consents[0].Granted = consents(i)
	if i%5 < 2 {
		e.Preferences = []preferences.Preference{{Attribute: "style", Kind: preferences.Choice, Value: preferences.Value{Kind: preferences.Choice, Text: townStyles[i%len(townStyles)]},
			Class: preferences.Imported, Confidence: 1, Evidence: preferences.Evidence{Text: "khảo sát 2025", At: at}}}
	}
	return e
}

// townTexts are what people answer: most of it is understood, some wants a person.
func townTexts() []string {
	return append(replyTexts()[:96], "cho em gặp nhân viên", "shop còn size M không ạ?", "ủa sao lâu quá chưa thấy giao hàng", "hihi")
}

// townStage is the data set: made once, and kept where -data says so.
func (b *bench) townStage(ctx context.Context) (string, error) {
	b.files = townFiles(time.Now())
	b.size.customers = b.town.people // whom the door knows
	where := b.dir
	if b.data != "" {
		where = b.data
	}
	dir, whole := filepath.Join(where, "stage-town"), filepath.Join(where, "stage-town.whole")
	if n, err := os.ReadFile(whole); err == nil && string(n) == fmt.Sprint(b.town) {
		b.say("the data set in %s is used again", where)
		return dir, nil
	}
	if err := errors.Join(os.MkdirAll(where, 0o755), os.RemoveAll(dir)); err != nil {
		return "", err
	}
	_, door, err := b.door(ctx, 0)
	if err != nil {
		return "", err
	}
	defer door.Close()
	was := b.dir
	b.dir = where
	made, err := b.stage(ctx, "town", "", account{"sms", "sms", door.URL(), ""}, func(o *ours) error { return b.found(ctx, o) })
	b.dir = was
	if err != nil {
		return "", err
	}
	return made, os.WriteFile(whole, []byte(fmt.Sprint(b.town)), 0o644)
}

// found fills the data set, by what the gateway itself does with events, runs and replies.
func (b *bench) found(ctx context.Context, o *ours) error {
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"users", func() error { return o.invite(ctx, b.binary, b.town.users) }},
		{"codes", func() error { return o.stock(ctx) }},
		{"first contacts", func() error { return o.seed(ctx, b.town.early, b.townsman) }},
		{"small runs", func() error { return b.smallRuns(ctx, o) }},
		{"contacts", func() error { return o.seed(ctx, b.town.people, b.townsman) }}, // the first come again, and change nothing
		{"the large run", func() error { return b.largeRun(ctx, o) }},
		{"replies", func() error { return b.answers(ctx, o) }},
		{"dead letters", func() error { return o.bury(ctx, b.town.letters) }},
		{"files", func() error { return o.shelve(ctx) }},
	} {
		began := time.Now()
		if err := step.do(); err != nil {
			return fmt.Errorf("%s: %w", step.what, err)
		}
		b.say("  %s: %s", step.what, time.Since(began).Round(100*time.Millisecond))
	}
	return nil
}

// link is where somebody who was invited chooses a password.
var link = regexp.MustCompile(`(/console/welcome/\S+)`)

// user has the program let somebody in and gives the link that it prints.
func (o *ours) user(ctx context.Context, binary, name, role string) (string, error) {
	out, err := exec.CommandContext(ctx, binary, "user", "add", name, "--role", role, "--config", filepath.Join(o.dir, "hoidap.yaml")).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("hoidap user add: %w: %s", err, out)
	}
	found := link.FindString(string(out))
	if found == "" {
		return "", fmt.Errorf("hoidap user add printed no link: %s", out)
	}
	return found, nil
}

func (o *ours) invite(ctx context.Context, binary string, n int) error {
	for i := range n {
		if _, err := o.user(ctx, binary, fmt.Sprintf("user-%d@shop.example", i), []string{"viewer", "agent", "marketer", "admin"}[i%4]); err != nil {
			return err
		}
	}
	return nil
}

// stock fills the pools of codes; one of them runs low.
func (o *ours) stock(ctx context.Context) error {
	for i := range 20 {
		codes := make([]string, 30+i*50)
		for n := range codes {
			codes[n] = fmt.Sprintf("G%02d-%05d", i, n)
		}
		var added struct{}
		if err := o.call(ctx, http.MethodPost, fmt.Sprintf("/api/v1/offers/gift-%02d/codes", i), map[string]any{"codes": codes}, &added); err != nil {
			return err
		}
	}
	return nil
}

// smallRuns starts runs of all small campaigns; a tenth of them is paused and goes on, which is noted.
func (b *bench) smallRuns(ctx context.Context, o *ours) error {
	for n := range b.town.runs {
		var started []string
		for i := 1; i < townCampaigns; i++ {
			r, err := o.start(ctx, fmt.Sprintf("small-%03d", i))
			if err != nil {
				return err
			}
			started = append(started, r.ID)
			if i%10 == n {
				for _, do := range []string{"pause", "resume"} {
					var steered runView
					if err := o.call(ctx, http.MethodPost, "/api/v1/runs/"+r.ID+"/"+do, struct{}{}, &steered); err != nil && !strings.Contains(err.Error(), ": 409:") {
						return err // one that is done already is not paused
					}
				}
			}
		}
		for i, id := range started {
			if _, err := o.until(ctx, id, reached(b.town.early, func(k int) bool { return k%townCampaigns == i+1 })); err != nil {
				return err
			}
		}
	}
	return nil
}

// consents says whether the i-th contact consents.
func consents(i int) bool { return i%10 != 7 }

// reached says of a run for those of the first n contacts who are meant and consent whether it has dealt with all of them;
// who was asked something else and has not answered yet goes on waiting.
func reached(n int, meant func(i int) bool) func(runView) bool {
	want := 0
	for i := range n {
		if consents(i) && meant(i) {
			want++
		}
	}
	return func(r runView) bool {
		n := r.Counts
		return n["audience"] == want && n["queued"] == 0 && n["sent"]+n["failed"] == n["asked"]
	}
}

// largeRun asks everybody who consents.
func (b *bench) largeRun(ctx context.Context, o *ours) error {
	r, err := o.start(ctx, "everybody")
	if err != nil {
		return err
	}
	_, err = o.until(ctx, r.ID, reached(b.town.people, func(int) bool { return true }))
	return err
}

// answers has people reply, and waits until what they said is handled.
func (b *bench) answers(ctx context.Context, o *ours) error {
	v := b.volley(o.hook("sms"), b.town.early, b.town.repliers, nil)
	v.Texts = townTexts()
	if _, err := v.Fire(ctx); err != nil {
		return err
	}
	st, err := o.store(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	return quiet(ctx, st)
}

// bury puts events on the logs that nobody can read: they are given up.
func (o *ours) bury(ctx context.Context, n int) error {
	st, err := o.store(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	var partitions []int
	var entries []store.LogEntry
	for i := range n {
		partitions = append(partitions, i%st.Partitions())
		entries = append(entries, store.LogEntry{ID: fmt.Sprintf("damaged-%d", i), Key: "tel:" + load.Phone(i), Body: damaged(i)})
	}
	for some := range slices.Chunk(entries, seedBatch) {
		if err := st.Append(ctx, partitions[:len(some)], some); err != nil {
			return err
		}
		partitions = partitions[len(some):]
	}
	return quiet(ctx, st)
}

// Files that are kept in Redis: so many, and so many versions of the first.
const (
	keptFiles    = 40
	keptVersions = 30
)

// shelve saves campaign files that are not in force.
func (o *ours) shelve(ctx context.Context) error {
	for i := range keptFiles {
		name, tag := fmt.Sprintf("kept-%02d.yaml", i), ""
		for v := range keptVersions {
			text := strings.Replace(smallCampaign(1, time.Now()), "small-001", fmt.Sprintf("kept-%02d", i), 1) + fmt.Sprintf("# %d\n", v)
			next, err := o.save(ctx, name, tag, text)
			if err != nil {
				return err
			}
			tag = next
			if i > 0 {
				break
			}
		}
	}
	return nil
}

// save saves a version of a file over the one of that tag; it gives the tag of the new one.
func (o *ours) save(ctx context.Context, name, tag, text string) (string, error) {
	body, err := json.Marshal(map[string]string{"text": text})
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, o.base+"/api/v1/files/"+name, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Authorization", "Bearer "+apiToken)
	req.Header.Set("Content-Type", "application/json")
	if tag != "" {
		req.Header.Set("If-Match", tag)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	if raw, _ := io.ReadAll(resp.Body); resp.StatusCode/100 != 2 {
		return "", fmt.Errorf("saving %s: %d: %s", name, resp.StatusCode, raw)
	}
	return resp.Header.Get("ETag"), nil
}

// tell has the endpoint of webhooks told something, so many times: each is a delivery.
func (o *ours) tell(ctx context.Context, n int) error {
	for range n {
		var told struct{}
		if err := o.call(ctx, http.MethodPost, "/api/v1/webhooks/shop/test", nil, &told); err != nil {
			return err
		}
	}
	return nil
}

// damaged is a log entry of which the end is missing.
func damaged(i int) []byte {
	ev := campaigns.Event{ID: fmt.Sprintf("damaged-%d", i), Kind: campaigns.MessageIn, At: time.Now(), Text: "một câu đã mất đoạn cuối"}
	body := (record.Envelope{Event: &ev}).Bytes()
	return body[:len(body)/2]
}

// landmarks are what the pages of details show.
type landmarks struct {
	person   string // a contact
	run      string // the large one
	phone    string
	item, of string // an item of the inbox, and its contact
}

// landmarks asks the API for them.
func (v *visitor) landmarks(ctx context.Context) (w landmarks, err error) {
	var runs struct {
		Runs []struct{ ID, Campaign string }
	}
	var inbox struct {
		Inbox []struct{ ID, Contact string }
	}
	var found struct{ ID string }
	w.phone = load.Phone(v.town.early + 1)
	for path, into := range map[string]any{"/api/v1/runs?limit=5": &runs, "/api/v1/inbox?limit=5": &inbox, "/api/v1/contacts?address=tel:%2B" + w.phone[1:]: &found} {
		var raw json.RawMessage
		if err := v.ours.call(ctx, http.MethodGet, path, nil, &raw); err != nil {
			return w, err
		}
		if err := json.Unmarshal(raw, into); err != nil {
			return w, fmt.Errorf("%s: %w: %s", path, err, raw)
		}
	}
	for _, r := range runs.Runs {
		if r.Campaign == "everybody" {
			w.run = r.ID
		}
	}
	if w.person = found.ID; len(inbox.Inbox) > 0 {
		w.item, w.of = inbox.Inbox[0].ID, inbox.Inbox[0].Contact
	}
	if w.run == "" || w.item == "" || w.person == "" {
		return w, fmt.Errorf("the data set is not as it was meant: %+v", w)
	}
	return w, nil
}
