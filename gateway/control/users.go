package control

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"github.com/hoidap/hoidap/gateway/access"
)

// Bounds of users and of signing in.
const (
	PasswordLeast = 10 // characters
	passwordMost  = 128
	userNameMost  = 64

	triesWhile   = 15 * time.Minute
	triesOfUser  = 10 // to sign in as one user, in that while
	triesOfPlace = 60 // to sign in from one place, likewise

	inviteLives = 72 * time.Hour
	firstLives  = time.Hour
	hashesMost  = 2 // computed at once: each takes 19 MiB and a core for some 50 ms
)

// What callers can tell apart when somebody signs in.
var (
	ErrWrongPassword = errors.New("wrong name or password")
	ErrTooManyTries  = errors.New("too many tries")
)

// User is who may use the console.
type User struct {
	Name    string      `json:"name"`
	Display string      `json:"display,omitempty"` // how others see them; empty: Name
	Role    access.Role `json:"-"`
	Locale  string      `json:"locale,omitempty"` // vi or en; empty: what their browser asks for
	// Invited says that they have not signed in yet.
	Invited bool      `json:"invited,omitempty"`
	Created time.Time `json:"created"`
	// Revision changes with all that is kept of them. Where ChangeUser is given one, it must be that which is kept.
	Revision string `json:"-"`
	// Epoch changes with the password, the role, and when all sessions are to end.
	Epoch int `json:"-"`
}

// Shown is how others see the user.
func (u User) Shown() string {
	if u.Display != "" {
		return u.Display
	}
	return u.Name
}

// Users keeps who may use the console.
type Users interface {
	Users(ctx context.Context) ([]User, error)
	User(ctx context.Context, name string) (User, error)
	// SignIn checks a password. Its errors wrap ErrWrongPassword or ErrTooManyTries. From is where the call comes from.
	SignIn(ctx context.Context, name, password, from string) (User, error)
	// Invite makes a user who has not signed in yet, or lets one who forgot their password choose another; the code in the
	// link works once, within three days.
	Invite(ctx context.Context, u User) (code string, err error)
	// Invited is for whom an invitation's code is.
	Invited(ctx context.Context, code string) (User, error)
	// Accept takes an invitation and keeps the password that its bearer chose.
	Accept(ctx context.Context, code, password string) (User, error)
	// ChangeUser keeps another display name, locale or role. A user may change their own name and locale.
	ChangeUser(ctx context.Context, u User) (User, error)
	// RemoveUser ends that somebody may use the console; revision is as in ChangeUser.
	RemoveUser(ctx context.Context, name, revision string) error
	// Known finds a user whom an identity provider vouches for, or makes one with a role, where there is a role for them. Whose
	// role came from the provider alone is removed when it has none for them any more (ErrNotFound).
	Known(ctx context.Context, name, display string, role access.Role) (User, error)
}

// keptUser is a user as it is stored.
type keptUser struct {
	User
	RoleName string `json:"role"`
	Hash     string `json:"hash,omitempty"` // argon2id, as a PHC string; empty: cannot sign in by password
	Age      int    `json:"epoch,omitempty"`
	// Given is the role that one of the brand's people gave them; empty: they are here by an identity provider's word alone.
	Given string `json:"given,omitempty"`
}

func readUser(raw string) (keptUser, error) {
	var k keptUser
	if err := json.Unmarshal([]byte(raw), &k); err != nil {
		return k, fmt.Errorf("a stored user cannot be read: %w", err)
	}
	role, err := access.ParseRole(k.RoleName)
	if err != nil {
		return k, err
	}
	k.Role, k.Epoch, k.Revision = role, k.Age, hashed(raw)
	return k, nil
}

func (k keptUser) stored() string {
	k.RoleName, k.Age = k.Role.String(), k.Epoch
	b, _ := json.Marshal(k)
	return string(b)
}

