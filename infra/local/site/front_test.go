package site

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/minim-dev/minim/infra/local/httpapi"
	"github.com/minim-dev/minim/infra/local/lambda"
)

// The API distinguishes throttled invocations and events that are too large from all other failed invocations.
func TestInvokeForAPI(t *testing.T) {
	platform, err := lambda.New(t.Context(), lambda.Options{Dir: t.TempDir(), Concurrency: 10})
	if err != nil {
		t.Fatal(err)
	}
	defer platform.Close()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	none := 0
	if err := platform.Add(lambda.Function{Name: "off", Binary: binary, Reserved: &none}); err != nil {
		t.Fatal(err)
	}
	invoke := invokeForAPI(platform)
	for name, test := range map[string]struct {
		function, event  string
		throttled, large bool
	}{
		"throttled": {"off", "{}", true, false},
		"too large": {"off", `"` + strings.Repeat("x", 6<<20) + `"`, false, true},
		"unknown":   {"other", "{}", false, false},
	} {
		_, _, err := invoke(t.Context(), test.function, []byte(test.event))
		if err == nil || errors.Is(err, httpapi.ErrThrottled) != test.throttled || errors.Is(err, httpapi.ErrTooLarge) != test.large {
			t.Errorf("%s: %v", name, err)
		}
	}
}
