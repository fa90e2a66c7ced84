package record

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/hoidap/hoidap/campaigns/offers"
	"github.com/hoidap/hoidap/preferences"
)

// The fields of a value of any kind; there is one of them at most, behind the key in a map. They are read as
// encoding/json would read the same value from JSON: numbers as float64, and structs as maps.
const (
	aKey field = iota + 1
	aText
	aNumber
	aYes
	aList // of parts with a value each
	aMap  // of parts with a key and a value each
	aJSON // a text in JSON: what has no form of its own here
	aPreference
	aValue
)

// object is a map of values of any kind, in the order of its keys.
func (c *coder) object(n field, m *map[string]any) {
	if c.begin(n, len(*m) > 0) {
		c.eachPair(m)
		c.finish(n)
	}
}

// pair is one of a map's.
type pair struct {
	key   string
	value any
}

// eachPair are parts, each with a key and the fields of a value.
func (c *coder) eachPair(m *map[string]any) {
	if c.writing {
		c.putPairs(*m)
		return
	}
	if *m == nil {
		*m = map[string]any{}
	}
	for c.begin(1, false) {
		var k string
		words(c, aKey, &k)
		(*m)[k] = c.getAny()
		c.finish(1)
	}
}

// putPairs writes the pairs of a map in the order of their keys.
func (c *coder) putPairs(m map[string]any) {
	open := len(c.pairs)
	for k, v := range m {
		c.pairs = append(c.pairs, pair{k, v})
	}
	pairs := c.pairs[open:]
	slices.SortFunc(pairs, func(a, b pair) int { return strings.Compare(a.key, b.key) })
	for i := range pairs {
		c.begin(1, true)
		words(c, aKey, &pairs[i].key)
		c.putAny(pairs[i].value)
		c.finish(1)
	}
	clear(pairs)
	c.pairs = c.pairs[:open]
}

// putAny writes a value as a field of the open part; nil as none.
func (c *coder) putAny(v any) {
	switch v := v.(type) {
	case nil:
	case string:
		c.putText(aText, v)
	case float64:
		c.putNumber(aNumber, v)
	case int:
		c.putNumber(aNumber, float64(v))
	case int64:
		c.putNumber(aNumber, float64(v))
	case bool:
		c.putYes(v)
	case time.Time:
		c.putText(aText, v.Format(time.RFC3339Nano))
	case []any:
		c.begin(aList, true)
		for _, x := range v {
			c.begin(1, true)
			c.putAny(x)
			c.finish(1)
		}
		c.finish(aList)
	case map[string]any:
		if v != nil {
			c.begin(aMap, true)
			c.putPairs(v)
			c.finish(aMap)
		}
	case preferences.Preference:
		c.begin(aPreference, true)
		preference(c, &v)
		c.finish(aPreference)
	case preferences.Value:
		c.begin(aValue, true)
		words(c, 1, &v.Kind)
		value(c, 2, &v)
		c.finish(aValue)
	case []offers.Considered:
		if v == nil {
			return
		}
		c.begin(aList, true)
		for i := range v {
			c.begin(1, true)
			c.putConsidered(&v[i])
			c.finish(1)
		}
		c.finish(aList)
	default:
		if c.json == nil {
			c.json = newJSONWriter()
		}
		c.putText(aJSON, string(c.json.write(v)))
	}
}

// putConsidered writes what stands in each offer's entry as a map, without making one. The keys are those of its JSON, in
// their order.
func (c *coder) putConsidered(o *offers.Considered) {
	c.begin(aMap, true)
	c.putTextPair("detail", o.Detail, o.Detail != "")
	c.putYesPair("eligible", o.Eligible)
	c.putTextPair("offer", o.Offer, true)
	c.putTextPair("reason", o.Reason, true)
	if len(o.Terms) > 0 {
		c.begin(1, true)
		c.putText(aKey, "terms")
		c.begin(aList, true)
		for _, t := range o.Terms {
			c.begin(1, true)
			c.begin(aMap, true)
			c.putYesPair("held", t.Held)
			c.putTextPair("saw", t.Saw, t.Saw != "")
			c.putTextPair("source", t.Source, true)
			c.finish(aMap)
			c.finish(1)
		}
		c.finish(aList)
		c.finish(1)
	}
	c.finish(aMap)
}

// putTextPair writes a pair of a map.
func (c *coder) putTextPair(key, text string, present bool) {
	if present {
		c.begin(1, true)
		c.putText(aKey, key)
		c.putText(aText, text)
		c.finish(1)
	}
}

// putYesPair writes a pair of a map.
func (c *coder) putYesPair(key string, yes bool) {
	c.begin(1, true)
	c.putText(aKey, key)
	c.putYes(yes)
	c.finish(1)
}

func (c *coder) putYes(yes bool) {
	c.tag(aYes, protowire.VarintType)
	c.out = protowire.AppendVarint(c.out, protowire.EncodeBool(yes))
}

// getAny reads what putAny has written.
func (c *coder) getAny() any {
	if !c.peek() || c.typ == protowire.EndGroupType {
		return nil
	}
	switch n := c.num; n {
	case aText, aNumber, aYes, aJSON:
		c.tagged = false
		return c.getScalar(n)
	case aList, aMap, aPreference, aValue:
		if c.begin(n, false) {
			return c.getPart(n)
		}
	}
	return nil
}

func (c *coder) getScalar(n field) any {
	switch n {
	case aText:
		return c.getText()
	case aNumber:
		return c.getNumber()
	case aYes:
		return c.uint() != 0
	default:
		return c.fromJSON(c.getText())
	}
}

func (c *coder) getPart(n field) (v any) {
	switch n {
	case aList:
		list := []any{}
		for c.begin(1, false) {
			list = append(list, c.getAny())
			c.finish(1)
		}
		v = list
	case aMap:
		m := map[string]any{}
		c.eachPair(&m)
		v = m
	case aPreference:
		var p preferences.Preference
		preference(c, &p)
		v = c.plain(p)
	case aValue:
		var x preferences.Value
		words(c, 1, &x.Kind)
		value(c, 2, &x)
		v = c.plain(x)
	}
	c.finish(n)
	return v
}

// plain is x as it would be read from JSON.
func (c *coder) plain(x any) any {
	b, err := json.Marshal(x)
	if err != nil {
		c.wrong("a part without JSON: %w", err)
		return nil
	}
	return c.fromJSON(string(b))
}

func (c *coder) fromJSON(s string) (v any) {
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		c.wrong("%w", err)
	}
	return v
}

func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