// Users implements Users, as do the others below.
func (s *Service) Users(ctx context.Context) ([]User, error) {
	if err := access.Need(ctx, access.Admin); err != nil {
		return nil, err
	}
	all, err := s.Store.Users(ctx)
	if err != nil {
		return nil, away(err)
	}
	users := make([]User, 0, len(all))
	for _, raw := range all {
		k, err := readUser(raw)
		if err != nil {
			return nil, err
		}
		users = append(users, k.User)
	}
	slices.SortFunc(users, func(a, b User) int { return strings.Compare(a.Name, b.Name) })
	return users, nil
}

// User is somebody by their name.
func (s *Service) User(ctx context.Context, name string) (User, error) {
	k, _, err := s.user(ctx, name)
	return k.User, err
}

func (s *Service) user(ctx context.Context, name string) (k keptUser, raw string, err error) {
	if raw, err = s.Store.User(ctx, name); err != nil {
		return k, "", away(err)
	}
	if raw == "" {
		return k, "", notFound("user", name)
	}
	k, err = readUser(raw)
	return k, raw, err
}

// PasswordCost is how much work hashing a password is; zero: as OWASP's password storage cheat sheet has it. Only tests want less.
type PasswordCost struct {
	Memory     uint32 // KiB
	Iterations uint32
}

