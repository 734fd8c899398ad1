package main

import "github.com/spf13/cobra"

// one checks the arguments of a command that is about one thing.
func one(what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usagef("expected one %s, got %d arguments", what, len(args))
		}
		return nil
	}
}

// some checks the arguments of a command that is about several things.
func some(what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usagef("which ones? Give at least one %s", what)
		}
		return nil
	}
}

// group returns a command that has only others.
func group(name, short string, commands ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use: name, Short: short,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("there is no command %q", args[0])
			}
			return nil
		},
		RunE: func(*cobra.Command, []string) error { return usagef("which command?") },
	}
	cmd.AddCommand(commands...)
	return cmd
}
