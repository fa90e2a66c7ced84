package floor

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/redis/go-redis/v9"
)

// words are what customers said, one for each attribute.
var words = [...]string{"Chị thích đồ công sở nhẹ nhàng thôi em", "tầm 500k - 1tr nha", "size M em ơi, có khi L", "màu hồng nhạt hoặc be",
	"chiều thứ 7 sau 5h", "rộng vai, vải hơi mỏng"}

// Layout writes n contacts in the leanest form that Redis has for them, so that what they cost can be read off Redis: ten
// fields and six preferences with their evidence in a hash, three ledger entries in a list, an address that leads to the
// contact, a timer.
func Layout(ctx context.Context, addr string, n int) (Took, error) {
	rdb := client(addr)
	defer rdb.Close()
	p := rdb.Pipeline()
	for i := range n {
		part, id, at := i%partitions, fmt.Sprintf("%010x", uint64(i)*2654435761&0xffffffffff), int64(1795469367142+i)
		p.HSet(ctx, key(part, "contact:"+id), fieldsOf(i, at)...)
		for k := range 3 {
			p.RPush(ctx, key(part, "ledger:"+id), fmt.Sprintf("%d %s", at+int64(k)*1000, form(map[string]any{"kind": "preference.changed",
				"attribute": attributes[k], "old": nil, "new": "value-" + strconv.Itoa(i%7), "message": messageID(i, k), "run": "autumn-style/01JD5", "by": "reply"})))
		}
		p.HSet(ctx, key(part, "addresses"), "tel:"+phone(i), id)
		p.ZAdd(ctx, key(part, "timers"), redis.Z{Score: float64(at), Member: id + ":remind"})
		if p.Len() >= fillBatch || i == n-1 {
			if _, err := p.Exec(ctx); err != nil {
				return Took{}, err
			}
		}
	}
	return Took{N: n, Seconds: 1}, nil
}

func fieldsOf(i int, at int64) []any {
	f := []any{"v", 7, "name", "Nguyễn Thị Lan " + strconv.Itoa(i%500), "addr", "tel:" + phone(i), "zalo", fmt.Sprintf("zalo:%d", 8000000000000000000+i),
		"locale", "vi", "tz", "Asia/Ho_Chi_Minh", "consent", form(map[string]any{"marketing": map[string]any{"y": 1, "t": at, "e": messageID(i, 9)},
			"profiling": map[string]any{"y": 1, "t": at, "e": messageID(i, 9)}}),
		"conversation", form(map[string]any{"c": "autumn-style", "q": "budget", "a": 1, "t": at}), "facts", form(map[string]any{"orders": 3, "returns": 1, "last": 1795000000}),
		"last_in", strconv.FormatInt(at, 10) + "-0"}
	for a := range attributes {
		f = append(f, attributes[a], form(map[string]any{"v": "value-" + strconv.Itoa(i%7), "w": words[a], "m": messageID(i, a), "c": "zalo",
			"q": "autumn-style/" + attributes[a][2:], "t": at, "p": 0.93, "s": "c-2026-11-01"}))
	}
	return f
}

func messageID(i, k int) string { return fmt.Sprintf("SM%032x", i*10+k) }

func form(x any) string {
	b, err := json.Marshal(x)
	if err != nil {
		panic(err) // maps of texts and numbers have a form
	}
	return string(b)
}
