package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// document is docs/openapi.yaml, and finds the operation of a request.
type document struct {
	*openapi3.T
	routers.Router
}

// contract is the contract that all answers to scripts must match.
var contract = sync.OnceValues(func() (document, error) {
	source, err := openapi3.NewLoader().LoadFromFile(filepath.Join("..", "..", "docs", "openapi.yaml"))
	if err != nil {
		return document{}, err
	}
	source.Servers = nil // accept any address
	for _, mediaType := range []string{"text/html", "image/svg+xml", "image/png"} {
		openapi3filter.RegisterBodyDecoder(mediaType, openapi3filter.FileBodyDecoder)
	}
	router, err := gorillamux.NewRouter(source)
	return document{source, router}, err
})

// conforms checks an answer of the API against the contract: its status, media
// type, required headers and every field of its body. Answers of the edge or S3 from
// a bucket aren't in the contract.
func conforms(request *http.Request, got answer) error {
	path := request.URL.Path
	file := slices.Contains([]string{"/", "/app", "/robots.txt", "/favicon.ico"}, path)
	if file || !strings.HasPrefix(path, "/api/") && strings.Count(path, "/") > 1 {
		return nil
	}
	router, err := contract()
	if err != nil {
		return err
	}
	route, parameters, err := router.FindRoute(request)
	if err != nil {
		if got.status == http.StatusNotFound {
			return nil // the default route
		}
		if errors.Is(err, routers.ErrMethodNotAllowed) && got.status == http.StatusMethodNotAllowed && got.header.Get("Allow") != "" {
			return nil
		}
		return fmt.Errorf("%s %s is not in docs/openapi.yaml: %w", request.Method, request.URL.Path, err)
	}
	record(route.Operation.OperationID, got)
	err = openapi3filter.ValidateResponse(request.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: request, PathParams: parameters, Route: route},
		Status:                 got.status,
		Header:                 got.header,
		Body:                   io.NopCloser(bytes.NewReader(got.body)),
		Options:                &openapi3filter.Options{IncludeResponseStatus: true},
	})
	if err != nil {
		return fmt.Errorf("the answer to %s %s does not match docs/openapi.yaml: %w (status %d: %.200s)", request.Method, request.URL.Path, err, got.status, got.body)
	}
	return nil
}
