package web_test

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/report"
	"github.com/minim-dev/minim/shared/web"
)

func decode(body string, v any) error {
	return web.Request{APIGatewayV2HTTPRequest: events.APIGatewayV2HTTPRequest{Body: body}}.JSON(v)
}

func TestWrongType(t *testing.T) {
	tests := []struct {
		into              any
		body, field, says string
	}{
		{&link.Draft{}, `{"url":7}`, "url", "Expected a string, got a number."},
		{&link.Draft{}, `{"code":["a"]}`, "code", "Expected a string, got a list."},
		{&link.Draft{}, `{"tags":"a"}`, "tags", "Expected a list of strings, got a string."},
		{&link.Draft{}, `{"tags":["a",1]}`, "tags", "Expected a list of strings, got a number in it."},
		{&link.Draft{}, `{"tags":[["a"]]}`, "tags", "Expected a list of strings, got a list in it."},
		{&link.Draft{}, `{"private":"yes"}`, "private", "Expected true or false, got a string."},
		{&link.Draft{}, `{"redirect":"302"}`, "redirect", "Expected a whole number, got a string."},
		{&link.Draft{}, `{"redirect":302.5}`, "redirect", "Expected a whole number of at most 18 digits, without fraction or exponent."},
		{&link.Draft{}, `{"maxClicks":"10"}`, "maxClicks", "Expected a whole number, got a string."},
		{&link.Draft{}, `{"utm":{"source":1}}`, "utm.source", "Expected a string, got a number."},
		{&link.Draft{}, `{"rules":{}}`, "rules", "Expected a list of objects, got an object."},
		{&link.Draft{}, `{"rules":["x"]}`, "rules", "Expected a list of objects, got a string in it."},
		{&link.Draft{}, `{"rules":[{"url":7}]}`, "rules.url", "Expected a string, got a number."},
		{&link.Draft{}, `{"rules":[{"countries":"DE"}]}`, "rules.countries", "Expected a list of strings, got a string."},
		{&link.Draft{}, `{"rules":[{"countries":[7]}]}`, "rules.countries", "Expected a list of strings, got a number in it."},
		{&link.Draft{}, `{"rules":[{"split":[{"weight":"1"}]}]}`, "rules.split.weight", "Expected a whole number, got a string."},
		{&link.Edit{}, `{"maxClicks":"10"}`, "maxClicks", "Expected a whole number, got a string."},
		{&link.Edit{}, `{"password":7}`, "password", "Expected a string, got a number."},
		{&link.Edit{}, `{"utm":[]}`, "utm", "Expected an object, got a list."},
		{&link.Edit{}, `{"rules":[7]}`, "rules", "Expected a list of objects, got a number in it."},
		{&image.Upload{}, `{"bytes":99999999999999999999}`, "bytes", "Expected a whole number of at most 18 digits, without fraction or exponent."},
		{&image.Upload{}, `{"alt":true}`, "alt", "Expected a string, got true or false."},
		{&image.Edit{}, `{"alt":{}}`, "alt", "Expected a string, got an object."},
		{&image.Edit{}, `{"focus":"middle"}`, "focus", "Expected an object, got a string."},
		{&image.Edit{}, `{"focus":{"x":"left"}}`, "focus.x", "Expected a number, got a string."},
		{&image.Edit{}, `{"focus":{"x":1e999}}`, "focus.x", "The number is out of range."},
		{&report.Request{}, `{"date":20261121}`, "date", "Expected a string, got a number."},
	}
	for _, test := range tests {
		err := decode(test.body, test.into)
		if found := fault.Of(err).Fields; len(found) != 1 || found[0] != (fault.Field{Name: test.field, Message: test.says}) {
			t.Errorf("%s: %v", test.body, err)
		}
	}
}

// goType matches what a sentence for callers must not contain.
var goType = regexp.MustCompile(`\b(bool|u?int\d*|float\d*|struct|map|slice|array|image\.|link\.|report\.)|\[\]|\*|\{`)

// TestNoGoTypes puts every kind of JSON value into every field of every request body.
func TestNoGoTypes(t *testing.T) {
	for _, body := range []any{link.Draft{}, image.Upload{}, image.Edit{}, report.Request{}} {
		refused := 0
		for _, field := range reflect.VisibleFields(reflect.TypeOf(body)) {
			name := field.Tag.Get("json")
			if field.Anonymous {
				continue
			}
			for _, value := range []string{`"x"`, `1`, `1.5`, `1e999`, `true`, `{}`, `[]`, `[1]`, `[{}]`, `[[]]`, `{"x":[]}`} {
				err := decode(fmt.Sprintf(`{%q:%s}`, name, value), reflect.New(reflect.TypeOf(body)).Interface())
				if err == nil {
					continue
				}
				refused++
				if said := fault.Of(err).Message; !fault.Is(err, fault.Invalid) || !strings.HasPrefix(said, name) && said != "x: There is no such field." || goType.MatchString(said) {
					t.Errorf("%T, %s as %s: %v", body, value, name, err)
				}
			}
		}
		if refused == 0 {
			t.Errorf("%T takes everything", body)
		}
	}
}
