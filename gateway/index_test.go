package gateway_test

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hoidap/hoidap/campaigns"
	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/store"
	"github.com/hoidap/hoidap/preferences/address"
)

// indexedRules are conditions that an index knows.
func indexedRules() []string {
	return []string{"", `consent.marketing`, `not consent.marketing`, `prefs.style == "office"`, `prefs.style != "office"`, `prefs.style == nil`, `prefs.style in ["office", "sporty"]`, `facts.warm`,
		`!facts.warm`, `facts.city == "Huế"`, `facts.city == nil`, `contact.locale == "en"`, `"zalo" in contact.channels`, `"sms" not in contact.channels`, `consent.profiling && facts.warm`,
		`consent.marketing && (prefs.style == nil || facts.city != "Huế") && not (contact.locale == "vi")`}
}

// TestTheIndexCountsAsTheWalk: whatever happens to people (edits, replies, merges and their undoing, erasures, a crash, a
// restart), the number that the index tells at once is the one that looking at everybody comes to, and so is what becomes of those
// people where only those are looked at whom the index gives.
func TestTheIndexCountsAsTheWalk(t *testing.T) {
	t.Parallel()
	populations := 8 // each takes a while: they are rich rather than many
	if raced {
		populations = 3
	}
	p := &populated{rig: newRig(t, withFiles(audienceCampaigns)), met: map[string]int{}}
	checked := 0
	rapid.Check(t, func(rt *rapid.T) {
		if checked++; checked > populations {
			return
		}
		p.rt = rt
		p.grow()
		p.stir()
		if checked%3 == 0 {
			p.crash()
			p.start()
		}
		p.heard()
		p.until("the index is whole", func() bool { return p.told(`consent.marketing`).Exact })
		for _, rule := range indexedRules() {
			p.sameByIndex(rule)
		}
	})
}

// stir edits, merges, parts and erases some people.
func (p *populated) stir() {
	for range rapid.IntRange(2, 6).Draw(p.rt, "changes") {
		i := rapid.IntRange(0, p.named-1).Draw(p.rt, "who")
		id, ok := p.byPhone(numbered(i))
		if !ok {
			continue
		}
		switch rapid.SampledFrom([]string{"edit", "merge", "part", "erase"}).Draw(p.rt, "change") {
		case "edit":
			p.edit(i)
		case "merge":
			other := rapid.IntRange(0, p.named-1).Draw(p.rt, "with")
			require.NoError(p.rt, p.proves(fmt.Sprint("merge-", time.Now().UnixNano()), numbered(i), address.Address{Scheme: address.Tel, ID: numbered(other)}))
			p.heard()
		case "part":
			for _, m := range p.merged(id) {
				p.call(http.MethodPost, "/api/v1/contacts/"+id+"/unmerge", map[string]string{"contact": m}, nil)
			}
		case "erase":
			require.Equal(p.rt, http.StatusNoContent, p.call(http.MethodDelete, "/api/v1/contacts/"+id, nil, nil))
		}
	}
}

func (p *populated) merged(id string) (ids []string) {
	v, err := p.g.Control.Contact(p.t.Context(), id)
	require.NoError(p.rt, err)
	for _, m := range v.Merged {
		ids = append(ids, m.Contact)
	}
	return ids
}

// edit changes what the index knows, and what it does not tell apart.
func (p *populated) edit(i int) {
	locale := rapid.SampledFrom([]string{"vi", "en"}).Draw(p.rt, "new locale")
	city := rapid.SampledFrom([]any{"Huế", "Vinh", nil, 7.0, []any{"Huế"}}).Draw(p.rt, "new city")
	e := campaigns.ContactEdit{Addresses: []address.Address{{Scheme: address.Tel, ID: numbered(i)}}, Locale: &locale, Facts: map[string]any{"city": city}}
	_, _, err := p.g.Control.Upsert(access.As(p.t.Context(), access.Program()), e)
	require.NoError(p.rt, err)
}

// told is what is told of a rule before anybody is looked at.
func (p *populated) told(rule string) (first control.AudienceCount) {
	_, err := p.g.Control.CountAudience(p.t.Context(), control.AudienceQuery{Rule: rule}, func(c control.AudienceCount) {
		if first.At.IsZero() {
			first = c
		}
	})
	require.NoError(p.t, err)
	return first
}

