package sqs

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// emulator starts fauxqs on a port and returns its process.
func emulator(t *testing.T, port int) *os.Process {
	t.Helper()
	const modules = "../../../build/components"
	if testing.Short() {
		t.Skip("starts an emulator: make test-go")
	}
	if _, err := os.Stat(modules + "/node_modules/fauxqs"); err != nil {
		t.Fatal("fauxqs is missing; run make setup, or make unit for the tests without emulators")
	}
	cmd := exec.Command("node", "--input-type=module", "--eval", fmt.Sprintf(
		`import { buildApp } from "fauxqs"; await buildApp({ logger: false }).listen({ host: "127.0.0.1", port: %d })`, port))
	cmd.Dir = modules
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kill(cmd.Process) })
	for range 400 {
		if response, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/health", port)); err == nil {
			response.Body.Close()
			return cmd.Process
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatal("fauxqs does not answer")
	return nil
}

// kill kills an emulator, even a stopped one.
func kill(p *os.Process) {
	_ = p.Kill()
	_, _ = p.Wait()
}

// cloud is an emulator with its proxy and a client.
type cloud struct {
	*testing.T
	port    int
	journal string
	process *os.Process
	proxy   *Proxy
	client  *sqs.Client
}

// port returns a free port outside the range that the system assigns automatically: other tests must
// not get it while the emulator is killed.
func port(t *testing.T) int {
	t.Helper()
	for range 100 {
		n := 20_000 + rand.N(10_000)
		if listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", n)); err == nil {
			listener.Close()
			return n
		}
	}
	t.Fatal("no port is free")
	return 0
}

