package store

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	tryAgain  = 250 * time.Millisecond // between two attempts to reach Redis
	sayItEach = 5 * time.Second        // while waiting
)

// Open connects, waits for Redis where it is still starting, and checks that it is one to rely on: its version, that it
// drops nothing, its clock, that the database is hoidap's alone, and that the partition count is the one of the first
// start. Its errors name the cure. What is merely dangerous is logged.
func Open(ctx context.Context, o Options) (*Store, error) {
	redis.SetLogger(silent{}) // its lines go to stderr unstructured; what they say comes back to us as errors too
	o = o.withDefaults()
	s, err := connect(o)
	if err != nil {
		return nil, err
	}
	if err := s.begin(ctx, o); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.beginLooking(ctx)
	return s, nil
}

// begin tries until Redis answers. One that loads its data is waited for as long as ctx allows, any other for o.Patience.
func (s *Store) begin(ctx context.Context, o Options) error {
	deadline := time.Now().Add(o.Patience)
	var said time.Time
	loading := false
	for {
		err := s.attempt(ctx, o)
		if cure := hopeless(o, err); cure != nil {
			return cure
		}
		switch {
		case err == nil:
			return nil
		case !IsAway(err) || ctx.Err() != nil:
			return err
		case redis.IsLoadingError(err):
			if !loading {
				o.Log.Warn("Redis is loading its data: waiting until it is done")
			}
			loading, deadline = true, time.Now().Add(o.Patience)
		case time.Now().After(deadline):
			return fmt.Errorf("Redis did not answer for %s: start it, or correct the redis part of the configuration%s: %s", o.Patience, aboutTLS(o), oneLine(err))
		case time.Since(said) >= sayItEach:
			o.Log.Warn("Redis does not answer yet: trying again", "error", oneLine(err))
			said = time.Now()
		}
		if !pause(ctx, tryAgain) {
			return ctx.Err()
		}
	}
}

// aboutTLS is what to look at where TLS is spoken to a Redis that does not answer: one without TLS hears no command, and waits.
func aboutTLS(o Options) string {
	if strings.HasPrefix(o.URL, "rediss://") {
		return " (rediss:// is for a port with TLS; Redis's tls-port says which)"
	}
	return ""
}

// attempt goes through the checks and settles what is settled at the first start.
func (s *Store) attempt(ctx context.Context, o Options) error {
	warnings, err := s.check(ctx, o)
	if err != nil {
		return err
	}
	if err := s.settle(ctx); err != nil {
		return err
	}
	for _, w := range warnings {
		o.Log.Warn(w)
	}
	return nil
}

// settle fixes the partition count at the first start, verifies it later, and loads the scripts.
func (s *Store) settle(ctx context.Context) error {
	said, err := s.setOnce(ctx, "partitions", strconv.Itoa(s.partitions))
	if err != nil {
		return unavailable("reading the partition count", err)
	}
	n, err := strconv.Atoi(said)
	if err != nil {
		return fmt.Errorf("the partition count of this Redis is %q: restore field partitions of %s from a backup", said, metaKey)
	}
	if n != s.partitions {
		return fmt.Errorf("this Redis was set up with %d partitions, the configuration says %d: the count cannot change; set partitions: %d", n, s.partitions, n)
	}
	return s.loadScripts(ctx)
}

// pause waits, and reports false where ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// hopeless is what to do about an error that waiting does not mend; nil for any other.
func hopeless(o Options, err error) error {
	var untrusted *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var cure string
	switch {
	case err == nil:
		return nil
	case fromSentinels(err) && (says(err, "NOAUTH") || says(err, "WRONGPASS") || says(err, "NOPERM")):
		cure = "the sentinels do not let this user in, or not ask for the master: correct redis.sentinel.user and its password, or give the user the rights that docs/operator.md lists"
	case says(err, "NOAUTH"), says(err, "WRONGPASS"):
		cure = "Redis does not take this user and password: correct them in redis.url"
	case says(err, "NOPERM"):
		cure = "Redis does not let this user do what hoidap must: give it the rights that docs/operator.md lists"
	case says(err, "DENIED"):
		cure = "Redis is in protected mode: give it a password, or bind it to the address that hoidap comes from"
	case (says(err, "MOVED") || says(err, "CLUSTERDOWN")) && len(o.Cluster) == 0:
		return errPartOfACluster
	case strings.Contains(err.Error(), "cluster support disabled"):
		cure = "this Redis is not a cluster: take redis.cluster out"
	case says(err, "READONLY") && o.Sentinel == nil && len(o.Cluster) == 0:
		cure = "this Redis is a replica: let redis.url name the master, or name the sentinels in redis.sentinel"
	case o.Sentinel != nil && isNil(err):
		cure = fmt.Sprintf("the sentinels watch no master %s: correct redis.sentinel.master", o.Sentinel.Master)
	case errors.As(err, &untrusted), errors.As(err, &authority):
		cure = "the certificate of Redis is not trusted: name its authority in redis.tls.ca, and the name it stands for in redis.tls.server_name"
	case strings.Contains(err.Error(), "remote error: tls"):
		cure = "Redis does not take our certificate: name one that its authority made in redis.tls.cert and redis.tls.key"
	default:
		return nil
	}
	return fmt.Errorf("%s: %s", cure, oneLine(err))
}

// says reports whether Redis's own error begins with a word.
func says(err error, word string) bool { return err != nil && redis.HasErrorPrefix(err, word) }

// fromSentinels reports whether the sentinels gave an error, not a Redis.
func fromSentinels(err error) bool { return strings.Contains(err.Error(), "all sentinels specified") }

// oneLine is an error's text in one line.
func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
