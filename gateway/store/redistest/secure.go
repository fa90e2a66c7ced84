package redistest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// Security is what lets a client in where servers speak TLS only, ask for a certificate, and know two users: hoidap, with
// the rights that it needs, and one who may do everything, as whom the servers speak to each other.
type Security struct {
	CA, Cert, Key  string // PEM files: whom to trust, and what to show
	Config         *tls.Config
	User, Password string // hoidap's

	operator string // the other one's password
	acl      string // the file with the users
}

// SentinelRights is what hoidap's user needs at the sentinels.
const SentinelRights = "+@connection +subscribe +psubscribe +unsubscribe +punsubscribe +sentinel|get-master-addr-by-name +sentinel|replicas +sentinel|sentinels"

const operatorName = "operator"

// newSecurity writes certificates and users into dir. rights are hoidap's, as in a Redis ACL.
func newSecurity(dir, rights string) (*Security, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	s := &Security{CA: in("ca.crt"), Cert: in("redis.crt"), Key: in("redis.key"), User: "hoidap", Password: rand.Text(), operator: rand.Text(), acl: in("users.acl")}
	if err := s.certify(); err != nil {
		return nil, err
	}
	users := fmt.Sprintf("user default off\nuser %s on >%s %s\nuser %s on >%s ~* &* +@all\n", s.User, s.Password, rights, operatorName, s.operator)
	return s, os.WriteFile(s.acl, []byte(users), 0o600)
}

// tlsArgs are settings of a server or sentinel.
func (s *Security) tlsArgs() []string {
	return []string{"--port", "0", "--tls-port", portHere, "--tls-cert-file", s.Cert, "--tls-key-file", s.Key, "--tls-ca-cert-file", s.CA,
		"--tls-auth-clients", "yes", "--tls-replication", "yes"}
}

// secure is what a test's servers need, and a folder for them.
func secure(t testing.TB, rights string) (dir string, s *Security) {
	t.Helper()
	Need(t)
	dir = t.TempDir()
	s, err := newSecurity(dir, rights)
	if err != nil {
		t.Fatal(err)
	}
	return dir, s
}

// args are a server's settings, which others may follow, or which may follow them.
func (s *Security) args() []string {
	return append(s.tlsArgs(), "--aclfile", s.acl, "--masteruser", operatorName, "--masterauth", s.operator)
}

// sentinelLines let a sentinel in where it watches, and at the other sentinels; and hoidap in, who may ask for the master.
func (s *Security) sentinelLines() []string {
	return []string{
		fmt.Sprintf("sentinel auth-user %s %s", MasterName, operatorName),
		fmt.Sprintf("sentinel auth-pass %s %s", MasterName, s.operator),
		"sentinel sentinel-user " + operatorName,
		"sentinel sentinel-pass " + s.operator,
		"user default off",
		fmt.Sprintf("user %s on >%s &* %s", s.User, s.Password, SentinelRights),
		fmt.Sprintf("user %s on >%s ~* &* +@all", operatorName, s.operator),
	}
}

func (s *Security) login(o *redis.Options) {
	o.TLSConfig, o.Username, o.Password = s.Config, operatorName, s.operator
}

// url is a node's, with hoidap's user and password.
func (s *Security) url(addr string) string {
	return fmt.Sprintf("rediss://%s:%s@%s/0", s.User, s.Password, addr)
}

// Secure is one such server.
type Secure struct {
	*Node
	*Security
	URL string // with user and password
}

// StartSecure runs one. rights are the user's, as in a Redis ACL.
func StartSecure(t testing.TB, rights string) *Secure {
	t.Helper()
	dir, s := secure(t, rights)
	n, err := Launch(dir, None, s.args()...)
	if err != nil {
		t.Fatal(err)
	}
	n.login = s.login
	t.Cleanup(n.Kill)
	return &Secure{n, s, s.url(n.Addr)}
}

// SecureCluster is a cluster of such servers.
type SecureCluster struct {
	*Cluster
	*Security
}

// URL names its first node, with user and password.
func (c *SecureCluster) URL() string { return c.url(c.Nodes[0].Addr) }

// StartSecureCluster runs one.
func StartSecureCluster(t testing.TB, rights string) *SecureCluster {
	t.Helper()
	dir, s := secure(t, rights)
	c := &Cluster{ids: map[*Node]string{}, login: s.login}
	if err := c.launch(t.Context(), dir, None, append(s.args(), "--tls-cluster", "yes")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Kill)
	return &SecureCluster{c, s}
}

// SecureSentinels is such servers watched by sentinels that are as careful.
type SecureSentinels struct {
	*Sentinels
	*Security
}

// URL names the first node, with user and password.
func (x *SecureSentinels) URL() string { return x.url(x.Nodes[0].Addr) }

// StartSecureSentinels runs them.
func StartSecureSentinels(t testing.TB, rights string) *SecureSentinels {
	t.Helper()
	dir, s := secure(t, rights)
	watched := &Sentinels{login: s.login, watcherArgs: s.tlsArgs(), watcherLines: s.sentinelLines()}
	if err := watched.launch(t.Context(), dir, None, s.args()); err != nil {
		watched.Kill()
		t.Fatal(err)
	}
	t.Cleanup(watched.Kill)
	return &SecureSentinels{watched, s}
}

// certify makes an authority, and a certificate that server and client both show.
func (s *Security) certify() error {
	authority, err := newCertificate(s.CA, "", nil, nil)
	if err != nil {
		return err
	}
	key, ok := authority.PrivateKey.(*ecdsa.PrivateKey)
	if !ok {
		return fmt.Errorf("not a key of ours: %T", authority.PrivateKey)
	}
	own, err := newCertificate(s.Cert, s.Key, authority.Leaf, key)
	if err != nil {
		return err
	}
	s.Config = &tls.Config{RootCAs: x509.NewCertPool(), Certificates: []tls.Certificate{own}, MinVersion: tls.VersionTLS12}
	s.Config.RootCAs.AddCert(authority.Leaf)
	return nil
}

// newCertificate writes a certificate for 127.0.0.1, and its key where keyFile is given; without an issuer it is its own
// authority.
func newCertificate(certFile, keyFile string, issuer *x509.Certificate, issuerKey *ecdsa.PrivateKey) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: filepath.Base(certFile)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: issuer == nil, BasicConstraintsValid: true}
	if issuer == nil {
		issuer, issuerKey = about, key
	}
	der, err := x509.CreateCertificate(rand.Reader, about, issuer, key.Public(), issuerKey)
	if err != nil {
		return tls.Certificate{}, err
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return tls.Certificate{}, err
	}
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	keyPEM := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})
	if err := os.WriteFile(certFile, certPEM, 0o600); err != nil {
		return tls.Certificate{}, err
	}
	if keyFile != "" {
		if err := os.WriteFile(keyFile, keyPEM, 0o600); err != nil {
			return tls.Certificate{}, err
		}
	}
	return tls.X509KeyPair(certPEM, keyPEM)
}
