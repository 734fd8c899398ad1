//go:build plain

// Command link-redirect, once more: the same handler, composed as in
// functions/link-redirect/main.go, behind net/http instead of Lambda. The load
// experiment builds it in the place of that file (go build -overlay).
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/queue"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
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

func main() {
	var cfg struct {
		Links  string `env:"LINKS_TABLE"`
		Clicks string `env:"CLICKS_QUEUE_URL"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	h := &handler{
		links:  newCache(table.NewLinks(table.Client(env.AWS("DYNAMODB")), cfg.Links), time.Now),
		clicks: queue.New(queue.Client(env.AWS("SQS")), cfg.Clicks),
		after:  after{}, now: time.Now, newID: click.NewID, log: lambdacontext.NewLogger(),
	}
	handle := web.Adapt(h, h.log)
	http.HandleFunc("GET /{code}", func(w http.ResponseWriter, r *http.Request) {
		request := events.APIGatewayV2HTTPRequest{
			RawPath: r.URL.Path, RawQueryString: r.URL.RawQuery, PathParameters: map[string]string{"code": r.PathValue("code")},
			Headers: map[string]string{"user-agent": r.UserAgent(), "accept": r.Header.Get("Accept")},
		}
		request.RequestContext.HTTP.Method, request.RequestContext.HTTP.Path = r.Method, r.URL.Path
		response, err := handle(r.Context(), request)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		for name, value := range response.Headers {
			w.Header().Set(name, value)
		}
		w.WriteHeader(response.StatusCode)
		_, _ = w.Write([]byte(response.Body))
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("http://%s\n", listener.Addr())
	log.Fatal(http.Serve(listener, nil))
}
