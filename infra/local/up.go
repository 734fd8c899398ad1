package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/minim-dev/minim/infra/local/console"
	"github.com/minim-dev/minim/infra/local/lambda"
	"github.com/minim-dev/minim/infra/local/logs"
	"github.com/minim-dev/minim/infra/local/schedule"
	"github.com/minim-dev/minim/infra/local/sources"
)

// site is a whole stack at work.
type site struct {
	*cloud
	logger    *slog.Logger
	platform  *lambda.Platform
	invokeAPI net.Listener

	// What the template describes, made before anything is started.
	credentials map[string]lambda.Credentials // by function
	debugged    debugging
	handler     http.Handler
	runner      *schedule.Runner
	mappings    []sources.Queue
	streams     []sources.Stream
	followers   []*sources.Follower
	logs        *logs.Deliverer // nil without subscriptions
	wishes      []sources.Notification
	notifier    *sources.Notifier
	history     *console.History
}

// up runs the whole stack until the context ends.
func up(ctx context.Context, settings settings) error {
	begun := time.Now()
	release, err := lock(settings.state)
	if err != nil {
		return err
	}
	defer release()
	s := &site{cloud: &cloud{settings: settings, say: tell(settings.out)}, history: console.NewHistory(keptInvocations, keptBytes)}
	defer s.close()
	doors, err := openDoors(settings.port)
	if err != nil {
		return err
	}
	for _, door := range doors {
		s.closing = append(s.closing, func() { door.Close() })
	}
	if err := s.plan(); err != nil {
		return err
	}
	if err := s.build(ctx); err != nil {
		return err
	}
	for _, door := range doors {
		s.closing = append(s.closing, serve(door, s.handler))
	}
	finished, err := s.serveSources(ctx)
	if err != nil {
		return err
	}
	defer finished()
	finishedLoop, err := s.develop(ctx)
	if err != nil {
		return err
	}
	defer finishedLoop()
	if err := s.ready(time.Since(begun)); err != nil {
		return err
	}
	<-ctx.Done()
	s.say.printf("stopping")
	return nil
}

// plan reads the template and makes everything that can be made before anything
// is started: a mistake leaves nothing half done.
func (s *site) plan() error {
	if err := s.load(); err != nil {
		return err
	}
	access, err := s.openLog("access")
	if err != nil {
		return err
	}
	log, err := s.openLog("local-cloud")
	if err != nil {
		return err
	}
	s.logger = slog.New(slog.NewTextHandler(&tee{s.say, log}, nil))
	s.deliver = s.send
	errs := make([]error, 10)
	errs[0] = s.checkFunctions()
	s.mappings, errs[1] = s.queueSources()
	s.wishes, errs[2] = s.notifications()
	s.runner, errs[3] = s.calendar()
	s.handler, errs[4] = s.front(access, &tee{s.say, log})
	errs[5] = s.permissions()
	errs[6] = s.planDebugging()
	s.streams, errs[7] = s.streamSources()
	errs[8] = s.planServices()
	s.logs, errs[9] = s.logSubscriptions()
	return errors.Join(errs...)
}

// openLog starts a log anew.
func (s *site) openLog(name string) (*os.File, error) {
	folder := filepath.Join(s.state, "logs")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of logs: %w", err)
	}
	file, err := os.Create(filepath.Join(folder, name+".log"))
	if err != nil {
		return nil, fmt.Errorf("open a log: %w", err)
	}
	s.closing = append(s.closing, func() { file.Close() })
	return file, nil
}

// build starts everything below the front door and runs the set-up commands.
func (s *site) build(ctx context.Context) (err error) {
	if s.notifier, err = sources.NewNotifier(filepath.Join(s.state, "s3-events.json")); err != nil {
		return err
	}
	webhook, err := listen()
	if err != nil {
		return err
	}
	s.closing = append(s.closing, serve(webhook, forPrograms(s.notifier)))
	recoveries := map[string]recovery{"s3": {restarted: func() { s.catchUp(ctx) }}}
	if err := s.start(ctx, "http://"+webhook.Addr().String()+"/", false, recoveries); err != nil {
		return err
	}
	if err := s.startFunctions(ctx); err != nil {
		return err
	}
	if err := s.openStreams(); err != nil {
		return err
	}
	return s.setUp(ctx)
}

// catchUp looks for the events that S3 could not send before it died.
func (s *site) catchUp(ctx context.Context) {
	if err := s.notifier.CatchUp(ctx); err != nil {
		s.logger.Warn("cannot look for events of buckets", "error", err)
	}
}

// serveSources starts the event sources and the schedules. What it returns ends them.
func (s *site) serveSources(ctx context.Context) (finished func(), err error) {
	if err := s.notifier.Begin(ctx, s.bucketOptions(), s.wishes); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	var all sync.WaitGroup
	for _, f := range s.followers {
		all.Go(func() { f.Serve(ctx) })
	}
	if s.logs != nil {
		all.Go(func() { s.logs.Serve(ctx) })
	}
	for _, q := range s.mappings {
		all.Go(func() { q.Serve(ctx, s.queueOptions()) })
	}
	all.Go(func() { s.runner.Serve(ctx) })
	return func() { cancel(); all.Wait() }, nil
}

// ready tells the world.
func (s *site) ready(took time.Duration) error {
	s.reportStraySDKs(s.functions(s.stack))
	s.say.printf("started in %.1f s; logs are in %s; what runs: http://%s/_local/", took.Seconds(), filepath.Join(s.state, "logs"), s.site())
	s.say.printf("ready: http://%s", s.site())
	if err := s.startDebugging(); err != nil {
		return err
	}
	for _, entry := range s.show {
		text, err := fill(entry)
		if err != nil {
			return fmt.Errorf("show %q: %w", entry, err)
		}
		s.say.printf("%s", text)
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

// openDoors listens at localhost in both its meanings, where the machine has both.
func openDoors(port int) ([]net.Listener, error) {
	first, err := net.Listen("tcp4", fmt.Sprintf("127.0.0.1:%d", port))
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("port %d is in use: stop what uses it, or set PORT to another one", port)
	}
	if errors.Is(err, syscall.EACCES) {
		return nil, fmt.Errorf("port %d is not for ordinary users: set PORT to one above 1023", port)
	}
	if err != nil {
		return nil, fmt.Errorf("listen on port %d: %w", port, err)
	}
	second, err := net.Listen("tcp6", fmt.Sprintf("[::1]:%d", port))
	if errors.Is(err, syscall.EADDRINUSE) {
		first.Close()
		return nil, fmt.Errorf("port %d is in use: stop what uses it, or set PORT to another one", port)
	}
	if err != nil { // no IPv6 here
		return []net.Listener{first}, nil
	}
	return []net.Listener{first, second}, nil
}
