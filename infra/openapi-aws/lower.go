package main

import "slices"

// lower converts a document from OpenAPI 3.1 to 3.0. It covers only the differences that our document uses.
func lower(document map[string]any) any {
	document["openapi"] = "3.0.3"
	if info, ok := document["info"].(map[string]any); ok {
		delete(info, "summary")
		if licence, ok := info["license"].(map[string]any); ok {
			delete(licence, "identifier")
		}
	}
	if components, ok := document["components"].(map[string]any); ok {
		if schemas, ok := components["schemas"].(map[string]any); ok {
			for name, s := range schemas {
				schemas[name] = schema(s)
			}
		}
	}
	return lowerSchemas(document)
}

// lowerSchemas lowers all schemas in a part of the document other than its components. It ignores examples, which are data.
func lowerSchemas(node any) any {
	switch node := node.(type) {
	case map[string]any:
		for key, value := range node {
			switch key {
			case "schema":
				node[key] = schema(value)
			case "schemas", "example", "examples":
			default:
				node[key] = lowerSchemas(value)
			}
		}
	case []any:
		for i := range node {
			node[i] = lowerSchemas(node[i])
		}
	}
	return node
}

// schema lowers a schema: 3.0 has nullable instead of the type null, no const and no content media types, and ignores
// the siblings of a $ref.
func schema(node any) any {
	s, ok := node.(map[string]any)
	if !ok {
		return node
	}
	if ref, ok := s["$ref"]; ok && len(s) > 1 {
		delete(s, "$ref")
		s["allOf"] = []any{map[string]any{"$ref": ref}}
	}
	if value, ok := s["const"]; ok {
		delete(s, "const")
		s["enum"] = []any{value}
	}
	if examples, ok := s["examples"].([]any); ok {
		delete(s, "examples")
		s["example"] = examples[0]
	}
	if encoding, ok := s["contentEncoding"]; ok {
		delete(s, "contentEncoding")
		s["format"] = map[any]string{"base64": "byte", "binary": "binary"}[encoding]
	}
	if types, ok := s["type"].([]any); ok {
		s["nullable"] = slices.Contains(types, any("null"))
		types = slices.DeleteFunc(types, func(t any) bool { return t == "null" })
		if s["type"] = types[0]; len(types) > 1 {
			delete(s, "type")
		}
	}
	lowerParts(s)
	return s
}

// lowerParts lowers the schemas within a schema.
func lowerParts(s map[string]any) {
	if properties, ok := s["properties"].(map[string]any); ok {
		for name, property := range properties {
			properties[name] = schema(property)
		}
	}
	for _, key := range []string{"items", "additionalProperties", "not"} {
		if part, ok := s[key]; ok {
			s[key] = schema(part)
		}
	}
	for _, key := range []string{"oneOf", "anyOf", "allOf"} {
		parts, ok := s[key].([]any)
		if !ok {
			continue
		}
		var kept []any
		for _, part := range parts {
			if m, ok := part.(map[string]any); ok && m["type"] == "null" {
				s["nullable"] = true
				continue
			}
			kept = append(kept, schema(part))
		}
		s[key] = kept
		if key != "allOf" && len(kept) == 1 {
			delete(s, key)
			s["allOf"] = kept
		}
	}
}
