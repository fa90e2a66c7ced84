package gateway_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/api"
	"github.com/hoidap/hoidap/gateway/api/client"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/web"
)

// caller is somebody else's program: a client generated from the document, each exchange of which is held against it.
type caller struct {
	*client.Client
	t      *testing.T
	ctx    context.Context
	router routers.Router

	mu   *sync.Mutex
	seen map[string]map[int]int // by operation: how often each status was answered
	last http.Header            // of the newest answer
}

func newCaller(r *rig, token string) *caller {
	r.t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(api.Document())
	require.NoError(r.t, err)
	doc.Servers = openapi3.Servers{{URL: r.base + api.Prefix}}
	router, err := gorillamux.NewRouter(doc)
	require.NoError(r.t, err)
	c := &caller{t: r.t, ctx: r.t.Context(), router: router, mu: &sync.Mutex{}, seen: map[string]map[int]int{}}
	return c.as(r.base, token)
}

// as is the same program with another token.
func (c *caller) as(base, token string) *caller {
	other := *c
	var err error
	other.Client, err = client.NewClient(base+api.Prefix, client.WithHTTPClient(&other), client.WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+token)
		return nil
	}))
	require.NoError(c.t, err)
	return &other
}

// Do makes an exchange and holds it against the document.
func (c *caller) Do(r *http.Request) (*http.Response, error) {
	var sent []byte
	if r.Body != nil {
		var err error
		if sent, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(bytes.NewReader(sent))
	}
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer w.Body.Close()
	body, err := io.ReadAll(w.Body)
	if err != nil {
		return nil, err
	}
	r.Body, w.Body = io.NopCloser(bytes.NewReader(sent)), io.NopCloser(bytes.NewReader(body))
	c.check(r, w, body)
	c.last = w.Header
	return w, nil
}

func (c *caller) check(r *http.Request, w *http.Response, body []byte) {
	c.t.Helper()
	route, params, err := c.router.FindRoute(r)
	require.NoError(c.t, err, "%s %s", r.Method, r.URL)
	in := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route, Options: &openapi3filter.Options{
		AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, MultiError: true, IncludeResponseStatus: true}}
	if w.StatusCode < 400 {
		require.NoError(c.t, openapi3filter.ValidateRequest(r.Context(), in), "%s %s", r.Method, r.URL)
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: w.StatusCode, Header: w.Header, Body: io.NopCloser(bytes.NewReader(body)), Options: in.Options}
	if kind := w.Header.Get("Content-Type"); strings.HasPrefix(kind, "application/json") || strings.HasPrefix(kind, "application/problem") || kind == "" {
		require.NoError(c.t, openapi3filter.ValidateResponse(r.Context(), out), "%s %s answered %d %s", r.Method, r.URL, w.StatusCode, body)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	id := route.Operation.OperationID
	if c.seen[id] == nil {
		c.seen[id] = map[int]int{}
	}
	c.seen[id][w.StatusCode]++
}

// is takes an answer, which must have the status.
func (c *caller) is(status int) func(*http.Response, error) answered {
	c.t.Helper()
	return func(w *http.Response, err error) answered {
		c.t.Helper()
		require.NoError(c.t, err)
		body, err := io.ReadAll(w.Body)
		require.NoError(c.t, err)
		require.Equal(c.t, status, w.StatusCode, "%s", body)
		return answered{c.t, body}
	}
}

// ok takes an answer of 200.
func (c *caller) ok(w *http.Response, err error) answered {
	c.t.Helper()
	return c.is(http.StatusOK)(w, err)
}

// tag is the newest answer's ETag.
func (c *caller) tag() *string {
	s := c.last.Get("ETag")
	require.NotEmpty(c.t, s)
	return &s
}

type answered struct {
	t    *testing.T
	body []byte
}

func (a answered) into(v any) {
	a.t.Helper()
	require.NoError(a.t, json.Unmarshal(a.body, v), "%s", a.body)
}

func some[T any](v T) *T { return &v }

// withTokens adds the tokens of people with other roles.
func withTokens(r *rig) {
	for name, role := range map[string]web.Role{"viewer": web.Viewer, "agent": web.Agent, "marketer": web.Marketer} {
		r.opts.Tokens = append(r.opts.Tokens, web.Token{Name: name, Secret: "the-token-of-a-" + name, Role: role})
	}
}

