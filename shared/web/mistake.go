package web

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/minim-dev/minim/shared/fault"
)

var errNotUTF8 = fault.New(fault.Invalid, "The body is not valid UTF-8, or contains the replacement character U+FFFD.")

// replaced reports whether a name or string in valid JSON contains U+FFFD. API
// Gateway passes a text body as a JSON string, in which U+FFFD replaces invalid
// bytes; encoding/json replaces half of an escaped surrogate pair by it. Either way
// the text isn't what the caller sent.
func replaced(body []byte) bool {
	decoder := json.NewDecoder(bytes.NewReader(body))
	for {
		token, err := decoder.Token()
		if err != nil { // the end
			return false
		}
		if text, ok := token.(string); ok && strings.ContainsRune(text, utf8.RuneError) {
			return true
		}
	}
}

// wrongType returns the field whose value doesn't fit in v, and a sentence about it, in
// terms of JSON.
func wrongType(v any, wrong *json.UnmarshalTypeError) fault.Field {
	want, name := fieldAt(reflect.TypeOf(v), wrong.Field, wrong.Type)
	got, isNumber := strings.CutPrefix(wrong.Value, "number ") // one that its Go type can't store
	if isNumber {
		if wrong.Type.Kind() == reflect.Float64 {
			return fault.Field{Name: name, Message: "The number is out of range."}
		}
		return fault.Field{Name: name, Message: "Expected a whole number of at most 18 digits, without fraction or exponent."}
	}
	in := ""
	if want.Kind() == reflect.Slice && wrong.Type != want {
		in = " in it"
	}
	return fault.Field{Name: name, Message: "Expected " + expected(want) + ", got " + received(got) + in + "."}
}

// fieldAt returns the type of the field at a path such as focus.x, wrong if the field
// decodes itself, and the path without the names of embedded structs, which are no part
// of JSON.
func fieldAt(t reflect.Type, path string, wrong reflect.Type) (reflect.Type, string) {
	var names []string
	for name := range strings.SplitSeq(path, ".") {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct {
			break
		}
		for field := range t.Fields() {
			if tag, _, _ := strings.Cut(field.Tag.Get("json"), ","); tag == name {
				t, names = field.Type, append(names, name)
				break
			} else if field.Anonymous && field.Name == name {
				t = field.Type
				break
			}
		}
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		t = wrong // the type inside
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t, strings.Join(names, ".")
}

func expected(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.Slice, reflect.Array:
		switch t.Elem().Kind() {
		case reflect.String:
			return "a list of strings"
		case reflect.Struct:
			return "a list of objects"
		default:
			return "a list"
		}
	case reflect.Struct, reflect.Map:
		return "an object"
	default:
		return "a whole number"
	}
}

// received names a value as encoding/json describes it.
func received(value string) string {
	switch value {
	case "object":
		return "an object"
	case "array":
		return "a list"
	case "bool":
		return "true or false"
	default: // string, number
		return "a " + value
	}
}
