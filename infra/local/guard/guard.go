// Package guard is a proxy between functions and the services that they call. It denies
// what AWS would deny: it determines the actions and resources of each request, and checks
// them against the policies of the function's role. It counts the permissions that are
// used, to report unused ones.
//
// The access key of a request identifies the caller. The root's key may do everything. Only
// the emulator of S3 verifies signatures; the other services trust the access key.
package guard

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/minim-dev/minim/infra/local/iam"
)

// Role is a role with its policies.
type Role struct {
	Name     string
	Policies *iam.Policies
}

// Function is a caller, with its access key and the name of its role.
type Function struct{ Name, Role, AccessKeyID string }

// Options describe a Guard.
type Options struct {
	Region, Account string
	Root            string // the access key that may do everything
	// Denied is called for the first denial of each action to a function. It may be nil.
	Denied func(message string)
}

// Guard checks permissions. It is safe for concurrent use.
type Guard struct {
	o     Options
	known atomic.Pointer[known]

	mu     sync.Mutex
	denied map[[2]string]*Denial // by function and action
}

type known struct {
	roles   map[string]*role
	callers map[string]*caller // by access key
}

type role struct {
	Role
	uses []atomic.Int64 // by grant
}

type caller struct {
	Function
	role    *role
	arn     string
	context map[string]string // values of condition keys
}

// New returns a guard that only the root can pass, until Set is called.
func New(o Options) *Guard {
	g := &Guard{o: o, denied: map[[2]string]*Denial{}}
	g.known.Store(&known{})
	return g
}

// Set replaces the roles and functions. If the policies of a role have changed, its counts
// are reset.
func (g *Guard) Set(roles []Role, functions []Function) {
	k := &known{roles: map[string]*role{}, callers: map[string]*caller{}}
	for _, r := range roles {
		k.roles[r.Name] = &role{Role: r, uses: make([]atomic.Int64, len(r.Policies.Grants()))}
	}
	for _, f := range functions {
		k.callers[f.AccessKeyID] = &caller{
			Function: f, role: k.roles[f.Role],
			arn: fmt.Sprintf("arn:aws:sts::%s:assumed-role/%s/%s", g.o.Account, f.Role, f.Name),
			context: map[string]string{
				"aws:principalarn":    fmt.Sprintf("arn:aws:iam::%s:role/%s", g.o.Account, f.Role),
				"aws:requestedregion": g.o.Region,
				"aws:securetransport": "true", // as in AWS
			},
		}
	}
	g.known.Store(k)
}

// Use reports whether a role allows an action that AWS itself performs on its behalf, and
// counts it as used.
func (g *Guard) Use(role, action, resource string) bool {
	r, ok := g.known.Load().roles[role]
	return ok && r.decide(iam.Request{Action: action, Resource: resource}).Allowed
}

func (r *role) decide(request iam.Request) iam.Decision {
	d := r.Policies.Evaluate(request)
	if d.Allowed {
		r.uses[d.Grant].Add(1)
	}
	return d
}

// check returns a refusal for the first need that the caller's role does not allow, or nil.
func (g *Guard) check(c *caller, needs []iam.Request) *refusal {
	for _, need := range needs {
		request := iam.Request{Action: need.Action, Resource: need.Resource, Context: c.context}
		if need.Context != nil {
			request.Context = maps.Clone(c.context)
			maps.Copy(request.Context, need.Context)
		}
		if d := c.role.decide(request); !d.Allowed {
			return g.deny(c, need, d.Denied)
		}
	}
	return nil
}

// deny records a denial, and reports it the first time.
func (g *Guard) deny(c *caller, need iam.Request, explicit bool) *refusal {
	x := &refusal{kind: accessDenied, user: c.arn, action: need.Action, resource: need.Resource, explicit: explicit}
	g.mu.Lock()
	d := g.denied[[2]string{c.Name, need.Action}]
	if d == nil {
		d = &Denial{Function: c.Name, Role: c.Role, Action: need.Action, Resource: need.Resource}
		g.denied[[2]string{c.Name, need.Action}] = d
	}
	d.Times++
	first := d.Times == 1
	g.mu.Unlock()
	if first && g.o.Denied != nil {
		g.o.Denied(x.sentence(need.Action, need.Resource))
	}
	return x
}

// service determines the actions of requests to one AWS service, and formats its errors.
type service interface {
	// needs returns the actions that a request needs. The error is a *refusal or one of
	// reading the body.
	needs(r *http.Request) ([]iam.Request, error)
	refuse(w http.ResponseWriter, r *http.Request, x *refusal)
}

// filter forwards allowed requests to one service.
type filter struct {
	guard   *Guard
	service service
	next    http.Handler
	// strangers means that requests without credentials may pass, because the service
	// checks them itself. So may preflight requests for presigned URLs.
	strangers bool
}

type callerKey struct{}

// ServeHTTP answers one call.
func (f *filter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key := accessKey(r)
	switch {
	case key == f.guard.o.Root || f.strangers && (key == "" || r.Method == http.MethodOptions):
		f.next.ServeHTTP(w, r)
		return
	case key == "":
		f.service.refuse(w, r, &refusal{kind: missingKey})
		return
	}
	c, ok := f.guard.known.Load().callers[key]
	if !ok || c.role == nil {
		f.service.refuse(w, r, &refusal{kind: unknownKey})
		return
	}
	needs, err := f.service.needs(r)
	var x *refusal
	if err == nil {
		x = f.guard.check(c, needs)
	} else if !errors.As(err, &x) {
		x = &refusal{kind: unsupported, message: err.Error()}
	}
	if x != nil {
		f.service.refuse(w, r, x)
		return
	}
	f.next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, c)))
}

// accessKey returns the access key of a request's signature, from its header or, for a
// presigned URL, from the query.
func accessKey(r *http.Request) string {
	credential := r.Header.Get("Authorization")
	if _, rest, ok := strings.Cut(credential, "Credential="); ok {
		credential = rest
	} else if r.URL.RawQuery == "" {
		return ""
	} else {
		credential = r.URL.Query().Get("X-Amz-Credential")
	}
	key, _, _ := strings.Cut(credential, "/")
	return strings.TrimSpace(key)
}
