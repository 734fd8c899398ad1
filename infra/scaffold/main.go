// Command scaffold creates a new function: its folder, and the changes that its
// event needs elsewhere in the repository. The result compiles, passes its tests
// and the rules, and can be packaged and run.
//
//	scaffold --function note-create --event http --route 'POST /api/notes'
//	scaffold --function note --event table
//
// It plans all changes before it writes any. If a write fails, it undoes the
// others.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "make new:", err)
		os.Exit(2)
	}
}

func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("scaffold", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	var o order
	root := flags.String("root", ".", "the repository's `folder`")
	flags.StringVar(&o.Name, "function", "", "the function's `name`, noun-verb")
	flags.StringVar(&o.Event, "event", "", "the `event` that triggers it")
	flags.StringVar(&o.Route, "route", "", "for http: the `method and path`")
	flags.StringVar(&o.Table, "table", "", "for stream: the `table` whose changes it processes")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q: use FN=note-create EVENT=%s", flags.Arg(0), events())
	}
	if err := o.check(); err != nil {
		return err
	}
	t := &tree{root: *root}
	f, err := plan(t, o)
	if err != nil {
		return err
	}
	if err := t.write(); err != nil {
		return err
	}
	report(out, t, f)
	return nil
}
