package files

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v4"
)

// Form is a campaign as a form shows it: what its file says, as written. What a form has no field for (templates,
// replies) stays in the file as it is.
type Form struct {
	Campaign  string            `json:"campaign"`
	Name      string            `json:"name,omitempty"`
	Purpose   string            `json:"purpose,omitempty"`
	Schedule  ScheduleForm      `json:"schedule,omitzero"`
	Audience  string            `json:"audience,omitempty"`
	Channels  []string          `json:"channels,omitempty"`
	Expires   string            `json:"expires,omitempty"`
	Questions []QuestionForm    `json:"questions"`
	Offers    []string          `json:"offers,omitempty"`
	Thanks    map[string]string `json:"thanks,omitempty"` // by locale
}

// ScheduleForm is when a campaign starts.
type ScheduleForm struct {
	Cron     string `json:"cron,omitempty"`
	At       string `json:"at,omitempty"`
	Event    string `json:"event,omitempty"`
	Delay    string `json:"delay,omitempty"`
	Timezone string `json:"timezone,omitempty"`
}

// QuestionForm is one question.
type QuestionForm struct {
	Was         string            `json:"was,omitempty"` // its id in the file; empty: the question is new
	ID          string            `json:"id"`
	Attribute   string            `json:"attribute,omitempty"`
	Label       map[string]string `json:"label,omitempty"`
	Kind        string            `json:"kind"`
	When        string            `json:"when,omitempty"`
	Text        map[string]string `json:"text,omitempty"`
	Again       map[string]string `json:"again,omitempty"`
	Options     []OptionForm      `json:"options,omitempty"`
	Currency    string            `json:"currency,omitempty"`
	Min         string            `json:"min,omitempty"`
	Max         string            `json:"max,omitempty"`
	Unit        string            `json:"unit,omitempty"`
	FreshFor    string            `json:"fresh_for,omitempty"`
	RemindAfter string            `json:"remind_after,omitempty"`
	Retries     string            `json:"retries,omitempty"`
}

// OptionForm is one option of a question.
type OptionForm struct {
	Was      string              `json:"was,omitempty"` // its value in the file; empty: the option is new
	Value    string              `json:"value"`
	Label    map[string]string   `json:"label,omitempty"`
	Synonyms map[string][]string `json:"synonyms,omitempty"`
}

// errNoCampaign says that a file has no such campaign.
var errNoCampaign = errors.New("the file has no such campaign")

// ReadForm reads a campaign of a file into a form. What it says may be wrong: the linter tells that, not the form.
// defaultLocale is that of a text without a language. A file that is no YAML, or that says something in a way that no form
// shows, is an error; the latter is ErrByHand.
func ReadForm(text []byte, campaign, defaultLocale string) (Form, error) {
	doc, err := campaignNode(text, campaign)
	if err != nil {
		return Form{}, err
	}
	r := formReader{locale: defaultLocale}
	f := Form{
		Campaign: r.word(doc, "campaign"), Name: r.word(doc, "name"), Purpose: r.word(doc, "purpose"), Audience: r.word(doc, "audience"),
		Channels: r.words(under(doc, "channels")), Expires: r.word(doc, "expires"), Offers: r.words(under(doc, "offers")), Thanks: r.texts(doc, "thanks"),
	}
	if s := r.group(doc, "schedule"); s != nil {
		f.Schedule = ScheduleForm{Cron: r.word(s, "cron"), At: r.word(s, "at"), Event: r.word(s, "event"), Delay: r.word(s, "delay"), Timezone: r.word(s, "timezone")}
	}
	for _, q := range r.members(doc, "questions", "id") {
		f.Questions = append(f.Questions, r.question(q))
	}
	return f, r.err
}

// campaignNode is the group of keys of a campaign in a file.
func campaignNode(text []byte, campaign string) (*yaml.Node, error) {
	loader, err := yaml.NewLoader(bytes.NewReader(text), yaml.WithUniqueKeys(false))
	if err != nil {
		return nil, err
	}
	for {
		var doc yaml.Node
		if err := loader.Load(&doc); errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%w: %s", errNoCampaign, campaign)
		} else if err != nil {
			return nil, err
		}
		root := &doc
		if doc.Kind == yaml.DocumentNode && len(doc.Content) == 1 {
			root = doc.Content[0]
		}
		if scalarOf(root, "campaign") == campaign {
			return root, nil
		}
	}
}

