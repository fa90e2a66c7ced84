package floor

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

//go:embed slice.lua
var sliceLua string

// sliceSize is how many contacts a slice has.
const sliceSize = 100

// FanOut makes n contacts, half of whom a campaign is for, and measures how fast they are judged and the questions
// committed: slices of a hundred, one partition at a time, one script a slice.
func FanOut(ctx context.Context, addr string, n int) (Took, error) {
	rdb := client(addr)
	defer rdb.Close()
	if err := audience(ctx, rdb, n); err != nil {
		return Took{}, err
	}
	sha, err := rdb.ScriptLoad(ctx, sliceLua).Result()
	if err != nil {
		return Took{}, err
	}
	t := Took{N: n}
	began := time.Now()
	for p := range partitions {
		for after := "-"; after != ""; {
			var asked int
			if after, asked, err = slice(ctx, rdb, sha, p, after); err != nil {
				return t, err
			}
			if asked > 0 && t.First == 0 {
				t.First = time.Since(began).Seconds()
			}
		}
	}
	t.Seconds = time.Since(began).Seconds()
	return t, nil
}

// audience writes contacts as they are kept: a hash of fields, their preferences with evidence, and the list of all.
func audience(ctx context.Context, rdb *redis.Client, n int) error {
	p := rdb.Pipeline()
	for i := range n {
		part, id := i%partitions, fmt.Sprintf("%010x", uint64(i)*2654435761&0xffffffffff)
		fields := []any{"v", 1, "name", "Nguyễn Thị Lan " + strconv.Itoa(i%500), "addr", "tel:" + phone(i), "locale", "vi", "tz", "Asia/Ho_Chi_Minh",
			"consent", `{"marketing":{"granted":1,"at":1795469367142,"evidence":"SM0000000000000000000000000000ab12"}}`,
			"facts", fmt.Sprintf(`{"orders":%d,"returns":1,"last":1795000000}`, i/partitions%2),
			"p:budget", `{"value":{"min":500000,"max":1000000},"words":"tầm 500k - 1tr nha","message":"SM0000000000000000000000000000002a","channel":"zalo","question":"x/budget","at":1795469367142,"sure":0.93}`}
		p.HSet(ctx, key(part, "contact:"+id), fields...)
		p.ZAdd(ctx, key(part, "contacts"), redis.Z{Member: id})
		if p.Len() >= 2*fillBatch || i == n-1 {
			if _, err := p.Exec(ctx); err != nil {
				return err
			}
		}
	}
	for _, k := range keys("lease") {
		p.Set(ctx, k, token, 0)
	}
	_, err := p.Exec(ctx)
	return err
}

// slice asks the contacts of a partition behind after; next is empty at the end.
func slice(ctx context.Context, rdb *redis.Client, sha string, part int, after string) (next string, asked int, err error) {
	ids, err := rdb.ZRangeArgs(ctx, redis.ZRangeArgs{Key: key(part, "contacts"), Start: after, Stop: "+", ByLex: true, Count: sliceSize}).Result()
	if err != nil || len(ids) == 0 {
		return "", 0, err
	}
	p := rdb.Pipeline()
	read := make([]*redis.SliceCmd, len(ids))
	for i, id := range ids {
		read[i] = p.HMGet(ctx, key(part, "contact:"+id), "name", "addr", "consent", "facts", "p:style")
	}
	if _, err := p.Exec(ctx); err != nil {
		return "", 0, err
	}
	scriptKeys, args := []string{key(part, "lease"), key(part, "out")}, []any{token, "autumn-style/01JD5"}
	for i, id := range ids {
		fields := read[i].Val()
		if !wanted(fields) {
			continue
		}
		name, _ := fields[0].(string)
		to, _ := fields[1].(string)
		text := "Chị " + name + " thích phong cách nào? 1. Thể thao 2. Công sở 3. Dự tiệc. Trả lời số hoặc ghi theo ý chị ạ."
		scriptKeys = append(scriptKeys, key(part, "contact:"+id), key(part, "ledger:"+id))
		args = append(args, `{"campaign":"autumn-style","question":"style","attempt":1,"at":1795469367142}`, id, strings.TrimPrefix(to, "tel:"), text,
			`{"kind":"asked","run":"autumn-style/01JD5","question":"style","at":1795469367142}`)
		asked++
	}
	if asked > 0 {
		err = rdb.EvalSha(ctx, sha, scriptKeys, args...).Err()
	}
	return "(" + ids[len(ids)-1], asked, err
}

// wanted is the audience: consent.marketing && prefs.style == nil && facts.orders > 0.
func wanted(fields []any) bool {
	var consent map[string]struct{ Granted int }
	var facts struct{ Orders int }
	if s, _ := fields[2].(string); json.Unmarshal([]byte(s), &consent) != nil || consent["marketing"].Granted != 1 {
		return false
	}
	if s, _ := fields[3].(string); json.Unmarshal([]byte(s), &facts) != nil {
		return false
	}
	return fields[4] == nil && facts.Orders > 0
}
