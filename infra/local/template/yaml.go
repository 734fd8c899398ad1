package template

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

// maxNodes limits the size of a YAML document after its aliases are expanded.
const maxNodes = 1_000_000

// toJSON converts a template to JSON. Text other than JSON is parsed as YAML, with the short forms of intrinsic functions.
func toJSON(data []byte) ([]byte, error) {
	if trimmed := bytes.TrimSpace(data); len(trimmed) > 0 && trimmed[0] == '{' {
		return data, nil
	}
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return nil, err
	}
	if len(root.Content) == 0 {
		return nil, errors.New("it is empty")
	}
	y := yamlReader{left: maxNodes}
	value, err := y.value(root.Content[0])
	if err != nil {
		return nil, err
	}
	return json.Marshal(value)
}

type yamlReader struct{ left int }

// value converts a node. A tag such as !Sub becomes the object {"Fn::Sub": …}.
func (y *yamlReader) value(n *yaml.Node) (any, error) {
	if y.left--; y.left < 0 {
		return nil, errors.New("its aliases expand to too much")
	}
	if n.Kind == yaml.AliasNode {
		return y.value(n.Alias)
	}
	plain, err := y.untagged(n)
	if err != nil || strings.HasPrefix(n.Tag, "!!") || !strings.HasPrefix(n.Tag, "!") || n.Tag == "!" {
		return plain, err
	}
	switch name := n.Tag[1:]; name {
	case "Ref", "Condition":
		return map[string]any{name: plain}, nil
	default:
		return map[string]any{"Fn::" + name: plain}, nil
	}
}

func (y *yamlReader) untagged(n *yaml.Node) (any, error) {
	switch n.Kind {
	case yaml.MappingNode:
		return y.mapping(n)
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, element := range n.Content {
			v, err := y.value(element)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	}
	return scalar(n)
}

func (y *yamlReader) mapping(n *yaml.Node) (any, error) {
	all := map[string]any{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, element := n.Content[i], n.Content[i+1]
		v, err := y.value(element)
		if err != nil {
			return nil, err
		}
		if key.Tag == "!!merge" {
			inherited, ok := v.(map[string]any)
			if !ok {
				return nil, fmt.Errorf("line %d: << takes an object", key.Line)
			}
			for name, value := range inherited {
				if _, own := all[name]; !own {
					all[name] = value
				}
			}
			continue
		}
		all[key.Value] = v
	}
	return all, nil
}

// scalar converts a scalar like CloudFormation: it preserves the spelling of numbers, and returns dates and octal numbers as strings.
func scalar(n *yaml.Node) (any, error) {
	if strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") { // the argument of an intrinsic function
		return n.Value, nil
	}
	switch n.Tag {
	case "!!null":
		return nil, nil
	case "!!bool":
		var b bool
		err := n.Decode(&b)
		return b, err
	case "!!int", "!!float":
		if number := json.Number(n.Value); json.Valid([]byte(n.Value)) {
			return number, nil
		}
	}
	return n.Value, nil
}
