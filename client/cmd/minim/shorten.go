package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/minim-dev/minim/client"
	"github.com/minim-dev/minim/client/api"
)

func (a *app) shorten() *cobra.Command {
	o := options{app: a}
	var private bool
	cmd := &cobra.Command{
		Use: "shorten [URL...]", Aliases: []string{"create"}, Short: "Create short links",
		Long: `Creates a short link for each URL, and prints it.

Without a URL, or with -, it reads URLs from the standard input, one a line. The output then has a line for each of
them, in their order: an empty one for a URL that was refused, which is reported on standard error. Empty lines and lines
that begin with # are skipped.`,
		Example: `  minim shorten https://go.dev/ --code go
  minim shorten https://example.com/sale --tag spring --expires 30d --max-clicks 1000
  minim shorten --password https://example.com/plans
  minim shorten <urls.txt >short.txt`,
		RunE: func(cmd *cobra.Command, urls []string) error {
			if len(urls) == 0 && a.inTTY {
				return usagef("which URL?")
			}
			fields, err := o.fields(cmd.Flags())
			if err != nil {
				return err
			}
			if private {
				fields["private"] = true
			}
			c, err := a.client()
			if err != nil {
				return err
			}
			if len(urls) == 1 && urls[0] != "-" {
				return a.shortenOne(cmd.Context(), c, urls[0], fields)
			}
			if fields["code"] != nil {
				return usagef("--code is for one URL")
			}
			return a.shortenMany(cmd.Context(), c, urls, fields)
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	o.register(cmd)
	cmd.Flags().BoolVar(&private, "private", false, "a code that nobody can guess")
	cmd.MarkFlagsMutuallyExclusive("private", "code")
	return cmd
}

func (a *app) shortenOne(ctx context.Context, c *client.Client, url string, fields map[string]any) error {
	fields["url"] = url
	wanted, err := body[api.NewLink](fields)
	if err != nil {
		return err
	}
	response, err := c.CreateLinkWithResponse(ctx, &api.CreateLinkParams{}, wanted)
	if err != nil {
		return err
	}
	link, err := client.Body(response.JSON201, nil)
	if err != nil {
		return err
	}
	if link.URL != url {
		a.note("It leads to %s", link.URL)
	}
	switch {
	case a.json:
		return a.print(response.Body)
	case a.quiet:
		fmt.Fprintln(a.out, link.Code)
	default:
		fmt.Fprintln(a.out, link.ShortURL)
	}
	return nil
}

// shortenMany shortens URLs in groups, as many as a request may have.
func (a *app) shortenMany(ctx context.Context, c *client.Client, urls []string, fields map[string]any) error {
	failed := 0
	for group, err := range a.groups(urls) {
		if err != nil {
			return err
		}
		var items []api.BulkItem
		for _, line := range group {
			fields["url"] = line.text
			wanted, err := body[api.NewLink](fields)
			if err != nil {
				return err
			}
			items = append(items, api.BulkItem{Create: &wanted})
		}
		results, err := a.change(ctx, c, items)
		if err != nil {
			return err
		}
		failed += a.shortened(group, results)
	}
	if failed > 0 {
		return errPartly
	}
	return nil
}

// shortened prints the results of a group of lines, and counts the failures.
func (a *app) shortened(group []numbered, results []api.BulkResult) (failed int) {
	for i, result := range results {
		if result.Problem != nil {
			failed++
			a.note("minim: line %d, %s: %s", group[i].number, group[i].text, result.Problem.Detail)
		}
		switch {
		case a.json:
			a.printLine(result)
		case a.quiet:
			fmt.Fprintln(a.out, value(result.Code))
		default:
			fmt.Fprintln(a.out, value(result.ShortURL))
		}
	}
	return failed
}

// value is what a pointer leads to, or the zero value.
func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// isText reports whether a line has a URL: it is neither empty nor a comment.
func isText(line string) bool { return line != "" && !strings.HasPrefix(line, "#") }
