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

// Secure is a redis-server that speaks TLS only, asks for a certificate, and lets one user in with the rights that
// hoidap needs.
type Secure struct {
	*Node
	URL           string // with user and password
	CA, Cert, Key string // PEM files: whom to trust, and what to show
	Config        *tls.Config
}

// StartSecure runs one. rights are the user's, as in a Redis ACL.
func StartSecure(t testing.TB, rights string) *Secure {
	t.Helper()
	Need(t)
	s, err := LaunchSecure(t.TempDir(), rights)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Kill)
	return s
}

// LaunchSecure runs one whose data and certificates are in dir.
func LaunchSecure(dir, rights string) (*Secure, error) {
	s := &Secure{CA: filepath.Join(dir, "ca.crt"), Cert: filepath.Join(dir, "redis.crt"), Key: filepath.Join(dir, "redis.key")}
	if err := s.certify(); err != nil {
		return nil, err
	}
	acl := filepath.Join(dir, "users.acl")
	password := rand.Text()
	if err := os.WriteFile(acl, []byte("user default off\nuser hoidap on >"+password+" "+rights+"\n"), 0o600); err != nil {
		return nil, err
	}
	n, err := Launch(dir, None, "--port", "0", "--tls-port", portHere, "--tls-cert-file", s.Cert, "--tls-key-file", s.Key,
		"--tls-ca-cert-file", s.CA, "--tls-auth-clients", "yes", "--aclfile", acl)
	if err != nil {
		return nil, err
	}
	n.login = func(o *redis.Options) { o.TLSConfig, o.Username, o.Password = s.Config, "hoidap", password }
	s.Node, s.URL = n, fmt.Sprintf("rediss://hoidap:%s@%s/0", password, n.Addr)
	return s, nil
}

// certify makes an authority, and a certificate that server and client both show.
func (s *Secure) certify() error {
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
