package logs

import (
	"strings"
	"testing"
)

func TestFilter(t *testing.T) {
	const event = `{"level":"ERROR","message":"no such link","n":42,"f":1.5,"ok":true,"gone":null,"tags":["a","b"],
		"request":{"id":"r-1","ip":"10.0.0.7"},"a name":{"x":"y"},"items":[{"id":1},{"id":2}]}`
	for _, c := range []struct {
		pattern, message string
		want             bool
	}{
		{``, "anything", true},
		{`ERROR`, "[ERROR 400] BAD REQUEST", true},
		{`ERROR`, "[error 400]", false},
		{`ERROR REQUEST`, "[ERROR 400] BAD REQUEST", true},
		{`ERROR REQUEST`, "[ERROR 400] BAD", false},
		{`"no such"`, "there is no such link", true},
		{`"no such" link`, "there is no such thing", false},
		{`"say \"hi\""`, `they say "hi"`, true},
		{`-INFO`, "ERROR", true},
		{`-INFO -"DEBUG x"`, "DEBUG x", false},
		{`ERROR -"404"`, "ERROR 404", false},
		{`?ERROR ?WARN`, "WARN", true},
		{`?ERROR ?"took long"`, "it took long", true},
		{`?ERROR ?WARN`, "INFO", false},
		{`{ $.level = "ERROR" }`, event, true},
		{`{$.level="ERROR"}`, event, true},
		{`{ $.level = ERROR }`, event, true},
		{`{ $.level = "INFO" }`, event, false},
		{`{ $.level = "ERROR" }`, "ERROR", false},
		{`{ $.level != "INFO" }`, event, true},
		{`{ $.other != "INFO" }`, event, false},
		{`{ $.level = "ERR*" }`, event, true},
		{`{ $.level = "*RR*R" }`, event, true},
		{`{ $.level = "E*X*" }`, event, false},
		{`{ $.request.ip != 10.0.* }`, event, false},
		{`{ $.request.ip = 10.0.* }`, event, true},
		{`{ $.n = 42 }`, event, true},
		{`{ $.n = 4* }`, event, true},
		{`{ $.n = "42" }`, event, false},
		{`{ $.n != 41 && $.n > 41 && $.n >= 42 && $.n < 4.3e1 && $.n <= 42 }`, event, true},
		{`{ $.f < 1.5 }`, event, false},
		{`{ $.level > 1 }`, event, false},
		{`{ $.gone IS NULL }`, event, true},
		{`{ $.n IS NULL }`, event, false},
		{`{ $.ok IS TRUE }`, event, true},
		{`{ $.ok IS FALSE }`, event, false},
		{`{ $.other NOT EXISTS }`, event, true},
		{`{ $.level NOT EXISTS }`, event, false},
		{`{ $.n = "*" }`, event, true},
		{`{ $.other = "*" }`, event, false},
		{`{ $.tags[1] = "b" }`, event, true},
		{`{ $.tags[2] = "b" }`, event, false},
		{`{ $.tags[*] = "b" }`, event, true},
		{`{ $.items[*].id = 2 }`, event, true},
		{`{ $.['a name'].x = "y" }`, event, true},
		{`{ $.request = "x" }`, event, false},
		{`{ $.level = "INFO" || $.n = 42 && $.f = 1.5 }`, event, true},
		{`{ ($.level = "INFO" || $.n = 42) && $.f = 2 }`, event, false},
		{`{ ($.level = "ERROR") && (($.n = 1) || ($.n = 42)) }`, event, true},
	} {
		f, err := ParseFilter(c.pattern)
		if err != nil {
			t.Errorf("%s: %v", c.pattern, err)
			continue
		}
		if f.Match(c.message) != c.want {
			t.Errorf("%s on %s: %t", c.pattern, c.message, !c.want)
		}
	}
}

func TestParseFilterRefuses(t *testing.T) {
	for pattern, want := range map[string]string{
		`[ip, user, ...]`:      "not supported",
		`%ERR.*%`:              "not supported",
		`level=error`:          "quote terms that contain",
		`"open`:                "has no end",
		`ERROR -`:              "quote terms that contain",
		`ERROR ?WARN`:          "would ignore them",
		`{ $.level = "ERROR"`:  "no } at its end",
		`{ }`:                  `"" is not a field`,
		`{ level = "ERROR" }`:  `"level" is not a field`,
		`{ $.level }`:          "a comparison, IS or NOT EXISTS",
		`{ $.level = }`:        "expected a value",
		`{ $.level = "open }`:  "expected a value",
		`{ $.level ~ "x" }`:    "$.level ~: expected a comparison",
		`{ $.level > "x" }`:    "only numbers have an order",
		`{ $.level IS BIG }`:   "NULL, TRUE or FALSE",
		`{ $.level NOT NULL }`: "expected EXISTS",
		`{ $.level EXISTS }`:   `write $.level = "*"`,
		`{ $.level = %E% }`:    "not supported",
		`{ ($.level = "x" }`:   "not closed",
		`{ $.a = 1 $.b = 2 }`:  "more than one condition",
		`{ $.a = 1 && }`:       `"" is not a field`,
		`{ $..a = 1 }`:         `"$..a" is not a field`,
		`{ $.a = && }`:         "expected a value",
	} {
		if _, err := ParseFilter(pattern); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", pattern, err, want)
		}
	}
}

// FuzzFilter checks that any pattern yields a filter or an error, and that filters accept any message.
func FuzzFilter(f *testing.F) {
	for _, pattern := range []string{`{ $.a[0].b = "x*" || ($.c < 1) }`, `a -"b" c`, `?a ?b`, `{$.['x'] IS NULL}`, `{ $.a != 4* }`} {
		f.Add(pattern, `{"a":[{"b":"xy"}],"c":0}`)
	}
	f.Fuzz(func(_ *testing.T, pattern, message string) {
		if filter, err := ParseFilter(pattern); err == nil {
			filter.Match(message)
		}
	})
}
