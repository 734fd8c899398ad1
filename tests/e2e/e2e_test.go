package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestScripts runs every script with fresh data, signs a user in, and calls every
// operation with every kind of credential, which scripts cannot do. It reports
// permissions that nothing uses, and refusals of the contract that nothing provokes.
func TestScripts(t *testing.T) {
	if testing.Short() {
		t.Skip("the end-to-end scripts need the built project: make test")
	}
	scripts, err := filepath.Glob("*.txt")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	used := &permissions{used: map[permission]int{}, denied: map[string]bool{}}
	var ran atomic.Int64
	t.Cleanup(func() { // after all scripts have ended
		if int(ran.Load()) == len(scripts)+2 { // only all scripts together use every permission
			used.check(t)
			checkRefusals(t)
			checkAnswers(t)
		}
	})
	for _, script := range scripts {
		t.Run(strings.TrimSuffix(script, ".txt"), func(t *testing.T) {
			t.Parallel() // they mostly wait
			if runScript(t, script, used) {
				ran.Add(1)
			}
		})
	}
	t.Run("sign-in", func(t *testing.T) {
		if os.Getenv("BASE_URL") != "" {
			t.Skip("BASE_URL is set: only the local cloud has the users of this test")
		}
		t.Parallel()
		state := t.TempDir()
		t.Cleanup(func() { used.collect(t, state) })
		signIn(t, start(t, state, nil))
		ran.Add(1)
	})
	t.Run("authorization", func(t *testing.T) {
		if os.Getenv("BASE_URL") != "" {
			t.Skip("BASE_URL is set: this test writes keys and sessions to the tables of the local cloud")
		}
		t.Parallel()
		state := t.TempDir()
		t.Cleanup(func() { used.collect(t, state) })
		authorization(t, start(t, state, nil))
		ran.Add(1)
	})
}

// runScript runs one script, and reports whether it had its own local cloud.
func runScript(t *testing.T, script string, used *permissions) (local bool) {
	t.Helper()
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
	switch {
	case run.base == "":
		state := t.TempDir()
		t.Cleanup(func() { used.collect(t, state) })
		run.cloud, local = start(t, state, switches), true
		run.base = run.cloud.base
		if run.variables["KEY"], err = run.cloud.key(t.Context(), "", ""); err != nil {
			t.Fatal(err)
		}
	case len(switches) > 0:
		t.Skip("this script switches the local cloud; the stage at BASE_URL has no such switches")
	}
	run.variables["BASE"] = run.base
	for _, step := range steps {
		run.step(step)
	}
	run.background.Wait()
	return local
}
