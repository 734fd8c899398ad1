// Command seed fills a running service with demo data: links, a month of
// clicks on them, and images. It uses the same ways as visitors and users: the
// API, the queue of clicks, the signed upload. Running it again adds nothing twice.
//
//	seed --site http://localhost:8080 --key .local/api-key --queue minim-local-clicks
//
// It finds the queue as the functions do: by AWS_REGION, the credentials
// and, locally, AWS_ENDPOINT_URL_SQS.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/queue"
)

func main() {
	site := flag.String("site", "http://localhost:8080", "the `address` of the service")
	key := flag.String("key", ".local/api-key", "a `file` with an API key that has all scopes")
	owner := flag.String("owner", "me", "the key's `owner`")
	name := flag.String("queue", "minim-local-clicks", "the `name` of the queue of clicks")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, *site, *key, *owner, *name); err != nil {
		fmt.Fprintln(os.Stderr, "seed:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, site, keyFile, owner, queueName string) error {
	token, err := os.ReadFile(keyFile)
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("there is no API key in %s; start the service with make dev", keyFile)
	}
	if err != nil {
		return err
	}
	client := queue.Client(env.AWS("SQS"))
	found, err := client.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &queueName})
	if err != nil {
		return fmt.Errorf("find the queue %s: %w", queueName, err)
	}
	s := seeder{
		api: &api{site: strings.TrimRight(site, "/"), token: strings.TrimSpace(string(token)), busy: busyTimeout}, clicks: batches{client, *found.QueueUrl},
		owner: owner, now: time.Now().UTC(), out: out, ids: map[string]string{},
	}
	return s.run(ctx)
}
