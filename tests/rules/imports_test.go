package rules

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// adapters are the packages of shared/ that do I/O; all others there except fault are
// the domain. All of them may count: a metric is a line of the log.
var adapters = []string{"afterward", "batch", "blob", "env", "invoke", "mail", "metric", "queue", "secret", "table", "web"}

// TestImports: functions -> adapters -> domain -> fault -> standard library.
func TestImports(t *testing.T) {
	f := rule(t, "imports")
	for _, file := range source(t) {
		for _, imported := range file.imports() {
			if reason := refuse(file, imported); reason != "" {
				f.add(file.name, "imports %s: %s", imported, reason)
			}
		}
	}
}

// refuse returns the reason why a file may not import a package, "" if it may. Tests may
// import higher layers of shared/, since they set up what they test.
func refuse(f file, imported string) string {
	own, isOwn := strings.CutPrefix(imported, module)
	area, rest, _ := strings.Cut(own, "/")
	switch {
	case f.below("infra/local") && isOwn && (area == "functions" || area == "shared"):
		return "the local cloud knows binaries and a template, nothing of the application"
	case !f.below("infra/local", "tests/load") && isOwn && strings.HasPrefix(own+"/", "infra/local/"):
		return "the local cloud is a module of its own, which go.mod does not require"
	case f.below("client") != (area == "client") && isOwn:
		return "the client is a module of its own, which knows the contract of the API and nothing else"
	case f.below("functions") && isOwn && area == "functions":
		return "functions do not import each other; what two need lives in shared/"
	case f.below("functions", "shared") && isOwn && (area == "infra" || area == "functions" || area == "tests"):
		return "the application does not know what describes, runs or tests it"
	case !f.below("shared") || f.test:
		return ""
	}
	pkg, _, _ := strings.Cut(strings.TrimPrefix(f.folder(), "shared/"), "/")
	target, _, _ := strings.Cut(rest, "/")
	aws := strings.HasPrefix(imported, "github.com/aws/")
	standard := !strings.Contains(strings.SplitN(imported, "/", 2)[0], ".")
	switch {
	case pkg == "fault" && !standard:
		return "fault stands on the standard library alone"
	case slices.Contains(adapters, pkg) && isOwn && target != pkg && target != "metric" && slices.Contains(adapters, target):
		return "adapters do not import each other"
	case !slices.Contains(adapters, pkg) && isOwn && slices.Contains(adapters, target):
		return "the domain does not import adapters"
	case !slices.Contains(adapters, pkg) && aws:
		return "the domain does not know AWS"
	}
	return ""
}

// TestLinked: the template engines call methods by name, so the linker keeps every
// method of the whole binary; net/rpc imports them.
func TestLinked(t *testing.T) {
	heavy := []string{"text/template", "html/template", "net/rpc"}
	mains, err := filepath.Glob(filepath.Join(root, "functions", "*", "main.go"))
	if err != nil || len(mains) == 0 {
		t.Fatalf("no functions: %v", err)
	}
	for _, main := range mains {
		name := filepath.Base(filepath.Dir(main))
		cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-tags", "lambda.norpc", "./functions/"+name)
		cmd.Dir = root
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var found []string
		for dep := range strings.Lines(string(out)) {
			if dep = strings.TrimSpace(dep); slices.Contains(heavy, dep) {
				found = append(found, dep)
			}
		}
		_, excepted := linked[name]
		if len(found) > 0 && !excepted {
			t.Errorf("functions/%s links %v", name, found)
		}
		if len(found) == 0 && excepted {
			t.Errorf("functions/%s no longer needs an exception for templates", name)
		}
	}
}

// TestPackageNames: no two packages share a name, so that files can import any of them
// together without an alias. Commands and tests are exempt, since they cannot be imported.
func TestPackageNames(t *testing.T) {
	f := rule(t, "package names")
	folders := map[string]string{}
	for _, file := range source(t) {
		name := file.ast.Name.Name
		if file.test || name == "main" || file.below("tests") {
			continue
		}
		if other := folders[name]; other != "" && other != file.folder() {
			f.add(file.name, "package %s has the name of %s", name, other)
		}
		folders[name] = file.folder()
	}
}
