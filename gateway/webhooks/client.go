package webhooks

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// errPrivate: whoever may write an endpoint's name into a DNS could reach what is inside our network.
var errPrivate = errors.New("the address leads into a private network; where that is meant, configure it with private: true")

// reserved is what is no private address by netip, and still nobody's on the open Internet: shared and benchmarking
// networks, documentation, and what translates to other addresses.
func reserved() []netip.Prefix {
	return []netip.Prefix{
		netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("198.18.0.0/15"),
		netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
		netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2001::/32"), netip.MustParsePrefix("2001:db8::/32"),
		netip.MustParsePrefix("2002::/16"),
	}
}

// onThisMachine reports whether a host is written as this machine.
func onThisMachine(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback() || strings.EqualFold(host, "localhost")
}

// open reports whether an address is on the open Internet.
func open(ip netip.Addr) bool {
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	for _, p := range reserved() {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}

// guard refuses connections to where an endpoint must not lead. It is asked about the address that is connected to, when
// names have been resolved: a name that changes between a check and its use helps nobody.
func guard(e Endpoint) func(network, address string, _ syscall.RawConn) error {
	u, err := url.Parse(e.URL)
	here := err == nil && onThisMachine(u.Hostname())
	return func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		ip := at.Addr().Unmap()
		if e.Private || here && ip.IsLoopback() || !here && open(ip) {
			return nil
		}
		return errPrivate
	}
}

// newClient posts to one endpoint: directly, without redirects, which would carry what is signed to somebody else.
func newClient(e Endpoint, timeout time.Duration, parallel int) *http.Client {
	dialer := &net.Dialer{Timeout: timeout, Control: guard(e)}
	return &http.Client{
		Timeout: timeout,
		Transport: &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: timeout, MaxIdleConnsPerHost: parallel, IdleConnTimeout: time.Minute,
			DisableCompression: true, ForceAttemptHTTP2: true, MaxResponseHeaderBytes: 16 << 10},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
