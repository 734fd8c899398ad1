//go:build plain

package main

import (
	"context"
	"log"
	"net/http"

	"github.com/aws/aws-lambda-go/events"
)

// after runs work in the background: nothing stops this process in between.
type after struct{}

// Do implements afterwards.
func (after) Do(ctx context.Context, work func(context.Context) error) {
	go func() {
		if err := work(context.WithoutCancel(ctx)); err != nil {
			log.Print(err)
		}
	}()
}

// handle is what Lambda would call.
type handle func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error)

// serve makes an event of a request, as far as the handler reads it, and a response of the answer.
func serve(call handle) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		request := events.APIGatewayV2HTTPRequest{
			RawPath: r.URL.Path, RawQueryString: r.URL.RawQuery, PathParameters: map[string]string{"code": r.PathValue("code")},
			Headers: map[string]string{"user-agent": r.UserAgent(), "accept": r.Header.Get("Accept")},
		}
		request.RequestContext.HTTP.Method, request.RequestContext.HTTP.Path = r.Method, r.URL.Path
		response, err := call(r.Context(), request)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		for name, value := range response.Headers {
			w.Header().Set(name, value)
		}
		w.WriteHeader(response.StatusCode)
		_, _ = w.Write([]byte(response.Body))
	}
}
