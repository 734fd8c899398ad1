package template

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// TestImport: make openapi-aws writes OpenAPI 3.0 with the routes of the stage, their functions and authorizers.
// tests/e2e imports it.
func TestImport(t *testing.T) {
	command := filepath.Join(t.TempDir(), "openapi-aws")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", command, root+"/infra/openapi-aws").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, stage := range stages() {
		s := load(t, stage)
		file := filepath.Join(t.TempDir(), stage+".json")
		write := exec.CommandContext(t.Context(), command, "--contract", filepath.Join(root, "docs", "openapi.yaml"), "--template", compiled(stage), "--account", "123456789012", "--out", file)
		if out, err := write.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", stage, err, out)
		}
		document, err := openapi3.NewLoader().LoadFromFile(file)
		if err != nil {
			t.Fatalf("%s: %v", stage, err)
		}
		if err := document.Validate(t.Context(), openapi3.DisableExamplesValidation()); err != nil || document.OpenAPI != "3.0.3" {
			t.Errorf("%s: OpenAPI %s: %v", stage, document.OpenAPI, err)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := imported(t, text), s.routesWithFunctions(); !slices.Equal(got, want) {
			t.Errorf("%s: imported would be\n%s\nthe stack has\n%s", stage, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// imported lists the routes of a definition, each with its function and authorizer.
func imported(t *testing.T, text []byte) (all []string) {
	t.Helper()
	var document struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	for path, operations := range document.Paths {
		for method, text := range operations {
			if method == "parameters" {
				continue
			}
			var operation struct {
				Integration struct{ URI string } `json:"x-amazon-apigateway-integration"`
				Security    []map[string]any
			}
			if err := json.Unmarshal(text, &operation); err != nil {
				t.Fatal(err)
			}
			key := strings.ToUpper(method) + " " + path
			if path == "/$default" {
				key = "$default"
			}
			_, function, _ := strings.Cut(operation.Integration.URI, ":function:")
			authorizer := ""
			for _, requirement := range operation.Security {
				for name := range requirement {
					authorizer = name
				}
			}
			all = append(all, key+" "+strings.TrimSuffix(function, "/invocations")+" "+authorizer)
		}
	}
	slices.Sort(all)
	return all
}

// routesWithFunctions lists the stack's routes, each with its function or alias and its authorizer.
func (s stack) routesWithFunctions() (all []string) {
	for _, id := range s.of("AWS::ApiGatewayV2::Route") {
		route := s.Resources[id]
		integration, _ := route.get("Target.Fn::Join.1.1.Ref").(string)
		uri, alias := s.Resources[integration].get("IntegrationUri"), ""
		if follow(uri, "Ref") != nil {
			alias = ":live"
		}
		authorizer, _ := route.get("AuthorizerId.Ref").(string)
		all = append(all, fmt.Sprintf("%s %s%s %s", route.get("RouteKey"), s.Resources[s.target(uri)].get("FunctionName"), alias, s.Resources[authorizer].get("Name")))
	}
	slices.Sort(all)
	return all
}
