// Package client calls Minim's API. Its methods and types are generated from docs/openapi.yaml (package api). This
// package adds what every caller needs: the API key, retries, answers that are errors, pages as one list, uploads.
//
//	c, err := client.New("https://go.example.com", os.Getenv("MINIM_KEY"))
//	made, err := c.CreateLinkWithResponse(ctx, nil, api.NewLink{URL: "https://go.dev/"})
//	link, err := client.Body(made.JSON201, err)
//
// An error that the API answered is an *Error.
package client

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"github.com/minim-dev/minim/client/api"
)

// Client calls one Minim. Its generated methods with the suffix WithResponse decode the answer; all of them return an
// *Error for an answer that reports a failure. It is safe for concurrent use.
type Client struct {
	*api.ClientWithResponses
	sender *sender
}

// Option changes how a client works.
type Option func(*sender)

// WithHTTPClient sends requests by another HTTP client than one with a timeout of a minute.
func WithHTTPClient(c *http.Client) Option { return func(s *sender) { s.http = c } }

// WithUserAgent names the program in its requests.
func WithUserAgent(name string) Option { return func(s *sender) { s.agent = name } }

// WithRetries limits how often a request is sent again, 4 times without it.
func WithRetries(n int) Option { return func(s *sender) { s.retries = n } }

// WithMaxWait limits how long the client waits before it sends a request again, a minute without it. If the service
// asks for more, the answer is an error.
func WithMaxWait(d time.Duration) Option { return func(s *sender) { s.maxWait = d } }

// WithNotify calls a function before each wait, with the reason for it.
func WithNotify(notify func(wait time.Duration, reason error)) Option {
	return func(s *sender) { s.notify = notify }
}

// New returns a client of the Minim at an address, such as https://go.example.com. Without a key only what is public
// can be called.
func New(address, key string, options ...Option) (*Client, error) {
	site, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("the address of Minim: %w", err)
	}
	if site.Scheme != "http" && site.Scheme != "https" || site.Host == "" {
		return nil, fmt.Errorf("the address of Minim is %q; expected one like https://go.example.com", address)
	}
	s := &sender{
		http: &http.Client{Timeout: time.Minute}, site: site.Scheme + "://" + site.Host, key: strings.TrimSpace(key),
		agent: "minim-client/" + Version(), retries: 4, maxWait: time.Minute, notify: func(time.Duration, error) {},
	}
	for _, option := range options {
		option(s)
	}
	generated, err := api.NewClientWithResponses(site.String(), api.WithHTTPClient(s))
	if err != nil {
		return nil, err
	}
	return &Client{ClientWithResponses: generated, sender: s}, nil
}

// Body returns the body of an answer: the field of a generated response that has the expected status. It is nil if the
// server answered with another successful status, as only one that isn't Minim does.
func Body[T any](body *T, err error) (*T, error) {
	if err == nil && body == nil {
		return nil, errors.New("the answer is none that the API gives; is this the address of a Minim?")
	}
	return body, err
}

// Version is the version of the module that the program was built from, or "devel".
func Version() string {
	const module = "github.com/minim-dev/minim/client"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range append(info.Deps, &info.Main) {
			if m.Path == module && m.Version != "" {
				return strings.Trim(m.Version, "()")
			}
		}
	}
	return "devel"
}
