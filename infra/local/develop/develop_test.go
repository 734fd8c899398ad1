package develop

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/minim-dev/minim/infra/local/lambda"
	"github.com/minim-dev/minim/infra/local/plan"
	"github.com/minim-dev/minim/infra/local/template"
	"github.com/minim-dev/minim/infra/local/terminal"
)

const stack = `{"Resources": {
	"Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}}},
	"Echo": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "app-echo", "Role": {"Fn::GetAtt": ["Role", "Arn"]},
		"Runtime": "provided.al2023", "Handler": "bootstrap", "Code": {"S3Key": "echo.zip"}, "Timeout": 5}},
	"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 30}}
}}`

// output collects the output of the loop. It can be read while the loop runs.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) after(start int) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()[start:]
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestLoop saves a file, which runs the command of a rule.
func TestLoop(t *testing.T) {
	folder := t.TempDir()
	binary, file, source := filepath.Join(folder, "echo", "bootstrap"), filepath.Join(folder, "stack.json"), filepath.Join(folder, "source")
	write(t, binary, "first")
	write(t, file, stack)
	write(t, filepath.Join(source, "code"), "")
	read := func() (*plan.Plan, error) {
		loaded, err := template.Load(file, template.Options{})
		if err != nil {
			return nil, err
		}
		return plan.New(loaded, plan.Options{Region: "us-east-1", Account: "000000000000", Binaries: folder, Seed: "seed"})
	}
	running, err := read()
	if err != nil {
		t.Fatal(err)
	}
	var out output
	var mu sync.Mutex
	var command func() (string, error) // the command of the rule
	var replaced []lambda.Function
	finish, err := Start(t.Context(), Options{
		Rules: []Rule{{Paths: []string{source}, Command: "build all"}}, Plan: running, Template: file, Read: read, Prefix: "app-",
		Run: func(context.Context, string) (string, error) {
			mu.Lock()
			defer mu.Unlock()
			return command()
		},
		Replace: func(f lambda.Function) error {
			mu.Lock()
			defer mu.Unlock()
			replaced = append(replaced, f)
			return nil
		},
		Terminal: terminal.New(&out),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer finish()
	rewrite := func(path, text string) func() (string, error) {
		return func() (string, error) { write(t, path, text); return "", nil }
	}
	fails := func() (string, error) { return "line 7\nmake: *** Error 1", errors.New("exit status 1") }
	for _, c := range []struct {
		name     string
		command  func() (string, error)
		want     string
		replaced int           // functions
		timeout  time.Duration // of the function that replaces
	}{
		{"nothing", func() (string, error) { return "", nil }, "code changed: build ran in ", 0, 0},
		{"a binary", rewrite(binary, "second"), "code changed: echo swapped in ", 1, 5 * time.Second},
		{"a mistake", fails, "code changed, but this failed (exit status 1); the previous version keeps running:\n  line 7\n", 0, 0},
		{"the same mistake", fails, "code changed: the same error as before; the previous version keeps running\n", 0, 0},
		{"settings", rewrite(file, strings.Replace(stack, `"Timeout": 5`, `"Timeout": 6`, 1)), "echo swapped in ", 1, 6 * time.Second},
		{"a queue", rewrite(file, strings.Replace(stack, "30", "31", 1)), "code changed; restart to apply the changes of: Queue\n", 1, 5 * time.Second},
		{"no template", rewrite(file, "{"), "code changed, but the template cannot be used; the previous version keeps running:\n  ", 0, 0},
	} {
		start := len(out.after(0))
		mu.Lock()
		command, replaced = c.command, nil
		mu.Unlock()
		write(t, filepath.Join(source, "code"), c.name)
		for deadline := time.Now().Add(time.Minute); !strings.Contains(out.after(start), c.want); time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%s: it does not print %q:\n%s", c.name, c.want, out.after(start))
			}
		}
		mu.Lock()
		if len(replaced) != c.replaced || c.replaced > 0 && replaced[0].Timeout != c.timeout {
			t.Errorf("%s: replaced %+v", c.name, replaced)
		}
		mu.Unlock()
		if strings.Contains(out.after(start), "make: ***") {
			t.Errorf("%s: the line of make is printed:\n%s", c.name, out.after(start))
		}
	}
}

func TestStartFails(t *testing.T) {
	o := Options{Plan: &plan.Plan{Functions: []lambda.Function{{Name: "echo", Binary: "/nowhere"}}}}
	if _, err := Start(t.Context(), o); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without a binary: %v", err)
	}
	o = Options{Plan: &plan.Plan{}, Template: "/nowhere"}
	if _, err := Start(t.Context(), o); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without a template: %v", err)
	}
	file := filepath.Join(t.TempDir(), "stack.json")
	write(t, file, "{}")
	o = Options{Plan: &plan.Plan{}, Template: file, Rules: []Rule{{Paths: []string{"/nowhere"}, Command: "x"}}}
	if _, err := Start(t.Context(), o); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without a folder to watch: %v", err)
	}
}
