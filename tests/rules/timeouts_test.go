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

// timeToAnswer is what a function must have left when a service has not answered.
const timeToAnswer = time.Second

// TestTimeouts compares the longest time that a call to AWS can take, with all its
// tries, with the timeout of each function that makes it. A call that outlasts its
// function ends the environment, and the caller gets the gateway's bare 500.
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
				seconds, _ := strconv.Atoi(string(client[3])) // digits, or 0, which is too long for no function
				try = time.Duration(seconds) * time.Second
			}
			if longest := env.CallTimeout(try); try == 0 || longest+timeToAnswer > limits[file.folder()] {
				f.add(file.name, "a call to %s may take %s, but the function has %s", client[2], longest, limits[file.folder()])
			}
		}
	}
	if clients < 20 {
		t.Errorf("found only %d clients: they are made in another way, which this test has to know", clients)
	}
}

// TestClients: a client that is not configured by shared/env has no such limit.
func TestClients(t *testing.T) {
	f := rule(t, "clients")
	for _, file := range source(t) {
		if file.test || !file.below("functions", "shared") || file.below("shared/env") {
			continue
		}
		for _, imported := range file.imports() {
			switch imported {
			case "github.com/aws/aws-sdk-go-v2/config", "github.com/aws/aws-sdk-go-v2/credentials":
				f.add(file.name, "imports %s: shared/env makes the configuration of clients, with limits of time", imported)
			}
		}
	}
}
