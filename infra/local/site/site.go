// Package site runs a planned stack: it starts everything in order, restarts emulators that crash, and stops
// everything in reverse order.
package site

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/minim-dev/minim/infra/local/cloud"
	"github.com/minim-dev/minim/infra/local/components"
	"github.com/minim-dev/minim/infra/local/console"
	"github.com/minim-dev/minim/infra/local/develop"
	"github.com/minim-dev/minim/infra/local/disk"
	"github.com/minim-dev/minim/infra/local/lambda"
	"github.com/minim-dev/minim/infra/local/logs"
	"github.com/minim-dev/minim/infra/local/loopback"
	"github.com/minim-dev/minim/infra/local/plan"
	"github.com/minim-dev/minim/infra/local/sources"
	"github.com/minim-dev/minim/infra/local/terminal"
)

// Limits of the console's history of invocations.
const (
	keptInvocations = 500
	keptBytes       = 16 << 20
)

// Options are the settings of a run.
type Options struct {
	Template   string            // the compiled template
	Stack      string            // its name, the prefix of all function names
	Parameters map[string]string // values of the template's parameters
	// Binaries is the folder with NAME/bootstrap or NAME.zip; NAME is the artifact's name or the logical ID.
	Binaries string
	// Components is the folder of the emulators' programs. Missing programs are downloaded.
	Components string
	State      string // folder for data and logs
	Port       int    // of the site
	// Setup lists commands to run after the stack is created, before it is ready.
	Setup []string
	// Show lists lines to print once it is ready; "{FILE}" is replaced by the text of the file.
	Show []string
	// Watch lists commands to run when files change.
	Watch []develop.Rule
	// LogLevel, if not empty, overrides the log level of all functions.
	LogLevel string
	Verbose  bool // print the START and END lines of functions
	// Duplicate is the share of messages and events that are delivered twice.
	Duplicate float64
	// Chaos is the share of invocations during which the environment is killed.
	Chaos float64
	// Concurrency is the maximum number of environments in use at once.
	Concurrency int
	// TimeScale divides the delays between retries.
	TimeScale float64
	// Debug is NAME=BINARY: the function to run under a debugger.
	Debug    string
	Debugger string // the path of Delve
	Output   io.Writer
}

// host is the host and port at which the stack is served.
func (o Options) host() string { return fmt.Sprintf("localhost:%d", o.Port) }

// prefix is the prefix of function names. Output omits it.
func (o Options) prefix() string { return o.Stack + "-" }

// site is a running stack.
type site struct {
	Options
	*cloud.Cloud
	terminal *terminal.Terminal
	logger   *slog.Logger
	debug    debugger

	platform  *lambda.Platform
	history   *console.History
	notifier  *sources.Notifier
	followers []*sources.Follower
	logs      *logs.Deliverer // nil without subscriptions
}

// Up runs a whole stack until the context is cancelled.
func Up(ctx context.Context, o Options) error {
	begun := time.Now()
	release, err := disk.Lock(o.State)
	if err != nil {
		return err
	}
	defer release()
	listeners, err := loopback.ListenOn(o.Port)
	if err != nil {
		return err
	}
	for _, listener := range listeners {
		defer listener.Close()
	}
	s := &site{Options: o, terminal: terminal.New(o.Output), history: console.NewHistory(keptInvocations, keptBytes)}
	if s.debug, err = newDebugger(o); err != nil {
		return err
	}
	s.Cloud, err = cloud.Open(o.cloud(s.debug.Debug, true, s.terminal))
	defer s.Close()
	if err != nil {
		return err
	}
	finish, err := s.start(ctx, listeners)
	if err != nil {
		return err
	}
	defer finish()
	finishLoop, err := s.develop(ctx)
	if err != nil {
		return err
	}
	defer finishLoop()
	if err := s.ready(time.Since(begun)); err != nil {
		return err
	}
	<-ctx.Done()
	s.terminal.Printf("stopping")
	return nil
}

// Components downloads the emulators' programs that are missing.
func Components(ctx context.Context, o Options) error {
	_, err := components.Ensure(ctx, o.Components, terminal.New(o.Output).Done)
	return err
}

