package main

import (
	"context"
	"flag"
	"fmt"
	"io"
)

// run creates the copy that the arguments describe.
func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("copy", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	var o order
	flags.StringVar(&o.from, "from", ".", "the `folder` of this repository")
	flags.StringVar(&o.to, "to", "", "the new repository's `folder`")
	flags.StringVar(&o.name, "name", "", "the new service's `name`")
	flags.StringVar(&o.module, "module", "", "the new Go module's `path`")
	flags.StringVar(&o.without, "without", "", "`features` to leave out, separated by commas")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if err := o.check(); err != nil {
		return err
	}
	list, err := readFeatures(o.from)
	if err != nil {
		return err
	}
	left, err := list.leftOut(o.without)
	if err != nil {
		return err
	}
	files, err := tracked(ctx, o.from)
	if err != nil {
		return err
	}
	if err := files.cut(left); err != nil {
		return err
	}
	if err := files.rename(o); err != nil {
		return err
	}
	if err := files.write(o.to); err != nil {
		return err
	}
	if err := commit(ctx, o, out); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s is a new repository. Next:\n  cd %s && make dev\n", o.name, o.to)
	return nil
}
