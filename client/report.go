package client

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// WaitForReport waits until a report is there that was written at a time or later, or the context ends.
func (c *Client) WaitForReport(ctx context.Context, id string, since time.Time) error {
	for attempt := 0; ; attempt++ {
		response, err := c.GetReportWithResponse(ctx, id, nil)
		switch {
		case StatusOf(err) == http.StatusNotFound:
			// not written yet
		case err != nil:
			return err
		case response.JSON200 != nil && !response.JSON200.GeneratedAt.Before(since):
			return nil
		}
		if err := sleep(ctx, min(backoff(attempt), 2*time.Second)); err != nil {
			return fmt.Errorf("the report %s is not there yet: %w", id, err)
		}
	}
}
