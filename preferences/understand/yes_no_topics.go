package understand

import "strings"

// topic is a sort of question of yes or no, and what answers it without saying either: words/topics.txt.
type topic struct{ asked, yes, no *phrases }

func loadTopics() []topic {
	sections := loadSections("topics")
	take := map[string]*phrases{}
	for _, s := range sections {
		take[s.name] = s.compile(false)
	}
	var out []topic
	for _, s := range sections {
		if !strings.Contains(s.name, ".") {
			out = append(out, topic{take[s.name], take[s.name+".yes"], take[s.name+".no"]})
		}
	}
	return out
}

// onTopic reads what answers this sort of question at the beginning of a clause: "hiếm khi" to how often, "còn nhiều" to what is
// used up.
func (s *sitting) onTopic(i, to int) (verdict, bool) {
	for _, t := range s.q.topics {
		if n := t.no.at(s.toks[:to], i); n > 0 {
			return verdict{false, "on-topic", 0.88, i, i + n}, true
		}
		if n := t.yes.at(s.toks[:to], i); n > 0 {
			return verdict{true, "on-topic", 0.88, i, i + n}, true
		}
	}
	return verdict{}, false
}

// topicsOf are the topics that the wording asks about.
func (c *question) topicsOf() (out []topic) {
	if c.Kind != yesNoKind {
		return nil
	}
	for _, t := range lexicon().topics {
		if t.asked.in(c.text) {
			out = append(out, t)
		}
	}
	return out
}
