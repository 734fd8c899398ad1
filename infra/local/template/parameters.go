package template

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// parameter is an entry of the Parameters section.
type parameter struct {
	Type                  string
	Default               any
	AllowedValues         []any
	AllowedPattern        string
	MinLength, MaxLength  any
	MinValue, MaxValue    any
	ConstraintDescription string
}

// ssmType matches the types of parameters whose value is the name of an SSM parameter.
var ssmType = regexp.MustCompile(`^AWS::SSM::Parameter::Value<(.+)>$`)

// unknownParameters adds a problem for each given value without a parameter in the template.
func (r *resolver) unknownParameters() {
	for _, name := range slices.Sorted(maps.Keys(r.o.Parameters)) {
		if _, ok := r.doc.Parameters[name]; !ok {
			r.problem("Parameters."+name, "a value is given, but the template has no such parameter")
		}
	}
}

// parameterValue returns the value of Ref for a parameter: a string or a list of strings.
func (r *resolver) parameterValue(at, name string, p parameter) any {
	if v, ok := r.given[name]; ok {
		return v
	}
	value, ok := r.o.Parameters[name]
	if !ok && p.Default == nil {
		r.problem(at, "the parameter %s has neither a value nor a default; --parameter %s=VALUE sets one", name, name)
		return ""
	}
	if !ok {
		value = defaultText(p.Default)
	}
	place := "Parameters." + name
	kind := cmp.Or(p.Type, "String")
	if inner := ssmType.FindStringSubmatch(kind); inner != nil {
		stored, found := r.parameter(value)
		if !found {
			r.problem(place, "there is no SSM parameter %s, neither in the template nor stored by aws ssm put-parameter", value)
		}
		kind, value = inner[1], stored
	} else if err := p.check(value, isList(kind)); err != nil {
		r.problem(place, "%v", err)
	}
	var out any = value
	if isList(kind) {
		out = splitList(value)
	}
	if err := checkNumbers(kind, out); err != nil {
		r.problem(place, "%v", err)
	}
	r.given[name] = out
	return out
}

// defaultText converts a default to the form of the command line. A YAML list is joined with commas.
func defaultText(v any) string {
	list, ok := v.([]any)
	if !ok {
		return text(v)
	}
	var all []string
	for _, element := range list {
		all = append(all, text(element))
	}
	return strings.Join(all, ",")
}

func isList(kind string) bool {
	return kind == "CommaDelimitedList" || strings.HasPrefix(kind, "List<")
}

func splitList(text string) []any {
	all := []any{}
	if text == "" {
		return all
	}
	for element := range strings.SplitSeq(text, ",") {
		all = append(all, strings.TrimSpace(element))
	}
	return all
}

func checkNumbers(kind string, value any) error {
	var texts []any
	switch kind {
	case "Number":
		texts = []any{value}
	case "List<Number>":
		texts, _ = value.([]any)
	}
	for _, t := range texts {
		if _, err := strconv.ParseFloat(text(t), 64); err != nil {
			return fmt.Errorf("%q is not a number", t)
		}
	}
	return nil
}

// check returns an error for a value that the template does not allow.
func (p parameter) check(value string, list bool) error {
	elements := []any{value}
	if list {
		elements = splitList(value)
	}
	for _, element := range elements {
		if err := p.checkOne(text(element)); err != nil {
			if p.ConstraintDescription != "" {
				return fmt.Errorf("%w: %s", err, p.ConstraintDescription)
			}
			return err
		}
	}
	return nil
}

func (p parameter) checkOne(value string) error {
	if len(p.AllowedValues) > 0 && !slices.ContainsFunc(p.AllowedValues, func(v any) bool { return text(v) == value }) {
		var all []string
		for _, v := range p.AllowedValues {
			all = append(all, text(v))
		}
		return fmt.Errorf("%q is not one of the allowed values: %s", value, strings.Join(all, ", "))
	}
	if p.AllowedPattern != "" {
		pattern, err := regexp.Compile("^(?:" + p.AllowedPattern + ")$")
		if err == nil && !pattern.MatchString(value) { // Java patterns that Go does not support are not checked
			return fmt.Errorf("%q does not match the allowed pattern %s", value, p.AllowedPattern)
		}
	}
	length := float64(len([]rune(value)))
	number, err := strconv.ParseFloat(value, 64)
	for _, bound := range []struct {
		name  string
		limit any
		wrong func(limit float64) bool
	}{
		{"MinLength", p.MinLength, func(limit float64) bool { return length < limit }},
		{"MaxLength", p.MaxLength, func(limit float64) bool { return length > limit }},
		{"MinValue", p.MinValue, func(limit float64) bool { return err != nil || number < limit }},
		{"MaxValue", p.MaxValue, func(limit float64) bool { return err != nil || number > limit }},
	} {
		limit, failed := strconv.ParseFloat(text(bound.limit), 64)
		if bound.limit != nil && failed == nil && bound.wrong(limit) {
			return fmt.Errorf("%q violates %s %s", value, bound.name, text(bound.limit))
		}
	}
	return nil
}

// UnmarshalJSON implements json.Unmarshaler. It preserves the spelling of numbers.
func (p *parameter) UnmarshalJSON(data []byte) error {
	type plain parameter
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.UseNumber()
	return decoder.Decode((*plain)(p))
}
