package client

import (
	"crypto/rand"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// sender sends the requests of the generated client: with the key, again after failures that may pass, and with an
// error for every answer that reports one.
type sender struct {
	http       *http.Client
	site       string // scheme and host: no other one gets the key
	key, agent string
	retries    int
	maxWait    time.Duration
	notify     func(time.Duration, error)
}

// repeatable are the POST requests that the API carries out once for one Idempotency-Key.
var repeatable = []string{
	"/api/links",
	"/api/links/bulk",
	"/api/images",
	"/api/reports",
	"/api/keys",
}

// Do sends a request. An answer that is none of the media type in Accept (JSON without one) is an error too: it can't
// be Minim's.
func (s *sender) Do(r *http.Request) (*http.Response, error) {
	if r.Header.Get("Accept") == "" {
		r.Header.Set("Accept", "application/json")
	}
	r.Header.Set("User-Agent", s.agent)
	if s.key != "" && r.URL.Scheme+"://"+r.URL.Host == s.site {
		r.Header.Set("Authorization", "Bearer "+s.key)
	}
	if r.Method == http.MethodPost && r.Header.Get("Idempotency-Key") == "" {
		for _, path := range repeatable {
			if strings.HasSuffix(r.URL.Path, path) {
				r.Header.Set("Idempotency-Key", rand.Text())
			}
		}
	}
	for attempt := 0; ; attempt++ {
		response, err := s.once(r)
		if err == nil {
			return response, nil
		}
		wait, ok := s.again(r, err, attempt)
		if !ok {
			return nil, err
		}
		s.notify(wait, err)
		if err := sleep(r.Context(), wait); err != nil {
			return nil, err
		}
		if r.GetBody != nil {
			if r.Body, err = r.GetBody(); err != nil {
				return nil, err
			}
		}
	}
}

// once sends a request once.
func (s *sender) once(r *http.Request) (*http.Response, error) {
	response, err := s.http.Do(r)
	if err != nil {
		return nil, err
	}
	switch {
	case response.StatusCode == http.StatusNoContent || response.StatusCode == http.StatusNotModified:
		return response, nil
	case response.StatusCode < 200 || response.StatusCode > 299:
		return nil, failure(response, time.Now())
	}
	got, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if want := r.Header.Get("Accept"); got != want {
		response.Body.Close()
		return nil, fmt.Errorf("%s answered %q instead of %s; is it the address of a Minim?", s.site, got, want)
	}
	return response, nil
}

// again returns how long to wait before a request is sent again. It isn't if the failure is the client's, if the request
// may have been carried out and must not be twice, or if the wait would be too long.
func (s *sender) again(r *http.Request, err error, attempt int) (time.Duration, bool) {
	status := StatusOf(err)
	passing := dropped(err) || status == http.StatusTooManyRequests || status >= http.StatusBadGateway && status <= http.StatusGatewayTimeout
	refused := status == http.StatusTooManyRequests // before anything was carried out
	if !passing || attempt >= s.retries || r.Context().Err() != nil || !refused && !twice(r) || r.Body != nil && r.GetBody == nil {
		return 0, false
	}
	wait := backoff(attempt)
	if answer, ok := err.(*Error); ok && answer.RetryAfter > wait {
		wait = answer.RetryAfter
	}
	return wait, wait <= s.maxWait
}

// dropped reports whether a connection broke. Without one there is nothing to wait for: the address is wrong, or the
// server doesn't run.
func dropped(err error) bool {
	broken, ok := errors.AsType[*url.Error](err)
	if !ok {
		return false
	}
	network, ok := errors.AsType[*net.OpError](broken)
	return !ok || network.Op != "dial"
}

// twice reports whether a request that was carried out may be once more. An edit of a named version would then be
// refused, though it has succeeded.
func twice(r *http.Request) bool {
	switch r.Method {
	case http.MethodPost:
		return r.Header.Get("Idempotency-Key") != ""
	case http.MethodPatch, http.MethodDelete:
		return r.Header.Get("If-Match") == ""
	}
	return true
}
