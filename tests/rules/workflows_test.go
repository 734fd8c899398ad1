package rules

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// TestActions: actions are pinned by digest. A tag can be moved to other code, which would
// run with the workflow's permissions.
func TestActions(t *testing.T) {
	f := rule(t, "actions")
	files, err := filepath.Glob(filepath.Join(root, ".github", "workflows", "*.y*ml"))
	if err != nil || len(files) < 2 {
		t.Fatalf("no workflows: %v", err)
	}
	pinned := regexp.MustCompile(`^[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	versions := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := ".github/workflows/" + filepath.Base(file)
		if !strings.Contains(string(text), "\npermissions: {contents: read") {
			f.add(name, "sets no permissions, and GitHub's default is too wide")
		}
		for line := range strings.Lines(string(text)) {
			_, used, ok := strings.Cut(strings.TrimSpace(line), "uses: ")
			if !ok || strings.HasPrefix(used, "./") {
				continue
			}
			if !pinned.MatchString(used) {
				f.add(name, "%s: pin it by 40 hexadecimal digits, with its version beside it", used)
				continue
			}
			action, version, _ := strings.Cut(used, "@")
			if known, ok := versions[action]; ok && known != version {
				f.add(name, "%s is used as %s and as %s", action, known, version)
			}
			versions[action] = version
		}
	}
}

// TestDependabot: Dependabot handles every go.mod, every package.json and the workflows.
func TestDependabot(t *testing.T) {
	f := rule(t, "dependabot")
	const name = ".github/dependabot.yml"
	var config struct {
		Updates []struct {
			Ecosystem   string `yaml:"package-ecosystem"`
			Directory   string
			Directories []string
		}
	}
	if err := yaml.Unmarshal([]byte(read(t, name)), &config); err != nil {
		t.Fatal(err)
	}
	covered := map[string]bool{}
	for _, u := range config.Updates {
		for _, directory := range append(u.Directories, u.Directory) {
			covered[u.Ecosystem+" "+directory] = true
		}
	}
	wanted := map[string]bool{"github-actions /": true}
	for file, ecosystem := range map[string]string{"go.mod": "gomod", "package.json": "npm", "requirements.txt": "pip"} {
		for _, pattern := range []string{"", "*/", "*/*/", "*/*/*/"} {
			found, err := filepath.Glob(filepath.Join(root, pattern, file))
			if err != nil {
				t.Fatal(err)
			}
			for _, path := range found {
				directory := filepath.ToSlash(strings.TrimPrefix(filepath.Dir(path), root))
				if first, _, _ := strings.Cut(strings.TrimPrefix(directory, "/"), "/"); first != "build" && !strings.Contains(path, "node_modules") {
					wanted[ecosystem+" /"+strings.TrimPrefix(directory, "/")] = true
				}
			}
		}
	}
	for each := range wanted {
		if !covered[each] {
			f.add(name, "nothing updates %s", each)
		}
	}
	if len(wanted) < 6 {
		t.Errorf("only %d places with dependencies found", len(wanted))
	}
}

// TestStagesDoNotWaitForEachOther: a run that waits for approval occupies its concurrency
// group for up to weeks, and GitHub cancels the runs that queue behind it.
func TestStagesDoNotWaitForEachOther(t *testing.T) {
	for file, want := range map[string]bool{"deploy.yml": false, "stage.yml": true} {
		workflow, err := os.ReadFile(filepath.Join(root, ".github", "workflows", file))
		if err != nil {
			t.Fatal(err)
		}
		if grouped := strings.Contains(string(workflow), "\n    concurrency: {group: 'deploy-${{ inputs.stage }}', cancel-in-progress: false}"); grouped != want {
			t.Errorf("%s: deployments of a stage run one at a time: %t, want %t", file, grouped, want)
		}
		if strings.Contains(string(workflow), "\nconcurrency:") {
			t.Errorf("%s: the whole run is one group, so stages wait for each other", file)
		}
	}
}