func start(t *testing.T, journal string) *cloud {
	t.Helper()
	c := &cloud{T: t, port: port(t), journal: journal}
	var err error
	c.process = emulator(t, c.port)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { c.proxy.ServeHTTP(w, r) }))
	c.proxy, err = New(Options{
		Upstream: fmt.Sprintf("http://127.0.0.1:%d", c.port), Endpoint: "http://" + server.Listener.Addr().String(),
		Region: "us-east-1", Account: "000000000000", Journal: journal,
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Start()
	t.Cleanup(server.Close)
	t.Cleanup(func() { _ = c.proxy.Close() })
	c.client = sqs.New(sqs.Options{
		BaseEndpoint: aws.String(server.URL), Region: "us-east-1",
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	})
	return c
}

func (c *cloud) queue(name string, attributes map[string]string) string {
	c.Helper()
	out, err := c.client.CreateQueue(c.Context(), &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
	if err != nil {
		c.Fatal(err)
	}
	if want := "/000000000000/" + name; !strings.HasSuffix(*out.QueueUrl, want) || !strings.HasPrefix(*out.QueueUrl, "http://127.0.0.1:") {
		c.Errorf("the queue's URL is %s", *out.QueueUrl)
	}
	return *out.QueueUrl
}

func (c *cloud) send(queue string, bodies ...string) {
	c.Helper()
	for _, body := range bodies {
		if _, err := c.client.SendMessage(c.Context(), &sqs.SendMessageInput{QueueUrl: &queue, MessageBody: &body}); err != nil {
			c.Fatal(err)
		}
	}
}

func (c *cloud) receive(queue string) []types.Message {
	c.Helper()
	out, err := c.client.ReceiveMessage(c.Context(), &sqs.ReceiveMessageInput{QueueUrl: &queue, MaxNumberOfMessages: 10, WaitTimeSeconds: 1})
	if err != nil {
		c.Fatal(err)
	}
	return out.Messages
}

func (c *cloud) delete(queue string, m types.Message) {
	c.Helper()
	if _, err := c.client.DeleteMessage(c.Context(), &sqs.DeleteMessageInput{QueueUrl: &queue, ReceiptHandle: m.ReceiptHandle}); err != nil {
		c.Fatal(err)
	}
}

func bodies(messages []types.Message) (all []string) {
	for _, m := range messages {
		all = append(all, *m.Body)
	}
	slices.Sort(all)
	return all
}

// TestRestart: messages that were not deleted survive a restart of everything.
func TestRestart(t *testing.T) {
	journal := filepath.Join(t.TempDir(), "messages")
	first := start(t, journal)
	q := first.queue("q", nil)
	first.send(q, "deleted", "received", "waiting")
	batch, err := first.client.SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{QueueUrl: &q, Entries: []types.SendMessageBatchRequestEntry{
		{Id: aws.String("a"), MessageBody: aws.String("batch a")},
		{Id: aws.String("b"), MessageBody: aws.String("batch b"), MessageAttributes: map[string]types.MessageAttributeValue{
			"kind": {DataType: aws.String("String"), StringValue: aws.String("x")}}},
		{Id: aws.String("c"), MessageBody: aws.String("\x01")}, // rejected
	}})
	if err != nil || len(batch.Successful) != 2 {
		t.Fatalf("%v, %v", batch, err)
	}
	for _, m := range first.receive(q) {
		switch *m.Body {
		case "deleted":
			first.delete(q, m)
		case "batch a":
			out, err := first.client.DeleteMessageBatch(t.Context(), &sqs.DeleteMessageBatchInput{QueueUrl: &q, Entries: []types.DeleteMessageBatchRequestEntry{
				{Id: aws.String("x"), ReceiptHandle: m.ReceiptHandle}}})
			if err != nil || len(out.Failed) > 0 {
				t.Error(out, err)
			}
		}
	}
	kill(first.process)

	second := start(t, journal)
	q = second.queue("q", nil)
	if err := second.proxy.Restore(t.Context()); err != nil {
		t.Fatal(err)
	}
	found := second.receive(q)
	if got, want := bodies(found), []string{"batch b", "received", "waiting"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, m := range found {
		second.delete(q, m)
	}
	if left := second.proxy.ledger.outstanding(); len(left) > 0 {
		t.Errorf("outstanding after all are deleted: %v", left)
	}
}

// TestEmulatorDies: a restarted emulator gets its queues and messages while clients wait.
func TestEmulatorDies(t *testing.T) {
	c := start(t, filepath.Join(t.TempDir(), "messages"))
	dead := c.queue("dead", nil)
	q := c.queue("q", map[string]string{"VisibilityTimeout": "0", "RedrivePolicy": `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":2}`})
	c.send(q, "poison")
	for range 2 {
		if m := c.receive(q); len(m) != 1 {
			t.Fatalf("received %v", m)
		}
	}
	c.send(q, "fresh")
	kill(c.process)
	c.proxy.Suspend()
	waited := make(chan error, 1)
	go func() {
		_, err := c.client.SendMessage(context.WithoutCancel(t.Context()), &sqs.SendMessageInput{QueueUrl: &q, MessageBody: aws.String("meanwhile")})
		waited <- err
	}()
	time.Sleep(50 * time.Millisecond)
	emulator(t, c.port)
	if err := c.proxy.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-waited; err != nil {
		t.Errorf("a call during the restart: %v", err)
	}
	if got := bodies(c.receive(dead)); !slices.Equal(got, []string{"poison"}) {
		t.Errorf("the dead-letter queue has %q", got)
	}
	if got := bodies(c.receive(q)); !slices.Equal(got, []string{"fresh", "meanwhile"}) {
		t.Errorf("the queue has %q", got)
	}
}

func TestPurge(t *testing.T) {
	c := start(t, filepath.Join(t.TempDir(), "messages"))
	a, b := c.queue("a", nil), c.queue("b", nil)
	c.send(a, "1", "2")
	c.send(b, "3")
	if _, err := c.client.PurgeQueue(t.Context(), &sqs.PurgeQueueInput{QueueUrl: &a}); err != nil {
		t.Fatal(err)
	}
	if left := c.proxy.ledger.outstanding(); len(left) != 1 || left[0].Queue != "b" {
		t.Errorf("outstanding: %v", left)
	}
	if _, err := c.client.DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: &b}); err != nil {
		t.Fatal(err)
	}
	if left := c.proxy.ledger.outstanding(); len(left) != 0 {
		t.Errorf("outstanding: %v", left)
	}
}

// TestOldProtocol: the old protocol is rejected with an explanation, and other paths reach the emulator.
func TestOldProtocol(t *testing.T) {
	c := start(t, filepath.Join(t.TempDir(), "messages"))
	response, err := http.Post(c.proxy.o.Endpoint+"/", "application/x-www-form-urlencoded", strings.NewReader("Action=ListQueues"))
	if err != nil || response.StatusCode != http.StatusBadRequest {
		t.Errorf("%v, %v", response, err)
	}
	if response, err = http.Get(c.proxy.o.Endpoint + "/health"); err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("%v, %v", response, err)
	}
}
