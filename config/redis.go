package config

import (
	"crypto/tls"
	"crypto/x509"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hoidap/hoidap/config/strict"
)

func (r *reader) redis(v strict.Value) Redis {
	if !v.Present() {
		return Redis{}
	}
	g := v.Group("url", "cluster", "sentinel", "tls", "confirm", "lease")
	at := g.Need("url", "redis://127.0.0.1:6379/0")
	out := Redis{URL: Secret(r.text(at))}
	redisURL(at, string(out.URL))
	for _, m := range g.Get("cluster").List() {
		s := r.text(m)
		address(m, s)
		out.Cluster = append(out.Cluster, s)
	}
	if s := g.Get("sentinel"); s.Present() {
		out.Sentinel = r.sentinel(s)
	}
	if l := g.Get("lease"); l.Present() {
		out.Lease = r.lease(l)
	}
	if t := g.Get("tls"); t.Present() {
		out.TLS = r.tls(t)
	}
	if c := g.Get("confirm"); c.Present() {
		out.Confirm = c.Int(1, confirmMost)
	}
	fits(g, at, out)
	return out
}

// confirmMost bounds the replicas that are waited for: more than a master ever has is a mistake.
const confirmMost = 5

// fits checks what each key allows the others to be.
func fits(g strict.Group, at strict.Value, out Redis) {
	if len(out.Cluster) > 0 && out.Sentinel != nil {
		g.Get("sentinel").Fail("keep one of them", "a Redis is a cluster or watched by sentinels, not both")
	}
	u, err := url.Parse(string(out.URL))
	if err != nil || out.URL == "" {
		return // said already
	}
	if len(out.Cluster) > 0 {
		switch db := strings.Trim(u.Path, "/"); {
		case u.Scheme == "unix":
			at.Fail("write redis:// or rediss:// and one of its nodes", "a cluster is not reached by a unix socket")
		case db != "" && db != "0":
			at.Fail("end it with /0", "a cluster has no other database than 0")
		}
	}
	if out.TLS != nil && u.Scheme != "rediss" {
		at.Fail("write rediss://, or take tls out", "tls is said, and url does not ask for it")
	}
}

// The bounds of a lease: shorter than a second a slow moment would end it, longer than five minutes nobody would answer.
const (
	leaseLeast = time.Second
	leaseMost  = 5 * time.Minute
)

func (r *reader) lease(v strict.Value) time.Duration {
	d, err := time.ParseDuration(r.text(v))
	if err != nil || d < leaseLeast || d > leaseMost {
		v.Fail("write it like 10s", "lease must be from %s to %s", leaseLeast, leaseMost)
		return 0
	}
	return d
}

// redisURL never repeats the address: there may be a password in it.
func redisURL(v strict.Value, s string) {
	if s == "" {
		return
	}
	u, err := url.Parse(s)
	switch {
	case err != nil:
		v.Fail("write it like redis://127.0.0.1:6379/0; signs such as @ and # in a password are written %40 and %23", "url cannot be read")
	case u.Scheme != "redis" && u.Scheme != "rediss" && u.Scheme != "unix":
		v.Fail("write it like redis://127.0.0.1:6379/0, or rediss:// for TLS", "url must begin with redis:// or rediss://")
	case u.Host == "" && u.Scheme != "unix":
		v.Fail("write it like redis://127.0.0.1:6379/0", "url names no host")
	case u.Scheme != "unix" && !databaseNumber(strings.Trim(u.Path, "/")):
		v.Fail("end it with a number, like redis://127.0.0.1:6379/0", "url names a database that is no number")
	}
}

// databaseNumber reports whether the path of a Redis URL is one; none means database 0.
func databaseNumber(path string) bool {
	_, err := strconv.ParseUint(path, 10, 16)
	return path == "" || err == nil
}

func (r *reader) sentinel(v strict.Value) *Sentinel {
	g := v.Group("master", "addrs", "user", "password")
	s := &Sentinel{Master: r.text(g.Need("master", "mymaster")), User: r.text(g.Get("user")), Password: Secret(r.text(g.Get("password")))}
	list := g.Need("addrs", "[10.0.0.1:26379, 10.0.0.2:26379]")
	for _, m := range list.List() {
		a := r.text(m)
		address(m, a)
		s.Addrs = append(s.Addrs, a)
	}
	if list.IsList() && len(s.Addrs) == 0 {
		list.Fail("write at least one host:port", "there is no sentinel")
	}
	return s
}

// tls is how rediss:// is spoken: whom to trust, and who we are.
func (r *reader) tls(v strict.Value) *tls.Config {
	g := v.Group("ca", "cert", "key", "server_name")
	c := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: r.text(g.Get("server_name"))}
	if ca := g.Get("ca"); ca.Present() {
		c.RootCAs = x509.NewCertPool()
		if pem := r.pem(ca); pem != nil && !c.RootCAs.AppendCertsFromPEM(pem) {
			ca.Fail("it must hold lines from BEGIN CERTIFICATE to END CERTIFICATE", "there is no certificate in the file")
		}
	}
	cert, key := g.Get("cert"), g.Get("key")
	if !cert.Present() && !key.Present() {
		return c
	}
	certPEM, keyPEM := r.pem(g.Need("cert", "client.crt, the certificate that belongs to key")), r.pem(g.Need("key", "client.key, the key that belongs to cert"))
	if certPEM == nil || keyPEM == nil {
		return c
	}
	pair, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		cert.Fail("both must be PEM files, and the key the certificate's own", "cert and key do not fit together")
	}
	c.Certificates = []tls.Certificate{pair}
	return c
}

// pem is what the file holds that v names; nil where it cannot be read, which is said.
func (r *reader) pem(v strict.Value) []byte {
	path := r.text(v)
	if path == "" {
		return nil
	}
	b, err := r.readFile(r.beside(path))
	if err != nil {
		v.Fail("", "the file %s cannot be read: %v", path, cause(err))
		return nil
	}
	return b
}
