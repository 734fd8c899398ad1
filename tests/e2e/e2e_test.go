package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestScripts runs every script, each in a fresh stage of data, and finds the
// permissions that none of them uses.
func TestScripts(t *testing.T) {
	if testing.Short() {
		t.Skip("the end-to-end scripts need the built project: make test")
	}
	scripts, err := filepath.Glob("*.txt")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	used := &permissions{used: map[permission]int{}, denied: map[string]bool{}}
	ran := 0
	for _, script := range scripts {
		t.Run(strings.TrimSuffix(script, ".txt"), func(t *testing.T) {
			steps, err := parse(script)
			if err != nil {
				t.Fatal(err)
			}
			switches := map[string]string{}
			for len(steps) > 0 && steps[0].words[0] == "cloud" {
				for _, word := range steps[0].words[1:] {
					name, value, _ := strings.Cut(word, "=")
					switches[name] = value
				}
				steps = steps[1:]
			}
			run := &run{t: t, base: os.Getenv("BASE_URL"), variables: map[string]string{
				"KEY":   os.Getenv("API_KEY"),
				"TODAY": time.Now().UTC().Format(time.DateOnly),
			}, files: map[string][]byte{}}
			if run.base == "" {
				state := t.TempDir()
				t.Cleanup(func() { used.collect(t, state) })
				run.cloud = start(t, state, switches)
				ran++
				run.base = run.cloud.base
				if run.variables["KEY"], err = run.cloud.key(t.Context(), "", ""); err != nil {
					t.Fatal(err)
				}
			} else if len(switches) > 0 {
				t.Skip("this script switches the local cloud; the stage at BASE_URL has no such switches")
			}
			run.variables["BASE"] = run.base
			for _, step := range steps {
				run.step(step)
			}
			run.background.Wait()
		})
	}
	t.Run("permissions", func(t *testing.T) {
		if ran < len(scripts) {
			t.Skip("only all scripts together use all permissions")
		}
		used.check(t)
	})
}
