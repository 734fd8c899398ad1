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

// reporter receives the defects of a stack: a test, or a list of findings.
type reporter interface {
	Helper()
	Error(args ...any)
	Errorf(format string, args ...any)
}

// stack is the compiled template of a stage.
type stack struct {
	service, stage string
	region         string
	Resources      map[string]resource
	Outputs        map[string]any
	Metadata       map[string]any
	Conditions     map[string]any
	Mappings       map[string]any
	declared       int // resources, including those whose conditions are false
}

type resource struct {
	Type                string
	Properties          any
	DeletionPolicy      string
	UpdateReplacePolicy string
	UpdatePolicy        any
	DependsOn           any
	Condition           string
}

// stages are the compiled stages; the first one is the local cloud.
func stages() []string { return []string{"local", "dev", "prod", "example"} }

// elsewhere are the stages compiled for a region other than us-east-1, which have a second stack there.
func elsewhere() []string {
	return []string{"dev-eu-central-1", "prod-eu-central-1", "example-eu-central-1"}
}

// lasting reports whether the stage's data must outlive its stack.
func (s stack) lasting() bool { return s.stage == "prod" || s.stage == "example" }

// aws reports whether the stage is in AWS.
func (s stack) aws() bool { return s.stage != "local" }

// name returns a resource's full name in this stage.
func (s stack) name(what string) string { return s.service + "-" + s.stage + "-" + what }

// get returns the value at a path of keys and indexes, such as "Code.S3Key" or
// "Policies.0", nil if there is none.
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

// text returns a value's JSON, which can be searched for intrinsic functions.
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

// target returns the function that a value refers to, directly or by its alias.
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

// compiled returns the path of the stage's compiled template.
func compiled(stage string) string {
	return filepath.Join(root, "build", "stack-"+stage, "cloudformation-template-update-stack.json")
}

// template reads the stage's compiled template.
func template(t *testing.T, stage string) string {
	t.Helper()
	raw, err := os.ReadFile(compiled(stage))
	if errors.Is(err, fs.ErrNotExist) {
		missing(t, "the compiled template")
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// missing ends a test that needs a file from make test-template. It skips the test only with -short, so that a missing file
// never goes unnoticed.
func missing(t *testing.T, what string) {
	t.Helper()
	if testing.Short() {
		t.Skipf("needs %s: make test-template", what)
	}
	t.Fatalf("needs %s: make test-template", what)
}

// load reads the stack of a stage, "dev" or "dev-eu-central-1". It merges the second stack of a stage in another region
// into it, with references instead of the ARNs that make deploy fills in, so that all checks apply to both.
func load(t *testing.T, name string) stack {
	t.Helper()
	stage, region, other := strings.Cut(name, "-")
	if !other {
		return parse(t, stage, "us-east-1", template(t, name))
	}
	s := parse(t, stage, region, strings.NewReplacer(firewallARN, `{"Fn::GetAtt":["Firewall","Arn"]}`, certificateARN, `{"Ref":"Certificate"}`).Replace(template(t, name)))
	logs, _ := s.Resources["LogsBucket"].get("BucketName.Fn::Sub").(string)
	second := parse(t, stage, "us-east-1", strings.NewReplacer(`"arn:${AWS::Partition}:s3:::`+logs+`"`, `"${LogsBucket.Arn}"`).Replace(template(t, stage+"-us-east-1")))
	for id, r := range second.Resources {
		if r.Type == "AWS::CertificateManager::Certificate" {
			id = "Certificate" // its ID contains the domain
		}
		if r.Type == "AWS::Logs::DeliveryDestination" {
			r.DependsOn = "LogsBucketPolicy" // its condition makes make deploy deploy the first stack before the delivery
		}
		if _, twice := s.Resources[id]; twice {
			t.Errorf("%s is in both stacks", id)
		}
		s.Resources[id] = r
	}
	return s
}

// The Makefile's examples of the ARNs that make deploy fills in.
const (
	firewallARN    = `"arn:aws:wafv2:us-east-1:111122223333:global/webacl/minim-example/473e64fd-f30b-4765-81a0-62ad96dd167a"`
	certificateARN = `"arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012"`
)

// parse reads a compiled template as CloudFormation does in a region.
func parse(t *testing.T, stage, region, raw string) stack {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(root, "serverless.yml"))
	if err != nil {
		t.Fatal(err)
	}
	service := regexp.MustCompile(`(?m)^service: (\S+)$`).FindSubmatch(source)
	if service == nil {
		t.Fatal("serverless.yml names no service")
	}
	s := stack{service: string(service[1]), stage: stage, region: region}
	if err := json.Unmarshal([]byte(raw), &s); err != nil {
		t.Fatal(err)
	}
	s.applyConditions()
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
