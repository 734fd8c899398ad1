package e2e

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"
)

// step is one case of a script: a command with its options and checks.
type step struct {
	place string // file:line
	words []string
	text  string // the whole command line
	lines []line
}

type line struct {
	place string
	text  string
}

// parse reads a script.
func parse(path string) ([]step, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var steps []step
	open := false
	scanner := bufio.NewScanner(file)
	for number := 1; scanner.Scan(); number++ {
		text := strings.TrimSpace(scanner.Text())
		place := fmt.Sprintf("%s:%d", path, number)
		switch {
		case text == "":
			open = false
		case strings.HasPrefix(text, "#"):
		case !open:
			steps = append(steps, step{place: place, text: text, words: strings.Fields(text)})
			open = true
		default:
			last := &steps[len(steps)-1]
			last.lines = append(last.lines, line{place, text})
		}
	}
	return steps, scanner.Err()
}

// expand replaces variables, $NAME and $NAME.part, longest name first.
func expand(text string, variables map[string]string) string {
	return os.Expand(text, func(name string) string {
		if value, known := variables[name]; known {
			return value
		}
		return "$" + name
	})
}

func TestParse(t *testing.T) {
	path := t.TempDir() + "/x.txt"
	script := "# Title\nGET /a\n> X: y\nstatus == 200\n\n# two\nowner ann\n"
	if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	steps, err := parse(path)
	if err != nil || len(steps) != 2 {
		t.Fatalf("%d steps, %v", len(steps), err)
	}
	if steps[0].text != "GET /a" || len(steps[0].lines) != 2 || steps[1].words[1] != "ann" {
		t.Errorf("parsed %+v", steps)
	}
}
