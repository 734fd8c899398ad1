package site

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/aws/aws-sdk-go-v2/config" // for testdata/stranger, which go mod tidy ignores
	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/infra/local/missing"
)

// TestMissingService calls a service that is not emulated: the function gets an error that explains it, and no
// packet leaves the machine.
func TestMissingService(t *testing.T) {
	s, _, out := example(t)
	build := exec.Command("go", "build", "-o", filepath.Join(s.Binaries, "echo", "bootstrap"), "./testdata/stranger")
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // like functions
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	begin(t, s, out)
	status, body := get(t, "http://"+s.host()+"/anything")
	var got struct {
		Identity, Role string
		Dialled        []string
	}
	if err := json.Unmarshal([]byte(body), &got); err != nil || status != 200 {
		t.Fatalf("%d %s %v", status, body, err)
	}
	if !strings.Contains(got.Identity, missing.Code+": "+missing.Sentence("STS, except GetCallerIdentity")) {
		t.Errorf("STS: %s", got.Identity)
	}
	if !strings.Contains(got.Role, "access disabled to EC2 IMDS") {
		t.Errorf("the role of the machine: %s", got.Role)
	}
	catchAll := strings.TrimPrefix(endpoints(t, s.State)["AWS_ENDPOINT_URL"], "http://")
	if !strings.HasPrefix(catchAll, "127.0.0.1:") || !cmp.Equal(got.Dialled, []string{catchAll}) {
		t.Errorf("dialled %v, want only %s", got.Dialled, catchAll)
	}
	if strings.Contains(out.String(), "ignores AWS_ENDPOINT_URL") {
		t.Errorf("a current SDK is reported:\n%s", out)
	}
}
