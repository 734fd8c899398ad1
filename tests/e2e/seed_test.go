package e2e

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
	"time"
)

// TestSeed fills a new service twice: every click of the month is counted, once.
func TestSeed(t *testing.T) {
	if testing.Short() || os.Getenv("BASE_URL") != "" {
		t.Skip("needs a local cloud of its own: make test")
	}
	t.Parallel()
	c := start(t, t.TempDir(), nil)
	output := seed(t, c)
	first := sent(t, output)
	if again := sent(t, seed(t, c)); again < first || again > first+50 { // today continues
		t.Errorf("%d clicks at first, then %d", first, again)
	}
	key, err := c.key(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(500 * time.Millisecond) {
		total := 0
		for _, code := range regexp.MustCompile(`(?m)^\t\t\{"([a-z0-9-]+)", "https`).FindAllStringSubmatch(source(t), -1) {
			total += counted(t, c, key, code[1])
		}
		if total >= first && total <= first+50 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d clicks are counted of %d", total, first)
		}
	}
}

func source(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../infra/seed/demo.go")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func seed(t *testing.T, c *cloud) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), "make", "--no-print-directory", "seed", "STATE="+c.state)
	command.Dir, command.Env = "../..", withoutMake(os.Environ())
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	return string(output)
}

// sent returns the number of clicks that the command reports as sent.
func sent(t *testing.T, output string) int {
	t.Helper()
	found := regexp.MustCompile(`clicks +(\d+) of`).FindStringSubmatch(output)
	if found == nil {
		t.Fatalf("output:\n%s", output)
	}
	n, err := strconv.Atoi(found[1])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func counted(t *testing.T, c *cloud, key, code string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.base+"/api/links/"+code, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var link struct {
		Clicks int `json:"clicks"`
	}
	if err := json.NewDecoder(response.Body).Decode(&link); err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %v", code, response.Status, err)
	}
	return link.Clicks
}
