package template

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
)

// Ignored is a known property without an effect in the local cloud. It accepts any value.
type Ignored struct{}

// Noted is a property that the local cloud does not emulate, and reports at start; the tag "note" has the reason. It accepts any value.
type Noted struct{}

// decode fills a resource struct from resolved properties. It adds a problem for each
// property that the struct does not have, and for each value of a wrong type.
func (r *resolver) decode(at string, properties map[string]any, into kind) {
	r.fill(at, properties, reflect.ValueOf(into).Elem())
}

// fill converts values like CloudFormation: "5" to a number and true to a string, if the
// type requires it. A field has the name of its property, unless it has a json tag.
func (r *resolver) fill(at string, v any, into reflect.Value) {
	switch into.Interface().(type) {
	case Ignored, Noted:
		return
	case json.RawMessage: // stores any JSON
		raw, _ := json.Marshal(v)
		into.SetBytes(raw)
		return
	}
	switch into.Kind() {
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		r.fill(at, v, into.Elem())
	case reflect.Struct:
		r.fillStruct(at, v, into)
	case reflect.Map:
		r.fillMap(at, v, into)
	case reflect.Slice:
		r.fillSlice(at, v, into)
	default:
		r.fillScalar(at, v, into)
	}
}

func (r *resolver) fillStruct(at string, v any, into reflect.Value) {
	given, ok := v.(map[string]any)
	if !ok {
		r.problem(at, "takes an object")
		return
	}
	known := map[string]int{}
	for i := range into.NumField() {
		if field := into.Type().Field(i); field.IsExported() {
			known[cmp.Or(field.Tag.Get("json"), field.Name)] = i
		}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if i, ok := known[name]; ok {
			if reason := into.Type().Field(i).Tag.Get("note"); reason != "" && !empty(given[name]) {
				r.note(at+"."+name, reason)
			}
			r.fill(at+"."+name, given[name], into.Field(i))
		} else {
			r.problem(at+"."+name, "this property is not supported by the local cloud")
		}
	}
}

// empty reports whether a value has no effect.
func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return v == "" || v == false
}

func (r *resolver) fillMap(at string, v any, into reflect.Value) {
	given, ok := v.(map[string]any)
	if !ok {
		r.problem(at, "takes an object")
		return
	}
	into.Set(reflect.MakeMap(into.Type()))
	for _, name := range slices.Sorted(maps.Keys(given)) {
		element := reflect.New(into.Type().Elem()).Elem()
		r.fill(at+"."+name, given[name], element)
		into.SetMapIndex(reflect.ValueOf(name), element)
	}
}

func (r *resolver) fillSlice(at string, v any, into reflect.Value) {
	given, ok := v.([]any)
	if !ok {
		given = []any{v} // CloudFormation accepts a single value as a list
	}
	into.Set(reflect.MakeSlice(into.Type(), len(given), len(given)))
	for i, element := range given {
		r.fill(fmt.Sprintf("%s[%d]", at, i), element, into.Index(i))
	}
}

func (r *resolver) fillScalar(at string, v any, into reflect.Value) {
	var s string
	switch v := v.(type) {
	case string:
		s = v
	case json.Number, bool:
		s = fmt.Sprint(v)
	default:
		r.problem(at, "takes a single value")
		return
	}
	var err error
	switch into.Kind() {
	case reflect.String:
		into.SetString(s)
	case reflect.Bool:
		var b bool
		if b, err = strconv.ParseBool(s); err != nil {
			r.problem(at, "takes true or false, not %q", s)
		}
		into.SetBool(b)
	case reflect.Int:
		var n int64
		if n, err = strconv.ParseInt(s, 10, 64); err != nil {
			r.problem(at, "takes a whole number, not %q", s)
		}
		into.SetInt(n)
	case reflect.Float64:
		var f float64
		if f, err = strconv.ParseFloat(s, 64); err != nil {
			r.problem(at, "takes a number, not %q", s)
		}
		into.SetFloat(f)
	}
}
