package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/minim-dev/minim/infra/local/guard"
	"github.com/minim-dev/minim/infra/local/iam"
	"github.com/minim-dev/minim/infra/local/template"
)

// deployment finds the permissions without which AWS would not deploy a stack, or
// would deploy one that does nothing: those of what the platform does in the name
// of a function or schedule, and those of who invokes functions. They count as used.
type deployment struct {
	stack     *template.Stack
	guard     *guard.Guard
	roles     map[string]*stackRole // by ARN
	functions map[string]string     // role names by function
	errs      []error
}

func (d *deployment) check() error {
	d.logs()
	d.sources()
	d.destinations()
	d.schedules()
	d.buckets()
	d.subscriptions()
	d.apis()
	d.topics()
	return errors.Join(d.errs...)
}

func (d *deployment) wrong(format string, args ...any) {
	d.errs = append(d.errs, fmt.Errorf(format, args...))
}

// need notes a mistake unless the role of a function allows something.
func (d *deployment) need(id, function, action, resource string) {
	role := d.functions[function]
	if !d.guard.Use(role, action, resource) {
		d.wrong("%s: the role %s of %s must allow %s on %s", id, role, function, action, resource)
	}
}

// logs and traces are written by the platform. AWS runs a function that may not, in silence.
func (d *deployment) logs() {
	for function, role := range d.functions {
		stream := "arn:aws:logs:" + region + ":" + account + ":log-group:/aws/lambda/" + function + ":log-stream:local"
		for _, action := range []string{"logs:CreateLogStream", "logs:PutLogEvents"} {
			d.guard.Use(role, action, stream)
		}
		for _, action := range []string{"xray:PutTraceSegments", "xray:PutTelemetryRecords"} {
			d.guard.Use(role, action, "*")
		}
	}
}

