// Package template reads a compiled AWS CloudFormation template and resolves it
// for this machine: conditions, intrinsic functions, references between
// resources, and the order in which they depend on each other.
//
// Every supported resource type is a Go struct. Its fields are the properties that
// have an effect in the local cloud, or, with the type Ignored, known properties
// without one. Parse returns an error for everything else in a template, so nothing
// is ignored silently.
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

// Options are the inputs of a stack besides the template. The zero value of each field
// has a sensible default.
type Options struct {
	StackName  string // default "local"
	Account    string // default "000000000000"
	Region     string // default "us-east-1"
	Parameters map[string]string
	// EdgeDomain is the DomainName of a CloudFront distribution ("localhost:8080").
	EdgeDomain string
	// QueueEndpoint is the address of SQS, the prefix of queue URLs.
	QueueEndpoint string
	// Parameter returns the stored value of an SSM parameter, by "name" or "name:version".
	Parameter func(name string) (value string, ok bool)
	// Secret returns the current value of a secret of the template, or the value of one
	// of its keys. It creates the secret if necessary.
	Secret func(secret *Secret, key string) (value string, ok bool)
	// ClientSecret returns the secret of a user pool client. It creates the secret if necessary.
	ClientSecret func(pool, client string) string
}

// Stack is a resolved template.
type Stack struct {
	resources []resource
	outputs   map[string]string
	notes     []string
}

// Resource has the data that all resources have.
type Resource struct{ ID, Type, PhysicalID string }

// Resources returns all resources in dependency order.
func (s *Stack) Resources() (all []Resource) {
	for _, r := range s.resources {
		all = append(all, Resource{r.id, r.kind, r.value.ref()})
	}
	return all
}

// Outputs returns the values of the outputs by name.
func (s *Stack) Outputs() map[string]string { return s.outputs }

// Notes returns the parts of the template that are not emulated, each with its place and the reason.
func (s *Stack) Notes() []string { return s.notes }

type resource struct {
	id, kind string
	value    kind
}

// Of yields the resources of one type by logical ID, each after the resources that it
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

// IDs returns the logical IDs of all resources in dependency order.
func (s *Stack) IDs() []string {
	var ids []string
	for _, r := range s.resources {
		ids = append(ids, r.id)
	}
	return ids
}

// Load reads a file and parses it like Parse.
func Load(path string, o Options) (*Stack, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the template: %w", err)
	}
	return Parse(data, o)
}

// document is the unresolved template.
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

// Parse resolves a template in JSON or YAML. The error has one line for each mistake: the
// logical ID, the path of the property, and the reason.
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

// transform adds a problem for a macro, which AWS would run before the deployment.
func (r *resolver) transform() {
	names, ok := r.doc.Transform.([]any)
	if !ok && r.doc.Transform != nil {
		names = []any{r.doc.Transform}
	}
	for _, name := range names {
		switch name {
		case "AWS::Serverless-2016-10-31":
			r.problem("Transform", "the local cloud needs SAM's output, the translated template")
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

// Differences returns the logical IDs of the resources that exist in only one of two
// stacks, or that differ.
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
