package deploy

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

const root = "../.."

// TestDeploy brings the stack into an account that has nothing, and changes it:
// every resource must be made, with what it refers to made before it.
func TestDeploy(t *testing.T) {
	endpoint := emulated(t)
	osls(t, endpoint, "deploy", "--stage", "dev")
	cfg := aws.Config{Region: "us-east-1", BaseEndpoint: &endpoint, Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")}
	stacks := cloudformation.NewFromConfig(cfg)
	made := resources(t, stacks)
	wanted := template(t)
	for id, resource := range wanted {
		if made[id] != resource.Type {
			t.Errorf("%s is %q, want %s", id, made[id], resource.Type)
		}
	}
	if len(made) != len(wanted) || len(wanted) < 100 {
		t.Errorf("%d resources of %d", len(made), len(wanted))
	}
	shorten, err := lambda.NewFromConfig(cfg).GetFunctionConfiguration(t.Context(),
		&lambda.GetFunctionConfigurationInput{FunctionName: aws.String("minim-dev-link-shorten")})
	if err != nil {
		t.Fatal(err)
	}
	if got := shorten.Environment.Variables; got["LINKS_TABLE"] != "minim-dev-links" || !strings.HasPrefix(got["SITE_URL"], "https://") {
		t.Errorf("link-shorten has %v", got)
	}
	links, err := dynamodb.NewFromConfig(cfg).DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String("minim-dev-links")})
	if err != nil {
		t.Fatal(err)
	}
	if links.Table.LatestStreamArn == nil || len(links.Table.GlobalSecondaryIndexes) == 0 {
		t.Errorf("the links table has neither stream nor index: %+v", links.Table)
	}

	t.Setenv("EDGE_KEY_VERSION", "second")
	osls(t, endpoint, "deploy", "--stage", "dev")
	if again := resources(t, stacks); len(again) != len(made) {
		t.Errorf("%d resources after another deployment, %d before", len(again), len(made))
	}
}

// resources are those of the stack by logical id, with their types, once it is complete.
func resources(t *testing.T, client *cloudformation.Client) map[string]string {
	t.Helper()
	found := map[string]string{}
	pages := cloudformation.NewListStackResourcesPaginator(client, &cloudformation.ListStackResourcesInput{StackName: aws.String("minim-dev")})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.StackResourceSummaries {
			if r.ResourceStatus != types.ResourceStatusCreateComplete && r.ResourceStatus != types.ResourceStatusUpdateComplete {
				t.Errorf("%s is %s", *r.LogicalResourceId, r.ResourceStatus)
			}
			found[*r.LogicalResourceId] = *r.ResourceType
		}
	}
	return found
}

// template is what osls has just deployed.
func template(t *testing.T) map[string]struct{ Type string } {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root, ".serverless", "cloudformation-template-update-stack.json"))
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Resources map[string]struct{ Type string }
	}
	if err := json.Unmarshal(raw, &document); err != nil {
		t.Fatal(err)
	}
	return document.Resources
}

// emulated starts an AWS that ends with the test.
func emulated(t *testing.T) (endpoint string) {
	t.Helper()
	for _, tool := range []string{"node_modules/.bin/osls", "build/arm64/.zips"} {
		if _, err := os.Stat(filepath.Join(root, tool)); err != nil {
			t.Skip("needs osls and the zips: make test-deploy")
		}
	}
	if err := exec.CommandContext(t.Context(), "python3", "-c", "import moto.server").Run(); err != nil {
		t.Skip("needs moto: pip install 'moto[all,server]'")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	listener.Close()
	cmd := exec.CommandContext(t.Context(), "python3", "emulated_aws.py", fmt.Sprint(port))
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var told []string
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			told = append(told, lines.Text())
		}
	}()
	t.Cleanup(func() {
		_ = cmd.Cancel()
		<-ended
		_ = cmd.Wait()
		for _, line := range told {
			if t.Failed() && !strings.Contains(line, " 200 -") || strings.HasPrefix(line, "stand-in: ") {
				t.Log(line)
			}
		}
	})
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if conn, err := net.Dial("tcp", listener.Addr().String()); err == nil {
			conn.Close()
			return "http://" + listener.Addr().String()
		}
	}
	t.Fatal("moto does not answer")
	return ""
}

// osls runs a command of osls on an account that is emulated.
func osls(t *testing.T, endpoint string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "node_modules/.bin/osls", args...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "AWS_ENDPOINT_URL="+endpoint, "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test",
		"SLS_TRACKING_DISABLED=1", "SLS_NOTIFICATIONS_MODE=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("osls %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}
