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

// onTopic reads what answers this sort of question at the beginning of a clause, behind who and when: "hiếm khi" to how often, "còn
// nhiều" to what is used up, "tối nay đi đám cưới" to whether somebody is at home. The longest counts ("working from home").
func (s *sitting) onTopic(c clause, i int) (verdict, bool) {
	for _, t := range s.q.topics {
		if vd, ok := s.onTopicAt(t, i, c.to); ok {
			return vd, true
		}
	}
	for _, t := range s.q.topics { // "cho" and "em" may be more than politeness
		for k := c.from; k < i; k++ {
			if vd, ok := s.onTopicAt(t, k, c.to); ok {
				return vd, true
			}
		}
		if k := s.skipWhen(i, c.to); k > i {
			if vd, ok := s.onTopicAt(t, k, c.to); ok {
				return vd, true
			}
		}
		const reach = 12
		for k := i + 1; k < min(c.to, i+reach); k++ { // "đổi kem đánh răng xong hết hẳn rồi"
			if !s.saysAt(k-1, "xong", "giờ", "nay", "nên") {
				continue
			}
			if vd, ok := s.onTopicAt(t, k, c.to); ok {
				return vd, true
			}
		}
	}
	return verdict{}, false
}

func (s *sitting) onTopicAt(t topic, i, to int) (verdict, bool) {
	no, yes := t.no.at(s.toks[:to], i), t.yes.at(s.toks[:to], i)
	switch {
	case no > 0 && no >= yes:
		if s.saysAt(i+no, "till", "until", "tới", "đến") && s.q.namesDay() { // "away till friday" to whether somebody is there on Saturday
			return verdict{}, false
		}
		return verdict{false, "on-topic", 0.88, i, i + no}, true
	case yes > 0:
		return verdict{true, "on-topic", 0.88, i, i + yes}, true
	}
	return verdict{}, false
}

// skipWhen passes over who and when: "tối nay", "9h", "chị", "tới khuya".
func (s *sitting) skipWhen(i, to int) int {
	const most = 6
	for limit := i + most; i < min(to, limit); {
		if _, n := s.weekdayName(i); n > 0 {
			i += n
			continue
		}
		if _, n := s.numeralAt(i); n > 0 && s.saysAt(i+n, "h", "giờ", "rưỡi") {
			i += n + 1
			continue
		}
		if n := lexicon().selves.at(s.toks, i); n > 0 {
			i += n
			continue
		}
		if s.partAt(i) == "" && !s.saysAt(i, "mai", "mốt", "nay", "hôm", "bữa", "đó", "này", "tới", "tận", "khoảng", "tầm", "khuya", "cuối", "tuần", "đang", "vẫn", "còn", "cả", "nhà", "lúc", "ngày", "thì") {
			break
		}
		i++
	}
	return i
}

// namesDay: the wording names a day of the week.
func (c *question) namesDay() bool {
	for i := range c.text {
		if _, ok := weekdayWords[c.text[i].typed]; ok && len(c.text[i].typed) > 3 {
			return true
		}
	}
	return strings.Contains(c.titles, "thứ ") || strings.Contains(c.titles, "chủ nhật")
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
