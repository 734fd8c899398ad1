package lambda

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// TestDebugger runs a function under a command that stands for a debugger: it gets
// the binary, the function is never frozen, has all the time, and one environment.
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
