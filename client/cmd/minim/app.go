package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"time"

	"github.com/spf13/cobra"

	"github.com/minim-dev/minim/client"
)

// app is one run of the command.
type app struct {
	console
	url     string
	json    bool
	quiet   bool
	started bool // whether the command line is right
	moving  bool // whether a line of progress is shown
	now     func() time.Time
}

const (
	linkGroup   = "links"
	moreGroup   = "more"
	defaultURL  = "http://localhost:8080" // make dev
	description = `minim makes, finds and watches short links. It uploads images. It reads reports.

It needs the address of a Minim in MINIM_URL (` + defaultURL + ` without it) and an API key in MINIM_KEY.`
)

// run runs the command line, and returns the exit code.
func run(ctx context.Context, args []string, c console) int {
	a := &app{console: c, now: time.Now}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(c.in)
	root.SetOut(c.out)
	root.SetErr(c.err)
	called, err := root.ExecuteContextC(ctx)
	if err == nil {
		return exitDone
	}
	a.progress("")
	return a.explain(ctx, called, err)
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use: "minim", Short: "The command line of Minim", Long: description,
		Example: `  minim shorten https://go.dev/ --code go
  minim list newsletter --sort clicks
  minim stats go`,
		Version: client.Version(), SilenceUsage: true, SilenceErrors: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if err := cmd.ValidateFlagGroups(); err != nil {
				return usagef("%s", exclusive.ReplaceAllString(err.Error(), "these flags exclude each other: $1"))
			}
			a.started = true
			return nil
		},
	}
	root.SetVersionTemplate("minim {{.Version}}\n")
	root.SetHelpTemplate(root.HelpTemplate() + helpEnd)
	url := a.getenv("MINIM_URL")
	if url == "" {
		url = defaultURL
	}
	flags := root.PersistentFlags()
	flags.StringVar(&a.url, "server", url, "the `address` of Minim (env MINIM_URL)")
	flags.BoolVar(&a.json, "json", false, "print the API's response as JSON")
	flags.BoolVarP(&a.quiet, "quiet", "q", false, "print only codes and IDs, one per line")
	root.MarkFlagsMutuallyExclusive("json", "quiet")
	root.AddGroup(&cobra.Group{ID: linkGroup, Title: "Links:"}, &cobra.Group{ID: moreGroup, Title: "More:"})
	for _, command := range []*cobra.Command{a.shorten(), a.list(), a.get(), a.edit(), a.delete(), a.restore(), a.stats(), a.clicks(), a.history(), a.qr()} {
		command.GroupID = linkGroup
		root.AddCommand(command)
	}
	for _, command := range []*cobra.Command{
		a.images(),
		a.reports(),
		a.keys(),
		a.abuse(),
	} {
		command.GroupID = moreGroup
		root.AddCommand(command)
	}
	root.SetCompletionCommandGroupID(moreGroup)
	root.SetHelpCommandGroupID(moreGroup)
	return root
}

const helpEnd = `{{if not .HasParent}}
Environment:
  MINIM_URL   the address of Minim
  MINIM_KEY   an API key
  NO_COLOR    turns colours off, with any value

Exit codes:
  0  success
  1  any other failure, including a partial one
  2  wrong command line
  3  not found
  4  no API key, or it is invalid or lacks a scope
  5  conflict: the code is taken, or the link has changed
  6  the API rejected the input
  7  Minim is unreachable or overloaded
{{end}}`

// exclusive is what cobra says of flags that exclude each other.
var exclusive = regexp.MustCompile(`^if any flags.*\[(.*)\] were all set$`)

// progress replaces the last line of a terminal; an empty text removes it.
func (a *app) progress(format string, args ...any) {
	if !a.errTTY || format == "" && !a.moving {
		return
	}
	a.moving = format != ""
	fmt.Fprintf(a.err, "\r\x1b[K"+format, args...)
}

// client returns a client of the API.
func (a *app) client(options ...client.Option) (*client.Client, error) {
	key := a.getenv("MINIM_KEY")
	if key == "" {
		return nil, errNoKey
	}
	all := append([]client.Option{client.WithUserAgent("minim/" + client.Version()), client.WithNotify(a.waiting)}, options...)
	return client.New(a.url, key, all...)
}

// waiting tells a person why nothing happens.
func (a *app) waiting(wait time.Duration, reason error) {
	if wait >= time.Second {
		a.note("minim: %v; trying again in %s", reason, wait.Round(time.Second))
	}
}

// print writes a JSON answer, indented.
func (a *app) print(answer []byte) error {
	var out bytes.Buffer
	if err := json.Indent(&out, bytes.TrimSpace(answer), "", "  "); err != nil {
		return err
	}
	_, err := fmt.Fprintln(a.out, out.String())
	return err
}
