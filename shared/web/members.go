package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/minim-dev/minim/shared/fault"
)

// maxMistakes is how many mistakes in the members of a body are listed.
const maxMistakes = 20

// members returns the mistakes in valid JSON for v that encoding/json ignores: members
// that v doesn't have by exactly that name, are repeated, null, or empty against the
// contract (see Request.JSON).
func members(body []byte, v any) []fault.Field {
	w := walk{decoder: json.NewDecoder(bytes.NewReader(body))}
	w.decoder.UseNumber()
	w.value(reflect.TypeOf(v), "", false)
	return w.mistakes[:min(len(w.mistakes), maxMistakes)]
}

type walk struct {
	decoder  *json.Decoder
	mistakes []fault.Field
}

func (w *walk) refuse(path, format string, args ...any) {
	w.mistakes = append(w.mistakes, fault.Field{Name: path, Message: fmt.Sprintf(format, args...)})
}

// value walks through the next value. Its type is nil if there is no such field.
func (w *walk) value(t reflect.Type, path string, filled bool) {
	token, err := w.decoder.Token()
	if err != nil {
		return
	}
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t != nil && reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		t = nil // it decides itself
	}
	switch token {
	case json.Delim('{'):
		w.object(t, path)
		return
	case json.Delim('['):
		for w.decoder.More() {
			w.value(element(t, reflect.Slice), path, false)
		}
		w.decoder.Token() // the closing bracket
		return
	case nil:
		if t != nil {
			w.refuse(path, "It must not be null; leave it out instead.")
		}
	case "", json.Number("0"):
		if filled {
			w.refuse(path, "It must not be empty; leave it out instead.")
		}
	}
}

func (w *walk) object(t reflect.Type, path string) {
	seen := map[string]bool{}
	for w.decoder.More() {
		token, _ := w.decoder.Token()
		name, _ := token.(string)
		full := strings.TrimPrefix(path+"."+name, ".")
		field, known, similar := member(t, name)
		switch {
		case seen[name]:
			w.refuse(full, "It is given more than once.")
		case !known && similar != "":
			w.refuse(full, "There is no such field; it is spelled %s.", similar)
		case !known && t != nil && t.Kind() == reflect.Struct:
			w.refuse(full, "There is no such field.")
		}
		seen[name] = true
		if !known {
			field.Type = element(t, reflect.Map)
		}
		w.value(field.Type, full, field.Tag.Get("web") == "filled")
	}
	w.decoder.Token() // the closing brace
}

// element returns the type of the elements of a slice or map, nil if t is neither.
func element(t reflect.Type, kind reflect.Kind) reflect.Type {
	if t == nil || t.Kind() != kind {
		return nil
	}
	return t.Elem()
}

// member returns the field that has a name in JSON, or else the name of one that differs
// in case only.
func member(t reflect.Type, name string) (field reflect.StructField, known bool, similar string) {
	if t == nil || t.Kind() != reflect.Struct {
		return field, false, ""
	}
	for _, f := range reflect.VisibleFields(t) {
		tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous || tag == "" || tag == "-":
		case tag == name:
			return f, true, ""
		case strings.EqualFold(tag, name):
			similar = tag
		}
	}
	return field, false, similar
}
