package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"strings"
	"time"

	"github.com/minim-dev/minim/client"
	"github.com/minim-dev/minim/client/api"
)

// mostItems is how many changes a request may have.
const mostItems = 100

// numbered is a line of the input.
type numbered struct {
	number int
	text   string
}

// groups iterates over the URLs, those of the standard input if there are none, in groups for one request each.
func (a *app) groups(urls []string) iter.Seq2[[]numbered, error] {
	input := bufio.NewScanner(strings.NewReader(strings.Join(urls, "\n")))
	if len(urls) == 0 || len(urls) == 1 && urls[0] == "-" {
		input = bufio.NewScanner(a.in)
	}
	const longest = 1 << 20
	input.Buffer(nil, longest)
	return func(yield func([]numbered, error) bool) {
		var group []numbered
		for number := 1; input.Scan(); number++ {
			if text := strings.TrimSpace(input.Text()); isText(text) {
				group = append(group, numbered{number, text})
			}
			if len(group) == mostItems {
				if !yield(group, nil) {
					return
				}
				group = nil
			}
		}
		if err := input.Err(); err != nil {
			yield(nil, fmt.Errorf("read the URLs: %w", err))
		} else if len(group) > 0 {
			yield(group, nil)
		}
	}
}

// change carries out changes of links. Those that the service had no time for are sent again: by the idempotency key it
// knows which they are.
func (a *app) change(ctx context.Context, c *client.Client, items []api.BulkItem) ([]api.BulkResult, error) {
	key := rand.Text()
	for attempt := 0; ; attempt++ {
		response, err := c.ChangeLinksWithResponse(ctx, &api.ChangeLinksParams{IdempotencyKey: &key}, api.BulkRequest{Items: items})
		if err != nil {
			return nil, err
		}
		answer, err := client.Body(response.JSON200, nil)
		if err != nil {
			return nil, err
		}
		if len(answer.Results) != len(items) {
			return nil, fmt.Errorf("%d changes have %d results", len(items), len(answer.Results))
		}
		late := false
		for _, result := range answer.Results {
			late = late || result.Status == http.StatusServiceUnavailable
		}
		if !late || attempt == 4 {
			return answer.Results, nil
		}
		select {
		case <-time.After(time.Second << attempt):
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// printLine writes a value as one line of JSON.
func (a *app) printLine(v any) {
	text, err := json.Marshal(v)
	if err != nil {
		a.note("minim: %v", err)
		return
	}
	fmt.Fprintf(a.out, "%s\n", text)
}
