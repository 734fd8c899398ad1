package rules

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// docs/configuration.md lists every variable of the functions.
func TestConfigurationIsDocumented(t *testing.T) {
	document, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	mains, err := filepath.Glob("../../functions/*/main.go")
	if err != nil || len(mains) == 0 {
		t.Fatalf("no functions: %v", err)
	}
	tag := regexp.MustCompile(`env:"(\w+)"`)
	for _, file := range mains {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range tag.FindAllStringSubmatch(string(source), -1) {
			if !strings.Contains(string(document), "`"+found[1]+"`") {
				t.Errorf("%s reads %s, which docs/configuration.md does not explain", file, found[1])
			}
		}
	}
}

// docs/configuration.md lists every switch of the local cloud.
func TestSwitchesAreDocumented(t *testing.T) {
	document, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("../../infra/local/cmd/local-cloud/flags.go")
	if err != nil {
		t.Fatal(err)
	}
	switches := regexp.MustCompile(`os\.Getenv\("(\w+)"\)`).FindAllStringSubmatch(string(source), -1)
	if len(switches) < 8 {
		t.Errorf("only %d switches found", len(switches))
	}
	for _, name := range switches {
		if !strings.Contains(string(document), "| `"+name[1]+"` |") {
			t.Errorf("the local cloud reads %s, which docs/configuration.md does not explain", name[1])
		}
	}
}
