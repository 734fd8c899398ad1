package template

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net/netip"
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
	case "Fn::Base64":
		return base64.StdEncoding.EncodeToString([]byte(text(r.value(at, argument))))
	case "Fn::GetAZs":
		return []any{r.o.Region + "a", r.o.Region + "b", r.o.Region + "c"}
	case "Fn::Cidr":
		return r.cidr(at, argument)
	case "Fn::ImportValue":
		return r.wrong(at, "the function Fn::ImportValue is not supported by the local cloud, which runs one stack")
	case "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not":
		return r.wrong(at, "%s belongs into Conditions", name)
	}
	return r.wrong(at, "the function %s is not supported by the local cloud", name)
}

// wrong adds a problem and returns a harmless value to continue with.
func (r *resolver) wrong(at, format string, args ...any) any {
	r.problem(at, format, args...)
	return ""
}

// find looks a value up in the Mappings section.
func (r *resolver) find(at string, argument any) any {
	keys, _ := argument.([]any)
	var otherwise map[string]any
	if len(keys) == 4 {
		otherwise, _ = keys[3].(map[string]any)
		keys = keys[:3]
	}
	if len(keys) != 3 {
		return r.wrong(at, "Fn::FindInMap takes a map and two keys")
	}
	var found any = r.doc.Mappings
	var names []string
	for _, key := range keys {
		level, _ := found.(map[string]any)
		name := text(r.value(at, key))
		names, found = append(names, name), level[name]
	}
	if found != nil {
		return found
	}
	if value, ok := otherwise["DefaultValue"]; ok {
		return r.value(at, value)
	}
	return r.wrong(at, "Fn::FindInMap: Mappings has no %v", names)
}

// cidr splits a block of addresses into smaller blocks.
func (r *resolver) cidr(at string, argument any) any {
	list, _ := r.value(at, argument).([]any)
	if len(list) < 2 {
		return r.wrong(at, "Fn::Cidr takes a block, a count and bits")
	}
	block, err := netip.ParsePrefix(text(list[0]))
	count, failed := strconv.Atoi(text(list[1]))
	bits := 8
	if len(list) > 2 {
		bits, _ = strconv.Atoi(text(list[2]))
	}
	if err != nil || failed != nil || !block.Addr().Is4() || count < 1 || count > 256 || bits < 1 || bits > 24 {
		return r.wrong(at, "Fn::Cidr takes a block of IPv4 addresses, a count of 1 to 256 and bits")
	}
	octets := block.Masked().Addr().As4()
	first := binary.BigEndian.Uint32(octets[:])
	var all []any
	for i := range count {
		binary.BigEndian.PutUint32(octets[:], first+uint32(i)<<bits)
		all = append(all, netip.PrefixFrom(netip.AddrFrom4(octets), 32-bits).String())
	}
	return all
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

// sub replaces ${Name}, ${Resource.Attribute} and the variables of its second form.
// ${!Name} becomes the text ${Name}.
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

// either evaluates Fn::If: only the selected branch.
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

// text converts a scalar to a string like CloudFormation.
func text(v any) string {
	switch v := v.(type) {
	case nil, noValue:
		return ""
	case string:
		return v
	}
	return fmt.Sprint(v)
}
