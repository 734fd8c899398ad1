// Package site runs a planned stack: it starts everything in order, restarts emulators that die, and stops
// everything in the opposite order.
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

// What the console remembers of invocations.
const (
	keptInvocations = 500
	keptBytes       = 16 << 20
)

// Options say what to run and how.
type Options struct {
	Template string // the compiled template
	Stack    string // its name, with which names of functions begin
	// Parameters are the values of the template's parameters.
	Parameters map[string]string
	// Binaries is the folder with NAME/bootstrap, or NAME.zip, where NAME is that of the artifact, or the logical ID.
	Binaries string
	// Components is the folder of the emulators' programs. Without them, as without a folder, they are downloaded.
	Components string
	State      string // folder of data and logs
	Port       int    // of the site
	// Setup are commands to run once the stack exists, before it is ready.
	Setup []string
	// Show are lines to print once it is ready, with the text of a file for "{FILE}".
	Show []string
	// Watch are the commands to run when files change.
	Watch []develop.Rule
	// LogLevel, if any, is that of all functions.
	LogLevel string
	Verbose  bool // print the START and END lines of functions
	// Duplicate is the share of messages and events that are delivered twice.
	Duplicate float64
	// Chaos is the share of invocations in the middle of which the environment is killed.
	Chaos float64
	// Concurrency is how many environments of functions may be in use at once.
	Concurrency int
	// TimeScale divides the waiting times of retries.
	TimeScale float64
	// Debug is the function that runs under a debugger: NAME=BINARY.
	Debug    string
	Debugger string // Delve
	Output   io.Writer
}

// host is where the stack answers.
func (o Options) host() string { return fmt.Sprintf("localhost:%d", o.Port) }

// prefix begins the names of functions, and is not shown to people.
func (o Options) prefix() string { return o.Stack + "-" }

// site is a stack that runs.
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

// Up runs a whole stack until the context ends.
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

// Components downloads the emulators' programs, unless they are there.
func Components(ctx context.Context, o Options) error {
	_, err := components.Ensure(ctx, o.Components, terminal.New(o.Output).Done)
	return err
}

// cloud are the options of the services.
func (o Options) cloud(debug plan.Debug, functions bool, t *terminal.Terminal) cloud.Options {
	return cloud.Options{
		Template: o.Template, Stack: o.Stack, Binaries: o.Binaries, Components: o.Components, State: o.State, Parameters: o.Parameters,
		Site: o.host(), LogLevel: o.LogLevel, Debug: debug, Functions: functions, Terminal: t,
	}
}

// start starts everything: the emulators with the resources of the stack, functions and services, the set-up
// commands, the site, and last what brings events to functions. The function that it returns ends the last.
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

// develop keeps the stack up to date. The function that it returns ends that.
func (s *site) develop(ctx context.Context) (finish func(), err error) {
	if len(s.Watch) == 0 {
		return func() {}, nil
	}
	return develop.Start(ctx, develop.Options{
		Rules: s.Watch, Plan: s.Plan, Template: s.Template, Read: s.Replan, Run: s.shell, Replace: s.platform.Replace,
		Terminal: s.terminal, Prefix: s.prefix(),
	})
}

// ready prints the addresses, and which parts of the template are not emulated.
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

// fill puts the text of a file where a line names it in braces: "key: {FILE}".
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

// openLog starts a new log.
func (s *site) openLog(name string) (*os.File, error) {
	folder := filepath.Join(s.State, "logs")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of logs: %w", err)
	}
	file, err := os.Create(filepath.Join(folder, name+".log"))
	if err != nil {
		return nil, fmt.Errorf("open a log: %w", err)
	}
	s.OnClose(func() { file.Close() })
	return file, nil
}
