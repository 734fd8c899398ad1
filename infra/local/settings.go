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
)

// settings are the command line. Switches of the environment are its defaults.
type settings struct {
	command  string
	template string
	stack    string
	binaries string
	tools    string
	modules  string
	state    string
	port     int
	setup    list
	show     list
	// watched are the commands to run when files change, until the end.
	watched []rule
	// logLevel, if any, is that of all functions.
	logLevel string
	verbose  bool // show the START and END lines of functions
	// duplicate is the share of messages and events that are delivered twice.
	duplicate float64
	// chaos is the share of invocations in the middle of which the environment is killed.
	chaos float64
	// concurrency is how many environments of functions may be in use at once.
	concurrency int
	// timeScale divides the waiting times of retries.
	timeScale float64
	// debug is the function that runs under a debugger: NAME=BINARY.
	debug    string
	debugger string    // Delve
	args     []string  // of parts: CMD and its arguments
	out      io.Writer // for what up tells
}

// usageError is a mistake in the command line or in a switch.
type usageError struct{ error }

// list is a flag that may be given several times.
type list []string

func (l *list) String() string { return strings.Join(*l, ", ") }

// Set adds a value.
func (l *list) Set(value string) error {
	*l = append(*l, value)
	return nil
}

func parse(args []string) (settings, error) {
	s := settings{out: os.Stdout}
	if len(args) == 0 || args[0] != "up" && args[0] != "parts" {
		return s, usageError{errors.New("what to do? local-cloud up | local-cloud parts -- CMD")}
	}
	s.command = args[0]
	flags := flag.NewFlagSet(s.command, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	port := flags.String("port", cmp.Or(os.Getenv("PORT"), "8080"), "port of the site; PORT")
	duplicate := flags.String("duplicate", cmp.Or(os.Getenv("DUPLICATE"), "0"), "share of messages and events delivered twice, 0 to 1; DUPLICATE")
	chaos := flags.String("chaos", cmp.Or(os.Getenv("CHAOS"), "0"), "share of invocations whose environment is killed in the middle, 0 to 1; CHAOS")
	concurrency := flags.String("concurrency", cmp.Or(os.Getenv("CONCURRENCY"), "100"), "environments of functions in use at once; CONCURRENCY")
	timeScale := flags.String("time-scale", cmp.Or(os.Getenv("TIME_SCALE"), "1"), "divides the waiting times of retries; TIME_SCALE")
	flags.StringVar(&s.state, "state", cmp.Or(os.Getenv("STATE"), ".local"), "folder of data and logs; STATE")
	flags.StringVar(&s.template, "template", ".serverless/cloudformation-template-update-stack.json", "the compiled template")
	flags.StringVar(&s.stack, "stack", "minim-local", "name of the stack")
	flags.StringVar(&s.binaries, "binaries", "build/local", "folder with NAME/bootstrap of the function whose artifact is NAME.zip")
	flags.StringVar(&s.tools, "tools", "build", "folder of versitygw and dynamodb-local")
	flags.StringVar(&s.modules, "modules", ".", "folder of node_modules")
	flags.Var(&s.setup, "setup", "command to run once the stack exists, before it is ready; may be repeated")
	flags.Var(&s.show, "show", "line to print once ready, with the text of a file for \"{FILE}\"; may be repeated")
	flags.StringVar(&s.debug, "debug", "", "NAME=BINARY: run this function under the debugger, from this binary with its symbols")
	flags.StringVar(&s.debugger, "debugger", "dlv", "the debugger, Delve")
	var watched list
	flags.Var(&watched, "watch", "\"PATH…: COMMAND\", a command to run whenever a file changes; then changed binaries and settings of functions are taken over; may be repeated; WATCH=0 turns it off")
	if err := flags.Parse(args[1:]); err != nil {
		var text strings.Builder
		flags.SetOutput(&text)
		flags.PrintDefaults()
		return s, usageError{fmt.Errorf("%s: %w\n%s", s.command, err, strings.TrimRight(text.String(), "\n"))}
	}
	s.args = flags.Args()
	var err error
	if s.port, err = strconv.Atoi(*port); err != nil || s.port < 1 || s.port > 65535 {
		return s, usageError{fmt.Errorf("PORT=%s is not a port: 1 to 65535", *port)}
	}
	if s.duplicate, err = share("DUPLICATE", *duplicate); err != nil {
		return s, err
	}
	if s.chaos, err = share("CHAOS", *chaos); err != nil {
		return s, err
	}
	if s.concurrency, err = strconv.Atoi(*concurrency); err != nil || s.concurrency < 1 {
		return s, usageError{fmt.Errorf("CONCURRENCY=%s is not a number of environments: 1 or more", *concurrency)}
	}
	if s.timeScale, err = strconv.ParseFloat(*timeScale, 64); err != nil || !(s.timeScale >= 1 && s.timeScale <= 100000) {
		return s, usageError{fmt.Errorf("TIME_SCALE=%s is not a scale: 1 or more", *timeScale)}
	}
	if s.watched, err = rules(watched, os.Getenv("WATCH")); err != nil {
		return s, usageError{err}
	}
	s.verbose = !slices.Contains([]string{"", "0"}, os.Getenv("VERBOSE"))
	if s.logLevel = strings.ToUpper(os.Getenv("LOG_LEVEL")); !slices.Contains(logLevels(), s.logLevel) {
		return s, usageError{fmt.Errorf("LOG_LEVEL=%s is not a level: trace, debug, info, warn, error or fatal", os.Getenv("LOG_LEVEL"))}
	}
	if s.command == "parts" && len(s.args) == 0 {
		return s, usageError{errors.New("parts: which command? local-cloud parts -- CMD")}
	}
	if s.command == "up" && len(s.args) > 0 {
		return s, usageError{fmt.Errorf("up takes no arguments: %q", s.args)}
	}
	s.state, err = filepath.Abs(s.state)
	return s, err
}

func share(name, text string) (float64, error) {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || !(v >= 0 && v <= 1) {
		return 0, usageError{fmt.Errorf("%s=%s is not a share: 0 to 1", name, text)}
	}
	return v, nil
}

// logLevels are those of Lambda, and none, which leaves it to the template.
func logLevels() []string { return []string{"", "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"} }

// site is where the stack answers.
func (s settings) site() string { return fmt.Sprintf("localhost:%d", s.port) }
