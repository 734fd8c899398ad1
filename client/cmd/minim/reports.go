package main

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/minim-dev/minim/client"
	"github.com/minim-dev/minim/client/api"
)

func (a *app) reports() *cobra.Command {
	return group("report", "List, read and write reports", a.listReports(), a.getReport(), a.runReport())
}

func (a *app) listReports() *cobra.Command {
	var p paging
	var owner string
	cmd := &cobra.Command{
		Use: "list", Aliases: []string{"ls"}, Short: "List reports", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.client()
			if err != nil {
				return err
			}
			limit := p.size()
			params := api.ListReportsParams{Limit: &limit}
			if owner != "" {
				params.Owner = &owner
			}
			return listed(a, p, a.reportTable, func(cursor *string) ([]byte, error) {
				params.Cursor = cursor
				response, err := c.ListReportsWithResponse(cmd.Context(), &params)
				if err != nil {
					return nil, err
				}
				return response.Body, nil
			})
		},
	}
	p.register(cmd)
	cmd.Flags().StringVar(&owner, "owner", "", "for an admin: `whose`; * is the whole stage")
	return cmd
}

func (a *app) reportTable(reports []api.ReportSummary) error {
	if a.quiet {
		for _, report := range reports {
			fmt.Fprintln(a.out, report.ID)
		}
		return nil
	}
	t := a.table("DATE", "PERIOD", "CLICKS", "BEFORE", "LINKS", "ID")
	for _, report := range reports {
		date := report.Date.String()
		if !report.Complete && a.outTTY {
			date += " so far"
		}
		t.row(date, string(report.Period), fmt.Sprint(report.Totals.Clicks), fmt.Sprint(report.Totals.Before), fmt.Sprint(report.Totals.Links), report.ID)
	}
	return t.write()
}

func (a *app) getReport() *cobra.Command {
	var csv, page bool
	cmd := &cobra.Command{
		Use: "get ID", Short: "Show a report", Args: one("ID"),
		Example: `  minim report get daily-2026-11-20-2744ccd10c7533bd
  minim report get $(minim report list -q -L 1) --html >report.html`,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.client()
			if err != nil {
				return err
			}
			kind := map[bool]string{csv: "text/csv", page: "text/html"}[true]
			if kind == "" {
				return a.showReport(cmd, c, args[0])
			}
			response, err := c.GetReportWithResponse(cmd.Context(), args[0], nil, accept(kind))
			if err != nil {
				return err
			}
			_, err = a.out.Write(response.Body)
			return err
		},
	}
	cmd.Flags().BoolVar(&csv, "csv", false, "print it as CSV")
	cmd.Flags().BoolVar(&page, "html", false, "print it as a page")
	cmd.MarkFlagsMutuallyExclusive("csv", "html")
	return cmd
}

func (a *app) runReport() *cobra.Command {
	var owner, date string
	var noWait bool
	cmd := &cobra.Command{
		Use: "run", Short: "Create the report of a day",
		Long:    "Creates the report of a day, or updates it, waits for it, and shows it. Days are in UTC.",
		Example: "  minim report run\n  minim report run --date yesterday",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.client()
			if err != nil {
				return err
			}
			day, err := a.day(date)
			if err != nil {
				return err
			}
			params := api.RequestReportParams{}
			if owner != "" {
				params.Owner = &owner
			}
			wanted, err := body[api.ReportRequest](map[string]any{"period": "daily", "date": day})
			if err != nil {
				return err
			}
			response, err := c.RequestReportWithResponse(cmd.Context(), &params, wanted)
			if err != nil {
				return err
			}
			accepted, err := client.Body(response.JSON202, nil)
			if err != nil {
				return err
			}
			if noWait {
				_, err := fmt.Fprintln(a.out, accepted.ID)
				return err
			}
			begun, err := http.ParseTime(response.HTTPResponse.Header.Get("Date"))
			if err != nil {
				begun = a.now() // the server's clock is unknown
			}
			a.progress("creating the report of %s", day)
			err = c.WaitForReport(cmd.Context(), accepted.ID, begun)
			a.progress("")
			if err != nil {
				return err
			}
			return a.showReport(cmd, c, accepted.ID)
		},
	}
	cmd.Flags().StringVar(&date, "date", "today", "the `day`: 2026-11-20, yesterday or today, which is not over")
	cmd.Flags().StringVar(&owner, "owner", "", "for an admin: `whose`; * is the whole stage")
	cmd.Flags().BoolVar(&noWait, "no-wait", false, "print its ID, and do not wait for it")
	return cmd
}

// day returns a date as the API wants it.
func (a *app) day(name string) (string, error) {
	today := a.now().UTC()
	switch name {
	case "today":
		return today.Format(time.DateOnly), nil
	case "yesterday":
		return today.AddDate(0, 0, -1).Format(time.DateOnly), nil
	}
	if _, err := time.Parse(time.DateOnly, name); err != nil {
		return "", usagef("--date: %q is not a date; write 2026-11-20, yesterday or today", name)
	}
	return name, nil
}

// showReport prints a report.
func (a *app) showReport(cmd *cobra.Command, c *client.Client, id string) error {
	response, err := c.GetReportWithResponse(cmd.Context(), id, nil)
	if err != nil {
		return err
	}
	report, err := client.Body(response.JSON200, nil)
	if err != nil {
		return err
	}
	switch {
	case a.json:
		return a.print(response.Body)
	case a.quiet:
		_, err := fmt.Fprintln(a.out, report.ID)
		return err
	}
	hours := make([]int, len(report.Hours))
	for i, hour := range report.Hours {
		hours[i] = hour.Clicks
	}
	var out strings.Builder
	state := ""
	if !report.Complete {
		state = " so far"
	}
	fmt.Fprintf(&out, "%s%s  %s\n", a.styled(bold, report.Date.String()), state, a.styled(dim, report.ID))
	fmt.Fprintf(&out, "\n%s\n%s\n", sparkline(hours), a.styled(dim, "clicks per hour, UTC"))
	fmt.Fprintf(&out, "\nclicks  %s%s\nlinks   %s\n", a.styled(bold, number(report.Totals.Clicks)),
		a.styled(dim, ", the day before "+number(report.Totals.Before)), number(report.Totals.Links))
	links := make(api.Counts, len(report.Links))
	for i, link := range report.Links {
		links[i] = api.Count{Name: link.Code, Clicks: link.Clicks}
	}
	a.bars(&out, "Links", links)
	a.bars(&out, "Countries", report.Countries)
	a.bars(&out, "Referrers", report.Referrers)
	_, err = fmt.Fprint(a.out, out.String())
	return err
}
