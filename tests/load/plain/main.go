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

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/queue"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

func main() {
	var cfg struct {
		Links  string `env:"LINKS_TABLE"`
		Salts  string `env:"SALTS_TABLE"`
		Clicks string `env:"CLICKS_QUEUE_URL"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	db, logger := table.Client(env.AWS("DYNAMODB")), lambdacontext.NewLogger()
	h := &handler{
		links:  newCache(table.NewLinks(db, cfg.Links), time.Now),
		clicks: queue.New(queue.Client(env.AWS("SQS")), cfg.Clicks),
		after:  after{}, useless: func(context.Context) error { return nil }, now: time.Now, newID: click.NewID, log: logger,
		visitors: newVisitors(table.NewSalts(db, cfg.Salts), logger),
	}
	http.HandleFunc("GET /{code}", serve(web.Adapt(h, h.log)))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("http://%s\n", listener.Addr())
	log.Fatal(http.Serve(listener, nil))
}
