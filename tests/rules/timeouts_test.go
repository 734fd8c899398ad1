package rules

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/minim-dev/minim/shared/env"
)

var (
	clientOf  = regexp.MustCompile(`env\.AWS(Within)?\("(\w+)"(?:, (\d+)\*time\.Second)?\)`)
	timeoutOf = regexp.MustCompile(`(?m)^ *timeout: (\d+)$`)
)

// timeToAnswer is the time that a function must have left after a service's timeout.
const timeToAnswer = time.Second

// TestTimeouts compares the maximum duration of a call to AWS, including its retries,
// with the timeout of each function that makes it. If a call outlasts its function, the
// environment is killed, and the caller gets the gateway's bare 500.
func TestTimeouts(t *testing.T) {
	f := rule(t, "timeouts")
	settings, err := filepath.Glob(filepath.Join(root, "functions", "*", "function.yml"))
	if err != nil || len(settings) == 0 {
		t.Fatalf("no functions: %v", err)
	}
	limits := map[string]time.Duration{}
	for _, name := range settings {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		folder := "functions/" + filepath.Base(filepath.Dir(name))
		found := timeoutOf.FindSubmatch(text)
		if found == nil {
			f.add(folder+"/function.yml", "has no timeout")
			continue
		}
		seconds, _ := strconv.Atoi(string(found[1])) // digits
		limits[folder] = time.Duration(seconds) * time.Second
	}
	clients := 0
	for _, file := range source(t) {
		if !file.below("functions") || file.test {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, file.name))
		if err != nil {
			t.Fatal(err)
		}
		for _, client := range clientOf.FindAllSubmatch(text, -1) {
			clients++
			try := time.Second
			if len(client[1]) > 0 {
				seconds, _ := strconv.Atoi(string(client[3])) // digits, or 0, which fits every function
				try = time.Duration(seconds) * time.Second
			}
			if longest := env.CallTimeout(try); try == 0 || longest+timeToAnswer > limits[file.folder()] {
				f.add(file.name, "a call to %s may take %s, but the function has %s", client[2], longest, limits[file.folder()])
			}
		}
	}
	if clients < 20 {
		t.Errorf("found only %d clients; if they are created in a new way, adapt this test", clients)
	}
}

// TestClients: all clients get their configuration from shared/env, which sets the timeouts.
func TestClients(t *testing.T) {
	f := rule(t, "clients")
	for _, file := range source(t) {
		if file.test || !file.below("functions", "shared") || file.below("shared/env") {
			continue
		}
		for _, imported := range file.imports() {
			switch imported {
			case "github.com/aws/aws-sdk-go-v2/config", "github.com/aws/aws-sdk-go-v2/credentials":
				f.add(file.name, "imports %s; use shared/env, which configures clients with timeouts", imported)
			}
		}
	}
}
