package lambda

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// TestDebugger runs a function under a fake debugger: the debugger gets the binary, and
// the function is never frozen, has no time-out and a single environment.
func TestDebugger(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	debugger := filepath.Join(folder, "debugger")
	script := "#!/bin/sh\necho \"$@\" >>" + folder + "/calls\nexec \"$2\"\n"
	if err := os.WriteFile(debugger, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	p := open(t, Options{})
	f := Function{Name: "wait", Binary: executable(t), Handler: "wait", Debugger: []string{debugger, "--flag"}, Timeout: 100 * time.Millisecond}
	add(t, p, f)
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			if result, err := p.Invoke(t.Context(), f.Name, []byte(`{"milliseconds": 200}`)); err != nil || result.FunctionError != "" {
				t.Errorf("%+v %v", result, err)
			}
		})
	}
	all.Wait()
	text, err := os.ReadFile(folder + "/calls")
	if want := "--flag " + f.Binary + "\n"; err != nil || string(text) != want {
		t.Errorf("the debugger was called with %q, not once with %q: %v", text, want, err)
	}
}