// A program made from the document alone calls every operation of a gateway at work, and whatever it gets is as described.
func TestAGeneratedClientCallsEverything(t *testing.T) {
	t.Parallel()
	x := newReceiver(t)
	r := newRig(t, withWebhook(x), withTokens, withCare(0, 4), steady)
	c := newCaller(r, apiToken)
	c.ok(c.GetDocument(c.ctx))
	c.cataloguesAreRead(r)
	id := c.anInboxItemIsAnswered(r)
	c.resultsAreRead()
	c.aPersonIsRead(id)
	c.anAudienceIsCounted()
	c.aFileIsEdited()
	c.aTalkIsPlayed()
	c.runsAreSteered(r)
	c.usersAreKept()
	c.accountsAreSteered()
	c.webhooksAreRead(x)
	c.lettersAreReplayed(r)
	c.aMergeIsUndone(r)
	c.aSecondPersonDecides(r)
	c.is(http.StatusNoContent)(c.EraseContact(c.ctx, id, nil))
	c.is(http.StatusNotFound)(c.GetContact(c.ctx, id, nil))

	for _, op := range everyOperation(t) {
		took := slices.ContainsFunc(slices.Collect(maps.Keys(c.seen[op.op.OperationID])), func(status int) bool { return status < 300 })
		// No provider of this rig asks for an administrator's consent: that has its own test, in oauth_test.go.
		if !took && op.op.OperationID != "consentAccount" {
			t.Errorf("%s was not called, or never with success: %v", op.op.OperationID, c.seen[op.op.OperationID])
		}
	}
}

func (c *caller) cataloguesAreRead(r *rig) {
	c.ok(c.AddCodes(c.ctx, "office-20", nil, client.AddCodesJSONRequestBody{Codes: []string{"OFF1", "OFF2"}}))
	c.ok(c.GetCampaigns(c.ctx))
	c.ok(c.GetOffers(c.ctx))
	c.ok(c.GetVocabulary(c.ctx))
	c.ok(c.GetAttributes(c.ctx))
	c.ok(c.ReadValue(c.ctx, "style", client.ReadValueJSONRequestBody{Wording: "công sở", Locale: some(client.Locale("vi"))}))
	c.is(http.StatusBadRequest)(c.ReadValue(c.ctx, "style", client.ReadValueJSONRequestBody{Wording: "hả"}))
	c.ok(c.GetCalendar(c.ctx, &client.GetCalendarParams{From: some("2026-12-01"), Days: some(7)}))
	c.ok(c.GetAudit(c.ctx, nil))
	c.ok(c.GetRequests(c.ctx))
	c.is(http.StatusConflict)(c.ConsentAccount(c.ctx, "sms", nil))
}

