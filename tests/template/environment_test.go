package template

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// checkEnvironment: no variable of a function contains a secret, neither literally nor
// by a dynamic reference: everybody who may read a function's settings would see it.
// Functions read secrets at run time, by name.
func checkEnvironment(t reporter, s stack) {
	for name, id := range s.functions() {
		variables, _ := s.Resources[id].get("Environment.Variables").(map[string]any)
		for variable, value := range variables {
			telling := slices.ContainsFunc([]string{"KEY", "SECRET", "PASSWORD", "TOKEN"}, func(word string) bool {
				return slices.Contains(strings.Split(variable, "_"), word)
			})
			secret, _ := follow(value, "Ref").(string)
			if telling && s.Resources[secret].Type != "AWS::SecretsManager::Secret" || strings.Contains(text(value), "{{resolve:") {
				t.Errorf("%s: %s is a secret in an environment variable", name, variable)
			}
		}
	}
}

var variable = regexp.MustCompile("env:\"(\\w+)\"")

// checkVariables: a function has exactly the variables that its main.go reads, and the
// resources that they name exist.
func checkVariables(t reporter, s stack) {
	for name, id := range s.functions() {
		source, err := os.ReadFile(filepath.Join(root, "functions", name, "main.go"))
		if err != nil {
			t.Error(err)
		}
		given, _ := s.Resources[id].get("Environment.Variables").(map[string]any)
		read := map[string]bool{}
		for _, match := range variable.FindAllStringSubmatch(string(source), -1) {
			read[match[1]] = true
			if given[match[1]] == nil && !strings.HasPrefix(match[1], "AWS_") { // which Lambda sets
				t.Errorf("%s reads %s, which function.yml does not set", name, match[1])
			}
		}
		for variable, value := range given {
			if !read[variable] {
				t.Errorf("function.yml sets %[2]s for %[1]s, whose main.go does not read it", name, variable)
			}
			s.checkVariable(t, name, variable, value)
		}
	}
}

// checkVariable: the suffix of a variable's name determines its kind of value.
func (s stack) checkVariable(t reporter, name, variable string, value any) {
	t.Helper()
	kinds := map[string][2]string{
		"_TABLE": {"AWS::DynamoDB::Table", "TableName"}, "_QUEUE_URL": {"AWS::SQS::Queue", "QueueName"}, "_BUCKET": {"AWS::S3::Bucket", "BucketName"},
		"_FUNCTION": {"AWS::Lambda::Function", "FunctionName"}, "_ARN": {"AWS::SecretsManager::Secret", "Name"},
	}
	for end, kind := range kinds {
		what, ok := strings.CutSuffix(variable, end)
		if !ok {
			continue
		}
		want := s.name(strings.ToLower(strings.ReplaceAll(what, "_", "-")))
		id, _ := follow(value, "Ref").(string)
		named := text(value)
		if id != "" {
			named = text(s.Resources[id].get(kind[1]))
		}
		if !slices.ContainsFunc(s.of(kind[0]), func(id string) bool { return text(s.Resources[id].get(kind[1])) == named }) ||
			!strings.Contains(named, want+`"`) && !strings.Contains(named, want+"-$") {
			t.Errorf("%s: %s is %s, want the %s %s", name, variable, text(value), kind[0], want)
		}
	}
	if variable == "SITE_URL" && text(value) != text(follow(s.Outputs["SiteUrl"], "Value")) {
		t.Errorf("%s: %s is %s, but the output SiteUrl is %s", name, variable, text(value), text(follow(s.Outputs["SiteUrl"], "Value")))
	}
	if variable == "SITE_NAMES" && (!strings.Contains(text(value), "Distribution") || !strings.Contains(text(value), "HttpApi")) {
		t.Errorf("%s: %s is %s, want the names of the edge and of the API", name, variable, text(value))
	}
	if variable == "STAGE" && fmt.Sprint(value) != s.stage {
		t.Errorf("%s: its stage is %v", name, value)
	}
}