// sameByIndex holds what the index tells against what looking at everybody comes to, once nobody is on their way into
// somebody else any more.
func (p *populated) sameByIndex(rule string) {
	count := func(rule string) control.AudienceCount {
		c, err := p.g.Control.CountAudience(p.t.Context(), control.AudienceQuery{Rule: rule}, nil)
		require.NoError(p.rt, err)
		return c
	}
	p.until("the index and the walk agree on "+rule, func() bool {
		first, few, walked := p.told(rule), count(rule), count(unindexed(rule))
		if !first.Exact { // as where somebody has what is not told apart
			return strings.Contains(rule, "facts.city")
		}
		same := maps.Equal(few.Excluded, walked.Excluded) && maps.Equal(few.Held, walked.Held) && maps.Equal(few.Channels, walked.Channels)
		return first.Matches == walked.Matches && few.Matches == walked.Matches && few.Asked == walked.Asked && few.Waiting == walked.Waiting && same && few.Of == walked.Of &&
			slices.Equal(p.fitting(rule), p.fitting(unindexed(rule)))
	})
}

// unindexed is a rule that fits the same people, and that no index knows.
func unindexed(rule string) string {
	const never = `facts.never > 5`
	if rule == "" {
		return "not (" + never + ")"
	}
	return fmt.Sprintf("(%s) || %s", rule, never)
}

// fitting are those whom a rule fits, page by page.
func (p *populated) fitting(rule string) (ids []string) {
	for cursor := ""; ; {
		page, next, err := p.g.Control.AudiencePeople(p.t.Context(), control.AudienceQuery{Rule: rule}, control.AudiencePart{}, cursor, 3)
		require.NoError(p.rt, err)
		for _, x := range page {
			ids = append(ids, x.Contact)
		}
		if cursor = next; cursor == "" {
			return ids
		}
	}
}

// TestFewAreLookedAtWithoutTheOthers: where the index knows that a rule fits few, nobody else's record is read; once numbers are
// known nothing of anybody else is.
func TestFewAreLookedAtWithoutTheOthers(t *testing.T) {
	t.Parallel()
	var read atomic.Int64
	r := newRig(t, func(r *rig) {
		r.opts.Redis.Commands = func(args []any) {
			if name, key := fmt.Sprint(args[0]), fmt.Sprint(args[min(1, len(args)-1)]); (name == "hgetall" || name == "hmget") && strings.Contains(key, "}:contact:") {
				read.Add(1)
			}
		}
	})
	var few []string
	for i := range 40 {
		e := campaigns.ContactEdit{Addresses: []address.Address{{Scheme: address.Tel, ID: numbered(i)}}, Facts: map[string]any{"group": fmt.Sprintf("g%d", i/3)}}
		v, _, err := r.g.Control.Upsert(access.As(t.Context(), access.Program()), e)
		require.NoError(t, err)
		if i/3 == 2 {
			few = append(few, v.ID)
		}
	}
	slices.SortFunc(few, func(a, b string) int {
		p, _ := r.g.Control.Store.PartitionOfContact(a)
		q, _ := r.g.Control.Store.PartitionOfContact(b)
		return cmp.Or(cmp.Compare(p, q), cmp.Compare(a, b))
	})
	q := control.AudienceQuery{Rule: `facts.group == "g2"`}
	r.until("the index is whole", func() bool {
		_, err := r.g.Control.CountAudience(t.Context(), q, nil)
		require.NoError(t, err)
		read.Store(0)
		c, err := r.g.Control.CountAudience(t.Context(), q, nil)
		require.NoError(t, err)
		require.Equal(t, []int64{3, 40, 40}, []int64{c.Matches, c.Of, c.Looked})
		require.Equal(t, map[string]int64{"no_consent": 3}, c.Excluded)
		return read.Load() == 3
	})
	read.Store(0)
	page, next, err := r.g.Control.AudiencePeople(t.Context(), q, control.AudiencePart{}, "", 50)
	require.NoError(t, err)
	require.Empty(t, next)
	var ids []string
	for _, x := range page {
		ids = append(ids, x.Contact)
	}
	require.Equal(t, few, ids)
	require.Equal(t, int64(3), read.Load())
}