// cloud returns the options of the services.
func (o Options) cloud(debug plan.Debug, functions bool, t *terminal.Terminal) cloud.Options {
	return cloud.Options{
		Template: o.Template, Stack: o.Stack, Binaries: o.Binaries, Components: o.Components, State: o.State, Parameters: o.Parameters,
		Site: o.host(), LogLevel: o.LogLevel, Debug: debug, Functions: functions, Terminal: t,
	}
}

// start starts everything: the emulators with the resources of the stack, functions and services, the set-up
// commands, the site, and finally the event sources. The returned function stops the event sources.
func (s *site) start(ctx context.Context, listeners []net.Listener) (finish func(), err error) {
	access, err := s.openLog("access")
	if err != nil {
		return nil, err
	}
	log, err := s.openLog("local-cloud")
	if err != nil {
		return nil, err
	}
	output := s.terminal.Tee(log)
	s.logger = slog.New(slog.NewTextHandler(output, nil))
	webhook, catchUp, err := s.listenToBuckets(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.Start(ctx, cloud.StartOptions{Webhook: webhook, S3: catchUp}); err != nil {
		return nil, err
	}
	if err := s.startFunctions(ctx); err != nil {
		return nil, err
	}
	if err := s.Serve(ctx); err != nil {
		return nil, err
	}
	if err := s.openStreams(); err != nil {
		return nil, err
	}
	if err := s.setUp(ctx); err != nil {
		return nil, err
	}
	runner, err := s.schedules()
	if err != nil {
		return nil, err
	}
	front, err := s.front(access, output, runner)
	if err != nil {
		return nil, err
	}
	for _, listener := range listeners {
		s.OnClose(loopback.Serve(listener, front))
	}
	return s.serveEvents(ctx, runner)
}

// develop updates the running stack when files change. The returned function stops it.
func (s *site) develop(ctx context.Context) (finish func(), err error) {
	if len(s.Watch) == 0 {
		return func() {}, nil
	}
	return develop.Start(ctx, develop.Options{
		Rules: s.Watch, Plan: s.Plan, Template: s.Template, Read: s.Replan, Run: s.shell, Replace: s.platform.Replace,
		Terminal: s.terminal, Prefix: s.prefix(),
	})
}

// ready prints the addresses and the parts of the template that are not emulated.
func (s *site) ready(took time.Duration) error {
	s.reportStraySDKs()
	for _, note := range s.Plan.Notes {
		s.terminal.Alert("not emulated: %s", note)
	}
	if len(s.Plan.APIs) > 1 {
		for _, c := range s.Plan.APIs {
			s.terminal.Printf("http://%s.%s: %s", c.APIID, s.host(), c.Domain)
		}
	}
	s.terminal.Printf("started in %.1f s; logs are in %s; what runs: http://%s/_local/", took.Seconds(), filepath.Join(s.State, "logs"), s.host())
	s.terminal.Printf("ready: http://%s", s.host())
	if err := s.startDebugging(); err != nil {
		return err
	}
	for _, entry := range s.Show {
		text, err := fill(entry)
		if err != nil {
			return fmt.Errorf("show %q: %w", entry, err)
		}
		s.terminal.Printf("%s", text)
	}
	return nil
}

// fill replaces each file name in braces with the text of that file: "key: {FILE}".
func fill(line string) (string, error) {
	var filled strings.Builder
	for {
		before, rest, found := strings.Cut(line, "{")
		filled.WriteString(before)
		if !found {
			return filled.String(), nil
		}
		file, after, _ := strings.Cut(rest, "}")
		text, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		filled.Write(bytes.TrimSpace(text))
		line = after
	}
}

// openLog creates a log file, or empties an existing one.
func (s *site) openLog(name string) (*os.File, error) {
	folder := filepath.Join(s.State, "logs")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("create the log folder: %w", err)
	}
	file, err := os.Create(filepath.Join(folder, name+".log"))
	if err != nil {
		return nil, fmt.Errorf("open a log: %w", err)
	}
	s.OnClose(func() { file.Close() })
	return file, nil
}
