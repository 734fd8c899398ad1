package packages

import (
	"bytes"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// TestSameBytes packages the working tree in two folders that differ in all that
// should not matter: path, age, time zone, umask, who is signed in, and a network,
// which nobody needs once modules and packages are there.
func TestSameBytes(t *testing.T) {
	osls, err := filepath.Abs(filepath.Join(root, "node_modules", ".bin", "osls"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(osls); err != nil {
		t.Fatal("needs osls: make test-stack")
	}
	first := packaged(t, "exec", osls, "a", "022", "TZ=UTC")
	second := packaged(t, offline(t), osls, "much/further/down", "077", "TZ=Asia/Kathmandu", "AWS_PROFILE=nobody", "AWS_REGION=eu-central-1",
		"GOPROXY=off", "HTTP_PROXY=http://127.0.0.1:9", "HTTPS_PROXY=http://127.0.0.1:9")
	if len(first) < 10 || first["build/us-east-1/cloudformation-template-update-stack.json"] == nil {
		t.Fatalf("%d files were made: %v", len(first), slices.Sorted(maps.Keys(first)))
	}
	for name, text := range first {
		if !bytes.Equal(text, second[name]) {
			t.Errorf("%s differs: %d and %d bytes", name, len(text), len(second[name]))
		}
	}
	if len(first) != len(second) {
		t.Errorf("%d files and %d", len(first), len(second))
	}
	within(t, first)
}

// within holds what cold starts pay for: a zip is fetched and unpacked by each.
func within(t *testing.T, files map[string][]byte) {
	t.Helper()
	const mega = 1 << 20
	budgets := map[string]int{"link-redirect.zip": 4 * mega, "image-resize.zip": 8 * mega}
	for name, text := range files {
		name = filepath.Base(name)
		limit, ok := budgets[name]
		if !ok {
			limit = 8 * mega
		}
		if filepath.Ext(name) == ".zip" && (len(text) == 0 || len(text) > limit) {
			t.Errorf("%s has %d bytes, its limit is %d", name, len(text), limit)
		}
		delete(budgets, name)
	}
	for name := range budgets {
		t.Errorf("%s was not packaged", name)
	}
}

// offline is the command that runs another one without any network, where the
// system lets everybody do so; elsewhere closed proxies have to do.
func offline(t *testing.T) string {
	t.Helper()
	if err := exec.CommandContext(t.Context(), "unshare", "--map-root-user", "--net", "true").Run(); err != nil {
		t.Logf("without a namespace of its own: %v", err)
		return "exec"
	}
	return "exec unshare --map-root-user --net"
}

// packaged copies the source to a folder, packages it there by a command, and
// returns what came out: the zips and the compiled stacks, of a stage in a region that needs two.
func packaged(t *testing.T, by, osls, folder, umask string, env ...string) map[string][]byte {
	t.Helper()
	target := filepath.Join(t.TempDir(), folder)
	tree(t, target)
	// What npm installs is the lock file's business; it is not copied.
	for _, name := range []string{"node_modules/.package-lock.json", "build/.machine"} {
		path := filepath.Join(target, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "bash", "-c", "umask "+umask+` && `+by+` make package STAGE=prod REGION=eu-central-1 VERSION=test OSLS="$1"`, "-", osls)
	cmd.Dir = target
	cmd.Env = append(environment(), append(env, "PACKAGE_GOARCH="+runtime.GOARCH)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("make package: %v\n%s", err, out)
	}
	made := map[string][]byte{}
	for _, pattern := range []string{"build/*.zip", "build/us-east-1/cloudformation-template-update-stack.json", ".serverless/*"} {
		files, err := filepath.Glob(filepath.Join(target, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			name, err := filepath.Rel(target, file)
			if err != nil {
				t.Fatal(err)
			}
			if made[name], err = os.ReadFile(file); err != nil {
				t.Fatal(err)
			}
		}
	}
	return made
}

// environment is this process's without what make and AWS put there.
func environment() []string {
	kept := []string{"SLS_TRACKING_DISABLED=1", "SLS_NOTIFICATIONS_MODE=off", "AWS_EC2_METADATA_DISABLED=true", "AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null"}
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		if !strings.HasPrefix(name, "AWS_") && !strings.HasPrefix(name, "MAKE") && name != "MFLAGS" && name != "STAGE" && name != "VERSION" && name != "TZ" {
			kept = append(kept, v)
		}
	}
	return kept
}

// tree copies what git knows, and what it would, to a folder.
func tree(t *testing.T, target string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", "ls-files", "-co", "--exclude-standard")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Skipf("needs a git checkout: %v", err)
	}
	for name := range strings.Lines(string(out)) {
		name = strings.TrimSuffix(name, "\n")
		info, err := os.Stat(filepath.Join(root, name))
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(target, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text, info.Mode().Perm()); err != nil {
			t.Fatal(err)
		}
	}
}
