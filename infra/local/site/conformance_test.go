package site

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/minim-dev/minim/infra/local/conformance"
)

// TestConformance runs the cases of aws-check against the local cloud, with the variables of endpoints.env.
func TestConformance(t *testing.T) {
	s, _, out := serviceExample(t)
	begin(t, s, out)
	text, err := os.ReadFile(filepath.Join(s.State, "endpoints.env"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			t.Setenv(name, value)
		}
	}
	c, err := config.LoadDefaultConfig(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range conformance.Run(t.Context(), conformance.New(c), "conformance") {
		t.Errorf("%s: got %s, want %s", d.Name, d.Got, d.Want)
	}
}