func (d *deployment) sources() {
	for id, e := range template.Of[template.EventSource](d.stack) {
		function, ok := functionName(e.FunctionName)
		if !ok {
			function = e.FunctionName
		}
		actions := []string{"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
		if strings.HasPrefix(e.EventSourceArn, "arn:aws:dynamodb:") {
			actions = []string{"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"}
		}
		for _, action := range actions {
			d.need(id, function, action, e.EventSourceArn)
		}
		d.destination(id, function, e.DestinationConfig.OnFailure.Destination)
	}
}

func (d *deployment) destinations() {
	for id, f := range template.Of[template.Function](d.stack) {
		if to := f.DeadLetterConfig.TargetArn; to != "" {
			d.need(id, f.FunctionName, "sqs:SendMessage", to)
		}
	}
	for id, e := range template.Of[template.EventInvoke](d.stack) {
		for _, to := range []string{e.DestinationConfig.OnFailure.Destination, e.DestinationConfig.OnSuccess.Destination} {
			d.destination(id, e.FunctionName, to)
		}
	}
}

func (d *deployment) schedules() {
	for id, v := range template.Of[template.Schedule](d.stack) {
		role := d.assumed(id, "Target.RoleArn", v.Target.RoleArn, "scheduler.amazonaws.com", v.Target.Arn)
		if to := v.Target.DeadLetterConfig.Arn; role != nil && to != "" && !d.guard.Use(role.RoleName, "sqs:SendMessage", to) {
			d.wrong("%s: the role %s must allow sqs:SendMessage on %s", id, role.RoleName, to)
		}
	}
}

// assumed notes a mistake unless a service can assume the role in a property, and that role may invoke a function.
func (d *deployment) assumed(id, property, arn, service, function string) *stackRole {
	role, ok := d.roles[arn]
	if !ok {
		d.wrong("%s.Properties.%s: %q is not a role of the stack", id, property, arn)
		return nil
	}
	if err := trusts(role, service); err != nil {
		d.wrong("%s.Properties.%s: %w", id, property, err)
	}
	if !d.guard.Use(role.RoleName, "lambda:InvokeFunction", function) {
		d.wrong("%s: the role %s must allow lambda:InvokeFunction on %s", id, role.RoleName, function)
	}
	return role
}

func (d *deployment) buckets() {
	for id, b := range template.Of[template.Bucket](d.stack) {
		for i, n := range b.NotificationConfiguration.LambdaConfigurations {
			at := fmt.Sprintf("%s.Properties.NotificationConfiguration.LambdaConfigurations[%d]", id, i)
			d.invoked(at, n.Function, "s3.amazonaws.com", "arn:aws:s3:::"+b.BucketName)
		}
	}
}

// CloudWatch Logs has two names.
const (
	logService     = "logs.amazonaws.com"
	logServiceHere = "logs." + region + ".amazonaws.com"
)

func (d *deployment) subscriptions() {
	for id, f := range template.Of[template.SubscriptionFilter](d.stack) {
		d.invoked(id, f.DestinationArn, logService, "arn:aws:logs:"+region+":"+account+":log-group:"+f.LogGroupName+":*")
	}
}

func (d *deployment) apis() {
	stages := map[string]string{} // by API
	for _, stage := range template.Of[template.APIStage](d.stack) {
		stages[stage.ApiId] = stage.StageName
	}
	arn := func(api, rest string) string {
		return "arn:aws:execute-api:" + region + ":" + account + ":" + api + "/" + rest
	}
	const gateway = "apigateway.amazonaws.com"
	for iid, i := range template.Of[template.Integration](d.stack) {
		if i.CredentialsArn != "" {
			d.assumed(iid, "CredentialsArn", i.CredentialsArn, gateway, i.IntegrationUri)
			continue
		}
		for id, r := range template.Of[template.Route](d.stack) {
			if r.Target == "integrations/"+i.ID() {
				method, path, _ := strings.Cut(r.RouteKey, " ")
				d.invoked(id, i.IntegrationUri, gateway, arn(r.ApiId, stages[r.ApiId]+"/"+method+path))
			}
		}
	}
	for id, a := range template.Of[template.Authorizer](d.stack) {
		_, function, _ := strings.Cut(a.AuthorizerUri, "/functions/")
		function = strings.TrimSuffix(function, "/invocations")
		if a.AuthorizerCredentialsArn != "" {
			d.assumed(id, "AuthorizerCredentialsArn", a.AuthorizerCredentialsArn, gateway, function)
			continue
		}
		d.invoked(id, function, gateway, arn(a.ApiId, "authorizers/"+a.ID()))
	}
}

func (d *deployment) topics() {
	for id, sub := range template.Of[template.Subscription](d.stack) {
		if sub.Protocol == "lambda" {
			d.invoked(id, sub.Endpoint, "sns.amazonaws.com", sub.TopicArn)
		}
	}
	for id, t := range template.Of[template.Topic](d.stack) {
		for i, inner := range t.Subscription {
			if inner.Protocol == "lambda" {
				d.invoked(fmt.Sprintf("%s.Properties.Subscription[%d]", id, i), inner.Endpoint, "sns.amazonaws.com", t.ARN())
			}
		}
	}
}

// invoked notes a mistake unless a permission of the function lets a service invoke it.
func (d *deployment) invoked(at, functionARN, service, source string) {
	function, ok := functionName(functionARN)
	if !ok {
		return // which is said elsewhere
	}
	for _, p := range template.Of[template.Permission](d.stack) {
		if named(p.FunctionName, function) && (p.Principal == service || service == logService && p.Principal == logServiceHere) && (p.Action == "lambda:InvokeFunction" || p.Action == "lambda:*") &&
			(p.SourceArn == "" || iam.MatchARN(p.SourceArn, source)) && (p.SourceAccount == "" || p.SourceAccount == account) {
			return
		}
	}
	d.wrong("%s: an AWS::Lambda::Permission must let %s invoke %s (lambda:InvokeFunction) for %s", at, service, function, source)
}
