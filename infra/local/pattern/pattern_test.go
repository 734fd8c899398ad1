package pattern

import (
	"slices"
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	for _, c := range []struct{ name, pattern, matches, misses string }{
		{"text", `{"a":["x"]}`, `{"a":"x","b":1}`, `{"a":"X"}`},
		{"one of several", `{"a":["x","y"]}`, `{"a":"y"}`, `{"a":"z"}`},
		{"all fields", `{"a":["x"],"b":["y"]}`, `{"a":"x","b":"y"}`, `{"a":"x"}`},
		{"nested", `{"a":{"b":{"c":["x"]}}}`, `{"a":{"b":{"c":"x"}}}`, `{"a":{"c":"x"}}`},
		{"number", `{"a":[300]}`, `{"a":300}`, `{"a":300.0}`},
		{"number is no text", `{"a":[300]}`, `{"a":300}`, `{"a":"300"}`},
		{"true", `{"a":[true]}`, `{"a":true}`, `{"a":"true"}`},
		{"null", `{"a":[null]}`, `{"a":null}`, `{}`},
		{"empty", `{"a":[""]}`, `{"a":""}`, `{"a":" "}`},
		{"an element of an array", `{"a":["x"]}`, `{"a":["w","x"]}`, `{"a":["w"]}`},
		{"fields of one element", `{"a":{"b":[1],"c":[2]}}`, `{"a":[{"b":0},{"b":1,"c":2}]}`, `{"a":[{"b":1},{"c":2}]}`},
		{"prefix", `{"a":[{"prefix":"ab"}]}`, `{"a":"abc"}`, `{"a":"cab"}`},
		{"prefix without case", `{"a":[{"prefix":{"equals-ignore-case":"AB"}}]}`, `{"a":"abc"}`, `{"a":"cab"}`},
		{"suffix", `{"a":[{"suffix":".png"}]}`, `{"a":"x.png"}`, `{"a":"x.PNG"}`},
		{"suffix without case", `{"a":[{"suffix":{"equals-ignore-case":".png"}}]}`, `{"a":"x.PNG"}`, `{"a":"png.x"}`},
		{"without case", `{"a":[{"equals-ignore-case":"alice"}]}`, `{"a":"Alice"}`, `{"a":"bob"}`},
		{"anything but a text", `{"a":[{"anything-but":"x"}]}`, `{"a":"y"}`, `{"a":"x"}`},
		{"anything but a list", `{"a":[{"anything-but":["x","y"]}]}`, `{"a":"z"}`, `{"a":"y"}`},
		{"anything but a number", `{"a":[{"anything-but":[1,2]}]}`, `{"a":3}`, `{"a":2}`},
		{"anything but is there", `{"a":[{"anything-but":["x"]}]}`, `{"a":null}`, `{}`},
		{"equal numbers", `{"a":[{"numeric":["=",300]}]}`, `{"a":3.0e2}`, `{"a":301}`},
		{"greater", `{"a":[{"numeric":[">",10]}]}`, `{"a":10.5}`, `{"a":10}`},
		{"range", `{"a":[{"numeric":[">",10,"<=",20]}]}`, `{"a":20}`, `{"a":20.1}`},
		{"number of a text", `{"a":[{"numeric":[">=",1]}]}`, `{"a":1}`, `{"a":"1"}`},
		{"large numbers", `{"a":[{"numeric":["<",9007199254740993]}]}`, `{"a":9007199254740992}`, `{"a":9007199254740993}`},
		{"exists", `{"a":{"b":[{"exists":true}]}}`, `{"a":{"b":null}}`, `{"a":{}}`},
		{"exists not at a branch", `{"a":[{"exists":true}]}`, `{"a":1}`, `{"a":{"b":1}}`},
		{"exists not", `{"a":{"b":[{"exists":false}]}}`, `{"c":1}`, `{"a":{"b":1}}`},
		{"value or absent", `{"a":["x",{"exists":false}]}`, `{}`, `{"a":"y"}`},
		{"or", `{"$or":[{"a":["x"]},{"b":{"c":[1]}}]}`, `{"b":{"c":1}}`, `{"a":"y","b":{"c":2}}`},
		{"or and more", `{"d":[1],"$or":[{"a":["x"]},{"b":["x"]}]}`, `{"d":1,"b":"x"}`, `{"d":2,"b":"x"}`},
		{"or inside", `{"a":{"$or":[{"b":[1]},{"c":[1]}]}}`, `{"a":{"c":1}}`, `{"a":{"d":1}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := Parse(c.pattern)
			if err != nil {
				t.Fatal(err)
			}
			for event, want := range map[string]bool{c.matches: true, c.misses: false} {
				value, err := Decode([]byte(event))
				if err != nil {
					t.Fatal(err)
				}
				if p.Match(value) != want {
					t.Errorf("%s on %s: %t", c.pattern, event, !want)
				}
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for pattern, want := range map[string]string{
		`{`:                                       "not JSON",
		`{"a":["x"]} {}`:                          "more than one",
		`[]`:                                      "at least one field",
		`{}`:                                      "at least one field",
		`{"a":"x"}`:                               `$.a: "x" must be in a list`,
		`{"a":[]}`:                                "$.a: an empty list",
		`{"a":{}}`:                                "$.a: an object needs",
		`{"a":[["x"]]}`:                           "$.a[0]: a list",
		`{"a":[{"prefix":1}]}`:                    "$.a[0].prefix: takes a text",
		`{"a":[{"prefix":{"suffix":1}}]}`:         "takes a text, or one in",
		`{"a":["x",{"sounds-like":"x"}]}`:         "$.a[1].sounds-like: there is no such operator",
		`{"a":[{"prefix":"a","suffix":"b"}]}`:     "one operator, not 2",
		`{"a":[{"exists":"yes"}]}`:                "true or false",
		`{"a":[{"wildcard":"*"}]}`:                "only rules of event buses",
		`{"a":[{"cidr":"10.0.0.0/8"}]}`:           "only rules of event buses",
		`{"a":[{"numeric":[">"]}]}`:               "takes a list such as",
		`{"a":[{"numeric":[">","1"]}]}`:           `"1" is not a number`,
		`{"a":[{"numeric":["!=",1]}]}`:            `"!=" is not one of`,
		`{"a":[{"numeric":[{},1]}]}`:              "{} is not one of",
		`{"a":[{"anything-but":[]}]}`:             "at least one",
		`{"a":[{"anything-but":{"prefix":"x"}}]}`: "texts or numbers",
		`{"$or":[{"a":["x"]}]}`:                   "$.$or: takes a list of two",
		`{"$or":[{"a":["x"]},{}]}`:                "$.$or[1]: takes an object",
		`{"$or":[{"a":["x"]},{"a":[{"numeric":[">",null]}]}]}`:    "$.$or[1].a[0].numeric: null is not",
		`{"dynamodb":{"NewImage":{"url":{"S":[{"prefx":"h"}]}}}}`: "$.dynamodb.NewImage.url.S[0].prefx",
	} {
		if _, err := Parse(pattern); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", pattern, err, want)
		}
	}
}

func TestFields(t *testing.T) {
	p, err := Parse(`{"a":["x"],"$or":[{"b":{"c":[1]}},{"d":[1]}]}`)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(p.Fields(), " "); got != "a b d" {
		t.Error(got)
	}
	leaves := slices.DeleteFunc(p.Fields(), func(f string) bool { return !p.Leaf(f) || p.Nested(f) })
	if got := strings.Join(leaves, " "); got != "a d" {
		t.Error(got)
	}
}

// FuzzPattern checks that any text yields a pattern or an error, and that patterns accept any event.
func FuzzPattern(f *testing.F) {
	for _, pattern := range []string{`{"a":[{"prefix":"x"},null,1]}`, `{"$or":[{"a":[{"numeric":[">",1]}]},{"b":{"c":[{"anything-but":["x"]}]}}]}`} {
		f.Add(pattern, `{"a":["xy",2],"b":[{"c":"z"}]}`)
	}
	f.Fuzz(func(_ *testing.T, pattern, event string) {
		p, err := Parse(pattern)
		if err != nil {
			return
		}
		p.Fields()
		if value, err := Decode([]byte(event)); err == nil {
			p.Match(value)
		}
	})
}