// anInboxItemIsAnswered has somebody answer so that nobody understands, and a person see to it.
func (c *caller) anInboxItemIsAnswered(r *rig) (id string) {
	id, item := unclear(r)
	c.ok(c.GetInbox(c.ctx, nil))
	c.ok(c.GetInboxCounts(c.ctx))
	var page struct{ Items []client.InboxEntry }
	c.ok(c.GetInboxItems(c.ctx, &client.GetInboxItemsParams{Reason: some(client.GetInboxItemsParamsReason("unclear"))})).into(&page)
	require.Len(c.t, page.Items, 1)
	require.Equal(c.t, item.ID, page.Items[0].Id)
	c.ok(c.GetInboxItem(c.ctx, id, item.ID))
	c.ok(c.ReadInboxItem(c.ctx, id, item.ID, client.ReadInboxItemJSONRequestBody{Wording: "công sở"}))
	c.is(http.StatusForbidden)(c.as(r.base, "the-token-of-a-viewer").TakeOver(c.ctx, id, nil, client.TakeOverJSONRequestBody{}))
	agent := c.as(r.base, "the-token-of-a-agent")
	agent.ok(agent.TakeOver(c.ctx, id, nil, client.TakeOverJSONRequestBody{Item: &item.ID}))
	said := client.SayJSONRequestBody{Text: "Dạ để em xem ạ."}
	key := &client.SayParams{IdempotencyKey: some("say-1")}
	agent.ok(agent.Say(c.ctx, id, key, said))
	agent.ok(agent.Say(c.ctx, id, key, said))
	require.Equal(c.t, "true", agent.last.Get("Idempotency-Replayed"))
	said.Text = "Chị chờ chút ạ."
	agent.is(http.StatusUnprocessableEntity)(agent.Say(c.ctx, id, key, said))
	agent.is(http.StatusNoContent)(agent.SettleInboxItem(c.ctx, id, item.ID, nil, client.SettleInboxItemJSONRequestBody{Value: some(client.Value("office"))}))
	agent.is(http.StatusNoContent)(agent.HandBack(c.ctx, id, nil, client.HandBackJSONRequestBody{}))
	agent.is(http.StatusNoContent)(agent.CloseInboxItem(c.ctx, id, item.ID, nil))
	times := func() int {
		return strings.Count(strings.Join(texts(r.fake.Messages()), "\n"), "Dạ để em xem ạ.")
	}
	r.until("it is said", func() bool { return times() > 0 })
	require.Equal(c.t, 1, times(), "said once")
	lesson := client.TeachJSONRequestBody{Question: "style", Value: "office", Locale: "vi", Words: "chỗ nghiêm túc"}
	agent.ok(agent.Teach(c.ctx, "style", nil, lesson))
	r.reply(lan, "600k")
	r.settled(id, has("offer.given", ""))
	return id
}

func (c *caller) resultsAreRead() {
	c.ok(c.GetReplies(c.ctx, "style", nil))
	c.ok(c.GetResults(c.ctx, "style", &client.GetResultsParams{Only: some(client.GetResultsParamsOnly("counts"))}))
	var results client.Results
	c.ok(c.GetResults(c.ctx, "style", &client.GetResultsParams{MaxAge: some(0)})).into(&results)
	require.True(c.t, results.Done)
	require.Equal(c.t, 1, results.Counts.Completed)
	c.lastLine(c.ok(c.GetResults(c.ctx, "style", nil, byLines)), &results)
	require.True(c.t, results.Done)
	c.ok(c.GetResults(c.ctx, "style", &client.GetResultsParams{Only: some(client.GetResultsParamsOnly("known"))})).into(&results)
	require.True(c.t, results.Done, "it is kept")
	var people struct{ People []client.ResultsPerson }
	c.ok(c.GetResultsPeople(c.ctx, "style", &client.GetResultsPeopleParams{Part: some(client.GetResultsPeopleParamsPart("answered")), Question: some("style")})).into(&people)
	require.Len(c.t, people.People, 1)
	require.Equal(c.t, "tel:"+lan, people.People[0].Address)
	csv := c.ok(c.ExportResults(c.ctx, "style", nil))
	require.Contains(c.t, string(csv.body), lan)
}

