package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/minim-dev/minim/client"
	"github.com/minim-dev/minim/client/api"
)

func (a *app) keys() *cobra.Command {
	cmd := group("keys", "List, create, revoke and rotate API keys", a.listKeys(), a.createKey(), a.revokeKey(), a.rotateKey())
	cmd.Aliases = []string{"key"}
	return cmd
}

func (a *app) listKeys() *cobra.Command {
	var owner string
	cmd := &cobra.Command{
		Use: "list", Aliases: []string{"ls"}, Short: "List API keys", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.client()
			if err != nil {
				return err
			}
			params := api.ListKeysParams{}
			if owner != "" {
				params.Owner = &owner
			}
			return listed(a, paging{limit: 1, all: true}, a.keyTable, func(*string) ([]byte, error) {
				response, err := c.ListKeysWithResponse(cmd.Context(), &params)
				if err != nil {
					return nil, err
				}
				return response.Body, nil
			})
		},
	}
	cmd.Flags().StringVar(&owner, "owner", "", "for an admin: `whose`")
	return cmd
}

func (a *app) keyTable(keys []api.Key) error {
	if a.quiet {
		for _, key := range keys {
			fmt.Fprintln(a.out, key.ID)
		}
		return nil
	}
	t := a.table("ID", "STATUS", "USED", "EXPIRES", "CREATED", "NAME", "SCOPES")
	for _, key := range keys {
		used, expires := "never", "never"
		if day, err := key.UsedOn.Get(); err == nil {
			used = day.String()
		}
		if at, err := key.ExpiresAt.Get(); err == nil {
			expires = a.time(at)
		}
		scopes := make([]string, len(key.Scopes))
		for i, scope := range key.Scopes {
			scopes[i] = string(scope)
		}
		t.row(key.ID, string(key.Status), used, expires, a.time(key.CreatedAt), key.Name, strings.Join(scopes, ","))
	}
	return t.write()
}

func (a *app) createKey() *cobra.Command {
	var scopes []string
	var expires string
	cmd := &cobra.Command{
		Use: "create NAME", Short: "Create an API key", Args: one("name"),
		Long:    "Creates an API key and prints its token, which cannot be shown again. The key has at most the scopes of the one in MINIM_KEY.",
		Example: "  minim keys create 'Deployment of the shop' --scope links:read,links:write --expires 90d >token",
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(scopes) == 0 {
				return usagef("which scopes? Give at least one --scope")
			}
			fields := map[string]any{"name": args[0], "scopes": scopes}
			if expires != "" {
				at, err := a.moment(expires)
				if err != nil {
					return usagef("--expires: %v", err)
				}
				if at != nil {
					fields["expiresAt"] = at
				}
			}
			wanted, err := body[api.NewKey](fields)
			if err != nil {
				return err
			}
			c, err := a.client()
			if err != nil {
				return err
			}
			response, err := c.CreateKeyWithResponse(cmd.Context(), nil, wanted)
			if err != nil {
				return err
			}
			key, err := client.Body(response.JSON201, nil)
			if err != nil {
				return err
			}
			return a.showToken(key, response.Body)
		},
	}
	cmd.Flags().StringSliceVar(&scopes, "scope", nil, "a `scope` such as links:read; can be repeated, or list several with commas")
	cmd.Flags().StringVar(&expires, "expires", "", "`when` it expires: 2030-06-01, a time, or from now: 12h, 30d; never without it")
	return cmd
}

func (a *app) revokeKey() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use: "revoke ID...", Aliases: []string{"rm"}, Short: "Revoke API keys", Args: some("ID"),
		Long: "Revokes API keys for good. Their tokens are rejected within 5 seconds.",
		RunE: func(cmd *cobra.Command, ids []string) error {
			err := a.confirm(yes, fmt.Sprintf("Revoke %s?", counted(len(ids), ids[0], "API keys")))
			if err != nil {
				return err
			}
			return a.each(ids, func(c *client.Client, id string) error {
				_, err := c.RevokeKeyWithResponse(cmd.Context(), id)
				return err
			})
		},
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	return cmd
}

func (a *app) rotateKey() *cobra.Command {
	var overlap time.Duration
	cmd := &cobra.Command{
		Use: "rotate ID", Short: "Replace the token of an API key", Args: one("ID"),
		Long: "Gives an API key a new token and prints it; it cannot be shown again. The previous token works until the overlap ends.",
		RunE: func(cmd *cobra.Command, args []string) error {
			hours := int(overlap / time.Hour)
			if overlap%time.Hour != 0 {
				return usagef("--overlap: write whole hours, such as 48h")
			}
			wanted := api.KeyRotation{}
			if cmd.Flags().Changed("overlap") {
				wanted.OverlapHours = &hours
			}
			c, err := a.client()
			if err != nil {
				return err
			}
			response, err := c.RotateKeyWithResponse(cmd.Context(), args[0], wanted)
			if err != nil {
				return err
			}
			key, err := client.Body(response.JSON200, nil)
			if err != nil {
				return err
			}
			return a.showToken(key, response.Body)
		},
	}
	cmd.Flags().DurationVar(&overlap, "overlap", 24*time.Hour, "how `long` the token before works, at most 720h; 0 for not at all")
	return cmd
}

// showToken prints the token of an API key.
func (a *app) showToken(key *api.KeyToken, answer []byte) error {
	if a.json {
		return a.print(answer)
	}
	if a.outTTY && !a.quiet {
		a.note("The token of the API key %s is shown only once:", key.ID)
	}
	_, err := fmt.Fprintln(a.out, key.Token)
	return err
}
