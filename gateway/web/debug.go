package web

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"strings"
)

// Debug serves the Go runtime's profiles under /debug/pprof/ on a listener of its own, which must be a loopback address:
// they show the inside of the program. Nothing of them is reachable by the server's own address.
type Debug struct{ http *http.Server }

// StartDebug begins to serve profiles and returns the address that it listens on.
func StartDebug(ctx context.Context, listen string) (*Debug, string, error) {
	if !IsLoopback(listen) {
		return nil, "", fmt.Errorf("debug: %s is not a loopback address", listen)
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", listen)
	if err != nil {
		return nil, "", fmt.Errorf("debug: listening: %w", err)
	}
	// The command line is left out: there may be a path with a name in it.
	m := http.NewServeMux()
	m.HandleFunc("GET /debug/pprof/", pprof.Index) // and each profile by its name
	m.HandleFunc("GET /debug/pprof/cmdline", http.NotFound)
	m.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	m.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	m.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	d := &Debug{&http.Server{Handler: ownHost(m), ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader}}
	go d.http.Serve(l) //nolint:errcheck // it ends with Stop; without it nothing but profiles is missing
	return d, l.Addr().String(), nil
}

// Stop ends it at once: nobody waits for a profile when the program ends.
func (d *Debug) Stop() error { return d.http.Close() }

// ownHost refuses names that somebody else's site was made to lead here by (DNS rebinding).
func ownHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !IsLoopback(r.Host) {
			http.Error(w, "profiles are for this machine only", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// IsLoopback reports whether the host of host:port is this machine itself, whatever names resolve to.
func IsLoopback(hostPort string) bool {
	host, _, err := net.SplitHostPort(hostPort)
	if addr := new(net.AddrError); errors.As(err, &addr) {
		host = strings.Trim(hostPort, "[]")
	}
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