func (c *caller) aPersonIsRead(id string) {
	c.ok(c.GetContacts(c.ctx, &client.GetContactsParams{Address: some("tel:" + lan)}))
	c.ok(c.GetLedger(c.ctx, id, nil))
	c.ok(c.GetPreferences(c.ctx, id))
	c.ok(c.GetPerson(c.ctx, id, &client.GetPersonParams{Follow: some(client.GetPersonParamsFollow("merged"))}))
	c.ok(c.GetTimeline(c.ctx, id, &client.GetTimelineParams{Limit: some(5)}))
	c.ok(c.GetStandings(c.ctx, id))
	var would struct{ Offers []client.Considered }
	c.ok(c.GetWhatIf(c.ctx, id, nil)).into(&would)
	require.Len(c.t, would.Offers, 3)
	c.ok(c.ExportContact(c.ctx, id))
	for _, q := range []string{"0901 234 567", lan, "tel:" + lan, id} {
		var found struct{ Contacts []client.Contact }
		c.ok(c.Search(c.ctx, &client.SearchParams{Q: q})).into(&found)
		require.Len(c.t, found.Contacts, 1, q)
	}
	c.ok(c.GetContact(c.ctx, id, nil))
	tag := c.tag()
	c.is(http.StatusConflict)(c.Correct(c.ctx, id, nil, client.CorrectJSONRequestBody{Attribute: "style", Value: "sporty", Why: "told us"}))
	c.is(http.StatusAccepted)(c.PostEvent(c.ctx, nil, client.PostEventJSONRequestBody{Id: "e1", Type: "order.returned", Address: "tel:" + lan}))
	c.is(http.StatusCreated)(c.PutContact(c.ctx, nil, client.PutContactJSONRequestBody{Addresses: []string{"tel:" + minh}, Name: some("Minh")}))
	var minhs client.Contact
	c.ok(c.GetContacts(c.ctx, &client.GetContactsParams{Address: some("tel:" + minh)})).into(&minhs)
	c.ok(c.Correct(c.ctx, minhs.Id, &client.CorrectParams{IfMatch: c.tag()}, client.CorrectJSONRequestBody{Attribute: "style", Value: "sporty", Why: "told us"}))
	c.is(http.StatusPreconditionFailed)(c.PutContact(c.ctx, &client.PutContactParams{IfMatch: tag}, client.PutContactJSONRequestBody{Addresses: []string{"tel:" + minh}, Name: some("M")}))
	c.ok(c.PutContact(c.ctx, &client.PutContactParams{IfMatch: c.tag()}, client.PutContactJSONRequestBody{Addresses: []string{"tel:" + minh}, Name: some("M")}))
	c.ok(c.OptOut(c.ctx, minhs.Id, nil, client.OptOutJSONRequestBody{Why: "on the phone"}))
}

// byLines asks for an answer line by line.
func byLines(_ context.Context, r *http.Request) error {
	r.Header.Set("Accept", "application/x-ndjson")
	return nil
}

// lastLine reads the last line of an answer.
func (c *caller) lastLine(a answered, into any) {
	all := strings.Split(strings.TrimSpace(string(a.body)), "\n")
	require.NoError(c.t, json.Unmarshal([]byte(all[len(all)-1]), into))
}

func (c *caller) anAudienceIsCounted() {
	rule := `prefs.style == "office"`
	var check struct {
		Ok      bool
		Mistake struct {
			Line, Column  int
			Message, Hint string
		}
	}
	c.ok(c.CheckRule(c.ctx, client.CheckRuleJSONRequestBody{Rule: rule})).into(&check)
	require.True(c.t, check.Ok)
	c.ok(c.CheckRule(c.ctx, client.CheckRuleJSONRequestBody{Rule: "prefs.stile == 1"})).into(&check)
	require.False(c.t, check.Ok)
	require.Equal(c.t, 7, check.Mistake.Column)
	require.Equal(c.t, "did you mean style?", check.Mistake.Hint)
	var count client.AudienceCount
	c.ok(c.CountAudience(c.ctx, client.CountAudienceJSONRequestBody{Rule: &rule})).into(&count)
	require.True(c.t, count.Done)
	require.Equal(c.t, 1, count.Matches)
	c.lastLine(c.ok(c.CountAudience(c.ctx, client.CountAudienceJSONRequestBody{Rule: &rule}, byLines)), &count)
	require.True(c.t, count.Done)
	c.ok(c.GetAudiencePeople(c.ctx, client.GetAudiencePeopleJSONRequestBody{Rule: &rule}))
	c.is(http.StatusBadRequest)(c.GetAudiencePeople(c.ctx, client.GetAudiencePeopleJSONRequestBody{Rule: some("prefs.")}))
}

// branched asks a second question after one answer alone.
const branched = `
campaign: branched
questions:
  - id: first
    kind: choice
    text: {vi: "Có hay không ạ?"}
    options: [{value: "yes", label: {vi: Có ạ}}, {value: "no", label: {vi: Chưa ạ}}]
  - {id: second, kind: text, when: prefs.first == "yes", text: {vi: "Cái nào ạ?"}}
`

const winter = "campaign: winter\nname: Mùa đông\nquestions:\n  - {id: coat, kind: text, text: {vi: \"Áo khoác nào ạ?\", en: \"Which coat?\"}}\n"

