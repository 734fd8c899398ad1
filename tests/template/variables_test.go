package template

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestVersions: Lambda creates no second version of unchanged code and configuration, and
// the deployment fails; a change without a new version has no effect. So a version's
// logical ID must change exactly if something that is part of a version does.
func TestVersions(t *testing.T) {
	const config = `{"name": "minim-prod-a", "memorySize": 256, "timeout": 5, "environment": {"A": {"Ref": "T"}, "B": "2"}, "events": [{"httpApi": "GET /a"}]}`
	const provider = `{"runtime": "provided.al2023"}`
	for _, test := range []struct {
		name, config, provider string
		same                   bool
	}{
		{"another order", `{"environment": {"B": "2", "A": {"Ref": "T"}}, "timeout": 5, "events": [{"httpApi": "GET /a"}], "memorySize": 256, "name": "minim-prod-a"}`, provider, true},
		{"another route", `{"name": "minim-prod-a", "memorySize": 256, "timeout": 5, "environment": {"A": {"Ref": "T"}, "B": "2"}, "events": []}`, provider, true},
		{"a destination", config[:len(config)-1] + `, "destinations": {"onFailure": "x"}}`, provider, true},
		{"reserved concurrency", config[:len(config)-1] + `, "reservedConcurrency": 5}`, provider, true},
		{"another variable", `{"name": "minim-prod-a", "memorySize": 256, "timeout": 5, "environment": {"A": {"Ref": "T"}, "B": "3"}}`, provider, false},
		{"more memory", `{"name": "minim-prod-a", "memorySize": 512, "timeout": 5, "environment": {"A": {"Ref": "T"}, "B": "2"}}`, provider, false},
		{"another runtime", config, `{"runtime": "provided.al2030"}`, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			kept := func(config, provider string) string {
				return evaluated(t, "canary.js", ".kept("+config+", "+provider+")")
			}
			if before, after := kept(config, provider), kept(test.config, test.provider); (before == after) != test.same {
				t.Errorf("%s\n%s\nthe same: %t, want %t", before, after, before == after, test.same)
			}
		})
	}
}

// TestProtection: if a deployment protected the tables that it creates, a failed one could
// not be rolled back.
func TestProtection(t *testing.T) {
	for _, test := range []struct{ protect, key, want string }{
		{"true", "", "true"},
		{"true", "0b1c", "true"},
		{"true", "first", "false"},
		{"false", "0b1c", "false"},
	} {
		resolve := `({resolveVariable: async (name) => name.startsWith("env:EDGE_KEY_VERSION") ? "` + test.key + `" : {protect: ` + test.protect + `}})`
		if got := evaluated(t, "protection.js", resolve+`.then((is) => console.log(is)) && ""`); got != test.want {
			t.Errorf("protect %s, the edge's key %q: %q, want %s", test.protect, test.key, got, test.want)
		}
	}
}

// evaluated returns the value of an expression that begins with a file of infra/.
func evaluated(t *testing.T, file, expression string) string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("needs node")
	}
	module, err := filepath.Abs(filepath.Join(root, "infra", file))
	if err != nil {
		t.Fatal(err)
	}
	path, err := json.Marshal(module)
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), node, "-p", "require("+string(path)+")"+expression).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return strings.TrimSpace(string(out))
}
