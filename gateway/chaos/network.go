package chaos

import (
	"context"
	"fmt"
	"strings"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
)

// links is the network between gateways and Redis: a proxy for each gateway.
type links struct {
	proxies []*toxiproxy.Proxy
}

func newLinks(gateways int, upstream string) (*links, error) {
	zerolog.SetGlobalLevel(zerolog.Disabled) // some toxics write to its own log, whatever they are given
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	l := &links{}
	for i := range gateways {
		port, err := freePort()
		if err != nil {
			return nil, err
		}
		p := toxiproxy.NewProxy(server, fmt.Sprintf("redis-%d", i), fmt.Sprintf("127.0.0.1:%d", port), upstream)
		if err := p.Start(); err != nil {
			return nil, err
		}
		l.proxies = append(l.proxies, p)
	}
	return l, nil
}

func (l *links) address(gateway int) string { return l.proxies[gateway].Listen }

// play plays a fault on the link of the fault's target.
func (l *links) play(ctx context.Context, f Fault) (hit bool) {
	p := l.proxies[f.Target%len(l.proxies)]
	if f.Kind == Cut {
		p.Stop()
		wait(ctx, f.For)
		return p.Start() == nil
	}
	toxic := map[Kind]string{
		Latency:   fmt.Sprintf(`{"type":"latency","attributes":{"latency":%d,"jitter":%d}}`, int(200*f.Share), int(100*f.Share)),
		Reset:     fmt.Sprintf(`{"type":"reset_peer","attributes":{"timeout":%d}}`, int(100*f.Share)),
		HalfOpen:  `{"type":"timeout","attributes":{"timeout":0}}`,
		Bandwidth: fmt.Sprintf(`{"type":"bandwidth","attributes":{"rate":%d}}`, 1+int(30*f.Share)),
	}[f.Kind]
	for _, stream := range []string{"upstream", "downstream"} {
		name := fmt.Sprintf(`{"name":"%s","stream":"%s",`, stream, stream)
		if _, err := p.Toxics.AddToxicJson(strings.NewReader(name + toxic[1:])); err != nil {
			return false
		}
		hit = true
		if f.Kind == HalfOpen && f.Share < 0.5 {
			break // what is sent arrives nowhere; what is answered would
		}
	}
	wait(ctx, f.For)
	healing, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	p.Toxics.ResetToxics(healing)
	return hit
}

func (l *links) close() {
	for _, p := range l.proxies {
		p.Stop()
	}
}
