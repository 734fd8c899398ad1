package develop

import (
	"fmt"
	"strings"
)

// Rule is a command to run when files change.
type Rule struct {
	Paths   []string
	Command string
}

// ParseRule parses "PATH…: COMMAND".
func ParseRule(line string) (Rule, error) {
	paths, command, _ := strings.Cut(line, ": ")
	r := Rule{strings.Fields(paths), strings.TrimSpace(command)}
	if len(r.Paths) == 0 || r.Command == "" {
		return Rule{}, fmt.Errorf("watch %q: must read PATH…: COMMAND", line)
	}
	return r, nil
}