func (c PasswordCost) params() *argon2id.Params {
	return &argon2id.Params{Memory: cmp.Or(c.Memory, 19<<10), Iterations: cmp.Or(c.Iterations, 2), Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

// decoy takes as long to check as any password, so that nothing is learned of who is known.
func (c PasswordCost) decoy() string {
	p := c.params()
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", p.Memory, p.Iterations)
}

// SignIn checks a password.
func (s *Service) SignIn(ctx context.Context, name, password, from string) (User, error) {
	name = strings.ToLower(strings.TrimSpace(name))
	for whose, most := range map[string]int64{"user:" + hashed(name): triesOfUser, "place:" + hashed(from): triesOfPlace} {
		n, err := s.Store.Try(ctx, whose, triesWhile)
		if err != nil {
			return User{}, away(err)
		}
		if n > most {
			return User{}, ErrTooManyTries
		}
	}
	k, _, err := s.user(ctx, name)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return User{}, err
	}
	against := s.Hashing.decoy()
	if k.Hash != "" {
		against = k.Hash
	}
	ok, err := s.matches(ctx, password, against)
	if err != nil {
		return User{}, err
	}
	if !ok || k.Hash == "" {
		return User{}, ErrWrongPassword
	}
	s.note(access.As(ctx, access.Caller{Name: k.Name, Role: k.Role}), "signed_in", "user", k.Name, "")
	return k.User, away(s.Store.ForgetTries(ctx, "user:"+hashed(name)))
}

// matches checks a password, a few at once.
func (s *Service) matches(ctx context.Context, password, hash string) (bool, error) {
	if len(password) > passwordMost*utf8.UTFMax {
		return false, nil
	}
	leave, err := s.hashes.enter(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	return argon2id.ComparePasswordAndHash(password, hash)
}

// Invite makes a user, or gives one who is known another link.
func (s *Service) Invite(ctx context.Context, u User) (code string, err error) {
	if err := access.Need(ctx, access.Admin); err != nil {
		return "", err
	}
	return s.invite(ctx, u, inviteLives)
}

func (s *Service) invite(ctx context.Context, u User, lives time.Duration) (code string, err error) {
	u.Name = strings.ToLower(strings.TrimSpace(u.Name))
	if err := goodUser(u); err != nil {
		return "", err
	}
	k, raw, err := s.user(ctx, u.Name)
	switch {
	case errors.Is(err, ErrNotFound):
		u.Created, u.Invited = s.Now().UTC(), true
		k = keptUser{User: u, Given: u.Role.String()}
	case err != nil:
		return "", err
	}
	if err := s.keepUser(ctx, raw, k); err != nil {
		return "", err
	}
	code = rand.Text()
	if err := s.Store.Welcome(ctx, hashed(code), u.Name, lives); err != nil {
		return "", away(err)
	}
	s.note(ctx, "invited", "user", u.Name, k.Role.String()) // who is known keeps their role
	return code, nil
}

// FirstUser invites an administrator where nobody can sign in yet; code is empty where somebody can.
func (s *Service) FirstUser(ctx context.Context) (code string, err error) {
	all, err := s.Store.Users(ctx)
	if err != nil {
		return "", away(err)
	}
	for _, raw := range all {
		if k, err := readUser(raw); err != nil || !k.Invited {
			return "", err
		}
	}
	return s.invite(access.As(ctx, access.Program()), User{Name: "admin", Role: access.Admin}, firstLives)
}

// Invited is for whom an invitation is.
func (s *Service) Invited(ctx context.Context, code string) (User, error) {
	name, err := s.Store.Welcomed(ctx, hashed(code))
	if err != nil {
		return User{}, away(err)
	}
	if name == "" {
		return User{}, errUsedInvitation
	}
	return s.User(ctx, name)
}

var errUsedInvitation = fmt.Errorf("%w: this link was used, or is too old: ask an administrator for another one", ErrNotFound)

// Accept keeps a password.
func (s *Service) Accept(ctx context.Context, code, password string) (User, error) {
	u, err := s.Invited(ctx, code)
	if err != nil {
		return User{}, err
	}
	if err := GoodPassword(u.Name, password); err != nil {
		return User{}, err
	}
	leave, err := s.hashes.enter(ctx)
	if err != nil {
		return User{}, err
	}
	hash, err := argon2id.CreateHash(password, s.Hashing.params())
	leave()
	if err != nil {
		return User{}, err
	}
	name, err := s.Store.TakeWelcome(ctx, hashed(code))
	if err != nil {
		return User{}, away(err)
	}
	if name != u.Name {
		return User{}, errUsedInvitation
	}
	k, raw, err := s.user(ctx, name)
	if err != nil {
		return User{}, err
	}
	k.Hash, k.Invited = hash, false
	k.Epoch++
	if err := s.keepUser(ctx, raw, k); err != nil {
		return User{}, err
	}
	s.note(access.As(ctx, access.Caller{Name: name, Role: k.Role}), "chose_password", "user", name, "")
	return k.User, away(s.Store.ForgetTries(ctx, "user:"+hashed(name)))
}

// ChangeUser keeps what a user is to be.
func (s *Service) ChangeUser(ctx context.Context, u User) (User, error) {
	if err := goodUser(u); err != nil {
		return User{}, err
	}
	k, raw, err := s.user(ctx, u.Name)
	if err != nil {
		return User{}, err
	}
	if u.Revision != "" && u.Revision != k.Revision {
		return User{}, ErrUserChanged
	}
	if access.Of(ctx).Name != u.Name || u.Role != k.Role {
		if err := access.Need(ctx, access.Admin); err != nil {
			return User{}, err
		}
	}
	was, leader := k.Role, leads{}
	if u.Role != k.Role {
		if leader, err = s.whoElseLeads(ctx, k); err != nil {
			return User{}, err
		}
		k.Epoch++
		k.Given = u.Role.String()
	}
	k.Role, k.Display, k.Locale = u.Role, u.Display, u.Locale
	if err := s.swapUser(ctx, k.Name, raw, k.stored(), leader); err != nil {
		return User{}, err
	}
	if was != k.Role {
		s.note(ctx, "changed_role", "user", u.Name, was.String()+" → "+k.Role.String())
	}
	k.Revision = hashed(k.stored())
	return k.User, nil
}

// RemoveUser ends that somebody may use the console.
func (s *Service) RemoveUser(ctx context.Context, name, revision string) error {
	if err := access.Need(ctx, access.Admin); err != nil {
		return err
	}
	k, raw, err := s.user(ctx, name)
	if err != nil {
		return err
	}
	if revision != "" && revision != k.Revision {
		return ErrUserChanged
	}
	leader, err := s.whoElseLeads(ctx, k)
	if err != nil {
		return err
	}
	if err := s.swapUser(ctx, name, raw, "", leader); err != nil {
		return err
	}
	s.note(ctx, "removed", "user", name, "")
	return nil
}

// leads is a user who may make others administrators, and what is kept of them; the zero value is nobody.
type leads struct{ name, kept string }

// whoElseLeads is an administrator beside k, where k is one; the last one may not go: nobody could make another.
func (s *Service) whoElseLeads(ctx context.Context, k keptUser) (leads, error) {
	if k.Role != access.Admin {
		return leads{}, nil
	}
	all, err := s.Store.Users(ctx)
	if err != nil {
		return leads{}, away(err)
	}
	for _, raw := range all {
		if other, err := readUser(raw); err == nil && other.Name != k.Name && other.Role == access.Admin && !other.Invited {
			return leads{other.Name, raw}, nil
		}
	}
	return leads{}, fmt.Errorf("%w: %s is the only administrator; make somebody else one first", ErrConflict, k.Name)
}

// ErrUserChanged says that somebody else was faster. It is an ErrConflict.
var ErrUserChanged = fmt.Errorf("%w: somebody else changed this user meanwhile; look again", ErrConflict)

func (s *Service) keepUser(ctx context.Context, raw string, k keptUser) error {
	return s.swapUser(ctx, k.Name, raw, k.stored(), leads{})
}

// swapUser puts fresh in the place of raw, where whoever leads beside them does so still: two administrators who remove each
// other at the same moment leave one.
func (s *Service) swapUser(ctx context.Context, name, raw, fresh string, beside leads) (err error) {
	var ok bool
	if beside.name == "" {
		ok, err = s.Store.SwapUser(ctx, name, raw, fresh)
	} else {
		ok, err = s.Store.SwapUserBeside(ctx, name, raw, fresh, beside.name, beside.kept)
	}
	if err != nil {
		return away(err)
	}
	if !ok {
		return ErrUserChanged
	}
	return nil
}

// goodUser checks what a user is to be; its errors are for whoever wrote it.
func goodUser(u User) error {
	switch {
	case u.Name == "" || len(u.Name) > userNameMost || strings.Trim(u.Name, "abcdefghijklmnopqrstuvwxyz0123456789._-@+") != "":
		return fmt.Errorf("%w: a user's name has 1 to %d of the characters a-z 0-9 . _ - + @, such as an e-mail address", ErrInvalid, userNameMost)
	case u.Role < access.Viewer || u.Role > access.Admin:
		return fmt.Errorf("%w: a user has one of the roles viewer, agent, marketer, admin", ErrInvalid)
	case utf8.RuneCountInString(u.Display) > 80:
		return fmt.Errorf("%w: the display name has more than 80 characters", ErrInvalid)
	case u.Locale != "" && u.Locale != "vi" && u.Locale != "en":
		return fmt.Errorf("%w: the language is vi or en", ErrInvalid)
	}
	return nil
}

// GoodPassword says why a password will not do: length counts, not what kinds of characters it has (NIST SP 800-63B).
func GoodPassword(name, password string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password):
		return fmt.Errorf("%w: the password is not text", ErrInvalid)
	case n < PasswordLeast:
		return fmt.Errorf("%w: the password has fewer than %d characters", ErrInvalid, PasswordLeast)
	case n > passwordMost:
		return fmt.Errorf("%w: the password has more than %d characters", ErrInvalid, passwordMost)
	case strings.Contains(strings.ToLower(password), name), strings.Count(password, password[:1]) == n:
		return fmt.Errorf("%w: the password is too easy to guess", ErrInvalid)
	}
	return nil
}

func hashed(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:16])
}

// hashGate lets a few passwords be hashed at once. Its zero value is ready.
type hashGate struct {
	once sync.Once
	room chan struct{}
}

// enter waits for room until ctx ends.
func (g *hashGate) enter(ctx context.Context) (leave func(), err error) {
	g.once.Do(func() { g.room = make(chan struct{}, hashesMost) })
	select {
	case g.room <- struct{}{}:
		return func() { <-g.room }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
