package plan

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/minim-dev/minim/infra/local/httpapi"
	"github.com/minim-dev/minim/infra/local/iam"
	"github.com/minim-dev/minim/infra/local/lambda"
	"github.com/minim-dev/minim/infra/local/sns"
	"github.com/minim-dev/minim/infra/local/template"
)

// deployment finds missing permissions that would make AWS reject the stack, or deploy
// a stack that does nothing: permissions that AWS itself uses on behalf of a function or
// schedule, and permissions to invoke functions. Those it finds count as used.
type deployment struct {
	*planner
	roles     map[string]*role  // by ARN
	byName    map[string]*role  // the same roles by name
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
	d.documents()
	d.urls()
	d.ruleTargets()
	d.poolTriggers()
	return errors.Join(d.errs...)
}

func (d *deployment) wrong(format string, args ...any) {
	d.errs = append(d.errs, fmt.Errorf(format, args...))
}

// use reports whether a role allows an action. If so, the permission counts as used.
func (d *deployment) use(role, action, resource string) bool {
	r, ok := d.byName[role]
	if !ok || !r.policies.Evaluate(iam.Request{Action: action, Resource: resource}).Allowed {
		return false
	}
	d.uses = append(d.uses, Use{role, action, resource})
	return true
}

// need adds a mistake unless the role of a function allows an action.
func (d *deployment) need(id, function, action, resource string) {
	role := d.functions[function]
	if !d.use(role, action, resource) {
		d.wrong("%s: the role %s of %s must allow %s on %s", id, role, function, action, resource)
	}
}

// writing marks the permissions to write logs and traces as used. AWS also runs functions without them.
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
		group := strings.Replace(v.ARN()[:strings.LastIndex(v.ARN(), "/")], ":schedule/", ":schedule-group/", 1)
		role := d.assumed(id, "Target.RoleArn", v.Target.RoleArn, "scheduler.amazonaws.com", v.Target.Arn, group)
		if to := v.Target.DeadLetterConfig.Arn; role != nil && to != "" && !d.use(role.RoleName, "sqs:SendMessage", to) {
			d.wrong("%s: the role %s must allow sqs:SendMessage on %s", id, role.RoleName, to)
		}
	}
}

// assumed adds a mistake unless a service can assume the role in a property for a source, and the role allows it to
// deliver to the target.
func (d *deployment) assumed(id, property, arn, service, target, source string) *role {
	role, ok := d.roles[arn]
	if !ok {
		d.wrong("%s.Properties.%s: %q is not a role of the stack", id, property, arn)
		return nil
	}
	if err := role.trusts(service, d.o.Account, source); err != nil {
		d.wrong("%s.Properties.%s: %w", id, property, err)
	}
	if action := deliver(target); !d.use(role.RoleName, action, target) {
		d.wrong("%s: the role %s must allow %s on %s", id, role.RoleName, action, target)
	}
	return role
}

func (d *deployment) buckets() {
	for id, b := range template.Of[template.Bucket](d.stack) {
		for i, n := range b.NotificationConfiguration.LambdaConfigurations {
			at := fmt.Sprintf("%s.Properties.NotificationConfiguration.LambdaConfigurations[%d]", id, i)
			d.invoked(at, n.Function, "s3.amazonaws.com", "arn:aws:s3:::"+b.BucketName)
		}
		for i, n := range b.NotificationConfiguration.QueueConfigurations {
			at := fmt.Sprintf("%s.Properties.NotificationConfiguration.QueueConfigurations[%d]", id, i)
			d.receives(at, n.Queue, "s3.amazonaws.com", "arn:aws:s3:::"+b.BucketName)
		}
	}
}