// TestAnIndexThatNobodyKeptIsBuiltAnew: where a version owned a partition that knows of no index, what stands there is not
// believed, and is built anew.
func TestAnIndexThatNobodyKeptIsBuiltAnew(t *testing.T) {
	t.Parallel()
	r := newRig(t, withFiles(audienceCampaigns))
	p := &populated{rig: r}
	for i := range 3 {
		r.contact(numbered(i), "Lan")
	}
	exact := func(rule string) (c control.AudienceCount) {
		_, err := r.g.Control.CountAudience(t.Context(), control.AudienceQuery{Rule: rule}, func(so control.AudienceCount) {
			if c.At.IsZero() {
				c = so
			}
		})
		require.NoError(t, err)
		return c
	}
	p.until("the index is whole", func() bool { return exact("").Exact })
	require.EqualValues(t, 3, exact(`consent.marketing`).Matches)
	r.crash()
	r.spoil()
	r.start()
	p.until("the index is whole again", func() bool { return exact("").Exact })
	require.EqualValues(t, 3, exact(`consent.marketing`).Matches)
}

// spoil leaves Redis as an owner of another version would, who has changed anything and not the index.
func (r *rig) spoil() {
	r.t.Helper()
	c, ctx := r.redis.Client(), r.t.Context()
	keys, err := c.Keys(ctx, "*").Result()
	require.NoError(r.t, err)
	spoiled := 0
	for _, key := range keys {
		switch {
		case strings.HasSuffix(key, "}:lease"):
			require.NoError(r.t, c.Del(ctx, key).Err())
		case strings.HasSuffix(key, "}:epoch"):
			require.NoError(r.t, c.Incr(ctx, key).Err())
		case strings.Contains(key, "}:index:of:"):
			require.NoError(r.t, c.SetBit(ctx, key, 900, 1).Err())
			spoiled++
		}
	}
	require.Positive(r.t, spoiled)
}

// TestAnIndexSurvivesWhatIsDoneToIt: its head is lost, and contacts have numbers that it never gave. Nobody is lost over that, no
// number is given twice, and nothing takes Redis's memory.
func TestAnIndexSurvivesWhatIsDoneToIt(t *testing.T) {
	t.Parallel()
	r := newRig(t, withFiles(audienceCampaigns))
	p := &populated{rig: r}
	for i := range 8 {
		r.contact(numbered(i), "Lan")
	}
	p.until("the index is whole", func() bool { return p.told("").Exact })
	r.crash()
	raw := r.raw()
	for _, key := range raw.Keys(t.Context(), "*}:index*").Val() {
		require.NoError(t, raw.Del(t.Context(), key).Err())
	}
	numbers := []string{"4000000000", "-1", "1:99999999999", "x", "", "9223372036854775807", "1:0", "0:0"}
	people := raw.Keys(t.Context(), "*}:contact:*").Val()
	require.Len(t, people, 8)
	for i, key := range people {
		require.NoError(t, raw.HSet(t.Context(), key, "n", numbers[i%len(numbers)]).Err())
	}
	r.start()
	for i := range 8 {
		r.contact(numbered(100+i), "Minh")
	}
	p.until("the index is whole again", func() bool { return p.told("").Exact })
	require.EqualValues(t, 16, p.told(`consent.marketing`).Matches)
	for _, key := range raw.Keys(t.Context(), "*}:index:of:*").Val() {
		require.Less(t, raw.StrLen(t.Context(), key).Val(), int64(1000))
	}
}