func (c *caller) aFileIsEdited() {
	const name = "winter/coats.yaml"
	c.ok(c.GetFiles(c.ctx))
	c.ok(c.ExportFiles(c.ctx))
	c.is(http.StatusCreated)(c.SaveFile(c.ctx, name, nil, client.SaveFileJSONRequestBody{Text: winter}))
	first := c.tag()
	c.is(http.StatusPreconditionRequired)(c.SaveFile(c.ctx, name, nil, client.SaveFileJSONRequestBody{Text: winter}))
	require.Equal(c.t, *first, *c.tag())
	c.ok(c.SaveFile(c.ctx, name, &client.SaveFileParams{IfMatch: first}, client.SaveFileJSONRequestBody{Text: winter + "expires: 2d\n"}))
	second := c.tag()
	c.is(http.StatusPreconditionFailed)(c.SaveFile(c.ctx, name, &client.SaveFileParams{IfMatch: first}, client.SaveFileJSONRequestBody{Text: winter}))
	require.Equal(c.t, *second, *c.tag())
	c.ok(c.GetFile(c.ctx, name))
	require.Equal(c.t, *second, *c.tag())
	var found struct{ Problems []client.FileProblem }
	c.ok(c.CheckFile(c.ctx, name, client.CheckFileJSONRequestBody{Text: strings.Replace(winter, "kind: text", "kind: txt", 1)})).into(&found)
	require.NotEmpty(c.t, found.Problems)
	c.is(http.StatusPreconditionRequired)(c.PublishFile(c.ctx, name, nil, client.PublishFileJSONRequestBody{}))
	c.ok(c.PublishFile(c.ctx, name, &client.PublishFileParams{IfMatch: second}, client.PublishFileJSONRequestBody{}))
	c.ok(c.GetFileVersions(c.ctx, name))
	c.ok(c.GetFileText(c.ctx, name, "1"))
	c.ok(c.CompareFile(c.ctx, name, &client.CompareFileParams{From: some(1), To: some(2)}))
	c.is(http.StatusPreconditionFailed)(c.UnpublishFile(c.ctx, name, &client.UnpublishFileParams{IfMatch: second}))
	c.ok(c.GetFile(c.ctx, name)) // in force since, which the tag tells
	c.ok(c.UnpublishFile(c.ctx, name, &client.UnpublishFileParams{IfMatch: c.tag()}))
	c.ok(c.GetFile(c.ctx, name))
	c.ok(c.RestoreFile(c.ctx, name, &client.RestoreFileParams{IfMatch: c.tag()}, client.RestoreFileJSONRequestBody{Version: 1}))
	c.ok(c.ArchiveFile(c.ctx, name, &client.ArchiveFileParams{IfMatch: c.tag()}))
	c.ok(c.AdoptFile(c.ctx, "campaigns.yaml", nil))
	c.ok(c.ReleaseFile(c.ctx, "campaigns.yaml", &client.ReleaseFileParams{IfMatch: c.tag()}))

	c.ok(c.PreviewFile(c.ctx, name, client.PreviewFileJSONRequestBody{Text: winter, Campaign: "winter", Customer: some("Lan")}))
	c.is(http.StatusBadRequest)(c.PreviewFile(c.ctx, name, client.PreviewFileJSONRequestBody{Text: "campaign: x", Campaign: "x"}))
	var branching client.Branching
	c.ok(c.GetBranching(c.ctx, "campaigns.yaml", client.GetBranchingJSONRequestBody{Text: branched, Campaign: "branched"})).into(&branching)
	require.Equal(c.t, []string{"yes"}, branching.Steps[1].Leads)
	c.is(http.StatusNotFound)(c.GetBranching(c.ctx, name, client.GetBranchingJSONRequestBody{Text: winter, Campaign: "summer"}))
	try := client.TryQuestionJSONRequestBody{Text: winter, Campaign: "winter", Question: "coat", Account: "sms", To: "tel:+84907654321"}
	c.ok(c.TryQuestion(c.ctx, name, nil, try))
	var form client.Form
	c.ok(c.ReadForm(c.ctx, client.ReadFormJSONRequestBody{Text: winter, Campaign: "winter"})).into(&form)
	form.Name = some("Áo khoác")
	var written struct{ Text string }
	c.ok(c.WriteForm(c.ctx, client.WriteFormJSONRequestBody{Text: some(winter), Campaign: some("winter"), Form: form})).into(&written)
	require.Equal(c.t, strings.Replace(winter, "Mùa đông", "Áo khoác", 1), written.Text)
}

