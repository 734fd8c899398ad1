package osls

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

// recorded returns a CLI that records its commands instead of running them. failing is the number of the step
// that fails, or 0.
func recorded(region string, failing int) (c *CLI, steps *[]string) {
	steps = new([]string)
	next := func(step string) error {
		*steps = append(*steps, step)
		if len(*steps) == failing {
			return errors.New("no luck")
		}
		return nil
	}
	c = New("bin/osls", "prod", region)
	c.now = func() time.Time { return time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC) }
	c.run = func(_ context.Context, _ io.Writer, env []string, name string, args ...string) error {
		return next(strings.Join(slices.Concat(env, []string{name}, args), " "))
	}
	c.stamp = func(folder string, at time.Time) error {
		return next("stamp " + folder + at.UTC().Format(" 2006-01-02"))
	}
	return c, steps
}

func TestCommands(t *testing.T) {
	for name, test := range map[string]struct {
		does func(*CLI) error
		want []string
	}{
		"package": {func(c *CLI) error { return c.Package(t.Context(), []string{"EDGE_KEY_VERSION=v1"}) },
			[]string{"EDGE_KEY_VERSION=v1 bin/osls package --stage prod --region eu-central-1", "stamp .serverless 1970-01-01"}},
		"package edge": {func(c *CLI) error { return c.PackageEdge(t.Context()) },
			[]string{"bin/osls package --stage prod --config serverless.us-east-1.yml --package build/us-east-1"}},
		"deploy": {func(c *CLI) error { return c.Deploy(t.Context()) },
			[]string{"stamp .serverless 2026-11-30", "bin/osls deploy --stage prod --region eu-central-1 --package .serverless"}},
		"rollback": {func(c *CLI) error { return c.Rollback(t.Context(), "2026-11-29T07:00:00.000Z") },
			[]string{"bin/osls rollback --stage prod --region eu-central-1 --timestamp 2026-11-29T07:00:00.000Z"}},
		"remove": {func(c *CLI) error { return c.Remove(t.Context()) },
			[]string{"bin/osls remove --stage prod --region eu-central-1"}},
	} {
		t.Run(name, func(t *testing.T) {
			c, steps := recorded("eu-central-1", 0)
			if err := test.does(c); err != nil || !slices.Equal(*steps, test.want) {
				t.Errorf("%v\n%s\nwant\n%s", err, strings.Join(*steps, "\n"), strings.Join(test.want, "\n"))
			}
			for failing := 1; failing <= len(test.want); failing++ {
				c, steps := recorded("eu-central-1", failing)
				if err := test.does(c); err == nil || len(*steps) != failing {
					t.Errorf("step %d fails: %v, after %q", failing, err, *steps)
				}
			}
		})
	}
	for region, want := range map[string]bool{"us-east-1": false, "eu-central-1": true} {
		if got := New("", "dev", region).Elsewhere(); got != want {
			t.Errorf("%s is elsewhere: %t", region, got)
		}
	}
}

func TestRun(t *testing.T) {
	var out strings.Builder
	err := run(t.Context(), &out, []string{"WHO=me"}, "sh", "-c", `echo "$WHO $SLS_TRACKING_DISABLED $SLS_NOTIFICATIONS_MODE"`)
	if err != nil || out.String() != "me 1 off\n" {
		t.Errorf("%q, %v", out.String(), err)
	}
	if err := run(t.Context(), io.Discard, nil, "false"); err == nil {
		t.Error("no error from a program that fails")
	}
	ctx, cancel := context.WithCancel(t.Context())
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	ended := make(chan error)
	go func() {
		ended <- run(ctx, write, nil, "sh", "-c", `trap "exit 3" TERM; echo ready; while :; do sleep 0.05; done`)
	}()
	if _, err := read.Read(make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	cancel()
	var exit *exec.ExitError
	if err := <-ended; !errors.As(err, &exit) || exit.ExitCode() != 3 {
		t.Errorf("a program that was asked to end: %v, want its exit status 3", err)
	}
}

func TestWithoutEndpoints(t *testing.T) {
	const printed = "Deploying minim\n\n✔ Service deployed (2s)\n\nendpoints:\n  GET - https://a.execute-api/{code}\n  POST - https://a.execute-api/api\n" +
		"functions:\n  health: minim-dev-health (4 MB)\n\nendpoint: https://b.execute-api\nlast, without an end"
	const want = "Deploying minim\n\n✔ Service deployed (2s)\n\nfunctions:\n  health: minim-dev-health (4 MB)\n\nlast, without an end"
	for size := 1; size < 40; size += 6 { // for every size of writes
		var out strings.Builder
		w := &withoutEndpoints{out: &out}
		for piece := range slices.Chunk([]byte(printed), size) {
			if n, err := w.Write(piece); err != nil || n != len(piece) {
				t.Fatal(n, err)
			}
		}
		if err := w.flush(); err != nil || out.String() != want {
			t.Errorf("in pieces of %d: %v\n%s", size, err, out.String())
		}
	}
}