// TestNoIndexTellsWhatAFactWasCalled: an erasure leaves nothing of somebody, nor of what was known of them by name.
func TestNoIndexTellsWhatAFactWasCalled(t *testing.T) {
	t.Parallel()
	r := newRig(t, withFiles(audienceCampaigns))
	tel := address.Address{Scheme: address.Tel, ID: lan}
	_, _, err := r.g.Control.Upsert(access.As(t.Context(), access.Program()), campaigns.ContactEdit{Addresses: []address.Address{tel}, Facts: map[string]any{"child_NguyenVanAn": "yes"}})
	require.NoError(t, err)
	p := &populated{rig: r}
	p.until("the index is whole", func() bool { return p.told("").Exact })
	require.EqualValues(t, 1, p.told(`facts.child_NguyenVanAn == "yes"`).Matches)
	id, ok := p.byPhone(lan)
	require.True(t, ok)
	require.Equal(t, http.StatusNoContent, r.call(http.MethodDelete, "/api/v1/contacts/"+id, nil, nil))
	for key, content := range r.redis.Everything() {
		require.NotContains(t, key+content, "NguyenVanAn", key)
	}
}

// TestASubjectWithTooManyValuesIsOneTerm: its values are not told apart, so they take one string together; who has any is told
// still, and what comes and goes is kept.
func TestASubjectWithTooManyValuesIsOneTerm(t *testing.T) {
	t.Parallel()
	r := newRig(t, withFiles(audienceCampaigns), func(r *rig) { r.opts.Redis.Partitions = 1 })
	p := &populated{rig: r}
	live := func(i int, city any) {
		e := campaigns.ContactEdit{Addresses: []address.Address{{Scheme: address.Tel, ID: numbered(i)}}, Facts: map[string]any{"city": city, "tier": "gold"}}
		_, _, err := r.g.Control.Upsert(access.As(t.Context(), access.Program()), e)
		require.NoError(t, err)
	}
	strung := func() int { return len(r.raw().Keys(t.Context(), "*}:index:of:*").Val()) }
	for i := range 64 {
		live(i, fmt.Sprint("city ", i))
	}
	p.until("the index is whole", func() bool { return p.told("").Exact })
	before := strung()
	require.Greater(t, before, 64)
	require.True(t, p.told(`facts.city == "city 7"`).Exact)
	live(64, "city 64")
	p.until("the cities are one term", func() bool { return strung() < before })
	require.Equal(t, before-64+1, strung())
	require.False(t, p.told(`facts.city == "city 7"`).Exact, "it is counted by looking at everybody")
	require.EqualValues(t, 65, p.told(`facts.city != nil`).Matches)
	for range 2 {
		live(3, nil)
		live(65, "city 65")
		p.until("it is kept", func() bool { return p.told(`facts.city != nil`).Matches == 65 })
		require.True(t, p.told(`facts.tier == "gold" && facts.city == nil`).Exact)
		require.EqualValues(t, 1, p.told(`facts.tier == "gold" && facts.city == nil`).Matches)
		require.Equal(t, before-64+1, strung(), "and no values come back")
		r.crash()
		r.start()
		p.until("the index is believed", func() bool { return p.told("").Exact })
	}
}

// TestALeaseThatWasNeverUsedLeavesTheIndex: whoever owned a partition and changed nothing in it has spoiled nothing.
func TestALeaseThatWasNeverUsedLeavesTheIndex(t *testing.T) {
	t.Parallel()
	r := newRig(t, withFiles(audienceCampaigns))
	p := &populated{rig: r}
	for i := range 5 {
		r.contact(numbered(i), "Lan")
	}
	p.until("the index is whole", func() bool { return p.told("").Exact })
	r.crash()
	since := func() (all []string) {
		for i := range 8 {
			all = append(all, r.raw().HGet(t.Context(), fmt.Sprintf("{p%02d}:index", i), "since").Val())
		}
		return all
	}
	before := since()
	require.NotContains(t, before, "")
	st, err := store.Open(t.Context(), r.opts.Redis)
	require.NoError(t, err)
	for owner := range 3 {
		for part := range 8 {
			p.until("the lease is free", func() bool {
				l, ok, err := st.Acquire(t.Context(), part, fmt.Sprint("idle ", owner))
				require.NoError(t, err)
				if ok {
					require.NoError(t, st.Release(t.Context(), []store.Lease{l}))
				}
				return ok
			})
		}
	}
	require.NoError(t, st.Close())
	r.start()
	r.contact(numbered(6), "Minh")
	p.until("it tells of who came", func() bool { return p.told(`consent.marketing`).Matches == 6 })
	require.Equal(t, before, since(), "it was not begun anew")
}
