package rules

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestClientIsCurrent: the Go client equals the output of oapi-codegen for docs/openapi.yaml.
func TestClientIsCurrent(t *testing.T) {
	if testing.Short() {
		t.Skip("building oapi-codegen may take a minute")
	}
	top, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	again := filepath.Join(t.TempDir(), "api.gen.go")
	generate := exec.CommandContext(t.Context(), "go", "tool", "oapi-codegen", "-config", filepath.Join(top, filepath.Dir(generated), "oapi-codegen.yaml"),
		"-o", again, filepath.Join(top, "docs", "openapi.yaml"))
	generate.Dir = filepath.Join(top, "infra", "tools")
	generate.Env = append(os.Environ(), "GOWORK=off")
	if output, err := generate.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	want, err := os.ReadFile(again)
	if err != nil {
		t.Fatal(err)
	}
	if got := []byte(read(t, generated)); !bytes.Equal(got, want) {
		t.Errorf("%s is out of date with docs/openapi.yaml; run make generate", generated)
	}
}
