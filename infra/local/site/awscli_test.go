package site

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// command runs the AWS CLI with the documented script.
type command struct {
	t      *testing.T
	folder string // the working directory
	state  string // of the local cloud
}

// run runs the AWS CLI. It returns the output, and whether the command succeeded.
func (c command) run(args ...string) (output string, ok bool) {
	c.t.Helper()
	script, err := filepath.Abs("../../commands/aws")
	if err != nil {
		c.t.Fatal(err)
	}
	cmd := exec.CommandContext(c.t.Context(), script, args...)
	cmd.Dir = c.folder
	cmd.Env = append(os.Environ(), "STATE="+c.state)
	all, err := cmd.CombinedOutput()
	return string(all), err == nil
}

// expect runs a command and compares its output with the pattern want. The command
// must succeed, or fail if want begins with "!".
func (c command) expect(want string, args ...string) string {
	c.t.Helper()
	pattern, fails := strings.CutPrefix(want, "!")
	output, ok := c.run(args...)
	if ok == fails || !regexp.MustCompile("(?s)"+pattern).MatchString(output) {
		c.t.Errorf("aws %s\ngot (success: %t): %s\nwant: %s", strings.Join(args, " "), ok, output, want)
	}
	return output
}

// TestAWSCLI uses the AWS CLI, an independent client.
func TestAWSCLI(t *testing.T) {
	if _, err := exec.LookPath("aws"); err != nil {
		t.Skip("SKIPPED: the AWS CLI is not installed: apt install awscli, or pip install awscli")
	}
	s, events, out := serviceExample(t)
	begin(t, s, out)
	folder := t.TempDir()
	for name, text := range map[string]string{
		"event.json": `{"hello":"wörld"}`, "note.txt": "a note", "item.json": `{"id":{"S":"1"},"text":{"S":"first"}}`,
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, session := range map[string]func(command){
		"lambda": func(c command) { lambdaSession(c, events) }, "dynamodb": tableSession, "s3": bucketSession, "sqs": queueSession,
		"services": func(c command) { serviceSession(c, events) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			session(command{t, folder, s.State})
		})
	}
}

func lambdaSession(c command, events string) {
	c.expect(`"StatusCode": 200`, "lambda", "invoke", "--function-name", "echo", "--payload", "fileb://event.json", "answer.json")
	written(c.t, events, `{"hello":"wörld"}`)
	if answer, err := os.ReadFile(filepath.Join(c.folder, "answer.json")); err != nil || string(answer) != "null" {
		c.t.Errorf("the answer is %q, %v", answer, err)
	}
	c.expect(`"StatusCode": 202`, "lambda", "invoke", "--function-name", "echo", "--invocation-type", "Event", "--payload", `fileb://event.json`, "answer.json")
	log := c.expect(`"LogResult"`, "lambda", "invoke", "--function-name", "echo", "--log-type", "Tail", "--payload", "fileb://event.json", "answer.json")
	var tail struct{ LogResult []byte }
	if err := json.Unmarshal([]byte(log), &tail); err != nil || !bytes.Contains(tail.LogResult, []byte("REPORT RequestId:")) {
		c.t.Errorf("the log is %s, %v", tail.LogResult, err)
	}
	c.expect(`!ResourceNotFoundException.*Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody`,
		"lambda", "invoke", "--function-name", "nobody", "--payload", "fileb://event.json", "answer.json")
	c.expect(`"FunctionName": "echo".*"Timeout": 10|"Timeout": 10.*"FunctionName": "echo"`, "lambda", "list-functions")
}

func tableSession(c command) {
	c.expect(`"notes"`, "dynamodb", "list-tables")
	c.expect(`"TableStatus": "ACTIVE"`, "dynamodb", "describe-table", "--table-name", "notes")
	c.expect(`^$`, "dynamodb", "put-item", "--table-name", "notes", "--item", "file://item.json")
	c.expect(`"S": "first"`, "dynamodb", "get-item", "--table-name", "notes", "--key", `{"id":{"S":"1"}}`)
	c.expect(`"Count": 1`, "dynamodb", "scan", "--table-name", "notes")
}

