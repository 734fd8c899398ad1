package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestImport imports the output of make openapi-aws as the API of the stack, in place of the routes, integrations and
// authorizers of its template, and sends requests to it. tests/template compares the routes.
func TestImport(t *testing.T) {
	if testing.Short() {
		t.Skip("needs the built project: make test")
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	folder, state, port := t.TempDir(), t.TempDir(), freePort(t)
	source, imported := filepath.Join(root, "build", "stack-local", "cloudformation-template-update-stack.json"), filepath.Join(folder, "template.json")
	importAPI(t, root, source, imported)
	command := exec.Command("build/local-cloud", "up", "--stack", "minim-local", "--template", imported, "--binaries", "build/local",
		"--components", "build/components", "--port", fmt.Sprint(port), "--state", state)
	command.Dir = root
	c := startBy(t, command, port, state, nil)
	run := &run{t: t, base: c.base, cloud: c, variables: map[string]string{"BASE": c.base}, files: map[string][]byte{}}
	if run.variables["KEY"], err = c.key(t.Context(), "me", "links:read,links:write"); err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(folder, "imported.txt")
	text := strings.NewReplacer("\t", "").Replace(`
		GET /api/health
		status == 200

		GET /api/nothing
		status == 404
		header Content-Type ~ problem

		GET /api/links
		as nobody
		status == 401

		GET /api/links
		> Authorization: Bearer mk_no_key
		status == 403

		GET /api/links
		status == 200

		POST /api/links
		< {"url": "https://example.com/", "code": "imported"}
		status == 201

		GET /imported
		status == 302
		`)
	if err := os.WriteFile(script, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	steps, err := parse(script)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range steps {
		run.step(step)
	}
}

// importAPI replaces the routes of a compiled template with the definition to import.
func importAPI(t *testing.T, root, from, to string) {
	t.Helper()
	definition := to + ".openapi"
	write := exec.CommandContext(t.Context(), "go", "run", "./infra/openapi-aws", "--template", from, "--account", "000000000000", "--out", definition)
	write.Dir = root
	if output, err := write.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	var template map[string]any
	read(t, from, &template)
	var body any
	read(t, definition, &body)
	resources, _ := template["Resources"].(map[string]any) // none for an empty stack
	for id, value := range maps.Clone(resources) {
		resource, _ := value.(map[string]any)
		switch resource["Type"] {
		case "AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::Integration", "AWS::ApiGatewayV2::Authorizer":
			delete(resources, id)
		case "AWS::ApiGatewayV2::Api":
			resource["Properties"] = map[string]any{"Body": body}
		case "AWS::Lambda::Function": // which no role calls now
			resources["Permission"+id] = map[string]any{"Type": "AWS::Lambda::Permission", "Properties": map[string]any{
				"Action": "lambda:InvokeFunction", "FunctionName": map[string]any{"Ref": id}, "Principal": "apigateway.amazonaws.com",
			}}
		}
		delete(resource, "DependsOn") // some depend on the routes
	}
	text, err := json.Marshal(template)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// read reads a JSON file.
func read(t *testing.T, file string, into any) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}
