package template

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// answered runs one of infra/*.js for a stage with these settings, and returns its result or its error.
func answered(t *testing.T, file, stage string) string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("SKIPPED: needs node")
	}
	script := fmt.Sprintf(`require(%q)({ resolveVariable: async (name) => {
			if (name === 'self:custom.stage') return %s;
			const [, fn] = /functions\/([\w-]+)\/function\.yml/.exec(name) ?? [];
			return fn ? { [fn]: {} } : {};
		} })
		.then((made) => console.log(JSON.stringify(made)), (error) => console.log(error.message))`, file, stage)
	cmd := exec.CommandContext(t.Context(), node, "-e", script)
	cmd.Dir = filepath.Join(root, "infra")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return strings.TrimSpace(string(out))
}

// TestCounters: click-count gets at most a fifth of the account's concurrent executions, and at
// least two, which is Lambda's minimum.
func TestCounters(t *testing.T) {
	for _, test := range []struct{ counters, account, want int }{
		{10, 1000, 10}, {10, 50, 10}, {10, 49, 9}, {10, 10, 2}, {10, 3, 2}, {300, 1000, 200}, {2, 1000, 2},
	} {
		got := answered(t, "./counters.js", fmt.Sprintf("{counters: %d, accountConcurrency: %d}", test.counters, test.account))
		if got != fmt.Sprint(test.want) {
			t.Errorf("%+v: %s", test, got)
		}
	}
}

// TestReservations: a stage that reserves more than the account allows does not compile.
func TestReservations(t *testing.T) {
	for _, test := range []struct {
		account   int
		reserves  string
		says      string
		forbidden bool
	}{
		{1000, "{'link-get': 500, health: 400}", `"LinkDashgetLambdaFunction":{"Properties":{"ReservedConcurrentExecutions":500}}`, false},
		{1000, "{'link-get': 501, health: 400}", "reserves 901 concurrent executions, but of the account's 1000", true},
		{10, "{health: 1}", "reserves 1 concurrent executions, but of the account's 10", true},
		{10, "{}", "{}", false},
		{1000, "{'link-got': 1}", "there is no function link-got", true},
	} {
		got := answered(t, "./limits.js", fmt.Sprintf("{throttle: {routes: false}, accountConcurrency: %d, concurrency: %s}", test.account, test.reserves))
		if !strings.Contains(got, test.says) || strings.HasPrefix(got, "{") == test.forbidden {
			t.Errorf("%s of %d: %s", test.reserves, test.account, got)
		}
	}
}
