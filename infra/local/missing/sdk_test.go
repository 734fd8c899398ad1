package missing

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
)

func TestStrayModules(t *testing.T) {
	const sdk = "github.com/aws/aws-sdk-go-v2/"
	symbols := strings.Join([]string{
		sdk + "service/sqs.NewFromConfig", sdk + "service/sqs.resolveBaseEndpoint", // current
		sdk + "service/sns.NewFromConfig", // old
		sdk + "service/ses.New",           // never made from a configuration
		sdk + "config.LoadDefaultConfig",  // old
	}, "\n")
	tests := map[string]struct{ path, version, want string }{
		"sdk v1":         {"github.com/aws/aws-sdk-go", "v1.55.8", "github.com/aws/aws-sdk-go v1.55.8"},
		"old config":     {sdk + "config", "v1.20.0", sdk + "config v1.20.0"},
		"old service":    {sdk + "service/sns", "v1.25.0", sdk + "service/sns v1.25.0"},
		"service":        {sdk + "service/sqs", "v1.26.0", ""},
		"unused service": {sdk + "service/ses", "v1.17.0", ""},
		"internal":       {sdk + "service/internal/checksum", "v1.0.0", ""},
		"another module": {"github.com/aws/aws-lambda-go", "v1.0.0", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := strayModules([]*debug.Module{{Path: tt.path, Version: tt.version}}, func(symbol string) bool { return strings.Contains(symbols, symbol) })
			if strings.Join(got, ",") != tt.want {
				t.Errorf("got %v, want %q", got, tt.want)
			}
		})
	}
}

// The symbols exist in a binary that is built like those of functions.
func TestStraySDKs(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "bootstrap")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, "../site/testdata/stranger")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	if got := StraySDKs(binary); got != nil {
		t.Errorf("got %v", got)
	}
	code, err := os.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	old := strings.ReplaceAll(string(code), "service/sts.resolveBaseEndpoint", "service/sts.somethingElseHere__")
	if err := os.WriteFile(binary, []byte(old), 0o700); err != nil {
		t.Fatal(err)
	}
	if got := StraySDKs(binary); len(got) != 1 || !strings.HasPrefix(got[0], "github.com/aws/aws-sdk-go-v2/service/sts v1.") {
		t.Errorf("got %v", got)
	}
}
