package floor

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

//go:embed commit.lua
var commitLua string

// token is the fencing token that every commit is checked against.
const token = "1"

// attributes are asked in turn, so that a contact's hash has several preferences.
var attributes = [...]string{"p:style", "p:budget", "p:size", "p:color", "p:window", "p:reason"}

// engine works off the logs: it reads from their heads, loads contacts, and commits a partition's batch in one script.
type engine struct {
	rdb     *redis.Client
	commit  string // the script's SHA
	handled atomic.Int64
}

func newEngine(ctx context.Context, rdb *redis.Client) (*engine, error) {
	p := rdb.Pipeline()
	for _, k := range keys("lease") {
		p.Set(ctx, k, token, 0)
	}
	if _, err := p.Exec(ctx); err != nil {
		return nil, err
	}
	sha, err := rdb.ScriptLoad(ctx, commitLua).Result()
	return &engine{rdb: rdb, commit: sha}, err
}

func (e *engine) start(ctx context.Context) {
	for w := range workers {
		go e.work(ctx, w)
	}
}

// work is one worker: it owns every workers-th partition.
func (e *engine) work(ctx context.Context, number int) {
	streams, of := []string{}, map[string]int{}
	for p := number; p < partitions; p += workers {
		streams = append(streams, key(p, "log"))
		of[key(p, "log")] = p
	}
	for range len(streams) {
		streams = append(streams, "0") // what was committed is trimmed, so everything is new
	}
	for ctx.Err() == nil {
		found, err := e.rdb.XRead(ctx, &redis.XReadArgs{Streams: streams, Count: batch, Block: time.Second}).Result()
		if err == nil {
			err = e.turn(ctx, found, of)
		}
		if err != nil && !errors.Is(err, redis.Nil) && ctx.Err() == nil {
			fmt.Fprintln(os.Stderr, "floor:", err)
			pause()
		}
	}
}

// contact is what is read of a contact.
type contact struct {
	version, step int64
	touched       bool // in this turn already: its stored version is not looked at again
}

func (e *engine) turn(ctx context.Context, found []redis.XStream, of map[string]int) error {
	contacts, err := e.load(ctx, found, of)
	if err != nil {
		return err
	}
	p := e.rdb.Pipeline()
	n := 0
	for _, s := range found {
		scriptKeys, args := step(of[s.Stream], s.Messages, contacts)
		p.EvalSha(ctx, e.commit, scriptKeys, args...)
		n += len(s.Messages)
	}
	if _, err := p.Exec(ctx); err != nil {
		return err
	}
	e.handled.Add(int64(n))
	return nil
}

// load reads the contacts of a turn in one round trip.
func (e *engine) load(ctx context.Context, found []redis.XStream, of map[string]int) (map[string]*contact, error) {
	contacts, read := map[string]*contact{}, map[string]*redis.SliceCmd{}
	p := e.rdb.Pipeline()
	for _, s := range found {
		for _, m := range s.Messages {
			from, _ := m.Values["from"].(string)
			if contacts[from] == nil {
				contacts[from] = &contact{}
				read[from] = p.HMGet(ctx, key(of[s.Stream], "contact:"+from), "v", "step")
			}
		}
	}
	if _, err := p.Exec(ctx); err != nil {
		return nil, err
	}
	for from, cmd := range read {
		contacts[from].version, contacts[from].step = integer(cmd.Val()[0]), integer(cmd.Val()[1])
	}
	return contacts, nil
}

func integer(v any) int64 {
	s, _ := v.(string)
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

// answer is a preference with its evidence, as it is kept.
type answer struct {
	Value    string  `json:"value"`
	Words    string  `json:"words"`
	Message  string  `json:"message"`
	Channel  string  `json:"channel"`
	Question string  `json:"question"`
	At       int64   `json:"at"`
	Sure     float64 `json:"sure"`
}

// step is what the script is told of a partition's batch.
func step(partition int, messages []redis.XMessage, contacts map[string]*contact) (scriptKeys []string, args []any) {
	scriptKeys = []string{key(partition, "lease"), key(partition, "log"), key(partition, "out")}
	args = []any{token, behind(messages[len(messages)-1].ID)}
	for _, m := range messages {
		from, _ := m.Values["from"].(string)
		text, _ := m.Values["body"].(string)
		id, _ := m.Values["id"].(string)
		c := contacts[from]
		attribute := attributes[c.step%int64(len(attributes))]
		kept, err := json.Marshal(answer{strings.ToLower(strings.TrimSpace(text)), text, id, "sms", attribute, time.Now().UnixMilli(), 0.9})
		if err != nil {
			panic(err) // a struct of texts and numbers has a form
		}
		expected := strconv.FormatInt(c.version, 10)
		if c.touched {
			expected = "" // checked with the first of them
		}
		c.version, c.step, c.touched = c.version+1, c.step+1, true
		scriptKeys = append(scriptKeys, key(partition, "contact:"+from), key(partition, "ledger:"+from))
		args = append(args, expected, c.version, "asking", c.step, m.ID, attribute, kept, from,
			"Cảm ơn chị! Tặng chị mã STYLE20 giảm 20%: https://l.example/"+m.ID, "autumn-style")
	}
	return scriptKeys, args
}