func (c *caller) aTalkIsPlayed() {
	script := "campaign: style\nname: Lan\nconsent: marketing\nat: 2026-12-05 10:00\n---\n> công sở\n> 600k\n"
	var talk client.Talk
	c.ok(c.Simulate(c.ctx, client.SimulateJSONRequestBody{Script: script})).into(&talk)
	require.Len(c.t, talk.Steps, 3)
	require.Len(c.t, talk.Known, 2)
	c.is(http.StatusBadRequest)(c.Simulate(c.ctx, client.SimulateJSONRequestBody{Script: script, Draft: some("campaign: x")}))
	c.is(http.StatusBadRequest)(c.Simulate(c.ctx, client.SimulateJSONRequestBody{Script: "nonsense"}))
}

func (c *caller) runsAreSteered(r *rig) {
	r.contact("+84908888888", "Thu")
	r.contact("+84909999999", "Nga")
	var flight client.Preflight
	c.ok(c.Preflight(c.ctx, "style", nil)).into(&flight)
	require.True(c.t, flight.Done)
	whole := flight
	flight = client.Preflight{}
	c.lastLine(c.ok(c.Preflight(c.ctx, "style", nil, byLines)), &flight)
	last := flight
	flight.At = whole.At // it may have been counted anew
	require.Equal(c.t, whole, flight)
	c.ok(c.Preflight(c.ctx, "style", &client.PreflightParams{Only: some(client.PreflightParamsOnly("known"))})).into(&flight)
	require.Equal(c.t, last, flight, "it is kept")
	var l struct{ Run client.Run }
	key := &client.LaunchParams{IdempotencyKey: some("first-one")}
	c.is(http.StatusAccepted)(c.Launch(c.ctx, "style", key, client.LaunchJSONRequestBody{First: some("1")})).into(&l)
	id := l.Run.Id
	c.is(http.StatusAccepted)(c.Launch(c.ctx, "style", key, client.LaunchJSONRequestBody{First: some("1")})).into(&l)
	require.Equal(c.t, id, l.Run.Id)
	c.is(http.StatusUnprocessableEntity)(c.Launch(c.ctx, "style", key, client.LaunchJSONRequestBody{First: some("2")}))
	r.settledRun(id, "waiting")
	c.ok(c.PauseRun(c.ctx, id, nil))
	c.ok(c.ResumeRun(c.ctx, id, nil))
	c.ok(c.GetRun(c.ctx, id))
	c.ok(c.GetRuns(c.ctx, nil))
	r.settledRun(id, "waiting")
	c.ok(c.GoOn(c.ctx, id, nil))
	r.settledRun(id, "done")
	c.is(http.StatusAccepted)(c.StartRun(c.ctx, "style", &client.StartRunParams{IdempotencyKey: some("k")}, client.StartRunJSONRequestBody{})).into(&l.Run)
	c.ok(c.CancelRun(c.ctx, l.Run.Id, nil))
}

func (c *caller) usersAreKept() {
	var invitation struct{ Name, Path string }
	key := &client.InviteUserParams{IdempotencyKey: some("mai")}
	mai := client.InviteUserJSONRequestBody{Name: "Mai@example.com", Role: "agent"}
	c.is(http.StatusCreated)(c.InviteUser(c.ctx, key, mai)).into(&invitation)
	path := invitation.Path
	c.is(http.StatusCreated)(c.InviteUser(c.ctx, key, mai)).into(&invitation)
	require.Equal(c.t, path, invitation.Path, "the same answer, not another invitation")
	c.ok(c.GetUsers(c.ctx))
	c.ok(c.GetUser(c.ctx, invitation.Name))
	tag := c.tag()
	c.ok(c.ChangeUser(c.ctx, invitation.Name, &client.ChangeUserParams{IfMatch: tag}, client.ChangeUserJSONRequestBody{Role: "viewer"}))
	c.is(http.StatusPreconditionFailed)(c.ChangeUser(c.ctx, invitation.Name, &client.ChangeUserParams{IfMatch: tag}, client.ChangeUserJSONRequestBody{Role: "admin"}))
	c.is(http.StatusPreconditionFailed)(c.RemoveUser(c.ctx, invitation.Name, &client.RemoveUserParams{IfMatch: tag}))
	c.is(http.StatusNoContent)(c.RemoveUser(c.ctx, invitation.Name, &client.RemoveUserParams{IfMatch: c.tag()}))
}

