package template

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const root = "../.."

// reporter hears what is wrong with a stack: a test, or a list of findings.
type reporter interface {
	Helper()
	Error(args ...any)
	Errorf(format string, args ...any)
}

// stack is the compiled template of a stage.
type stack struct {
	service, stage string
	Resources      map[string]resource
	Outputs        map[string]any
}

type resource struct {
	Type                string
	Properties          any
	DeletionPolicy      string
	UpdateReplacePolicy string
	UpdatePolicy        any
	DependsOn           any
}

// stages are all that are compiled; the first is this machine.
func stages() []string { return []string{"local", "dev", "prod", "example"} }

// lasting reports whether the stage's data must outlive its stack.
func (s stack) lasting() bool { return s.stage == "prod" || s.stage == "example" }

// aws reports whether the stage is one in AWS.
func (s stack) aws() bool { return s.stage != "local" }

// name is what something is called in this stage.
func (s stack) name(what string) string { return s.service + "-" + s.stage + "-" + what }

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
func (r resource) want(t reporter, name, path string, want any) {
	t.Helper()
	if got := text(r.get(path)); got != text(want) {
		t.Errorf("%s: %s is %s, want %s", name, path, got, text(want))
	}
}

// target is the function that something invokes, directly or by its alias.
func (s stack) target(arn any) string {
	if alias, ok := follow(arn, "Ref").(string); ok {
		function, _ := s.Resources[alias].get("FunctionName.Ref").(string)
		return function
	}
	function, _ := follow(arn, "Fn::GetAtt.0").(string)
	return function
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
		found[strings.TrimPrefix(fmt.Sprint(s.Resources[name].get("FunctionName")), s.name(""))] = name
	}
	return found
}

// compiled is where make keeps what osls has made of the stage.
func compiled(stage string) string {
	return filepath.Join(root, "build", "stack-"+stage, "cloudformation-template-update-stack.json")
}

func load(t *testing.T, stage string) stack {
	t.Helper()
	raw, err := os.ReadFile(compiled(stage))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("needs the compiled template: make test-stack")
	}
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(filepath.Join(root, "serverless.yml"))
	if err != nil {
		t.Fatal(err)
	}
	service := regexp.MustCompile(`(?m)^service: (\S+)$`).FindSubmatch(source)
	if service == nil {
		t.Fatal("serverless.yml names no service")
	}
	s := stack{service: string(service[1]), stage: stage}
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// folders lists the functions of the source tree.
func folders(t reporter) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, "functions", "*", "main.go"))
	if err != nil || len(files) == 0 {
		t.Errorf("no functions: %v", err)
	}
	var names []string
	for _, file := range files {
		names = append(names, filepath.Base(filepath.Dir(file)))
	}
	return names
}
