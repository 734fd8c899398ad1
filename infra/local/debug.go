package main

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/minim-dev/minim/infra/local/lambda"
)

// debugging is a function that runs under Delve.
type debugging struct {
	function string // its deployed name
	binary   string
	command  []string
	address  string // where Delve listens
}

// planDebugging reads the flag and finds a port for the debugger.
func (s *site) planDebugging() error {
	if s.debug == "" {
		return nil
	}
	name, binary, ok := strings.Cut(s.debug, "=")
	if !ok {
		return fmt.Errorf("debug %q: must read NAME=BINARY", s.debug)
	}
	listener, err := listen()
	if err != nil {
		return err
	}
	defer listener.Close()
	s.debugged = debugging{function: s.settings.stack + "-" + name, binary: binary, address: listener.Addr().String()}
	all := s.functions(s.stack)
	if _, ok := all[s.debugged.function]; !ok {
		return fmt.Errorf("DEBUG=%s is not a function: one of %s", name, strings.Join(s.shorts(all), ", "))
	}
	debugger, err := filepath.Abs(s.debugger)
	if err != nil {
		return err
	}
	s.debugged.command = []string{debugger, "exec", "--headless", "--listen=" + s.debugged.address, "--api-version=2",
		"--accept-multiclient", "--continue", "--log-dest=/dev/null"}
	return nil
}

func (s *site) shorts(all map[string]lambda.Function) (names []string) {
	for _, name := range slices.Sorted(maps.Keys(all)) {
		names = append(names, s.short(name))
	}
	return names
}

// underDebugger is the function as it runs under the debugger, if it does.
func (s *site) underDebugger(f lambda.Function) lambda.Function {
	if f.Name == s.debugged.function {
		f.Binary, f.Debugger = s.debugged.binary, s.debugged.command
	}
	return f
}

// startDebugging starts the function, so that breakpoints can be set before the first request.
func (s *site) startDebugging() error {
	if s.debug == "" {
		return nil
	}
	if err := s.platform.Warm(s.debugged.function); err != nil {
		return err
	}
	s.say.printf("%s runs under Delve: dlv connect %s", s.short(s.debugged.function), s.debugged.address)
	return nil
}
