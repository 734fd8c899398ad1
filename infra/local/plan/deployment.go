package plan

import (
	"errors"
	"fmt"
	"strings"

	"github.com/minim-dev/minim/infra/local/iam"
	"github.com/minim-dev/minim/infra/local/lambda"
	"github.com/minim-dev/minim/infra/local/template"
)

// deployment finds the permissions without which AWS would not deploy a stack, or
// would deploy one that does nothing: those of what the platform does in the name
// of a function or schedule, and those of what invokes functions. They count as used.
type deployment struct {
	*planner
	roles     map[string]*role  // by ARN
	byName    map[string]*role  // the same
	functions map[string]string // role names by function
	uses      []Use
	errs      []error
}

func (d *deployment) check() error {
	d.writing()
	d.mappings()
	d.destinations()
	d.calendar()
	d.buckets()
	d.logSubscriptions()
	d.routes()
	d.topicSubscriptions()
	return errors.Join(d.errs...)
}

func (d *deployment) wrong(format string, args ...any) {
	d.errs = append(d.errs, fmt.Errorf(format, args...))
}

// use reports whether a role allows an action, which then counts as used.
func (d *deployment) use(role, action, resource string) bool {
	r, ok := d.byName[role]
	if !ok || !r.policies.Evaluate(iam.Request{Action: action, Resource: resource}).Allowed {
		return false
	}
	d.uses = append(d.uses, Use{role, action, resource})
	return true
}

// need notes a mistake unless the role of a function allows something.
func (d *deployment) need(id, function, action, resource string) {
	role := d.functions[function]
	if !d.use(role, action, resource) {
		d.wrong("%s: the role %s of %s must allow %s on %s", id, role, function, action, resource)
	}
}

// logs and traces are written by the platform. AWS runs a function without these permissions, too.
func (d *deployment) writing() {
	for function, role := range d.functions {
		stream := "arn:aws:logs:" + d.o.Region + ":" + d.o.Account + ":log-group:/aws/lambda/" + function + ":log-stream:local"
		for _, action := range []string{"logs:CreateLogStream", "logs:PutLogEvents"} {
			d.use(role, action, stream)
		}
		for _, action := range []string{"xray:PutTraceSegments", "xray:PutTelemetryRecords"} {
			d.use(role, action, "*")
		}
	}
}

func (d *deployment) mappings() {
	for id, e := range template.Of[template.EventSource](d.stack) {
		function, ok := lambda.FunctionName(e.FunctionName)
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

func (d *deployment) calendar() {
	for id, v := range template.Of[template.Schedule](d.stack) {
		role := d.assumed(id, "Target.RoleArn", v.Target.RoleArn, "scheduler.amazonaws.com", v.Target.Arn)
		if to := v.Target.DeadLetterConfig.Arn; role != nil && to != "" && !d.use(role.RoleName, "sqs:SendMessage", to) {
			d.wrong("%s: the role %s must allow sqs:SendMessage on %s", id, role.RoleName, to)
		}
	}
}

// assumed notes a mistake unless a service can assume the role in a property, and that role may invoke a function.
func (d *deployment) assumed(id, property, arn, service, function string) *role {
	role, ok := d.roles[arn]
	if !ok {
		d.wrong("%s.Properties.%s: %q is not a role of the stack", id, property, arn)
		return nil
	}
	if err := role.trusts(service, d.o.Account); err != nil {
		d.wrong("%s.Properties.%s: %w", id, property, err)
	}
	if !d.use(role.RoleName, "lambda:InvokeFunction", function) {
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

// logService is CloudWatch Logs, which has a second name with the region in it.
const logService = "logs.amazonaws.com"

func (d *deployment) logSubscriptions() {
	for id, f := range template.Of[template.SubscriptionFilter](d.stack) {
		d.invoked(id, f.DestinationArn, logService, "arn:aws:logs:"+d.o.Region+":"+d.o.Account+":log-group:"+f.LogGroupName+":*")
	}
}

func (d *deployment) routes() {
	stages := map[string]string{} // by API
	for _, stage := range template.Of[template.APIStage](d.stack) {
		stages[stage.ApiId] = stage.StageName
	}
	arn := func(api, rest string) string {
		return "arn:aws:execute-api:" + d.o.Region + ":" + d.o.Account + ":" + api + "/" + rest
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

func (d *deployment) topicSubscriptions() {
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
	function, ok := lambda.FunctionName(functionARN)
	if !ok {
		return // reported elsewhere
	}
	for _, p := range template.Of[template.Permission](d.stack) {
		if named(p.FunctionName, function) && (p.Principal == service || service == logService && p.Principal == "logs."+d.o.Region+".amazonaws.com") && (p.Action == "lambda:InvokeFunction" || p.Action == "lambda:*") &&
			(p.SourceArn == "" || iam.MatchARN(p.SourceArn, source)) && (p.SourceAccount == "" || p.SourceAccount == d.o.Account) {
			return
		}
	}
	d.wrong("%s: an AWS::Lambda::Permission must let %s invoke %s (lambda:InvokeFunction) for %s", at, service, function, source)
}