func bucketSession(c command) {
	c.expect(`upload: .*note.txt to s3://files/in/note.txt`, "s3", "cp", "note.txt", "s3://files/in/note.txt")
	c.expect(` 6 note.txt`, "s3", "ls", "s3://files/in/")
	url := c.expect(`^http://.*X-Amz-Signature=|^http://.*Signature=`, "s3", "presign", "s3://files/in/note.txt")
	if status, body := get(c.t, strings.TrimSpace(url)); status != 200 || body != "a note" {
		c.t.Errorf("the presigned URL returns %d %s", status, body)
	}
	c.expect(`delete: s3://files/in/note.txt`, "s3", "rm", "s3://files/in/note.txt")
	if status, _ := get(c.t, strings.TrimSpace(url)); status != 404 {
		c.t.Errorf("after the object is deleted the presigned URL returns %d", status)
	}
}

func queueSession(c command) {
	url := endpoints(c.t, c.state)["AWS_ENDPOINT_URL_SQS"] + "/000000000000/queue"
	c.expect(regexp.QuoteMeta(url), "sqs", "list-queues")
	c.expect(`"MessageId"`, "sqs", "send-message", "--queue-url", url, "--message-body", "a message", "--message-attributes", `{"n":{"DataType":"Number","StringValue":"1"}}`)
	c.expect(`"ApproximateNumberOfMessages": "1"`, "sqs", "get-queue-attributes", "--queue-url", url, "--attribute-names", "All")
	c.expect(`"Body": "a message".*"StringValue": "1"`, "sqs", "receive-message", "--queue-url", url, "--wait-time-seconds", "5", "--message-attribute-names", "All")
}

func serviceSession(c command, events string) {
	c.expect(`"Arn": "arn:aws:iam::000000000000:root"`, "sts", "get-caller-identity")
	c.expect(`"StackStatus": "CREATE_COMPLETE"`, "cloudformation", "describe-stacks", "--stack-name", "test")
	c.expect(`"LogicalResourceId": "Echo"`, "cloudformation", "describe-stack-resources")
	c.expect(`"EventSourceMappings": \[\]`, "lambda", "list-event-source-mappings")
	c.expect(`"FunctionName": "echo"`, "lambda", "get-function", "--function-name", "echo")
	c.expect(`"SecretList": \[\]`, "secretsmanager", "list-secrets")
	c.expect(`"FailedEntryCount": 0`, "events", "put-events", "--entries", `[{"Source":"app","DetailType":"made","Detail":"{}"}]`)
	c.expect(`"StatusCode": 200`, "lambda", "invoke", "--function-name", "echo", "--payload", "fileb://event.json", "logged.json")
	c.expect(`REPORT RequestId`, "logs", "filter-log-events", "--log-group-name", "/aws/lambda/echo") // the call that "logs tail" of version 2 makes
	c.expect(`"MessageId": "0100`, "sesv2", "send-email", "--from-email-address", "me@minim.example", "--destination", "ToAddresses=ann@example.com",
		"--content", `{"Simple":{"Subject":{"Data":"Hello"},"Body":{"Text":{"Data":"from the CLI"}}}}`)
	mail, err := filepath.Glob(filepath.Join(c.state, "outbox", "*.eml"))
	if err != nil || len(mail) == 0 {
		c.t.Errorf("the outbox has %q, %v", mail, err)
	}
	c.expect(`!BadRequestException.*no address`, "sesv2", "send-email", "--from-email-address", "me@minim.example", "--destination", "{}",
		"--content", `{"Simple":{"Subject":{"Data":"Hello"},"Body":{"Text":{"Data":"from the CLI"}}}}`)
	c.expect(`"Version": 1`, "ssm", "put-parameter", "--name", "/cli/secret", "--type", "SecureString", "--value", "swordfish")
	c.expect(`"Value": "swordfish"`, "ssm", "get-parameter", "--name", "/cli/secret", "--with-decryption")
	c.expect(`!ParameterNotFound`, "ssm", "get-parameter", "--name", "/cli/nothing")
	const topic = "arn:aws:sns:us-east-1:000000000000:alerts"
	c.expect(`"MessageId"`, "sns", "publish", "--topic-arn", topic, "--subject", "CLI", "--message", "by the CLI")
	written(c.t, events, `"Message":"by the CLI"`)
}
