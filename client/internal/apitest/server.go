// Package apitest is a server for tests of the client: it answers what a test says, and reports each request and each
// answer that docs/openapi.yaml does not allow.
package apitest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// Key is an API key that the server accepts.
const Key = "mk_test_secret"

// Request is a request that the server got.
type Request struct {
	Method, Path, Query string
	Header              http.Header
	Body                string
}

// Answer is what the server answers: JSON, unless Type says otherwise.
type Answer struct {
	Status int
	Type   string
	Header map[string]string
	Body   string
}

// Server is a server that runs until the test's end.
type Server struct {
	URL string

	mu       sync.Mutex
	requests []Request
}

// Requests returns what the server has got.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request{}, s.requests...)
}

// New starts a server that answers requests to the API as a function says, which gets the number of requests before.
func New(t *testing.T, answer func(r Request, before int) Answer) *Server {
	t.Helper()
	router, err := contract()
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got := Request{r.Method, r.URL.Path, r.URL.RawQuery, r.Header.Clone(), string(body)}
		s.mu.Lock()
		before := len(s.requests)
		s.requests = append(s.requests, got)
		s.mu.Unlock()
		a := answer(got, before)
		header := http.Header{}
		for name, value := range a.Header {
			header.Set(name, value)
		}
		if header.Get("Content-Type") == "" && a.Body != "" {
			header.Set("Content-Type", kind(a))
		}
		if strings.HasPrefix(r.URL.Path, "/api/") {
			r.Body = io.NopCloser(bytes.NewReader(body))
			if err := conforms(router, r, a, header); err != nil {
				t.Errorf("%s %s: %v", r.Method, r.URL.Path, err)
			}
		}
		for name, values := range header {
			w.Header()[name] = values
		}
		w.WriteHeader(a.Status)
		if _, err := io.WriteString(w, a.Body); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// kind is the media type of an answer that names none.
func kind(a Answer) string {
	if a.Type != "" {
		return a.Type
	}
	if a.Status >= http.StatusBadRequest {
		return "application/problem+json"
	}
	return "application/json"
}

// conforms holds a request and its answer against the contract.
func conforms(router routers.Router, r *http.Request, a Answer, header http.Header) error {
	route, parameters, err := router.FindRoute(r)
	if err != nil {
		return err
	}
	options := &openapi3filter.Options{IncludeResponseStatus: true, AuthenticationFunc: func(_ context.Context, input *openapi3filter.AuthenticationInput) error {
		if input.RequestValidationInput.Request.Header.Get("Authorization") != "Bearer "+Key {
			return errors.New("no API key")
		}
		return nil
	}}
	request := &openapi3filter.RequestValidationInput{Request: r, PathParams: parameters, Route: route, Options: options}
	if err := openapi3filter.ValidateRequest(r.Context(), request); err != nil {
		return err
	}
	return openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: request, Status: a.Status, Header: header, Body: io.NopCloser(strings.NewReader(a.Body)), Options: options,
	})
}

// contract is docs/openapi.yaml.
var contract = sync.OnceValues(func() (routers.Router, error) {
	file := filepath.Join("docs", "openapi.yaml")
	for range 4 { // tests run in the folders of their packages
		if _, err := os.Stat(file); err == nil {
			break
		}
		file = filepath.Join("..", file)
	}
	document, err := openapi3.NewLoader().LoadFromFile(file)
	if err != nil {
		return nil, err
	}
	document.Servers = nil // any address will do
	for _, mediaType := range []string{"text/html", "image/svg+xml", "image/png"} {
		openapi3filter.RegisterBodyDecoder(mediaType, openapi3filter.FileBodyDecoder)
	}
	return gorillamux.NewRouter(document)
})

// Link is a link as the API answers it.
func Link(code, url string) string {
	return `{"id": "l.01a1f8c5e6d8k3v7q2ma5xzr4tbw", "code": "` + code + `", "aliases": [], "shortUrl": "https://go.example.com/` + code + `",
		"url": "` + url + `", "title": "A title", "note": "", "tags": ["news"], "createdAt": "2026-11-21T03:00:00.000Z",
		"updatedAt": "2026-11-21T03:00:00.000Z", "expiresAt": null, "redirect": 302, "private": false, "disabled": false, "takenDown": null,
		"status": "active", "clicks": 1234, "notBefore": null, "expiredUrl": null, "maxClicks": null, "hasPassword": false, "forwardQuery": "off",
		"utm": {}, "rules": []}`
}