// formReader reads nodes, and notes the first one that a form cannot show.
type formReader struct {
	locale string
	err    error
}

func (r *formReader) byHand(n *yaml.Node, why string) {
	if r.err == nil {
		r.err = fmt.Errorf("%w: line %d: %s", ErrByHand, n.Line, why)
	}
}

// known is the value under a key; nil where there is none or nothing is written.
func (r *formReader) known(n *yaml.Node, key string) *yaml.Node {
	v := under(n, key)
	switch {
	case v == nil || isNull(v):
		return nil
	case v.Kind == yaml.AliasNode || v.Anchor != "":
		r.byHand(v, "anchors and aliases are edited as text")
		return nil
	}
	return v
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

func (r *formReader) scalar(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode || n.Anchor != "" {
		r.byHand(n, "a text is wanted here")
		return ""
	}
	return n.Value
}

func (r *formReader) word(n *yaml.Node, key string) string {
	if v := r.known(n, key); v != nil {
		return r.scalar(v)
	}
	return ""
}

func (r *formReader) group(n *yaml.Node, key string) *yaml.Node {
	v := r.known(n, key)
	if v != nil && v.Kind != yaml.MappingNode {
		r.byHand(v, key+" is a group of keys")
		return nil
	}
	return v
}

func (r *formReader) words(n *yaml.Node) (out []string) {
	if n == nil || isNull(n) {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		r.byHand(n, "a list is wanted here")
		return nil
	}
	for _, m := range n.Content {
		out = append(out, r.scalar(m))
	}
	return out
}

// texts reads a text by locale.
func (r *formReader) texts(n *yaml.Node, key string) map[string]string {
	v := r.known(n, key)
	if v == nil {
		return nil
	}
	if v.Kind == yaml.ScalarNode {
		return map[string]string{r.locale: v.Value}
	}
	return eachLocale(r, v, r.scalar)
}

// synonyms reads lists by locale.
func (r *formReader) synonyms(n *yaml.Node) map[string][]string {
	v := r.known(n, "synonyms")
	if v == nil {
		return nil
	}
	if v.Kind == yaml.SequenceNode {
		if len(v.Content) == 0 {
			return nil
		}
		return map[string][]string{r.locale: r.words(v)}
	}
	return eachLocale(r, v, r.words)
}

func eachLocale[T any](r *formReader, n *yaml.Node, read func(*yaml.Node) T) map[string]T {
	if n.Kind != yaml.MappingNode {
		r.byHand(n, "a text in each language is wanted here")
		return nil
	}
	out := map[string]T{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if _, twice := out[n.Content[i].Value]; twice {
			r.byHand(n.Content[i], "a language is there twice")
		}
		if !isNull(n.Content[i+1]) {
			out[n.Content[i].Value] = read(n.Content[i+1])
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// members are the groups of a list that are told apart by a key.
func (r *formReader) members(n *yaml.Node, key, id string) []*yaml.Node {
	v := r.known(n, key)
	if v == nil {
		return nil
	}
	if v.Kind != yaml.SequenceNode {
		r.byHand(v, key+" is a list")
		return nil
	}
	seen := map[string]bool{}
	for _, m := range v.Content {
		name := scalarOf(m, id)
		if m.Kind != yaml.MappingNode || m.Anchor != "" || name == "" || seen[name] {
			r.byHand(m, "each of "+key+" has "+id+" of its own")
			return nil
		}
		seen[name] = true
	}
	return v.Content
}

func (r *formReader) question(n *yaml.Node) QuestionForm {
	q := QuestionForm{
		ID: r.word(n, "id"), Attribute: r.word(n, "attribute"), Label: r.texts(n, "label"), Kind: r.word(n, "kind"), When: r.word(n, "when"),
		Text: r.texts(n, "text"), Again: r.texts(n, "again"), Currency: r.word(n, "currency"), Min: r.word(n, "min"), Max: r.word(n, "max"),
		Unit: r.word(n, "unit"), FreshFor: r.word(n, "fresh_for"), RemindAfter: r.word(n, "remind_after"), Retries: r.word(n, "retries"),
	}
	q.Was = q.ID
	for _, o := range r.members(n, "options", "value") {
		value := r.word(o, "value")
		q.Options = append(q.Options, OptionForm{Was: value, Value: value, Label: r.texts(o, "label"), Synonyms: r.synonyms(o)})
	}
	return q
}
