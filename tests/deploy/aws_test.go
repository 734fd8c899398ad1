package deploy

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

const root = "../.."

// account is an emulated AWS account, which ends with the test.
type account struct {
	t        *testing.T
	endpoint string
	region   string
}

// answered matches the log of a request that the emulation understood.
var answered = regexp.MustCompile(`HTTP/1\.1" [234]`)

// emulated starts one, for commands that work in a region.
func emulated(t *testing.T, region string) *account {
	t.Helper()
	for _, tool := range []string{"node_modules/.bin/osls", "build/arm64/.zips"} {
		if _, err := os.Stat(filepath.Join(root, tool)); err != nil {
			t.Skip("SKIPPED: needs osls and the zips: make test-deploy")
		}
	}
	if err := exec.CommandContext(t.Context(), "python3", "-c", "import moto.server").Run(); err != nil {
		t.Skip("SKIPPED: needs moto: pip install -r tests/requirements.txt")
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().(*net.TCPAddr)
	free.Close()
	a := &account{t: t, endpoint: "http://" + address.String(), region: region}
	cmd := exec.Command("python3", "emulated_aws.py", fmt.Sprint(address.Port))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	alive, err := cmd.StdinPipe() // ends with this process, also if that runs into its time limit
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var reported []string
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			reported = append(reported, lines.Text())
		}
	}()
	t.Cleanup(func() {
		alive.Close()
		<-ended
		_ = cmd.Wait()
		for _, line := range reported {
			if t.Failed() && !answered.MatchString(line) || strings.HasPrefix(line, "stand-in: ") {
				t.Log(line)
			}
		}
	})
	for deadline := time.Now().Add(5 * time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if conn, err := net.Dial("tcp", address.String()); err == nil {
			conn.Close()
			return a
		}
	}
	t.Fatal("moto does not answer")
	return nil
}

// config is for clients of the account in the region.
func (a *account) config() aws.Config {
	return aws.Config{Region: a.region, BaseEndpoint: &a.endpoint, Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")}
}

// make runs a command of the Makefile on the account, and returns what it says.
func (a *account) make(args ...string) string {
	a.t.Helper()
	output, err := a.try(args...)
	if err != nil {
		a.t.Fatalf("make %s: %v\n%s", strings.Join(args, " "), err, output)
	}
	return output
}

// try runs a command that may fail.
func (a *account) try(args ...string) (string, error) {
	cmd := exec.CommandContext(a.t.Context(), "make", append([]string{"--no-print-directory"}, args...)...)
	cmd.Dir = root
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if !strings.HasPrefix(name, "AWS_") && !strings.HasPrefix(name, "MAKE") && name != "MFLAGS" && name != "VERSION" && name != "STAGE" && name != "REGION" {
			cmd.Env = append(cmd.Env, variable)
		}
	}
	cmd.Env = append(cmd.Env, "REGION="+a.region, "AWS_ENDPOINT_URL="+a.endpoint, "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test",
		"AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null", "SLS_AWS_MONITORING_FREQUENCY=100", "NODE_OPTIONS=--no-warnings")
	out, err := cmd.CombinedOutput()
	return string(out), err
}
