package template

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestVersions: Lambda makes no version of what it has a version of already, and
// fails the deployment that asks for one; a change that is not given a version
// reaches nobody. So a version's name changes with what Lambda keeps, and with
// nothing else.
func TestVersions(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("needs node")
	}
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
			if before, after := kept(t, node, config, provider), kept(t, node, test.config, test.provider); (before == after) != test.same {
				t.Errorf("%s\n%s\nthe same: %t, want %t", before, after, before == after, test.same)
			}
		})
	}
}

// kept is what infra/canary.js makes a version's name of, beside the code.
func kept(t *testing.T, node, config, provider string) string {
	t.Helper()
	module, err := filepath.Abs(filepath.Join(root, "infra", "canary.js"))
	if err != nil {
		t.Fatal(err)
	}
	path, _ := json.Marshal(module)
	out, err := exec.CommandContext(t.Context(), node, "-p", "require("+string(path)+").kept("+config+", "+provider+")").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}
