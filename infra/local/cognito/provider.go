package cognito

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/rs/cors"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// provider serves a pool.
type provider struct {
	op.UnimplementedServer
	Pool
	pools  *Pools
	root   string // the path of the issuer
	making sync.Mutex
	http.Handler

	// State that a restart may lose.
	short    sync.Mutex
	codes    map[string]*authorization // by authorization code
	browsers map[string]browser        // signed-in users, by cookie
	pending  map[string]pending        // users who must choose a password, by the token in the form
	links    map[string]pending        // users of sign-in links, by token
}

// authorization is the data for a code.
type authorization struct {
	client, user, redirect, nonce string
	challenge, method             string
	scopes                        []string
	at, until                     time.Time
	// session is the ID of the session for which the code was exchanged; replayed is set if
	// the code was used again.
	session  string
	replayed bool
}

// browser is a signed-in browser. As in AWS, the sign-in is valid for an hour.
type browser struct {
	user      string
	at, until time.Time
}

// pending identifies a user for a limited time.
type pending struct {
	user  string
	until time.Time
}

// Lifetimes.
const (
	codeTime    = 5 * time.Minute
	browserTime = time.Hour
	pendingTime = 3 * time.Minute
	linkTime    = 24 * time.Hour
)

func (p *Pools) provider(pool Pool) (*provider, error) {
	issuer, err := url.Parse(pool.Issuer)
	if err != nil {
		return nil, err
	}
	v := &provider{
		Pool: pool, pools: p, root: issuer.Path,
		codes: map[string]*authorization{}, browsers: map[string]browser{}, pending: map[string]pending{}, links: map[string]pending{},
	}
	endpoints := op.Endpoints{JwksURI: op.NewEndpoint(".well-known/jwks.json")}
	if pool.Hosted {
		endpoints.Authorization, endpoints.Token = op.NewEndpoint("oauth2/authorize"), op.NewEndpoint("oauth2/token")
		endpoints.Userinfo, endpoints.Revocation = op.NewEndpoint("oauth2/userInfo"), op.NewEndpoint("oauth2/revoke")
		endpoints.EndSession = op.NewEndpoint("logout")
	}
	// As in AWS, pages of any origin may call the endpoints, but without the pool's cookies.
	protocol := op.RegisterServer(v, endpoints, op.WithServerCORSOptions(&cors.Options{
		AllowedOrigins: []string{"*"}, AllowedMethods: []string{http.MethodGet, http.MethodPost}, AllowedHeaders: []string{"Authorization", "Content-Type"},
	}))
	mux := http.NewServeMux()
	mux.Handle("/", protocol)
	if pool.Hosted {
		v.pages(mux)
	}
	v.Handler = http.StripPrefix(v.root, mux)
	return v, nil
}

// Path reports whether a request is for one of the pools.
func (p *Pools) Path(path string) bool { return p.at(path) != nil }

func (p *Pools) at(path string) *provider {
	for _, v := range p.pools {
		if strings.HasPrefix(path, v.root+"/") {
			return v
		}
	}
	return nil
}

// ServeHTTP serves the paths below the issuers of the pools.
func (p *Pools) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if v := p.at(r.URL.Path); v != nil {
		v.ServeHTTP(w, r)
		return
	}
	http.NotFound(w, r)
}

func (v *provider) now() time.Time { return v.pools.o.Now() }

func (v *provider) read(do func(*state) error) error { return v.pools.read(v.ID, do) }

func (v *provider) change(do func(*state) error) error { return v.pools.change(v.ID, do) }

// forget removes expired data. The caller holds short.
func (v *provider) forget() {
	now := v.now()
	for key, a := range v.codes {
		if !now.Before(a.until.Add(time.Hour)) { // kept longer, because the reuse of an expired code must still end the session
			delete(v.codes, key)
		}
	}
	for key, b := range v.browsers {
		if !now.Before(b.until) {
			delete(v.browsers, key)
		}
	}
	for _, all := range []map[string]pending{v.pending, v.links} {
		for key, each := range all {
			if !now.Before(each.until) {
				delete(all, key)
			}
		}
	}
}

// hold stores a user under a new random token, and returns the token.
func (v *provider) hold(in map[string]pending, user string, age time.Duration) string {
	token := rand.Text()
	v.short.Lock()
	defer v.short.Unlock()
	v.forget()
	in[token] = pending{user, v.now().Add(age)}
	return token
}

// take returns the user of a token, once.
func (v *provider) take(from map[string]pending, token string) (user string, ok bool) {
	v.short.Lock()
	defer v.short.Unlock()
	v.forget()
	each, ok := from[token]
	delete(from, token)
	return each.user, ok
}

const cookieName = "cognito"

// browser returns the signed-in browser of a request.
func (v *provider) browser(h http.Header) (browser, bool) {
	cookie, err := (&http.Request{Header: h}).Cookie(cookieName)
	if err != nil {
		return browser{}, false
	}
	v.short.Lock()
	defer v.short.Unlock()
	v.forget()
	b, ok := v.browsers[digest(cookie.Value)]
	return b, ok
}

// enter signs in a user, and returns the cookie.
func (v *provider) enter(user string) *http.Cookie {
	token := rand.Text()
	v.short.Lock()
	defer v.short.Unlock()
	v.forget()
	v.browsers[digest(token)] = browser{user, v.now(), v.now().Add(browserTime)}
	return v.cookie(token, int(browserTime/time.Second))
}

// leave signs out a browser, and returns the cookie that deletes its cookie.
func (v *provider) leave(h http.Header) *http.Cookie {
	if cookie, err := (&http.Request{Header: h}).Cookie(cookieName); err == nil {
		v.short.Lock()
		delete(v.browsers, digest(cookie.Value))
		v.short.Unlock()
	}
	return v.cookie("", -1)
}

func (v *provider) cookie(value string, age int) *http.Cookie {
	return &http.Cookie{Name: cookieName, Value: value, Path: v.root, MaxAge: age, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

// signOut ends all sessions of a user.
func (v *provider) signOut(s *state, user string) {
	s.revoke(func(g *session) bool { return g.User == user })
	v.short.Lock()
	defer v.short.Unlock()
	for key, b := range v.browsers {
		if b.user == user {
			delete(v.browsers, key)
		}
	}
	for key, a := range v.codes {
		if a.user == user {
			delete(v.codes, key)
		}
	}
}
