package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/minim-dev/minim/client"
	"github.com/minim-dev/minim/client/api"
)

func (a *app) delete() *cobra.Command {
	var yes, free bool
	cmd := &cobra.Command{
		Use: "delete CODE...", Aliases: []string{"rm"}, Short: "Delete links",
		Long: `Deletes links. They can be restored for 30 days, and their codes stay taken. With --free they are gone for good, and
their codes can be used again.`,
		Args: some("code"),
		RunE: func(cmd *cobra.Command, args []string) error {
			question := fmt.Sprintf("Delete %s?", counted(len(args), args[0], "links"))
			if free {
				question = fmt.Sprintf("Delete %s for good?", counted(len(args), args[0], "links"))
			}
			if err := a.confirm(yes, question); err != nil {
				return err
			}
			return a.each(args, func(c *client.Client, code string) error {
				_, err := c.DeleteLinkWithResponse(cmd.Context(), code, &api.DeleteLinkParams{Free: &free})
				return err
			})
		},
		ValidArgsFunction: a.completeCode,
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	cmd.Flags().BoolVar(&free, "free", false, "for good, so that the codes can be used again")
	return cmd
}

func (a *app) restore() *cobra.Command {
	return &cobra.Command{
		Use: "restore CODE...", Short: "Restore deleted links", Long: "Restores links that were deleted within the last 30 days.",
		Args: some("code"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.each(args, func(c *client.Client, code string) error { return restoreOne(cmd.Context(), c, code) })
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
}

func restoreOne(ctx context.Context, c *client.Client, code string) error {
	_, err := c.RestoreLinkWithResponse(ctx, code, nil)
	return err
}

// each does something with each of some things, and reports failures on the way. The error of a single one is returned.
func (a *app) each(names []string, do func(*client.Client, string) error) error {
	c, err := a.client()
	if err != nil {
		return err
	}
	failed := false
	for _, name := range names {
		err := do(c, name)
		switch {
		case err == nil:
			fmt.Fprintln(a.out, name)
		case len(names) == 1:
			return err
		case exitCode(err) == exitKey || exitCode(err) == exitUnavailable:
			return fmt.Errorf("%s: %w", name, err) // so would all others be
		default:
			failed = true
			a.note("minim: %s: %v", name, err)
		}
	}
	if failed {
		return errPartly
	}
	return nil
}

// confirm asks for a confirmation, unless yes is one.
func (a *app) confirm(yes bool, question string) error {
	switch {
	case yes:
		return nil
	case !a.inTTY:
		return usagef("there is no terminal to ask for a confirmation; use --yes")
	}
	sure, err := a.ask(question)
	if err == nil && !sure {
		return errors.New("nothing deleted")
	}
	return err
}

// counted names one thing, or counts several.
func counted(n int, one, several string) string {
	if n == 1 {
		return one
	}
	return fmt.Sprintf("%d %s", n, several)
}