func (c *caller) accountsAreSteered() {
	c.ok(c.GetSending(c.ctx))
	c.ok(c.StopSending(c.ctx, nil, client.StopSendingJSONRequestBody{Reason: some("wrong prices")}))
	c.ok(c.ResumeSending(c.ctx, nil))
	c.ok(c.GetAccounts(c.ctx))
	c.ok(c.GetAccount(c.ctx, "sms"))
	c.ok(c.DrainAccount(c.ctx, "sms", nil, client.DrainAccountJSONRequestBody{}))
	c.ok(c.PauseAccount(c.ctx, "sms", nil, client.PauseAccountJSONRequestBody{}))
	c.ok(c.ResumeAccount(c.ctx, "sms", nil))
}

func (c *caller) webhooksAreRead(x *receiver) {
	x.wait("the offer is told", func(all []told) bool { return slices.Contains(types(all), "offer.given") })
	c.ok(c.GetWebhooks(c.ctx))
	c.ok(c.GetWebhook(c.ctx, "crm"))
	c.ok(c.TestWebhook(c.ctx, "crm", nil))
	c.ok(c.ResumeWebhook(c.ctx, "crm", nil))
	var page struct{ Deliveries []client.Delivery }
	c.ok(c.GetDeliveries(c.ctx, "crm", nil)).into(&page)
	i := slices.IndexFunc(page.Deliveries, func(d client.Delivery) bool { return d.Type == "offer.given" })
	require.GreaterOrEqual(c.t, i, 0)
	c.is(http.StatusAccepted)(c.ReplayDelivery(c.ctx, "crm", page.Deliveries[i].Id, nil))
}

func (c *caller) lettersAreReplayed(r *rig) {
	r.contact("+84905555555", "Hoa")
	r.refuse(1)
	r.run("style")
	l := r.letters(1)[0]
	c.ok(c.GetDeadLetters(c.ctx, nil))
	r.refuse(1)
	c.ok(c.ReplayDeadLetter(c.ctx, l.ID, nil))
	r.until("it failed again", func() bool { ls := r.dead(""); return len(ls) == 1 && ls[0].ID != l.ID })
	c.ok(c.ReplayDeadLetters(c.ctx, nil, client.ReplayDeadLettersJSONRequestBody{}))
	r.phone("+84905555555", 1)
}

func (c *caller) aMergeIsUndone(r *rig) {
	older, _ := r.byPhone(minh)
	younger := r.contact("+84906666666", "Minh")
	require.NoError(c.t, r.proves("p1", "+84906666666", tel(minh)))
	r.settled(older, has("contact.merged", ""))
	r.until("the phone leads to the older one", func() bool { id, _ := r.byPhone("+84906666666"); return id == older })
	c.ok(c.UnmergeContact(c.ctx, older, nil, client.UnmergeContactJSONRequestBody{From: younger}))
	hoa, _ := r.byPhone("+84905555555")
	c.is(http.StatusCreated)(c.GiveContactPage(c.ctx, hoa, nil, client.GiveContactPageJSONRequestBody{}))
	c.is(http.StatusAccepted)(c.LinkContact(c.ctx, hoa, nil, client.LinkContactJSONRequestBody{Address: "tel:+84907777777"}))
	test := client.TestAccountJSONRequestBody{To: "tel:+84904444444"}
	require.NoError(c.t, r.raw().Set(c.ctx, "{health:sms}:turn:trial", "x", time.Minute).Err())
	c.is(http.StatusTooManyRequests)(c.TestAccount(c.ctx, "sms", nil, test)) // something was tried just now
	require.NoError(c.t, r.raw().Del(c.ctx, "{health:sms}:turn:trial").Err())
	c.ok(c.TestAccount(c.ctx, "sms", nil, test))
}

