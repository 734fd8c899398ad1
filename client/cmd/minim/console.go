package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// console is what the command reads and writes.
type console struct {
	in       io.Reader
	out, err io.Writer
	// inTTY, outTTY and errTTY report whether a person is at the other end.
	inTTY, outTTY, errTTY bool
	width                 int // of the output, if that is a terminal
	color                 bool
	secret                func() ([]byte, error) // reads a line that isn't shown
	getenv                func(string) string
}

// system is the console of the process.
func system() console {
	in, out := int(os.Stdin.Fd()), int(os.Stdout.Fd())
	c := console{
		in: os.Stdin, out: os.Stdout, err: os.Stderr,
		inTTY: term.IsTerminal(in), outTTY: term.IsTerminal(out), errTTY: term.IsTerminal(int(os.Stderr.Fd())),
		secret: func() ([]byte, error) { return term.ReadPassword(in) },
		getenv: os.Getenv, width: 80,
	}
	if width, _, err := term.GetSize(out); err == nil {
		c.width = width
	}
	c.color = c.outTTY && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	return c
}

// The styles of text, as numbers of SGR sequences.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
)

// styled returns text in a style, or as it is where there are no colours.
func (c console) styled(style, text string) string {
	if !c.color || text == "" {
		return text
	}
	return "\x1b[" + style + "m" + text + "\x1b[0m"
}

// note writes lines for people, beside the output. Parts of them are texts of others.
func (c console) note(format string, args ...any) {
	for line := range strings.SplitSeq(fmt.Sprintf(format, args...), "\n") {
		fmt.Fprintln(c.err, visible(line))
	}
}

// ask asks a person for yes or no.
func (c console) ask(question string) (bool, error) {
	fmt.Fprintf(c.err, "%s [y/N] ", question)
	line, err := bufio.NewReader(c.in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	return len(line) > 0 && (line[0] == 'y' || line[0] == 'Y'), nil
}
