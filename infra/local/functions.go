package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/minim-dev/minim/infra/local/lambda"
	"github.com/minim-dev/minim/infra/local/template"
)

// binary is the build of a function for this machine.
func (s *site) binary(f *template.Function) string {
	return filepath.Join(s.binaries, strings.TrimSuffix(path.Base(f.Code.S3Key), ".zip"), "bootstrap")
}

// checkFunctions finds what cannot run here before anything is started.
func (s *site) checkFunctions() error {
	var errs []error
	for id, f := range template.Of[template.Function](s.stack) {
		if !strings.HasPrefix(f.Runtime, "provided.") {
			errs = append(errs, fmt.Errorf("%s.Properties.Runtime: %q is not supported by the local cloud, which runs provided.al2023", id, f.Runtime))
		}
		if _, err := os.Stat(s.binary(f)); err != nil {
			errs = append(errs, fmt.Errorf("%s: there is no binary %s: make dev builds it", id, s.binary(f)))
		}
	}
	return errors.Join(errs...)
}

// startFunctions makes the functions ready to be invoked.
func (s *site) startFunctions(ctx context.Context) (err error) {
	if s.invokeAPI, err = listen(); err != nil {
		return err
	}
	s.closing = append(s.closing, func() { s.invokeAPI.Close() })
	log, err := s.openLog("functions")
	if err != nil {
		return err
	}
	endpoints, err := s.guardedEndpoints()
	if err != nil {
		return err
	}
	s.closing = append(s.closing, s.writePermissions)
	s.platform, err = lambda.New(ctx, lambda.Options{
		Region: region, Account: account, Env: endpoints, Dir: filepath.Join(s.state, "functions"), Spool: filepath.Join(s.state, "events"),
		Concurrency: s.concurrency, TimeScale: s.timeScale, Duplicate: s.duplicate, Chaos: s.chaos,
		Send: s.send, SendDead: s.sendDead, Observe: s.history.Add, Log: s.logLines(),
		Output: &functionLog{say: s.say, file: log, prefix: s.settings.stack + "-", verbose: s.verbose},
	})
	if err != nil {
		return err
	}
	s.closing = append(s.closing, func() { _ = s.platform.Close() })
	for _, f := range s.functions(s.stack) {
		if err := s.platform.Add(f); err != nil {
			return err
		}
	}
	s.closing = append(s.closing, serve(s.invokeAPI, forPrograms(s.guard.Lambda(s.described(s.platform.Handler())))))
	return nil
}

// functions are those of a stack by name.
func (s *site) functions(stack *template.Stack) map[string]lambda.Function {
	destinations := map[string]*template.EventInvoke{}
	for _, e := range template.Of[template.EventInvoke](stack) {
		destinations[e.FunctionName] = e
	}
	all := map[string]lambda.Function{}
	for _, f := range template.Of[template.Function](stack) {
		all[f.FunctionName] = s.function(f, destinations[f.FunctionName])
	}
	return all
}

func (s *site) function(f *template.Function, e *template.EventInvoke) lambda.Function {
	out := lambda.Function{
		Name: f.FunctionName, Binary: s.binary(f), Handler: f.Handler, MemoryMB: f.MemorySize,
		Timeout: time.Duration(f.Timeout) * time.Second, Env: f.Environment.Variables,
		LogFormat: f.LoggingConfig.LogFormat, LogLevel: cmp.Or(s.logLevel, f.LoggingConfig.ApplicationLogLevel),
		SystemLogLevel: f.LoggingConfig.SystemLogLevel, Reserved: f.ReservedConcurrentExecutions,
		Credentials: s.credentials[f.FunctionName], DeadLetter: f.DeadLetterConfig.TargetArn,
	}
	if e != nil {
		out.MaxRetries, out.MaxEventAge = e.MaximumRetryAttempts, time.Duration(e.MaximumEventAgeInSeconds)*time.Second
		out.OnFailure, out.OnSuccess = e.DestinationConfig.OnFailure.Destination, e.DestinationConfig.OnSuccess.Destination
	}
	return s.underDebugger(out)
}

// endpoints are those of the parts and of the functions.
func (s *site) endpoints() map[string]string {
	all := maps.Clone(s.cloud.endpoints())
	all["AWS_ENDPOINT_URL_LAMBDA"] = "http://" + s.invokeAPI.Addr().String()
	return all
}

// send delivers to a destination, a queue, a topic or a function, by its ARN.
func (s *site) send(ctx context.Context, arn string, body []byte) error {
	if name, ok := functionName(arn); ok {
		_, err := s.platform.InvokeAsync(name, body)
		return err
	}
	if isTopic(arn) {
		return s.topics.Publish(ctx, arn, string(body))
	}
	for _, q := range template.Of[template.Queue](s.stack) {
		if q.ARN() == arn {
			url := s.options().QueueEndpoint + "/" + account + "/" + q.QueueName
			_, err := s.clients.SQS.SendMessage(ctx, &awssqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String(string(body))})
			return err
		}
	}
	return fmt.Errorf("the stack has no queue, topic or function %s", arn)
}

// functionName takes the name out of a function's ARN, without its qualifier.
func functionName(arn string) (string, bool) {
	parts := strings.Split(arn, ":")
	if len(parts) < 7 || parts[2] != "lambda" || parts[5] != "function" {
		return "", false
	}
	return parts[6], true
}

// short is a function's name without that of its stack.
func (s *site) short(function string) string {
	return strings.TrimPrefix(function, s.settings.stack+"-")
}

// tee writes whole lines to a person and to a file.
type tee struct {
	say  *progress
	file io.Writer
}

// Write implements io.Writer.
func (t *tee) Write(text []byte) (int, error) {
	t.say.mu.Lock()
	defer t.say.mu.Unlock()
	_, _ = t.say.out.Write(text)
	return t.file.Write(text)
}
