package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/minim-dev/minim/infra/local/develop"
	"github.com/minim-dev/minim/infra/local/site"
)

// line is the parsed command line. Environment variables set the defaults.
type line struct {
	command string
	site.Options
	args []string // for emulators: CMD and its arguments
}

// usageError is a mistake in the command line or in an environment variable.
type usageError struct{ error }

// list is a flag that may be repeated.
type list []string

func (l *list) String() string { return strings.Join(*l, ", ") }

// Set adds a value.
func (l *list) Set(value string) error {
	*l = append(*l, value)
	return nil
}

func parse(args []string) (line, error) {
	l := line{Options: site.Options{Output: os.Stdout, Parameters: map[string]string{}}}
	if len(args) == 0 || !slices.Contains([]string{"up", "emulators", "components"}, args[0]) {
		return l, usageError{errors.New("missing command: local-cloud up | local-cloud emulators -- CMD | local-cloud components")}
	}
	l.command = args[0]
	flags := flag.NewFlagSet(l.command, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	port := flags.String("port", cmp.Or(os.Getenv("PORT"), "8080"), "port of the site; PORT")
	duplicate := flags.String("duplicate", cmp.Or(os.Getenv("DUPLICATE"), "0"), "share of messages and events delivered twice, 0 to 1; DUPLICATE")
	chaos := flags.String("chaos", cmp.Or(os.Getenv("CHAOS"), "0"), "share of invocations during which the environment is killed, 0 to 1; CHAOS")
	concurrency := flags.String("concurrency", cmp.Or(os.Getenv("CONCURRENCY"), "100"), "most environments in use at once; CONCURRENCY")
	timeScale := flags.String("time-scale", cmp.Or(os.Getenv("TIME_SCALE"), "1"), "divides the delays between retries; TIME_SCALE")
	flags.StringVar(&l.State, "state", cmp.Or(os.Getenv("STATE"), ".local"), "folder for data and logs; STATE")
	flags.StringVar(&l.Template, "template", ".serverless/cloudformation-template-update-stack.json", "the compiled template")
	flags.StringVar(&l.Stack, "stack", "local", "name of the stack")
	flags.StringVar(&l.Binaries, "binaries", ".", "folder with NAME/bootstrap or NAME.zip of each function; NAME is the name of its artifact, or its logical ID")
	flags.StringVar(&l.Components, "components", "", "folder into which the emulators are downloaded; default: local-cloud in the user's cache")
	flags.Func("parameter", "NAME=VALUE: a parameter of the template; may be repeated", l.parameter)
	flags.Var((*list)(&l.Setup), "setup", "command to run after the stack is created, before it is ready; may be repeated")
	flags.Var((*list)(&l.Show), "show", "line to print once ready; \"{FILE}\" is replaced by the text of the file; may be repeated")
	flags.StringVar(&l.Debug, "debug", "", "NAME=BINARY: run this function under the debugger, from a binary with symbols")
	flags.StringVar(&l.Debugger, "debugger", "dlv", "the debugger, Delve")
	var watched list
	flags.Var(&watched, "watch", "\"PATH…: COMMAND\": run a command when a file changes, then load changed binaries and settings of functions; may be repeated; WATCH=0 turns it off")
	if err := flags.Parse(args[1:]); err != nil {
		var text strings.Builder
		flags.SetOutput(&text)
		flags.PrintDefaults()
		return l, usageError{fmt.Errorf("%s: %w\n%s", l.command, err, strings.TrimRight(text.String(), "\n"))}
	}
	l.args = flags.Args()
	var err error
	if l.Port, err = strconv.Atoi(*port); err != nil || l.Port < 1 || l.Port > 65535 {
		return l, usageError{fmt.Errorf("PORT=%s is not a port: 1 to 65535", *port)}
	}
	if l.Duplicate, err = share("DUPLICATE", *duplicate); err != nil {
		return l, err
	}
	if l.Chaos, err = share("CHAOS", *chaos); err != nil {
		return l, err
	}
	if l.Concurrency, err = strconv.Atoi(*concurrency); err != nil || l.Concurrency < 1 {
		return l, usageError{fmt.Errorf("CONCURRENCY=%s is not a number of environments: 1 or more", *concurrency)}
	}
	if l.TimeScale, err = strconv.ParseFloat(*timeScale, 64); err != nil || !(l.TimeScale >= 1 && l.TimeScale <= 100000) {
		return l, usageError{fmt.Errorf("TIME_SCALE=%s is not a scale: 1 or more", *timeScale)}
	}
	if l.Watch, err = rules(watched, os.Getenv("WATCH")); err != nil {
		return l, usageError{err}
	}
	l.Verbose = !slices.Contains([]string{"", "0"}, os.Getenv("VERBOSE"))
	if l.LogLevel = strings.ToUpper(os.Getenv("LOG_LEVEL")); !slices.Contains(logLevels(), l.LogLevel) {
		return l, usageError{fmt.Errorf("LOG_LEVEL=%s is not a level: trace, debug, info, warn, error or fatal", os.Getenv("LOG_LEVEL"))}
	}
	if l.command == "emulators" && len(l.args) == 0 {
		return l, usageError{errors.New("emulators: missing command: local-cloud emulators -- CMD")}
	}
	if l.command != "emulators" && len(l.args) > 0 {
		return l, usageError{fmt.Errorf("%s takes no arguments: %q", l.command, l.args)}
	}
	l.State, err = filepath.Abs(l.State)
	return l, err
}

// parameter reads NAME=VALUE.
func (l *line) parameter(text string) error {
	name, value, ok := strings.Cut(text, "=")
	if !ok || name == "" {
		return errors.New("it is not NAME=VALUE")
	}
	l.Parameters[name] = value
	return nil
}

func share(name, text string) (float64, error) {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || !(v >= 0 && v <= 1) {
		return 0, usageError{fmt.Errorf("%s=%s is not a share: 0 to 1", name, text)}
	}
	return v, nil
}

// logLevels are Lambda's log levels, and "" to use those of the template.
func logLevels() []string { return []string{"", "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"} }

// rules parses the rules of --watch; WATCH=0 disables them.
func rules(lines []string, on string) (all []develop.Rule, err error) {
	if on != "" && on != "0" && on != "1" {
		return nil, fmt.Errorf("WATCH=%s is neither 0 nor 1", on)
	}
	for _, line := range lines {
		rule, err := develop.ParseRule(line)
		if err != nil {
			return nil, err
		}
		all = append(all, rule)
	}
	if on == "0" {
		return nil, nil
	}
	return all, nil
}
