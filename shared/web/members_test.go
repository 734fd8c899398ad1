package web_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/web"
)

// maybe decodes JSON itself, so that it can be null.
type maybe struct{ null bool }

func (m *maybe) UnmarshalJSON(text []byte) error {
	m.null = string(text) == "null"
	return nil
}

// Embedded has a field that is one of the struct around it.
type Embedded struct {
	Note string `json:"note"`
}

func TestMembers(t *testing.T) {
	tests := []struct{ body, want string }{
		{`{"url":"x","tags":["",""],"count":1,"at":{"x":0},"list":[{"x":1}],"maybe":null,"note":"","unlimited":{"a":1,"b":1}}`, ""},
		{`{}`, ""},
		{`{"url":"","note":""}`, ""},
		{`{"other":1}`, "other: There is no such field."},
		{`{"other":{"a":null,"a":1},"url":"x"}`, "other: There is no such field. other.a: It is given more than once."},
		{`{"URL":"x"}`, "URL: There is no such field; it is spelled url."},
		{`{"tag\u017f":[]}`, "tag\u017f: There is no such field; it is spelled tags."},
		{`{"url":"x","u\u0072l":"y"}`, "url: It is given more than once."},
		{`{"Embedded":{}}`, "Embedded: There is no such field."},
		{`{"Hidden":1,"hidden":1}`, "Hidden: There is no such field. hidden: There is no such field."},
		{`{"url":null,"tags":null,"at":null,"count":null}`, "url: It must not be null; leave it out instead. tags: It must not be null; leave it out instead. " +
			"at: It must not be null; leave it out instead. count: It must not be null; leave it out instead."},
		{`{"tags":["a",null]}`, "tags: It must not be null; leave it out instead."},
		{`{"count":0,"code":""}`, "count: It must not be empty; leave it out instead. code: It must not be empty; leave it out instead."},
		{`{"at":{"X":1,"x":1,"x":2}}`, "at.X: There is no such field; it is spelled x. at.x: It is given more than once."},
		{`{"list":[{"x":1},{"y":1}]}`, "list.y: There is no such field."},
		{`{"unlimited":{"a":1,"a":1}}`, "unlimited.a: It is given more than once."},
		{`{"unlimited":{"a":null}}`, "unlimited.a: It must not be null; leave it out instead."},
		{`{"count":"7","other":1}`, "other: There is no such field. count: Expected a whole number, got a string."},
		{`{"other":[[[{"a":[null]}]]]}`, "other: There is no such field."},
	}
	for _, test := range tests {
		var into struct {
			URL   string           `json:"url"`
			Code  string           `json:"code" web:"filled"`
			Count int              `json:"count" web:"filled"`
			Tags  []string         `json:"tags"`
			At    *struct{ X int } `json:"-"`
			Point *struct {
				X int `json:"x"`
			} `json:"at"`
			List []struct {
				X int `json:"x"`
			} `json:"list"`
			Maybe     maybe          `json:"maybe"`
			Unlimited map[string]int `json:"unlimited"`
			Hidden    int            `json:"-"`
			Embedded
		}
		err := decode(test.body, &into)
		got := ""
		if err != nil {
			got = fault.Of(err).Message
		}
		if got != test.want {
			t.Errorf("%s\ngot  %s\nwant %s", test.body, got, test.want)
		}
	}
}

func TestMembersAreFew(t *testing.T) {
	var body strings.Builder
	for n := range 1000 {
		fmt.Fprintf(&body, `,"f%d":1`, n)
	}
	var into struct{}
	err := decode("{"+body.String()[1:]+"}", &into)
	if f := fault.Of(err); len(f.Fields) != 20 {
		t.Errorf("%d mistakes", len(f.Fields))
	}
}

// FuzzJSON checks that a body that is accepted says the same to every reader: a decoder that
// is case-sensitive and keeps the first of two members reads the same URL.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{`{"url":"x"}`, `{"URL":"x","url":"y"}`, `{"url":"x","url":"y"}`, `{"at":{"x":1}}`, `{"url":null}`, `{"a":[[{}]]}`, `{"url":"\ud800"}`, "\f{}", "{}\u00a0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		var into struct {
			URL  string   `json:"url"`
			Tags []string `json:"tags"`
			At   *struct {
				X float64 `json:"x"`
			} `json:"at"`
		}
		r := web.Request{APIGatewayV2HTTPRequest: events.APIGatewayV2HTTPRequest{Body: body}}
		if err := r.JSON(&into); err != nil {
			if fault.CodeOf(err) == "" {
				t.Fatalf("%q: %v", body, err)
			}
			return
		}
		var exact map[string]json.RawMessage
		if err := json.Unmarshal([]byte(body), &exact); err != nil {
			t.Fatalf("%q is accepted: %v", body, err)
		}
		url := ""
		if raw, ok := exact["url"]; ok {
			if err := json.Unmarshal(raw, &url); err != nil {
				t.Fatalf("%q is accepted: %v", body, err)
			}
		}
		delete(exact, "url")
		delete(exact, "tags")
		delete(exact, "at")
		if url != into.URL || len(exact) > 0 {
			t.Fatalf("%q is read as %+v", body, into)
		}
	})
}
