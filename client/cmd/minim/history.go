package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/minim-dev/minim/client/api"
)

func (a *app) history() *cobra.Command {
	var p paging
	cmd := &cobra.Command{
		Use: "history CODE", Short: "Show who changed a link, and what", Args: one("code"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.client()
			if err != nil {
				return err
			}
			size := p.size()
			return listed(a, p, a.eventTable, func(cursor *string) ([]byte, error) {
				response, err := c.GetLinkHistoryWithResponse(cmd.Context(), args[0], &api.GetLinkHistoryParams{Cursor: cursor, Limit: &size})
				if err != nil {
					return nil, err
				}
				return response.Body, nil
			})
		},
		ValidArgsFunction: a.completeCode,
	}
	p.register(cmd)
	return cmd
}

// eventTable prints changes of a link, a row for each field.
func (a *app) eventTable(events []api.LinkEvent) error {
	t := a.table("WHEN", "WHO", "WHAT", "CHANGE")
	for _, event := range events {
		var changes []string
		for _, change := range event.Changes {
			changes = append(changes, fmt.Sprintf("%s: %s → %s", change.Field, inJSON(change.From), inJSON(change.To)))
		}
		t.row(a.time(event.At), event.By, string(event.Action), strings.Join(changes, "; "))
	}
	return t.write()
}

func inJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func (a *app) clicks() *cobra.Command {
	var p paging
	cmd := &cobra.Command{
		Use: "clicks CODE", Short: "List a link's latest clicks", Args: one("code"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.client()
			if err != nil {
				return err
			}
			size := p.size()
			return listed(a, p, a.clickTable, func(cursor *string) ([]byte, error) {
				response, err := c.ListLinkClicksWithResponse(cmd.Context(), args[0], &api.ListLinkClicksParams{Cursor: cursor, Limit: &size})
				if err != nil {
					return nil, err
				}
				return response.Body, nil
			})
		},
		ValidArgsFunction: a.completeCode,
	}
	p.register(cmd)
	return cmd
}

func (a *app) clickTable(clicks []api.Click) error {
	t := a.table("WHEN", "COUNTRY", "CITY", "REFERRER", "BROWSER", "SYSTEM", "DEVICE", "BOT")
	for _, click := range clicks {
		t.row(a.time(click.At), click.Country, click.City, click.Referrer, click.Browser, click.System, click.Device, click.Bot)
	}
	return t.write()
}
