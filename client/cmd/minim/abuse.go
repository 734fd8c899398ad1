package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/minim-dev/minim/client"
	"github.com/minim-dev/minim/client/api"
)

// abuse are the commands for admins about links that visitors have reported.
func (a *app) abuse() *cobra.Command {
	return group("abuse", "For admins: what visitors have reported of links", a.listAbuse(), a.removeAbuse())
}

func (a *app) listAbuse() *cobra.Command {
	var p paging
	cmd := &cobra.Command{
		Use: "list", Aliases: []string{"ls"}, Short: "List reports by visitors", Args: cobra.NoArgs,
		Long: "Lists visitors' reports about links. To take a link down: minim edit CODE --take-down REASON",
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.client()
			if err != nil {
				return err
			}
			limit := p.size()
			return listed(a, p, a.abuseTable, func(cursor *string) ([]byte, error) {
				response, err := c.ListAbuseWithResponse(cmd.Context(), &api.ListAbuseParams{Cursor: cursor, Limit: &limit})
				if err != nil {
					return nil, err
				}
				return response.Body, nil
			})
		},
	}
	p.register(cmd)
	return cmd
}

func (a *app) abuseTable(reports []api.AbuseReport) error {
	if a.quiet {
		for _, report := range reports {
			fmt.Fprintln(a.out, report.ID)
		}
		return nil
	}
	t := a.table("ID", "WHEN", "REASON", "CODE", "LEADS TO", "TEXT")
	for _, report := range reports {
		leadsTo := ""
		if current, err := report.Current.Get(); err == nil {
			leadsTo = current.URL
		}
		t.row(report.ID, a.time(report.At), string(report.Reason), report.Code, leadsTo, strings.TrimSpace(report.Text))
	}
	return t.write()
}

func (a *app) removeAbuse() *cobra.Command {
	return &cobra.Command{
		Use: "remove ID...", Aliases: []string{"rm"}, Short: "Remove reports that have been dealt with", Args: some("ID"),
		RunE: func(cmd *cobra.Command, ids []string) error {
			return a.each(ids, func(c *client.Client, id string) error {
				_, err := c.RemoveAbuseWithResponse(cmd.Context(), id)
				return err
			})
		},
	}
}
