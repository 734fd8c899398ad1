package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/minim-dev/minim/client/api"
)

// filters are the flags by which links are chosen.
type filters struct {
	tags, anyTags, notTags              []string
	status, host, from, to, sort, owner string
	neverClicked                        bool
	paging
}

func (a *app) list() *cobra.Command {
	var f filters
	cmd := &cobra.Command{
		Use: "list [WORDS...]", Aliases: []string{"ls"}, Short: "List, search and filter links",
		Long: `Lists links, newest first.

Each word must be the beginning of a word in the code, title, address, note or tags.

On a terminal the output is a table. Elsewhere each line has the code, clicks, status, creation time, short URL,
destination and title, with tabs between them.`,
		Example: `  minim list
  minim list spring sale --tag newsletter --sort clicks
  minim list --never-clicked --to 2026-01-01 --all -q | xargs minim delete --yes`,
		RunE: func(cmd *cobra.Command, words []string) error {
			c, err := a.client()
			if err != nil {
				return err
			}
			chosen, err := f.params(cmd.Flags(), words)
			if err != nil {
				return err
			}
			return listed(a, f.paging, a.linkTable, func(cursor *string) ([]byte, error) {
				chosen.Cursor = cursor
				response, err := c.ListLinksWithResponse(cmd.Context(), &chosen)
				if err != nil {
					return nil, err
				}
				return response.Body, nil
			})
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	f.register(cmd)
	return cmd
}

func (f *filters) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringSliceVar(&f.tags, "tag", nil, "with all of these `tags`")
	flags.StringSliceVar(&f.anyTags, "any-tag", nil, "with at least one of these `tags`")
	flags.StringSliceVar(&f.notTags, "not-tag", nil, "with none of these `tags`")
	flags.StringVar(&f.status, "status", "", "with this `status`: active, pending, scheduled, disabled, takenDown, expired or deleted")
	flags.StringVar(&f.host, "host", "", "to this `host`")
	flags.StringVar(&f.from, "from", "", "created at this `date` or time or later")
	flags.StringVar(&f.to, "to", "", "created up to this `date`, or before this time")
	flags.BoolVar(&f.neverClicked, "never-clicked", false, "without any clicks")
	flags.StringVar(&f.sort, "sort", "", "the `order`: created, clicks or lastClick")
	flags.StringVar(&f.owner, "owner", "", "for an admin: the `owner` of the links")
	f.paging.register(cmd)
	for flag, values := range map[string][]string{
		"status": {"active", "pending", "scheduled", "disabled", "takenDown", "expired", "deleted"},
		"sort":   {"created", "clicks", "lastClick"},
	} {
		_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)) // the flag exists
	}
}

// params are the parameters of the request.
func (f *filters) params(flags *pflag.FlagSet, words []string) (api.ListLinksParams, error) {
	fields := map[string]any{}
	for flag, field := range map[string]string{"status": "status", "host": "host", "from": "from", "to": "to", "sort": "sort", "owner": "owner"} {
		if flags.Changed(flag) {
			fields[field] = flags.Lookup(flag).Value.String()
		}
	}
	if len(words) > 0 {
		fields["q"] = strings.Join(words, " ")
	}
	if f.neverClicked {
		fields["clicked"] = "never"
	}
	fields["limit"] = f.size()
	if len(f.tags) > 0 {
		fields["tag"] = f.tags
	}
	if len(f.anyTags) > 0 {
		fields["anyTag"] = f.anyTags
	}
	if len(f.notTags) > 0 {
		fields["notTag"] = f.notTags
	}
	return body[api.ListLinksParams](fields)
}

// linkTable prints links.
func (a *app) linkTable(links []api.Link) error {
	if a.quiet {
		for _, link := range links {
			fmt.Fprintln(a.out, link.Code)
		}
		return nil
	}
	t := a.table("CODE", "CLICKS", "STATUS", "CREATED", "URL", "TITLE")
	for _, link := range links {
		if a.outTTY {
			t.row(link.Code, number(link.Clicks), string(link.Status), a.short(link.CreatedAt), link.URL, link.Title)
		} else {
			t.row(link.Code, strconv.Itoa(link.Clicks), string(link.Status), stamp(link.CreatedAt), link.ShortURL, link.URL, link.Title)
		}
	}
	return t.write()
}
