// Package template reads a compiled AWS CloudFormation template and resolves it
// for this machine: conditions, intrinsic functions, references between
// resources, and the order in which they depend on each other.
//
// Every supported resource type is a Go struct whose fields are the properties
// that the local cloud acts on; fields of type Ignored are the ones that it
// knows and leaves alone. Anything else in a template is a mistake that Parse
// names, so that nothing is dropped in silence.
package template

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
)

// Options are what a stack gets from its surroundings. The zero value of each
// field has a sensible default.
type Options struct {
	StackName  string // default "local"
	Account    string // default "000000000000"
	Region     string // default "us-east-1"
	Parameters map[string]string
	// EdgeDomain is the DomainName of a CloudFront distribution ("localhost:8080").
	EdgeDomain string
	// QueueEndpoint is where SQS answers; the URLs of queues begin with it.
	QueueEndpoint string
	// Parameter gives the stored value of an SSM parameter, by "name" or "name:version".
	Parameter func(name string) (value string, ok bool)
	// Secret gives the current value of a secret of the template, or that of one key
	// of it, and makes the secret if need be.
	Secret func(secret *Secret, key string) (value string, ok bool)
	// ClientSecret gives the secret of a client of a user pool, and makes it if need be.
	ClientSecret func(pool, client string) string
}

// Stack is a resolved template.
type Stack struct {
	resources []resource
	outputs   map[string]string
	notes     []string
}

// Resource is what is known of any resource.
type Resource struct{ ID, Type, PhysicalID string }

// Resources lists all resources in the order of their dependencies.
func (s *Stack) Resources() (all []Resource) {
	for _, r := range s.resources {
		all = append(all, Resource{r.id, r.kind, r.value.ref()})
	}
	return all
}

// Outputs are the values of the outputs by their names.
func (s *Stack) Outputs() map[string]string { return s.outputs }

// Notes lists what the template has and the local cloud leaves out, with the place of each and the reason.
func (s *Stack) Notes() []string { return s.notes }

type resource struct {
	id, kind string
	value    kind
}

// Of yields the resources of one type by their logical ids, each after those it
// depends on.
func Of[T any](s *Stack) iter.Seq2[string, *T] {
	return func(yield func(string, *T) bool) {
		for _, r := range s.resources {
			if v, ok := r.value.(any).(*T); ok && !yield(r.id, v) {
				return
			}
		}
	}
}

// IDs lists the logical ids of all resources in the order of their dependencies.
func (s *Stack) IDs() []string {
	var ids []string
	for _, r := range s.resources {
		ids = append(ids, r.id)
	}
	return ids
}

// Load reads a file and resolves it as Parse does.
func Load(path string, o Options) (*Stack, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the template: %w", err)
	}
	return Parse(data, o)
}

// document is the template as it is written.
type document struct {
	Parameters map[string]parameter
	Conditions map[string]any
	Resources  map[string]declaration
	Outputs    map[string]any
	Mappings   map[string]any
	Transform  any
}

type declaration struct {
	Type       string
	Properties map[string]any
	Metadata   map[string]any
	DependsOn  any
	Condition  string
}

// Parse resolves a template in JSON or YAML. The error joins one line for every mistake:
// its logical id, the path of the property, and what is wrong.
func Parse(data []byte, o Options) (*Stack, error) {
	data, err := toJSON(data)
	if err != nil {
		return nil, fmt.Errorf("the template is neither JSON nor YAML: %w", err)
	}
	var doc document
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode(&doc); err != nil {
		return nil, fmt.Errorf("the template is not the JSON of CloudFormation: %w", err)
	}
	r := newResolver(doc, o)
	r.transform()
	r.unknownParameters()
	r.customResources()
	for _, id := range slices.Sorted(maps.Keys(doc.Resources)) {
		r.resource(id)
	}
	for _, name := range slices.Sorted(maps.Keys(doc.Outputs)) {
		r.output(name, doc.Outputs[name])
	}
	if len(r.problems) > 0 {
		slices.Sort(r.problems)
		var all []error
		for _, line := range slices.Compact(r.problems) {
			all = append(all, errors.New(line))
		}
		return nil, errors.Join(all...)
	}
	slices.Sort(r.notes)
	return &Stack{resources: r.done, outputs: r.outputs, notes: slices.Compact(r.notes)}, nil
}

// transform notes a macro, which AWS runs before it deploys.
func (r *resolver) transform() {
	names, ok := r.doc.Transform.([]any)
	if !ok && r.doc.Transform != nil {
		names = []any{r.doc.Transform}
	}
	for _, name := range names {
		switch name {
		case "AWS::Serverless-2016-10-31":
			r.problem("Transform", "the local cloud takes SAM's output, the translated template")
		case "AWS::LanguageExtensions":
		default:
			r.problem("Transform", "the macro %v is not supported by the local cloud", name)
		}
	}
}

// output resolves an output.
func (r *resolver) output(name string, value any) {
	fields, ok := value.(map[string]any)
	if !ok {
		r.problem("Outputs."+name, "an output is an object")
		return
	}
	if condition, ok := fields["Condition"].(string); ok && !r.condition("Outputs."+name, condition) {
		return
	}
	r.outputs[name] = text(r.value("Outputs."+name+".Value", fields["Value"]))
}

func (r *resolver) problem(place, format string, args ...any) {
	text := strings.ReplaceAll(fmt.Sprintf(format, args...), "\n", " ")
	r.problems = append(r.problems, place+": "+text)
}

// Differences lists the logical ids of the resources that only one of two stacks
// has, or that are not the same in both.
func Differences(a, b *Stack) []string {
	left, right := a.byID(), b.byID()
	var ids []string
	for id, value := range left {
		if other, ok := right[id]; !ok || !reflect.DeepEqual(value, other) {
			ids = append(ids, id)
		}
	}
	for id := range right {
		if _, ok := left[id]; !ok {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

func (s *Stack) byID() map[string]kind {
	all := map[string]kind{}
	for _, r := range s.resources {
		all[r.id] = r.value
	}
	return all
}
