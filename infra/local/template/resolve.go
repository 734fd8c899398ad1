package template

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// resolver resolves resources on demand, before the resources that refer to them. A
// reference to a resource that is still being resolved is a cycle.
type resolver struct {
	doc      document
	o        Options
	pseudo   map[string]any
	found    map[string]kind // resolved resources; nil if the condition is false or the resource has a mistake
	path     []string        // the resources that are being resolved now
	checking map[string]bool // the conditions that are being evaluated now
	done     []resource
	problems []string
	notes    []string
	outputs  map[string]string
	given    map[string]any  // values of parameters
	skipped  map[string]bool // functions that only implement custom resources of CDK
}

// noValue is the value of AWS::NoValue: the property is removed.
type noValue struct{}

func newResolver(doc document, o Options) *resolver {
	o.StackName = cmp.Or(o.StackName, "local")
	o.Account = cmp.Or(o.Account, "000000000000")
	o.Region = cmp.Or(o.Region, "us-east-1")
	stackID := fmt.Sprintf("arn:aws:cloudformation:%s:%s:stack/%s/local", o.Region, o.Account, o.StackName)
	return &resolver{
		doc: doc, o: o, found: map[string]kind{}, checking: map[string]bool{}, outputs: map[string]string{}, given: map[string]any{}, skipped: map[string]bool{},
		pseudo: map[string]any{
			"AWS::AccountId": o.Account, "AWS::Region": o.Region, "AWS::Partition": "aws",
			"AWS::StackName": o.StackName, "AWS::StackId": stackID, "AWS::URLSuffix": "amazonaws.com",
			"AWS::NoValue": noValue{}, "AWS::NotificationARNs": []any{},
		},
	}
}

// resource resolves one resource, after the resources that it depends on.
func (r *resolver) resource(id string) kind {
	if v, ok := r.found[id]; ok {
		return v
	}
	if at := slices.Index(r.path, id); at >= 0 {
		cycle := append(slices.Clone(r.path[at:]), id)
		least := slices.Index(cycle, slices.Min(cycle)) // the same message wherever the cycle is found
		cycle = append(append(slices.Clone(cycle[least:len(cycle)-1]), cycle[:least]...), cycle[least])
		r.problem(cycle[0], "depends on itself: %s", strings.Join(cycle, " -> "))
		return nil
	}
	r.path = append(r.path, id)
	v := r.declared(id, r.doc.Resources[id])
	r.path = r.path[:len(r.path)-1]
	r.found[id] = v
	if v != nil {
		r.done = append(r.done, resource{id, r.doc.Resources[id].Type, v})
	}
	return v
}

func (r *resolver) declared(id string, d declaration) kind {
	if d.Condition != "" && !r.condition(id+".Condition", d.Condition) {
		return nil
	}
	r.dependencies(id, d.DependsOn)
	v := r.newKind(id, d)
	if v == nil {
		r.problem(id, "the resource type %q is not supported by the local cloud%s", d.Type, unsupported(d.Type))
		return nil
	}
	properties := map[string]any{}
	if resolved, ok := r.value(id+".Properties", d.Properties).(map[string]any); ok {
		properties = resolved
	}
	if _, ok := v.(*passive); !ok {
		r.decode(id+".Properties", properties, v)
	}
	v.setNames(place{Options: r.o, ID: id, Type: d.Type, Metadata: d.Metadata})
	return v
}

func (r *resolver) dependencies(id string, value any) {
	var names []any
	switch v := value.(type) {
	case nil:
		return
	case string:
		names = []any{v}
	case []any:
		names = v
	}
	for _, n := range names {
		name, _ := n.(string)
		if _, ok := r.doc.Resources[name]; !ok {
			r.problem(id+".DependsOn", "there is no resource %q", fmt.Sprint(n))
			continue
		}
		r.resource(name)
	}
	if len(names) == 0 {
		r.problem(id+".DependsOn", "names one or several resources")
	}
}

// value resolves intrinsic functions anywhere inside v.
func (r *resolver) value(at string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		if name, argument, ok := intrinsic(v); ok {
			return r.call(at, name, argument)
		}
		out := make(map[string]any, len(v))
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if resolved := r.value(at+"."+key, v[key]); resolved != (noValue{}) {
				out[key] = resolved
			}
		}
		return out
	case []any:
		out := make([]any, 0, len(v))
		for i, element := range v {
			if resolved := r.value(fmt.Sprintf("%s[%d]", at, i), element); resolved != (noValue{}) {
				out = append(out, resolved)
			}
		}
		return out
	case string:
		return r.dynamic(at, v)
	}
	return v
}

// intrinsic reports whether an object is a function call: {"Ref": …} or {"Fn::…": …}.
func intrinsic(v map[string]any) (name string, argument any, ok bool) {
	if len(v) != 1 {
		return "", nil, false
	}
	for name, argument = range v {
	}
	return name, argument, name == "Ref" || strings.HasPrefix(name, "Fn::")
}

// ref returns the value of Ref for a parameter, a pseudo parameter or a resource.
func (r *resolver) ref(at, name string) any {
	if v, ok := r.pseudo[name]; ok {
		return v
	}
	if p, ok := r.doc.Parameters[name]; ok {
		return r.parameterValue(at, name, p)
	}
	v := r.referred(at, name)
	if v == nil {
		return ""
	}
	return v.ref()
}

// attribute returns the value of Fn::GetAtt.
func (r *resolver) attribute(at, name, attribute string) any {
	v := r.referred(at, name)
	if v == nil {
		return ""
	}
	if value := v.attributes()[attribute]; value != "" {
		return value
	}
	if p, ok := v.(*passive); ok {
		return p.attribute(attribute)
	}
	r.problem(at, "%s has no attribute %q in the local cloud", name, attribute)
	return ""
}

// referred returns the resource of a reference. It returns nil after adding a problem if
// the reference is invalid, and nil if the resource has problems.
func (r *resolver) referred(at, name string) kind {
	d, ok := r.doc.Resources[name]
	if !ok {
		r.problem(at, "refers to %q, which is neither a resource nor a parameter", name)
		return nil
	}
	if d.Condition != "" && !r.condition(name+".Condition", d.Condition) {
		r.problem(at, "refers to %s, whose condition %s is false", name, d.Condition)
		return nil
	}
	return r.resource(name)
}
