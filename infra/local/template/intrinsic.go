package template

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// call evaluates one intrinsic function.
func (r *resolver) call(at, name string, argument any) any {
	switch name {
	case "Ref":
		target, ok := argument.(string)
		if !ok {
			return r.wrong(at, "Ref takes the name of a resource or parameter")
		}
		return r.ref(at, target)
	case "Fn::GetAtt":
		return r.getAtt(at, argument)
	case "Fn::Sub":
		return r.sub(at, argument)
	case "Fn::Join":
		return r.join(at, argument)
	case "Fn::Select":
		return r.choose(at, argument)
	case "Fn::Split":
		return r.split(at, argument)
	case "Fn::If":
		return r.either(at, argument)
	case "Fn::FindInMap":
		return r.find(at, argument)
	case "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not":
		return r.wrong(at, "%s belongs into Conditions", name)
	}
	return r.wrong(at, "the function %s is not supported by the local cloud", name)
}

// wrong notes a problem and gives a harmless value to go on with.
func (r *resolver) wrong(at, format string, args ...any) any {
	r.problem(at, format, args...)
	return ""
}

// find looks a value up in the Mappings section.
func (r *resolver) find(at string, argument any) any {
	keys, _ := argument.([]any)
	if len(keys) != 3 {
		return r.wrong(at, "Fn::FindInMap takes a map and two keys")
	}
	var found any = r.doc.Mappings
	for _, key := range keys {
		level, _ := found.(map[string]any)
		found = level[text(r.value(at, key))]
	}
	if found == nil {
		return r.wrong(at, "Fn::FindInMap: Mappings has no %v", keys)
	}
	return found
}

func (r *resolver) getAtt(at string, argument any) any {
	switch v := argument.(type) {
	case string:
		if id, attribute, ok := strings.Cut(v, "."); ok {
			return r.attribute(at, id, attribute)
		}
	case []any:
		if len(v) == 2 {
			id, ok := v[0].(string)
			attribute := text(r.value(at, v[1]))
			if ok && attribute != "" {
				return r.attribute(at, id, attribute)
			}
		}
	}
	return r.wrong(at, "Fn::GetAtt takes a resource and an attribute")
}

// sub replaces ${Name}, ${Resource.Attribute} and the variables of its second
// form; ${!Name} stays as ${Name}.
func (r *resolver) sub(at string, argument any) any {
	variables := map[string]any{}
	template, ok := argument.(string)
	if list, isList := argument.([]any); isList && len(list) == 2 {
		template, ok = list[0].(string)
		given, isMap := list[1].(map[string]any)
		if !isMap {
			return r.wrong(at, "the second argument of Fn::Sub is an object")
		}
		for name, value := range given {
			variables[name] = r.value(at+"."+name, value)
		}
	}
	if !ok {
		return r.wrong(at, "Fn::Sub takes a text, or a text and an object")
	}
	placeholder := regexp.MustCompile(`\$\{([^}]*)\}`)
	resolved := placeholder.ReplaceAllStringFunc(template, func(match string) string {
		name := strings.TrimSpace(match[2 : len(match)-1])
		if strings.HasPrefix(name, "!") {
			return "${" + name[1:] + "}"
		}
		if value, ok := variables[name]; ok {
			return text(value)
		}
		if id, attribute, ok := strings.Cut(name, "."); ok {
			return text(r.attribute(at, id, attribute))
		}
		return text(r.ref(at, name))
	})
	return r.value(at, resolved)
}

func (r *resolver) join(at string, argument any) any {
	list, _ := argument.([]any)
	if len(list) != 2 {
		return r.wrong(at, "Fn::Join takes a delimiter and a list")
	}
	delimiter, ok := list[0].(string)
	elements, isList := r.value(at, list[1]).([]any)
	if !ok || !isList {
		return r.wrong(at, "Fn::Join takes a delimiter and a list")
	}
	var texts []string
	for _, element := range elements {
		texts = append(texts, text(element))
	}
	return strings.Join(texts, delimiter)
}

func (r *resolver) choose(at string, argument any) any {
	list, _ := argument.([]any)
	if len(list) != 2 {
		return r.wrong(at, "Fn::Select takes an index and a list")
	}
	index, err := strconv.Atoi(text(r.value(at, list[0])))
	elements, ok := r.value(at, list[1]).([]any)
	if err != nil || !ok || index < 0 || index >= len(elements) {
		return r.wrong(at, "Fn::Select takes an index and a list that is long enough")
	}
	return elements[index]
}

func (r *resolver) split(at string, argument any) any {
	list, _ := argument.([]any)
	if len(list) != 2 {
		return r.wrong(at, "Fn::Split takes a delimiter and a text")
	}
	delimiter, ok := list[0].(string)
	source, isText := r.value(at, list[1]).(string)
	if !ok || delimiter == "" || !isText {
		return r.wrong(at, "Fn::Split takes a delimiter and a text")
	}
	parts := []any{}
	for part := range strings.SplitSeq(source, delimiter) {
		parts = append(parts, part)
	}
	return parts
}

// either evaluates only the branch that is taken.
func (r *resolver) either(at string, argument any) any {
	list, _ := argument.([]any)
	if len(list) != 3 {
		return r.wrong(at, "Fn::If takes a condition and two values")
	}
	name, ok := list[0].(string)
	if !ok {
		return r.wrong(at, "Fn::If takes the name of a condition")
	}
	if r.condition(at, name) {
		return r.value(at, list[1])
	}
	return r.value(at, list[2])
}

// text spells a scalar as CloudFormation does.
func text(v any) string {
	switch v := v.(type) {
	case nil, noValue:
		return ""
	case string:
		return v
	}
	return fmt.Sprint(v)
}
