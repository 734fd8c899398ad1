package site

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/minim-dev/minim/infra/local/loopback"
	"github.com/minim-dev/minim/infra/local/plan"
)

// debugger is a function that runs under Delve.
type debugger struct {
	plan.Debug
	address string // where Delve listens
}

// newDebugger parses the option and finds a free port for the debugger.
func newDebugger(o Options) (debugger, error) {
	if o.Debug == "" {
		return debugger{}, nil
	}
	name, binary, ok := strings.Cut(o.Debug, "=")
	if !ok {
		return debugger{}, fmt.Errorf("debug %q: must read NAME=BINARY", o.Debug)
	}
	delve, err := filepath.Abs(o.Debugger)
	if err != nil {
		return debugger{}, err
	}
	listener, err := loopback.Listen()
	if err != nil {
		return debugger{}, err
	}
	defer listener.Close()
	address := listener.Addr().String()
	return debugger{address: address, Debug: plan.Debug{
		Function: o.prefix() + name, Binary: binary,
		Command: []string{delve, "exec", "--headless", "--listen=" + address, "--api-version=2", "--accept-multiclient", "--continue", "--log-dest=/dev/null"},
	}}, nil
}

// startDebugging starts the function, so breakpoints can be set before the first request.
func (s *site) startDebugging() error {
	if s.debug.Function == "" {
		return nil
	}
	if err := s.platform.Warm(s.debug.Function); err != nil {
		return err
	}
	s.terminal.Printf("%s runs under Delve: dlv connect %s", strings.TrimPrefix(s.debug.Function, s.prefix()), s.debug.address)
	return nil
}
