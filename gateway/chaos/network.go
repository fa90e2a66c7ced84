package chaos

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"sync"
	"sync/atomic"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/Shopify/toxiproxy/v2/toxics"
	"github.com/rs/zerolog"
)

// home is where all servers are. A gateway reaches them by a number of its own, under the same ports: see network.
const home = "127.0.0.1"

// gatewaysMost is as many as there are numbers of home's length: replies must not become longer.
const gatewaysMost = 8

// number is what home is called on a gateway's network.
func number(gateway int) string { return fmt.Sprintf("127.0.0.%d", gateway+2) }

// network is the ways between gateways and the servers of a Redis, sentinels among them: a link for each pair, so that one
// gateway may be cut off from what the others reach. The ways between the servers are their own.
//
// A Redis of several servers says where they are. A gateway that is told home would go past its links, so the replies on a
// gateway's links tell its own number instead, as a router does that translates addresses.
type network struct {
	links [][]*link // by gateway, then by server

	mu   sync.Mutex
	felt map[Kind]Effect
}

func newNetwork(gateways int, servers []string) (*network, error) {
	if gateways > gatewaysMost {
		return nil, fmt.Errorf("%d gateways: there are numbers for %d", gateways, gatewaysMost)
	}
	zerolog.SetGlobalLevel(zerolog.Disabled) // some toxics write to its own log, whatever they are given
	toxics.Register(passageType, new(passage))
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	n := &network{felt: map[Kind]Effect{}}
	for g := range gateways {
		var row []*link
		for _, s := range servers {
			l, err := newLink(server, number(g), s)
			if err != nil {
				n.close()
				return nil, err
			}
			row = append(row, l)
		}
		n.links = append(n.links, row)
	}
	return n, nil
}

// seen is a gateway's configuration as it must be: with the numbers that it knows the servers by.
func (n *network) seen(gateway int, configuration string) string {
	return strings.ReplaceAll(configuration, home, number(gateway))
}

// play plays a fault on the links of its target: on that to one server, or, where none is named, on all.
func (n *network) play(ctx context.Context, f Fault, server string) (hit bool) {
	var links []*link
	for _, l := range n.links[f.Target%len(n.links)] {
		if server == "" || l.proxy.Upstream == server {
			links = append(links, l)
		}
	}
	effects := make([]Effect, len(links))
	var all sync.WaitGroup
	for i, l := range links {
		all.Go(func() { effects[i] = l.play(ctx, f) })
	}
	all.Wait()
	n.mu.Lock()
	defer n.mu.Unlock()
	sum := n.felt[f.Kind]
	for _, e := range effects {
		hit = hit || e.Links > 0
		sum = sum.and(e)
	}
	n.felt[f.Kind] = sum
	return hit
}

// effects is what the faults did so far.
func (n *network) effects() map[Kind]Effect {
	n.mu.Lock()
	defer n.mu.Unlock()
	return maps.Clone(n.felt)
}

// shut has connections to a server refused, as by a machine where nobody listens any more, until open.
func (n *network) shut(server string) {
	n.each(server, (*link).shut)
}

// open ends a shut.
func (n *network) open(server string) {
	n.each(server, (*link).open)
}

func (n *network) each(server string, do func(*link)) {
	for _, row := range n.links {
		for _, l := range row {
			if l.proxy.Upstream == server {
				do(l)
			}
		}
	}
}

func (n *network) close() {
	for _, row := range n.links {
		for _, l := range row {
			l.shut()
		}
	}
}

// link is the way from one gateway to one server.
type link struct {
	proxy         *toxiproxy.Proxy
	made, carries atomic.Int64 // connections: how many ever, and how many now

	mu    sync.Mutex
	shuts int // how many want it shut
}

func newLink(server *toxiproxy.ApiServer, number, upstream string) (*link, error) {
	listen := strings.Replace(upstream, home, number, 1)
	l := &link{proxy: toxiproxy.NewProxy(server, listen, listen, upstream)}
	w, err := l.proxy.Toxics.AddToxicJson(strings.NewReader(fmt.Sprintf(`{"type":%q,"stream":"downstream"}`, passageType)))
	if err != nil {
		return nil, err
	}
	p := w.Toxic.(*passage)
	p.link, p.number = l, []byte(number)
	return l, l.proxy.Start()
}

func (l *link) shut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shuts++; l.shuts == 1 {
		l.proxy.Stop()
	}
}

func (l *link) open() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shuts--; l.shuts == 0 {
		l.proxy.Start() //nolint:errcheck // the port is its own; whoever needs it finds out
	}
}

// play plays a fault until it is over.
func (l *link) play(ctx context.Context, f Fault) (e Effect) {
	p := newProbe(l.proxy.Listen)
	defer p.close()
	before, made := l.carries.Load(), l.made.Load()
	heal, ok := l.spoil(f)
	if !ok {
		heal()
		return e
	}
	told := make(chan Effect, 1)
	go func() { told <- p.ask(f.For) }()
	wait(ctx, f.For)
	e = <-told
	e.Links, e.Connections = 1, int(before+l.made.Load()-made)
	e.Ended = e.Connections - int(l.carries.Load())
	if p.conn != nil {
		e.Connections--
		e.Ended -= e.Broken
	}
	heal()
	return e
}

// spoil brings a fault about, and says how to end it.
func (l *link) spoil(f Fault) (heal func(), ok bool) {
	if f.Kind == Cut {
		l.shut()
		return l.open, true
	}
	toxic := map[Kind]string{
		Latency:   fmt.Sprintf(`{"type":"latency","attributes":{"latency":%d,"jitter":%d}}`, int(200*f.Share), int(100*f.Share)),
		Reset:     fmt.Sprintf(`{"type":"reset_peer","attributes":{"timeout":%d}}`, int(100*f.Share)),
		HalfOpen:  `{"type":"timeout","attributes":{"timeout":0}}`,
		Bandwidth: fmt.Sprintf(`{"type":"bandwidth","attributes":{"rate":%d}}`, 1+int(30*f.Share)),
	}[f.Kind]
	var added []string
	heal = func() {
		for _, name := range added {
			l.proxy.Toxics.RemoveToxic(context.Background(), name) //nolint:errcheck // it is there
		}
	}
	for _, stream := range []string{"upstream", "downstream"} {
		if _, err := l.proxy.Toxics.AddToxicJson(strings.NewReader(fmt.Sprintf(`{"name":%q,"stream":%q,`, stream, stream) + toxic[1:])); err != nil {
			return heal, false
		}
		added = append(added, stream)
		if f.Kind == HalfOpen && f.Share < 0.5 {
			break // what is sent arrives nowhere; what is answered would
		}
	}
	return heal, true
}
