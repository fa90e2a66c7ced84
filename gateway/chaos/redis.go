package chaos

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"
	"golang.org/x/sys/unix"
)

// deployment is the Redis under test, in one of its shapes. Its methods may be called concurrently.
type deployment interface {
	// section is the `redis` group of a gateway's configuration.
	section(gateway int) string
	// can reports whether a fault makes sense here.
	can(Kind) bool
	// play plays a fault until it is over; hit is false where there was nothing to hit. killed counts the processes that
	// were ended with SIGKILL.
	play(ctx context.Context, f Fault) (killed int, hit bool)
	// effects is what faults of the network did.
	effects() map[Kind]Effect
	// await waits until it serves.
	await(ctx context.Context) error
	// clients are for looking at what it holds: one for each server that holds something.
	clients() []*redis.Client
	close()
}

// single is one redis-server that syncs each write to its append-only file.
type single struct {
	*process
	dir     string
	address string
	direct  *redis.Client
	net     *network
}

// startSingle starts it, with a way to it for each gateway.
func startSingle(dir, data string, gateways int) (deployment, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(data, brokenDump), 0o755); err != nil {
		return nil, err
	}
	address := fmt.Sprintf("%s:%d", home, port)
	s := &single{dir: data, address: address, direct: redis.NewClient(&redis.Options{Addr: address, MaxRetries: -1, DialTimeout: time.Second, ReadTimeout: 2 * time.Second})}
	// A write beyond the limit must fail as on a full disk, and not end the process by SIGXFSZ.
	command := fmt.Sprintf("trap '' XFSZ; exec redis-server --port %d --bind 127.0.0.1 --dir %s --daemonize no --save '' --appendonly yes --appendfsync always"+
		" --enable-protected-configs yes", port, data)
	if s.process, err = newProcess("redis", filepath.Join(dir, "redis.log"), "Ready to accept connections", nil, "sh", "-c", command); err != nil {
		return nil, err
	}
	if s.net, err = newNetwork(gateways, []string{address}); err != nil {
		return nil, err
	}
	s.keep()
	return s, nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

func (s *single) section(gateway int) string {
	return s.net.seen(gateway, fmt.Sprintf("{url: %q, lease: %s}", "redis://"+s.address+"/0", lease))
}

func (s *single) effects() map[Kind]Effect { return s.net.effects() }

func (s *single) can(Kind) bool { return true }

func (s *single) clients() []*redis.Client { return []*redis.Client{s.direct} }

func (s *single) await(ctx context.Context) error {
	for {
		err := s.direct.Ping(ctx).Err()
		if err == nil {
			return nil
		}
		if !wait(ctx, 20*time.Millisecond) {
			return fmt.Errorf("redis does not answer: %w", err)
		}
	}
}

func (s *single) play(ctx context.Context, f Fault) (killed int, hit bool) {
	switch f.Kind {
	case KillRedis:
		s.net.shut(s.address)
		defer s.net.open(s.address)
		if hit = s.end(ctx, syscall.SIGKILL, f.For); hit {
			killed = 1
		}
		return killed, hit
	case PauseRedis:
		hit = s.signal(syscall.SIGSTOP)
		wait(ctx, f.For)
		s.signal(syscall.SIGCONT)
		return 0, hit
	case FullDisk:
		return 0, s.fullDisk(ctx, f.For)
	case Misconf:
		return 0, s.misconf(ctx, f.For)
	case OutOfMemory:
		return 0, s.set(ctx, f.For, "maxmemory", "1", "0")
	default:
		return 0, s.net.play(ctx, f, "")
	}
}

// fullDisk lets no file of Redis grow beyond some bytes more than the append-only file has. Redis, which must sync each
// write, ends itself at the first one that fails.
func (s *single) fullDisk(ctx context.Context, d time.Duration) bool {
	pid := s.pid()
	files, err := filepath.Glob(filepath.Join(s.dir, "appendonlydir", "*.incr.aof"))
	if pid == 0 || err != nil || len(files) == 0 {
		return false
	}
	var size int64
	for _, f := range files {
		if i, err := os.Stat(f); err == nil {
			size = max(size, i.Size())
		}
	}
	limit := unix.Rlimit{Cur: uint64(size) + 2000, Max: unix.RLIM_INFINITY} // in the middle of some write
	if err := unix.Prlimit(pid, unix.RLIMIT_FSIZE, &limit, nil); err != nil {
		return false
	}
	s.hold(true) // it does not come back before the disk has room again
	wait(ctx, d)
	if s.pid() == pid {
		limit.Cur = unix.RLIM_INFINITY
		unix.Prlimit(pid, unix.RLIMIT_FSIZE, &limit, nil) //nolint:errcheck // it has just ended: the next one has no limit
	}
	s.hold(false)
	return true
}

// brokenDump is a folder where Redis is told to write its snapshot: that fails, as on a full disk, and Redis then refuses
// writes with MISCONF.
const brokenDump = "no-room.rdb"

func (s *single) misconf(ctx context.Context, d time.Duration) bool {
	hit := s.direct.ConfigSet(ctx, "dbfilename", brokenDump).Err() == nil &&
		s.direct.ConfigSet(ctx, "save", "100000 100000000").Err() == nil &&
		s.direct.BgSave(ctx).Err() == nil
	wait(ctx, d)
	s.insist("save", "")
	s.insist("dbfilename", "dump.rdb")
	return hit
}

// set changes a setting for a while.
func (s *single) set(ctx context.Context, d time.Duration, name, bad, good string) bool {
	hit := s.direct.ConfigSet(ctx, name, bad).Err() == nil
	wait(ctx, d)
	s.insist(name, good)
	return hit
}

// insist changes a setting however often it must be tried, unless Redis is down: then it comes back without it.
func (s *single) insist(name, value string) {
	for range 100 {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		err := s.direct.ConfigSet(ctx, name, value).Err()
		cancel()
		if err == nil || s.pid() == 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (s *single) close() {
	s.process.close()
	s.net.close()
	s.direct.Close() //nolint:errcheck // it was only looked through
}
