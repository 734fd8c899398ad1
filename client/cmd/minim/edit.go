package main

import (
	"context"
	"net/http"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/minim-dev/minim/client"
	"github.com/minim-dev/minim/client/api"
)

// change is an edit of a link.
type change struct {
	options
	url, ifMatch, takeDown         string
	addTags, removeTags, aliases   []string
	disable, enable, open, bringUp bool
}

func (a *app) edit() *cobra.Command {
	e := change{options: options{app: a}}
	cmd := &cobra.Command{
		Use: "edit CODE", Aliases: []string{"update"}, Short: "Change a link",
		Long: `Changes what the flags name; the rest stays as it is.

--expires, --not-before, --expired-url and --max-clicks take "none". With another --code the old one still leads to the
link, unless --aliases leaves it out.`,
		Example: `  minim edit spring --url https://example.com/summer --add-tag summer
  minim edit spring --expires none --disable
  minim edit spring --code summer --aliases ''`,
		Args: one("code"),
		RunE: func(cmd *cobra.Command, args []string) error {
			fields, err := e.changes(cmd.Flags())
			if err != nil {
				return err
			}
			if len(fields) == 0 && len(e.addTags)+len(e.removeTags) == 0 {
				return usagef("nothing to change")
			}
			c, err := a.client()
			if err != nil {
				return err
			}
			const attempts = 5
			for attempt := 1; ; attempt++ {
				err := e.apply(cmd.Context(), c, args[0], fields)
				// Between reading and writing the tags somebody else has changed the link.
				if client.StatusOf(err) != http.StatusPreconditionFailed || e.ifMatch != "" || attempt == attempts {
					return err
				}
			}
		},
		ValidArgsFunction: a.completeCode,
	}
	e.register(cmd)
	return cmd
}

func (e *change) register(cmd *cobra.Command) {
	e.options.register(cmd)
	flags := cmd.Flags()
	flags.StringVar(&e.url, "url", "", "the `destination`")
	flags.StringSliceVar(&e.addTags, "add-tag", nil, "a `tag` more")
	flags.StringSliceVar(&e.removeTags, "remove-tag", nil, "a `tag` less")
	flags.StringSliceVar(&e.aliases, "aliases", nil, "the earlier `codes` that still lead to the link; the others become free")
	flags.BoolVar(&e.disable, "disable", false, "answer visitors that it is gone, until --enable")
	flags.BoolVar(&e.enable, "enable", false, "redirect visitors again")
	flags.BoolVar(&e.open, "no-password", false, "remove the password")
	flags.StringVar(&e.takeDown, "take-down", "", "for an admin: take the link down, with the `reason` that visitors see")
	flags.BoolVar(&e.bringUp, "bring-up", false, "for an admin: end --take-down")
	flags.StringVar(&e.ifMatch, "if-match", "", "edit only if the link still has this `ETag` (see get --json)")
	for _, pair := range [][]string{{"disable", "enable"}, {"password", "password-file", "no-password"}, {"take-down", "bring-up"}, {"tag", "add-tag"}, {"tag", "remove-tag"}} {
		cmd.MarkFlagsMutuallyExclusive(pair...)
	}
}

// changes returns the properties that the flags change, by their names in the API.
func (e *change) changes(flags *pflag.FlagSet) (map[string]any, error) {
	fields, err := e.fields(flags)
	if err != nil {
		return nil, err
	}
	for _, each := range []struct {
		flag, field string
		value       any
	}{
		{"url", "url", e.url}, {"aliases", "aliases", e.aliases}, {"disable", "disabled", true}, {"enable", "disabled", false},
		{"no-password", "password", nil}, {"take-down", "takenDown", e.takeDown}, {"bring-up", "takenDown", nil},
	} {
		if flags.Changed(each.flag) {
			fields[each.field] = each.value
		}
	}
	return fields, nil
}

// apply changes the link once, and prints it. Tags are added to and removed from those that it has, in that version only.
func (e *change) apply(ctx context.Context, c *client.Client, code string, fields map[string]any) error {
	params := api.EditLinkParams{}
	if e.ifMatch != "" {
		params.IfMatch = &e.ifMatch
	}
	if len(e.addTags)+len(e.removeTags) > 0 {
		response, err := c.GetLinkWithResponse(ctx, code, nil)
		if err != nil {
			return err
		}
		link, err := client.Body(response.JSON200, nil)
		if err != nil {
			return err
		}
		fields["tags"] = retagged(link.Tags, e.addTags, e.removeTags)
		if tag := response.HTTPResponse.Header.Get("ETag"); e.ifMatch == "" {
			params.IfMatch = &tag
		}
	}
	edit, err := body[api.LinkEdit](fields)
	if err != nil {
		return err
	}
	response, err := c.EditLinkWithResponse(ctx, code, &params, edit)
	if err != nil {
		return err
	}
	link, err := client.Body(response.JSON200, nil)
	if err != nil {
		return err
	}
	return e.app.showLink(link, response.Body)
}

// retagged returns tags with some more and without others.
func retagged(tags, add, remove []string) []string {
	out := []string{}
	for _, tag := range append(slices.Clone(tags), add...) {
		if !slices.Contains(remove, tag) && !slices.Contains(out, tag) {
			out = append(out, tag)
		}
	}
	return out
}
