package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/oapi-codegen/nullable"
	"github.com/spf13/cobra"

	"github.com/minim-dev/minim/client"
	"github.com/minim-dev/minim/client/api"
)

func (a *app) get() *cobra.Command {
	return &cobra.Command{
		Use: "get CODE", Aliases: []string{"show"}, Short: "Show a link", Args: one("code"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.client()
			if err != nil {
				return err
			}
			response, err := c.GetLinkWithResponse(cmd.Context(), args[0], nil)
			if err != nil {
				return err
			}
			link, err := client.Body(response.JSON200, nil)
			if err != nil {
				return err
			}
			return a.showLink(link, response.Body)
		},
		ValidArgsFunction: a.completeCode,
	}
}

// showLink prints a link.
func (a *app) showLink(link *api.Link, answer []byte) error {
	switch {
	case a.json:
		return a.print(answer)
	case a.quiet:
		_, err := fmt.Fprintln(a.out, link.Code)
		return err
	}
	rows := [][2]string{
		{"", link.ShortURL},
		{"leads to", link.URL},
		{"title", link.Title},
		{"status", string(link.Status)},
		{"clicks", number(link.Clicks)},
		{"redirect", fmt.Sprint(int(link.Redirect))},
		{"tags", strings.Join(link.Tags, ", ")},
		{"aliases", strings.Join(link.Aliases, ", ")},
		{"opens", a.orNone(link.NotBefore)},
		{"expires", a.orNone(link.ExpiresAt)},
		{"after that", known(link.ExpiredURL)},
		{"taken down", known(link.TakenDown)},
		{"created", a.short(link.CreatedAt)},
		{"changed", a.short(link.UpdatedAt)},
		{"note", link.Note},
	}
	if limit, err := link.MaxClicks.Get(); err == nil {
		rows = append(rows, [2]string{"max clicks", number(int(limit))})
	}
	if link.DeletedAt != nil {
		rows = append(rows, [2]string{"deleted", a.short(*link.DeletedAt)})
	}
	if link.HasPassword {
		rows = append(rows, [2]string{"password", "yes"})
	}
	if len(link.Rules) > 0 {
		rows = append(rows, [2]string{"rules", fmt.Sprintf("%d (see --json)", len(link.Rules))})
	}
	return a.facts(rows)
}

// facts prints names and values; those without a value are left out, and one without a name is the heading.
func (a *app) facts(rows [][2]string) error {
	var out strings.Builder
	for _, row := range rows {
		if row[1] == "" {
			continue
		}
		value := visible(row[1])
		switch row[0] {
		case "":
			fmt.Fprintln(&out, a.styled(bold, value))
			continue
		case "status":
			value = a.status(value)
		}
		fmt.Fprintf(&out, "%s %s\n", a.styled(dim, fmt.Sprintf("%-10s", row[0])), value)
	}
	_, err := fmt.Fprint(a.out, out.String())
	return err
}

// orNone formats a time that there may be.
func (a *app) orNone(t nullable.Nullable[time.Time]) string {
	if at, err := t.Get(); err == nil {
		return a.short(at)
	}
	return ""
}

// known is a text that there may be.
func known(t nullable.Nullable[string]) string {
	text, _ := t.Get() // "" without one
	return text
}

// completeCode offers the codes of links, for completion by a shell.
func (a *app) completeCode(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	ctx, cancel := context.WithTimeout(cmd.Context(), 2*time.Second)
	defer cancel()
	c, err := a.client(client.WithRetries(0))
	if err != nil || len(args) > 0 && cmd.Args != nil && cmd.Args(cmd, append(args, "x")) != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var chosen api.ListLinksParams
	if begun != "" {
		chosen.Q = &begun
	}
	response, err := c.ListLinksWithResponse(ctx, &chosen)
	if err != nil || response.JSON200 == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var found []string
	for _, link := range response.JSON200.Items {
		if strings.HasPrefix(link.Code, begun) {
			found = append(found, link.Code+"\t"+visible(link.URL))
		}
	}
	return found, cobra.ShellCompDirectiveNoFileComp
}
