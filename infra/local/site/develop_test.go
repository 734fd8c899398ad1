package site

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/minim-dev/minim/infra/local/develop"
)

// TestDevelop edits the script that the watch rule runs. The script is a watched file
// itself, so each edit runs it and replaces the running function.
func TestDevelop(t *testing.T) {
	s, _, out := example(t)
	folder := filepath.Dir(s.Template)
	other := exec.Command("go", "build", "-ldflags", "-X main.verb=wished", "-o", filepath.Join(folder, "other"), "./testdata/echo")
	other.Env = append(os.Environ(), "CGO_ENABLED=0") // like functions
	if output, err := other.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	source := filepath.Join(folder, "source")
	if err := os.Mkdir(source, 0o700); err != nil {
		t.Fatal(err)
	}
	s.Watch = []develop.Rule{{Paths: []string{source}, Command: "cd " + folder + " && . source/command"}}
	begin(t, s, out)
	page := "http://" + s.host() + "/page"
	if _, body := get(t, page); body != "you asked for /page" {
		t.Fatal(body)
	}
	for _, c := range []struct {
		name, command string
		want          []string // new output
		body          string
	}{
		{"another binary", "cp other new && mv new echo/bootstrap", []string{"source/command changed: echo swapped in "}, "you wished for /page"},
		{"a mistake", "echo 'line 7: a mistake'; echo 'make: *** Error 1'; exit 1",
			[]string{"source/command changed, but this failed (exit status 1); the previous version keeps running:\n  line 7: a mistake\n"}, "you wished for /page"},
		{"the same mistake", "echo 'line 7: a mistake'; exit 1", []string{"changed: the same error as before; the previous version keeps running\n"}, "you wished for /page"},
		{"nothing that runs", "true", []string{"source/command changed: cd ran in"}, "you wished for /page"},
		{"settings", `sed 's/"Variables": {/&"MARK": "!",/' stack.json > new && mv new stack.json`, []string{"changed: echo swapped in"}, "you wished for /page!"},
		{"settings and more", `sed 's/"!"/"?"/; s/cron(0 2/cron(0 3/' stack.json > new && mv new stack.json`,
			[]string{"changed: echo swapped in", "changed; restart to apply the changes of: Nightly\n"}, "you wished for /page?"},
		{"no template", `sed 's/"Ref": "Queue"/"Ref": "Nothing"/' stack.json > new && mv new stack.json`,
			[]string{"changed, but the template cannot be used; the previous version keeps running:\n  ", `refers to "Nothing"`}, "you wished for /page?"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := len(out.String())
			if err := os.WriteFile(filepath.Join(source, "command"), []byte(c.command), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, want := range c.want {
				for deadline := time.Now().Add(2 * time.Minute); !strings.Contains(out.String()[before:], want); time.Sleep(10 * time.Millisecond) {
					if time.Now().After(deadline) {
						t.Fatalf("it does not say %q:\n%s", want, out.String()[before:])
					}
				}
			}
			if _, body := get(t, page); body != c.body {
				t.Errorf("it answers %q", body)
			}
			if output := out.String()[before:]; strings.Contains(output, "make: ***") {
				t.Errorf("make speaks:\n%s", output)
			}
		})
	}
}
