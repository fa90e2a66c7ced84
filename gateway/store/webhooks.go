package store

import (
	"context"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// TellMost bounds what waits for one webhook endpoint in a partition: what comes beyond it is lost, and counted.
const TellMost = 2000

const (
	attemptsMost = 1000                // of an endpoint's deliveries that are listed, roughly: the oldest give way
	endpointFor  = 90 * 24 * time.Hour // how long is kept how an endpoint is, after the last delivery
)

// The fields of how an endpoint is. Times are in milliseconds.
const (
	EndpointDelivered = "delivered" // when something was delivered
	EndpointFailed    = "failed"    // when something was not
	EndpointWhy       = "why"       // why not
	EndpointSince     = "since"     // since when nothing was delivered that was tried
	EndpointOff       = "off"       // since when nothing is tried
	EndpointOffWhy    = "off_why"   // failing, gone
)

// Tell puts what an endpoint is to be told on its queue, unless it waits there already or too much does.
func (b *Batch) Tell(endpoint, id string, due time.Time, body []byte) {
	b.tell(cmdTELL, endpoint, id, due, body, TellMost)
}

// TellAnyway is Tell however much waits: people ask for it, and it must not be lost on the way. There is no more of it than is kept.
func (b *Batch) TellAnyway(endpoint, id string, due time.Time, body []byte) {
	b.tell(cmdTELL, endpoint, id, due, body, "")
}

// TellAgain puts off what waits for an endpoint.
func (b *Batch) TellAgain(endpoint, id string, due time.Time, body []byte) {
	b.tell(cmdRETELL, endpoint, id, due, body, "")
}

// tell writes a command; most is how many may wait, or "".
func (b *Batch) tell(c command, endpoint, id string, due time.Time, body []byte, most any) {
	p := b.lease.Partition
	b.write(c, tellKey(p, endpoint), b.also(tellBodiesKey(p)), b.also(tellLostKey(p)), most, endpoint, id, due.UnixMilli(), body)
}

// Told takes what an endpoint was told, or will not be, off its queue.
func (b *Batch) Told(endpoint, id string) {
	p := b.lease.Partition
	b.member(cmdZREM, tellKey(p, endpoint), id, id)
	b.member(cmdHDEL, tellBodiesKey(p), endpoint+"|"+id, endpoint+"|"+id)
}

// BuryTold takes what an endpoint could not be told off its queue and keeps it with the dead letters, unless its contact was erased
// meanwhile.
func (b *Batch) BuryTold(endpoint, id, reason string, body []byte, now time.Time) {
	p := b.lease.Partition
	b.write(cmdBURYTOLD, tellKey(p, endpoint), b.also(tellBodiesKey(p)), b.also(deadKey(p)), deadMost, endpoint, id, reason, body, now.UnixMilli())
}

// Telling is something that an endpoint is to be told.
type Telling struct {
	Partition int
	ID        string
	Due       time.Time
	Body      []byte // nil: it is gone
}

// DueTellings is up to n of each partition that an endpoint is to be told by now, the longest due first.
func (s *Store) DueTellings(ctx context.Context, endpoint string, partitions []int, now time.Time, n int) ([]Telling, error) {
	p := s.rdb.Pipeline()
	cmds := make([]*redis.ZSliceCmd, len(partitions))
	for i, q := range partitions {
		cmds[i] = p.ZRangeByScoreWithScores(ctx, tellKey(q, endpoint), &redis.ZRangeBy{Min: "-inf", Max: score(now), Count: int64(n)})
	}
	if err := exec(ctx, p, "looking what webhooks are due"); err != nil {
		return nil, err
	}
	var due []Telling
	bodies, p := make([]*redis.StringCmd, 0, n), s.rdb.Pipeline()
	for i, q := range partitions {
		for _, z := range cmds[i].Val() {
			id := text(z.Member)
			due = append(due, Telling{Partition: q, ID: id, Due: time.UnixMilli(int64(z.Score))})
			bodies = append(bodies, p.HGet(ctx, tellBodiesKey(q), endpoint+"|"+id))
		}
	}
	if err := exec(ctx, p, "reading webhooks"); err != nil {
		return nil, err
	}
	for i, c := range bodies {
		if v, err := c.Bytes(); err == nil {
			due[i].Body = v
		}
	}
	return due, nil
}

// Endpoint is how a webhook's endpoint is, as all replicas together know it.
type Endpoint struct {
	Waiting int64 // what it is to be told
	Lost    int64 // what it was not, since too much waited
	Fields  map[string]string
}

// Endpoints reads how endpoints are.
func (s *Store) Endpoints(ctx context.Context, names []string) ([]Endpoint, error) {
	p := s.rdb.Pipeline()
	states := make([]*redis.MapStringStringCmd, len(names))
	waiting, lost := make([][]*redis.IntCmd, len(names)), make([][]*redis.StringCmd, len(names))
	for i, name := range names {
		states[i] = p.HGetAll(ctx, endpointKey(name))
		for q := range s.partitions {
			waiting[i] = append(waiting[i], p.ZCard(ctx, tellKey(q, name)))
			lost[i] = append(lost[i], p.HGet(ctx, tellLostKey(q), name))
		}
	}
	if err := exec(ctx, p, "reading how webhooks are"); err != nil {
		return nil, err
	}
	out := make([]Endpoint, len(names))
	for i := range names {
		out[i].Fields = states[i].Val()
		for q := range s.partitions {
			n, _ := strconv.ParseInt(lost[i][q].Val(), 10, 64)
			out[i].Waiting, out[i].Lost = out[i].Waiting+waiting[i][q].Val(), out[i].Lost+n
		}
	}
	return out, nil
}

// EndpointState reads what is kept of an endpoint.
func (s *Store) EndpointState(ctx context.Context, name string) (map[string]string, error) {
	v, err := s.rdb.HGetAll(ctx, endpointKey(name)).Result()
	if err != nil {
		return nil, unavailable("reading how a webhook is", err)
	}
	return v, nil
}

// Attempted writes an attempt to tell an endpoint something on its list, and fields of how the endpoint is: set, taken away,
// and set where they are not there yet. It returns how it is then.
func (s *Store) Attempted(ctx context.Context, name string, attempt []byte, set map[string]string, gone []string, first map[string]string) (map[string]string, error) {
	k, p := endpointKey(name), s.rdb.TxPipeline()
	if attempt != nil {
		p.XAdd(ctx, &redis.XAddArgs{Stream: attemptsKey(name), MaxLen: attemptsMost, Approx: true, Values: []any{"b", attempt}})
		p.Expire(ctx, attemptsKey(name), endpointFor)
	}
	if len(gone) > 0 {
		p.HDel(ctx, k, gone...)
	}
	for field, v := range first {
		p.HSetNX(ctx, k, field, v)
	}
	for field, v := range set {
		p.HSet(ctx, k, field, v)
	}
	p.Expire(ctx, k, endpointFor)
	all := p.HGetAll(ctx, k)
	if err := exec(ctx, p, "writing down a delivery"); err != nil {
		return nil, err
	}
	return all.Val(), nil
}

// Attempt is one attempt on an endpoint's list.
type Attempt struct {
	Place string
	Body  []byte
}

// Attempts lists up to n attempts of an endpoint that lie before a place ("": the newest), newest first.
func (s *Store) Attempts(ctx context.Context, name, before string, n int) ([]Attempt, error) {
	from := "+"
	if before != "" {
		from = "(" + before
	}
	ms, err := s.rdb.XRevRangeN(ctx, attemptsKey(name), from, "-", int64(n)).Result()
	if err != nil {
		return nil, unavailable("reading deliveries", err)
	}
	out := make([]Attempt, len(ms))
	for i, m := range ms {
		out[i] = Attempt{m.ID, []byte(text(m.Values["b"]))}
	}
	return out, nil
}