// aSecondPersonDecides launches something that reaches many.
func (c *caller) aSecondPersonDecides(r *rig) {
	r.g.Control.Reach = func(context.Context, *campaigns.Campaign) (control.Reach, error) {
		return control.Reach{Matches: 9, People: 9}, nil
	}
	defer func() { r.g.Control.Reach = nil }()
	second := c.as(r.base, "the-token-of-a-marketer")
	var l struct{ Request client.Request }
	c.is(http.StatusAccepted)(c.Launch(c.ctx, "style", nil, client.LaunchJSONRequestBody{})).into(&l)
	c.is(http.StatusConflict)(c.ApproveRequest(c.ctx, l.Request.Id, nil))
	second.ok(second.ApproveRequest(c.ctx, l.Request.Id, nil))
	c.is(http.StatusAccepted)(c.Launch(c.ctx, "style", nil, client.LaunchJSONRequestBody{})).into(&l)
	second.ok(second.RefuseRequest(c.ctx, l.Request.Id, nil, client.RefuseRequestJSONRequestBody{Reason: some("not before Tết")}))
}

// What viewers read shows nobody's whole number, and what an answer was is readable in Redis to nobody.
func TestTheAPIMasksForViewersAndKeepsAnswersSealed(t *testing.T) {
	t.Parallel()
	r := newRig(t, withTokens)
	c := newCaller(r, apiToken)
	id := r.contact(lan, "Lan")
	viewer := c.as(r.base, "the-token-of-a-viewer")
	for name, a := range map[string]answered{
		"one": viewer.ok(viewer.GetContact(c.ctx, id, nil)), "all": viewer.ok(viewer.GetContacts(c.ctx, nil)),
		"person": viewer.ok(viewer.GetPerson(c.ctx, id, nil)), "search": viewer.ok(viewer.Search(c.ctx, &client.SearchParams{Q: lan})),
		"audience": viewer.ok(viewer.GetAudiencePeople(c.ctx, client.GetAudiencePeopleJSONRequestBody{})),
	} {
		require.NotContains(t, string(a.body), strings.TrimPrefix(lan, "+"), name)
		require.Contains(t, string(a.body), tel(lan).Mask(), name)
	}
	c.ok(c.OptOut(c.ctx, id, &client.OptOutParams{IdempotencyKey: some("stop-1")}, client.OptOutJSONRequestBody{Why: "Nguyễn Thị Lan gọi đến"}))
	c.is(http.StatusNoContent)(c.EraseContact(c.ctx, id, nil))
	for key, content := range r.redis.Everything() {
		require.NotContains(t, content, "Nguyễn Thị Lan", key)
		require.NotContains(t, content, strings.TrimPrefix(lan, "+"), key)
	}
	// Who asks again under the same key is answered as before.
	c.ok(c.OptOut(c.ctx, id, &client.OptOutParams{IdempotencyKey: some("stop-1")}, client.OptOutJSONRequestBody{Why: "Nguyễn Thị Lan gọi đến"}))
	require.Equal(t, "true", c.last.Get("Idempotency-Replayed"))
	// The key is the caller's own.
	admin := c.as(r.base, "the-token-of-a-marketer")
	admin.is(http.StatusNotFound)(admin.OptOut(c.ctx, id, &client.OptOutParams{IdempotencyKey: some("stop-1")}, client.OptOutJSONRequestBody{Why: "Nguyễn Thị Lan gọi đến"}))
}

// Two calls at once under one key do it once: the other is told to wait, or is given the answer.
func TestOneKeyAtOnceIsOneCall(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var wg sync.WaitGroup
	statuses := make([]int, 8)
	for i := range statuses {
		wg.Go(func() {
			statuses[i], _ = r.send(http.MethodPost, "/api/v1/users", "one-key", m{"name": "mai@example.com", "role": "viewer"})
		})
	}
	wg.Wait()
	require.Contains(t, statuses, http.StatusCreated)
	for _, s := range statuses {
		require.Contains(t, []int{http.StatusCreated, http.StatusConflict}, s)
	}
	changes, err := r.g.Control.Changes(asAdmin(t, "x"), "", 50)
	require.NoError(t, err)
	invited := 0
	for _, x := range changes {
		if x.Action == "invited" && x.Of == "mai@example.com" {
			invited++
		}
	}
	require.Equal(t, 1, invited)
}
