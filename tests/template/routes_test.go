package template

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// checkRoutesAreDocumented: the API has exactly the routes of docs/openapi.yaml.
// OpenAPI has no path for the default route, so an extension describes it.
func checkRoutesAreDocumented(t reporter, s stack) {
	source, err := os.ReadFile(filepath.Join(root, "docs", "openapi.yaml"))
	if err != nil {
		t.Error(err)
	}
	var document struct {
		Paths   map[string]map[string]any `yaml:"paths"`
		Default map[string]any            `yaml:"x-default-route"`
	}
	if err := yaml.Unmarshal(source, &document); err != nil {
		t.Error(err)
	}
	// An operation with x-served-by is served by the route of that path; one with x-needs
	// exists only in stages with that setting.
	documented := map[string]bool{}
	if document.Default != nil {
		documented["$default"] = true
	}
	for path, methods := range document.Paths {
		for _, method := range []string{"get", "head", "post", "put", "patch", "delete"} {
			if methods[method] != nil && s.has(t, follow(methods[method], "x-needs")) {
				served := path
				if by, ok := follow(methods[method], "x-served-by").(string); ok {
					served = by
				}
				documented[strings.ToUpper(method)+" "+served] = true
			}
		}
	}
	want := slices.Sorted(maps.Keys(documented))
	var got []string
	for _, id := range s.of("AWS::ApiGatewayV2::Route") {
		route, _ := s.Resources[id].get("RouteKey").(string)
		got = append(got, route)
	}
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("the stack has the routes\n%s\ndocumented are\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	// The function that answers other methods at paths of the API gets the list of its routes.
	below := slices.DeleteFunc(got, func(key string) bool { return !strings.Contains(key, " /api/") })
	const redirects = "LinkDashredirectLambdaFunction"
	s.Resources[redirects].want(t, redirects, "Environment.Variables.API_ROUTES", strings.Join(below, ","))
}
