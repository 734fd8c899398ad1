package main

import "github.com/spf13/cobra"

// oneCode checks the arguments of a command that is about one link.
func oneCode(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usagef("expected the code of one link, got %d arguments", len(args))
	}
	return nil
}

// codes checks the arguments of a command that is about links.
func codes(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usagef("which link? Give its code")
	}
	return nil
}

// oneID checks the arguments of a command that is about one image or report.
func oneID(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usagef("expected one ID, got %d arguments", len(args))
	}
	return nil
}

func noArguments(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("unexpected argument %q", args[0])
	}
	return nil
}

// noCommand checks the arguments of a group of commands, which is none itself.
func noCommand(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("there is no command %q", args[0])
	}
	return nil
}

// needsCommand is what a group of commands does without one.
func needsCommand(*cobra.Command, []string) error { return usagef("which command?") }
