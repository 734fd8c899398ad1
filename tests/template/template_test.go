package template

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// stack is the compiled template of a stage.
type stack struct {
	stage     string
	Resources map[string]resource
}

type resource struct {
	Type           string
	Properties     any
	DeletionPolicy string
}

// get follows a path of keys and indexes, "Code.S3Key" or "Policies.0", and
// returns nil where it leads nowhere.
func (r resource) get(path string) any { return follow(r.Properties, path) }

func follow(value any, path string) any {
	for _, step := range strings.Split(path, ".") {
		switch node := value.(type) {
		case map[string]any:
			value = node[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(node) {
				return nil
			}
			value = node[i]
		default:
			return nil
		}
	}
	return value
}

// text is a value's JSON, in which an intrinsic function can be looked for.
func text(value any) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err)
	}
	return strings.TrimSpace(b.String())
}

// want compares values by their JSON.
func (r resource) want(t *testing.T, name, path string, want any) {
	t.Helper()
	if got := text(r.get(path)); got != text(want) {
		t.Errorf("%s: %s is %s, want %s", name, path, got, text(want))
	}
}

// of lists the resources of a type, in the order of their names.
func (s stack) of(kind string) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(s.Resources)) {
		if s.Resources[name].Type == kind {
			names = append(names, name)
		}
	}
	return names
}

// functions maps the short name of each function ("link-get") to its resource.
func (s stack) functions() map[string]string {
	found := map[string]string{}
	for _, name := range s.of("AWS::Lambda::Function") {
		found[strings.TrimPrefix(fmt.Sprint(s.Resources[name].get("FunctionName")), "minim-"+s.stage+"-")] = name
	}
	return found
}

// each runs a test on every stage.
func each(t *testing.T, test func(*testing.T, stack)) {
	for _, stage := range []string{"local", "dev"} {
		t.Run(stage, func(t *testing.T) { test(t, load(t, stage)) })
	}
}

func load(t *testing.T, stage string) stack {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "build", "stack-"+stage, "cloudformation-template-update-stack.json"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("needs the compiled template: make test")
	}
	if err != nil {
		t.Fatal(err)
	}
	s := stack{stage: stage}
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// folders lists the functions of the source tree.
func folders(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "functions", "*", "main.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no functions: %v", err)
	}
	var names []string
	for _, file := range files {
		names = append(names, filepath.Base(filepath.Dir(file)))
	}
	return names
}

func TestSize(t *testing.T) {
	each(t, func(t *testing.T, s stack) {
		if n := len(s.Resources); n >= 450 {
			t.Errorf("%d resources; CloudFormation takes 500", n)
		}
	})
}