// logService is the principal of CloudWatch Logs. A second, regional name is also valid: logs.REGION.amazonaws.com.
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
			d.assumed(iid, "CredentialsArn", i.CredentialsArn, gateway, functionARN(i.IntegrationUri), arn(i.ApiId, "*"))
			continue
		}
		for id, r := range template.Of[template.Route](d.stack) {
			if r.Target == "integrations/"+i.ID() {
				method, path, _ := strings.Cut(r.RouteKey, " ")
				d.invoked(id, functionARN(i.IntegrationUri), gateway, arn(r.ApiId, stages[r.ApiId]+"/"+method+path))
			}
		}
	}
	for id, a := range template.Of[template.Authorizer](d.stack) {
		function := functionARN(a.AuthorizerUri)
		if a.AuthorizerCredentialsArn != "" {
			d.assumed(id, "AuthorizerCredentialsArn", a.AuthorizerCredentialsArn, gateway, function, arn(a.ApiId, "authorizers/"+a.ID()))
			continue
		}
		d.invoked(id, function, gateway, arn(a.ApiId, "authorizers/"+a.ID()))
	}
}

func (d *deployment) topicSubscriptions() {
	for id, sub := range template.Of[template.Subscription](d.stack) {
		d.subscribed(id, sub.Protocol, sub.Endpoint, sub.TopicArn)
	}
	for id, t := range template.Of[template.Topic](d.stack) {
		for i, inner := range t.Subscription {
			d.subscribed(fmt.Sprintf("%s.Properties.Subscription[%d]", id, i), inner.Protocol, inner.Endpoint, t.ARN())
		}
	}
}

// subscribed adds a mistake unless a topic may deliver to an endpoint.
func (d *deployment) subscribed(at, protocol, endpoint, topic string) {
	switch protocol {
	case "lambda":
		d.invoked(at, endpoint, "sns.amazonaws.com", topic)
	case "sqs":
		d.receives(at, endpoint, "sns.amazonaws.com", topic)
	}
}

// invoked adds a mistake unless a permission of the function lets a service invoke it.
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

// documents checks that the routes of OpenAPI documents may invoke their functions.
func (d *deployment) documents() {
	for id, api := range template.Of[template.API](d.stack) {
		c := httpapi.Config{}
		if d.body(id, api, &c) != nil {
			continue // reported elsewhere
		}
		if api.Target != "" {
			c.Routes = append(c.Routes, httpapi.Route{Key: cmp.Or(api.RouteKey, "$default"), Function: api.Target})
		}
		for _, stage := range d.stages(api) {
			for _, r := range c.Routes {
				method, path, _ := strings.Cut(r.Key, " ")
				source := "arn:aws:execute-api:" + d.o.Region + ":" + d.o.Account + ":" + api.ID() + "/" + stage.StageName + "/" + method + path
				if f := d.named(r.Function); f != nil {
					d.invoked(id+".Properties.Body", f.ARN(), "apigateway.amazonaws.com", source)
				}
			}
		}
	}
}

// urls checks that public function URLs have a permission that allows everyone to call them.
func (d *deployment) urls() {
	for id, u := range template.Of[template.FunctionURL](d.stack) {
		if name, _ := functionOf(u.TargetFunctionArn); u.AuthType == "NONE" && !d.public(cmp.Or(name, u.TargetFunctionArn)) {
			d.wrong("%s: an AWS::Lambda::Permission must let * call the URL (lambda:InvokeFunctionUrl, FunctionUrlAuthType NONE)", id)
		}
	}
}

func (d *deployment) public(function string) bool {
	for _, p := range template.Of[template.Permission](d.stack) {
		if named(p.FunctionName, function) && p.Principal == "*" && slices.Contains([]string{"lambda:InvokeFunctionUrl", "lambda:*"}, p.Action) {
			return true
		}
	}
	return false
}

// deliver returns the action that delivers an event to a target.
func deliver(target string) string {
	switch {
	case sns.IsTopic(target):
		return "sns:Publish"
	case strings.HasPrefix(target, "arn:aws:sqs:"):
		return "sqs:SendMessage"
	case strings.Contains(target, ":event-bus/"):
		return "events:PutEvents"
	}
	return "lambda:InvokeFunction"
}

// poolTriggers checks that user pools may invoke their triggers.
func (d *deployment) poolTriggers() {
	for id, v := range template.Of[template.UserPool](d.stack) {
		if arn := v.LambdaConfig.PreSignUp; arn != "" {
			d.invoked(id+".Properties.LambdaConfig.PreSignUp", arn, "cognito-idp.amazonaws.com", v.ARN())
		}
	}
}
