// Command scaffold makes a new function: its folder, and what its event needs
// elsewhere in the repository. What it makes compiles, passes its tests and the
// rules, packages and runs.
//
//	scaffold --function note-create --event http --route 'POST /api/notes'
//	scaffold --function note --event table
//
// It reads all, plans all, and only then writes; what cannot be written whole
// is taken back.
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
	flags.StringVar(&o.Name, "function", "", "its `name`, noun-verb")
	flags.StringVar(&o.Event, "event", "", "what triggers it")
	flags.StringVar(&o.Route, "route", "", "of http: the `method and path`")
	flags.StringVar(&o.Table, "table", "", "of stream: the `table` whose changes it follows")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("%q is too much: FN=note-create EVENT=%s", flags.Arg(0), events())
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
