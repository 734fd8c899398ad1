package cognito

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/minim-dev/minim/infra/local/disk"
)

// Options are the settings of Pools. Path is required.
type Options struct {
	Region, Account string
	Path            string           // of the file
	Now             func() time.Time // default time.Now
}

// Services are the dependencies of pools.
type Services struct {
	// Mail sends a message.
	Mail func(from, to, subject, html string) error
	// Invoke runs a function; nil means that there are no functions. problem is the function's own error, or "" if it succeeded.
	Invoke func(ctx context.Context, function string, event []byte) (answer []byte, problem string, err error)
}

// Pools is the user pools of a stack. It is safe for concurrent use.
type Pools struct {
	o        Options
	services Services
	file     disk.Latest // changes are written after mu is released

	mu    sync.Mutex
	saved map[string]*state // by pool
	pools map[string]*provider
}

// state is the stored state of a pool.
type state struct {
	Secrets  map[string]string   `json:"clientSecrets,omitempty"`
	Identity []*signingKey       `json:"identityKeys,omitempty"` // newest first
	Access   []*signingKey       `json:"accessKeys,omitempty"`
	Users    map[string]*user    `json:"users,omitempty"`  // by name
	Grants   map[string]*session `json:"grants,omitempty"` // by origin_jti
}

// user is a user of a pool.
type user struct {
	Name       string            `json:"name"`
	Sub        string            `json:"sub"`
	Attributes map[string]string `json:"attributes"`
	Groups     []string          `json:"groups,omitempty"`
	Status     string            `json:"status"`
	Disabled   bool              `json:"disabled,omitempty"`
	Password   string            `json:"password,omitempty"` // its hash
	Until      time.Time         `json:"until,omitzero"`     // expiry of a temporary password
	Code       *code             `json:"code,omitempty"`
	Created    time.Time         `json:"created"`
	Modified   time.Time         `json:"modified"`
	// Failures since the last sign-in, and the time of the next allowed attempt.
	Failures int       `json:"failures,omitempty"`
	Locked   time.Time `json:"locked,omitzero"`
}

// The statuses of users.
const (
	unconfirmed   = "UNCONFIRMED"
	confirmed     = "CONFIRMED"
	mustChange    = "FORCE_CHANGE_PASSWORD"
	resetRequired = "RESET_REQUIRED"
)

// code is a code that was mailed to a user.
type code struct {
	Purpose string    `json:"purpose"`
	Digest  string    `json:"digest"`
	Until   time.Time `json:"until"`
	Tries   int       `json:"tries,omitempty"`
}

// session is a sign-in of a user or a machine client. Its tokens are revoked when it ends.
type session struct {
	Client string    `json:"client"`
	User   string    `json:"user"`
	Scopes []string  `json:"scopes"`
	Event  string    `json:"event"`
	At     time.Time `json:"at"` // of the sign-in
	Until  time.Time `json:"until"`
	// The digests of the current refresh token and of the one that it replaced.
	Token    string    `json:"token"`
	Former   string    `json:"former,omitempty"`
	Replaced time.Time `json:"replaced,omitzero"`
}

// Open reads the stored pools.
func Open(o Options) (*Pools, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	p := &Pools{o: o, file: disk.Latest{Path: o.Path}, saved: map[string]*state{}, pools: map[string]*provider{}}
	text, err := os.ReadFile(o.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the user pools: %w", err)
	}
	if err := json.Unmarshal(text, &p.saved); err != nil || p.saved == nil {
		return nil, fmt.Errorf("%s is damaged; remove the file to continue without the users in it", o.Path)
	}
	return p, nil
}

// of returns the state of a pool. The caller holds mu.
func (p *Pools) of(id string) *state {
	s := p.saved[id]
	if s == nil {
		s = &state{}
		p.saved[id] = s
	}
	if s.Users == nil {
		s.Users = map[string]*user{}
	}
	if s.Grants == nil {
		s.Grants = map[string]*session{}
	}
	if s.Secrets == nil {
		s.Secrets = map[string]string{}
	}
	return s
}

// Secret returns the secret of a client. It creates the secret on first use.
func (p *Pools) Secret(pool, client string) (string, error) {
	var secret string
	err := p.read(pool, func(s *state) error {
		secret = s.Secrets[client]
		return nil
	})
	if secret != "" {
		return secret, err
	}
	err = p.change(pool, func(s *state) error {
		secret = strings.ToLower(rand.Text() + rand.Text()[:25])
		s.Secrets[client] = secret
		return nil
	})
	return secret, err
}

// Serve sets the pools, and creates the missing users of the template.
func (p *Pools) Serve(ctx context.Context, pools []Pool, services Services) error {
	p.services = services
	for _, each := range pools {
		made, err := p.provider(each)
		if err != nil {
			return fmt.Errorf("the user pool %s: %w", each.Name, err)
		}
		p.pools[each.ID] = made
		for _, u := range each.Users {
			if err := made.declare(ctx, u); err != nil {
				return fmt.Errorf("the user %s of the pool %s: %w", u.Name, each.Name, err)
			}
		}
	}
	return nil
}

// change changes the state of a pool with do, and returns when the change is on the disk. It returns errors of do unchanged.
func (p *Pools) change(pool string, do func(*state) error) error {
	err := p.locked(pool, do)
	if failed := p.write(); failed != nil && err == nil {
		return failed
	}
	return err
}

func (p *Pools) locked(pool string, do func(*state) error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.of(pool)
	err := do(s)
	now := p.o.Now()
	for id, g := range s.Grants {
		if !now.Before(g.Until) {
			delete(s.Grants, id)
		}
	}
	if failed := p.save(); failed != nil && err == nil {
		return failed
	}
	return err
}

// read calls do with the state of a pool.
func (p *Pools) read(pool string, do func(*state) error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return do(p.of(pool))
}

// save encodes the state for write. The caller holds mu.
func (p *Pools) save() error {
	text, err := json.MarshalIndent(p.saved, "", "  ")
	if err != nil {
		return fmt.Errorf("write the user pools: %w", err)
	}
	p.file.Offer(append(text, '\n'))
	return nil
}

// write returns when all changes are in the file. The caller must not hold mu.
func (p *Pools) write() error {
	if err := p.file.Write(); err != nil {
		return fmt.Errorf("write the user pools: %w", err)
	}
	return nil
}

// revoke ends the sessions that match.
func (s *state) revoke(match func(*session) bool) {
	for id, g := range s.Grants {
		if match(g) {
			delete(s.Grants, id)
		}
	}
}

// find returns the user with a sign-in name: a user name, a subject or an address.
func (s *state) find(p *Pool, name string) (*user, bool) {
	name = p.fold(strings.TrimSpace(name))
	for _, u := range s.Users {
		if p.fold(u.Name) == name || u.Sub == name {
			return u, true
		}
		address := p.fold(u.Attributes["email"])
		if address == name && name != "" && (p.EmailNames || p.EmailAliases && u.Attributes["email_verified"] == "true") {
			return u, true
		}
	}
	return nil, false
}

// inGroup adds or removes a user's group.
func (u *user) inGroup(group string, in bool) {
	u.Groups = slices.DeleteFunc(u.Groups, func(each string) bool { return each == group })
	if in {
		u.Groups = append(u.Groups, group)
		slices.Sort(u.Groups)
	}
}
