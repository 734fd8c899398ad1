package template

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// TestRoutesAreDocumented: the API is what docs/openapi.yaml says, no less and no more.
func TestRoutesAreDocumented(t *testing.T) {
	source, err := os.ReadFile(filepath.Join("..", "..", "docs", "openapi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Paths map[string]map[string]any `yaml:"paths"`
	}
	if err := yaml.Unmarshal(source, &document); err != nil {
		t.Fatal(err)
	}
	documented := map[string]bool{}
	for path, methods := range document.Paths {
		for _, method := range []string{"get", "head", "post", "put", "patch", "delete"} {
			if methods[method] != nil {
				documented[strings.ToUpper(method)+" "+path] = true
			}
		}
	}
	want := slices.Sorted(maps.Keys(documented))
	each(t, func(t *testing.T, s stack) {
		var got []string
		for _, id := range s.of("AWS::ApiGatewayV2::Route") {
			route, _ := s.Resources[id].get("RouteKey").(string)
			got = append(got, route)
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("the stack has the routes\n%s\ndocumented are\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}
