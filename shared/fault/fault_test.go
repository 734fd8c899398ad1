package fault_test

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/minim-dev/minim/shared/fault"
)

func TestCodeOf(t *testing.T) {
	tests := []struct {
		name string
		err  error
		want fault.Code
	}{
		{"nil", nil, ""},
		{"plain error is internal", errors.New("disk on fire"), fault.Internal},
		{"fault", fault.New(fault.Conflict, "Taken."), fault.Conflict},
		{"wrapped fault", fmt.Errorf("put link: %w", fault.New(fault.NotFound, "No such link.")), fault.NotFound},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := fault.CodeOf(test.err); got != test.want {
				t.Errorf("CodeOf = %q, want %q", got, test.want)
			}
		})
	}
}

func TestOfHidesInternals(t *testing.T) {
	cause := errors.New("dial tcp 10.0.0.7: refused")
	f := fault.Of(cause)
	if strings.Contains(f.Message, "10.0.0.7") {
		t.Errorf("the caller's sentence gives away the cause: %q", f.Message)
	}
	if !errors.Is(f, cause) {
		t.Error("the cause is lost for the log")
	}
}

func TestFields(t *testing.T) {
	if err := fault.Fields(); err != nil {
		t.Fatalf("no mistakes made %v", err)
	}
	err := fault.Fields(fault.Field{Name: "url", Message: "Missing."}, fault.Field{Name: "code", Message: "Too long."})
	f := fault.Of(err)
	if f.Code != fault.Invalid || len(f.Fields) != 2 {
		t.Fatalf("got %+v", f)
	}
	if want := "url: Missing. code: Too long."; f.Message != want {
		t.Errorf("Message = %q, want %q", f.Message, want)
	}
}

func TestJoin(t *testing.T) {
	url, code, longer := fault.Field{Name: "url", Message: "It is missing."}, fault.Field{Name: "code", Message: "It is taken."}, fault.Field{Name: "url", Message: "It is not a string."}
	whole, refused := fault.New(fault.Invalid, "The body is empty."), fault.New(fault.Conflict, "It is deleted.")
	for name, test := range map[string]struct {
		errs []error
		want error
	}{
		"none":                       {[]error{nil, nil}, nil},
		"both":                       {[]error{fault.Fields(code), nil, fault.Fields(url)}, fault.Fields(code, url)},
		"first check of a field":     {[]error{fault.Fields(longer), fault.Fields(url, code)}, fault.Fields(longer, code)},
		"two mistakes of one check":  {[]error{fault.Fields(url, longer)}, fault.Fields(url, longer)},
		"without fields":             {[]error{whole, fault.Fields(url)}, whole},
		"without fields, but behind": {[]error{fault.Fields(url), whole}, fault.Fields(url)},
		"another code":               {[]error{fault.Fields(url), refused}, refused},
		"internal":                   {[]error{fault.Fields(url), io.EOF}, io.EOF},
	} {
		if got := fault.Join(test.errs...); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}
