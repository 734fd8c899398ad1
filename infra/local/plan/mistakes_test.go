package plan

import (
	"strings"
	"testing"
)

// TestMistakes checks errors for templates that AWS would reject or that the local cloud does not support. Each case
// replaces a text in a template.
func TestMistakes(t *testing.T) {
	for _, c := range []struct {
		name, old, new string
		want           []string
	}{
		{"runtime", "provided.al2023", "nodejs22.x", []string{`Echo.Properties.Runtime: "nodejs22.x" is not supported`}},
		{"cron", "cron(0 2 * * ? *)", "cron(99 2 * * ? *)", []string{"nightly"}},
		{"route", `"integrations", {"Ref": "Integration"}`, `"integrations", "x"`, []string{`Route.Properties.Target: "integrations/x" is not an integration of the API`}},
		{"origin", `${Api}.execute-api`, `x.execute-api`, []string{`Distribution.Properties.DistributionConfig.Origins[0].DomainName: "x.execute-api.`}},
		{"cache policy", "658327ea-f89d-4fab-a63d-7e88639e58f6", "mine", []string{`CacheBehaviors[0].CachePolicyId: "mine"`}},
		{"source", `"EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]}`, `"EventSourceArn": "arn:x"`, []string{"FromQueue.Properties.EventSourceArn: arn:x is not a queue"}},
		{"stream", `"StreamSpecification": {"StreamViewType": "NEW_IMAGE"}`, `"Tags": []`, []string{`Items has no attribute "StreamArn"`}},
		{"stream of another table", `{"Fn::GetAtt": ["Items", "StreamArn"]}, "FunctionName"`, `"arn:aws:dynamodb:x", "FunctionName"`, []string{"FromItems.Properties.EventSourceArn: arn:aws:dynamodb:x is not the stream of a table of the stack"}},
		{"starting position", `"TRIM_HORIZON"`, `"AT_TIMESTAMP", "ParallelizationFactor": 11`, []string{`FromItems.Properties.StartingPosition: "AT_TIMESTAMP" is neither TRIM_HORIZON nor LATEST`, "FromItems.Properties.ParallelizationFactor: 11 is not within 1 to 10"}},
		{"filter", `\"prefix\"`, `\"prefx\"`, []string{"FromItems.Properties.FilterCriteria.Filters[0].Pattern: $.dynamodb.Keys.id.S[0].prefx: there is no such operator"}},
		{"permission of a stream", `"dynamodb:GetRecords", `, ``, []string{"FromItems: the role test-EchoRole of echo must allow dynamodb:GetRecords on arn:aws:dynamodb:us-east-1:000000000000:table/items/stream/"}},
		{"batches", `"BatchSize": 10}`, `"BatchSize": 10001, "MaximumBatchingWindowInSeconds": 301, "ScalingConfig": {"MaximumConcurrency": 1}}`, []string{"FromQueue.Properties.BatchSize: 10001, must be 1 to 10000", "MaximumBatchingWindowInSeconds: 301, must be 0 to 300", "ScalingConfig.MaximumConcurrency: 1, must be 2 to 1000"}},
		{"no window", `"BatchSize": 10}`, `"BatchSize": 11}`, []string{"FromQueue.Properties.MaximumBatchingWindowInSeconds: must be 1 or more for batches of more than 10 messages"}},
		{"visibility", `"Timeout": 10`, `"Timeout": 31`, []string{"FromQueue.Properties.EventSourceArn: the queue's visibility timeout of 30 seconds is less than the function's timeout of 31"}},
		{"dead letters", `"Timeout": 10`, `"Timeout": 10, "DeadLetterConfig": {"TargetArn": "arn:dead"}`, []string{"Echo: the role test-EchoRole of echo must allow sqs:SendMessage on arn:dead"}},
		{"role", `{"Fn::GetAtt": ["EchoRole", "Arn"]}, "Runtime"`, `"arn:x", "Runtime"`, []string{`Echo.Properties.Role: "arn:x" is not a role of the stack`}},
		{"trust", `"lambda.amazonaws.com", `, ``, []string{"Echo.Properties.Role: test-EchoRole cannot be assumed by lambda.amazonaws.com"}},
		{"policy", `"Action": ["sqs:ReceiveMessage"`, `"NotAction": ["sqs:ReceiveMessage"`, []string{"EchoRole.Properties.Policies[0].PolicyDocument.Statement[0].NotAction: not supported"}},
		{"permission of a source", `"sqs:DeleteMessage", `, ``, []string{"FromQueue: the role test-EchoRole of echo must allow sqs:DeleteMessage on arn:aws:sqs:us-east-1:000000000000:queue"}},
		{"permission of a bucket", `arn:aws:s3:::files`, `arn:aws:s3:::others`, []string{"an AWS::Lambda::Permission must let s3.amazonaws.com invoke echo (lambda:InvokeFunction) for arn:aws:s3:::files"}},
		{"permission of an API", `"apigateway.amazonaws.com"`, `"sns.amazonaws.com"`, []string{"Route: an AWS::Lambda::Permission must let apigateway.amazonaws.com invoke echo"}},
		{"role of an integration", `"AWS_PROXY", `, `"AWS_PROXY", "CredentialsArn": {"Fn::GetAtt": ["EchoRole", "Arn"]}, `,
			[]string{"Integration.Properties.CredentialsArn: test-EchoRole cannot be assumed by apigateway.amazonaws.com"}},
		{"role of an integration with another function", `"AWS_PROXY", "IntegrationUri": {"Fn::GetAtt": ["Echo", "Arn"]}`, `"AWS_PROXY", "CredentialsArn": {"Fn::GetAtt": ["EchoRole", "Arn"]}, "IntegrationUri": {"Fn::GetAtt": ["Watch", "Arn"]}`,
			[]string{"Integration: the role test-EchoRole must allow lambda:InvokeFunction on arn:aws:lambda:us-east-1:000000000000:function:watch"}},
		{"no role of an integration", `"AWS_PROXY", `, `"AWS_PROXY", "CredentialsArn": "arn:x", `, []string{`Integration.Properties.CredentialsArn: "arn:x" is not a role of the stack`}},
		{"role of an authorizer", `"Route": {`, `"Authorizer": {"Type": "AWS::ApiGatewayV2::Authorizer", "Properties": {"ApiId": {"Ref": "Api"}, "Name": "who", "AuthorizerType": "REQUEST", "AuthorizerPayloadFormatVersion": "2.0",
			"AuthorizerUri": {"Fn::Sub": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${Watch.Arn}/invocations"}, "AuthorizerCredentialsArn": {"Fn::GetAtt": ["EchoRole", "Arn"]}}}, "Route": {`,
			[]string{"Authorizer.Properties.AuthorizerCredentialsArn: test-EchoRole cannot be assumed by apigateway.amazonaws.com", "Authorizer: the role test-EchoRole must allow lambda:InvokeFunction on arn:aws:lambda:us-east-1:000000000000:function:watch"}},
		{"permission of a schedule", `function:echo"}}`, `function:other"}}`, []string{"Nightly: the role test-EchoRole must allow lambda:InvokeFunction on arn:aws:lambda:us-east-1:000000000000:function:echo"}},
		{"destination", `"StartingPosition": "TRIM_HORIZON"`, `"StartingPosition": "LATEST", "DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sns:us-east-1:000000000000:nobody"}}`, []string{"FromItems: the role test-EchoRole of echo must allow sns:Publish on arn:aws:sns:us-east-1:000000000000:nobody", "FromItems.Properties.DestinationConfig: arn:aws:sns:us-east-1:000000000000:nobody is not a queue, topic or function of the stack"}},
		{"log filter", `"REPORT -timeout"`, `"level=x"`, []string{`FromLog.Properties.FilterPattern: "level=x": quote terms that contain characters other than letters, digits and _`}},
		{"log group", `"LogGroupName": {"Ref": "EchoLog"}`, `"LogGroupName": "other"`, []string{`FromLog.Properties.LogGroupName: the stack has no AWS::Logs::LogGroup "other"`}},
		{"logs in a circle", `"DestinationArn": {"Fn::GetAtt": ["Watch", "Arn"]}`, `"DestinationArn": {"Fn::GetAtt": ["Echo", "Arn"]}`, []string{"FromLog.Properties.LogGroupName: echo would receive its own logs: a subscription loop"}},
		{"permission of logs", `log-group:/aws/lambda/echo:*`, `log-group:x:*`, []string{"FromLog: an AWS::Lambda::Permission must let logs.amazonaws.com invoke watch (lambda:InvokeFunction) for arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/echo:*"}},
		{"disabled mapping", `"BatchSize": 10}`, `"BatchSize": 10001, "MaximumBatchingWindowInSeconds": 1, "Enabled": false}`, []string{"FromQueue.Properties.BatchSize: 10001, must be 1 to 10000"}},
		{"response type", `"BatchSize": 10}`, `"BatchSize": 10, "FunctionResponseTypes": ["ReportBatchItemFailure"]}`, []string{`FromQueue.Properties.FunctionResponseTypes[0]: "ReportBatchItemFailure" is not`}},
		{"bucket event", `s3:ObjectCreated:*`, `s3:ObjectCreatd:*`, []string{`Files.Properties.NotificationConfiguration.LambdaConfigurations[0].Event: S3 has no event "s3:ObjectCreatd:*"`}},
		{"overlapping filters", `"LambdaConfigurations": [`, `"LambdaConfigurations": [{"Event": "s3:ObjectCreated:Put", "Function": {"Fn::GetAtt": ["Echo", "Arn"]}},`, []string{"LambdaConfigurations[1]: it overlaps with Files-function-0"}},
		{"long name", `"FunctionName": "watch"`, `"FunctionName": "` + strings.Repeat("x", 65) + `"`, []string{`Watch.Properties.FunctionName: "xxx`, "is not a name: 1 to 64 characters"}},
		{"same name", `"FunctionName": "watch"`, `"FunctionName": "echo"`, []string{`"echo" is the name of two functions`}},
		{"variable", `"QUEUE":`, `"1A-B":`, []string{`environment variable "1A-B" is not a name`}},
		{"concurrency", `"Timeout": 10,`, `"Timeout": 10, "ReservedConcurrentExecutions": -1,`, []string{"reserved concurrency of -1"}},
		{"delay", `"QueueName": "queue"`, `"QueueName": "queue", "DelaySeconds": 901`, []string{"Queue.Properties.DelaySeconds: 901 is not within 0 to 900"}},
		{"inline code", `"S3Key": "some/where/watch.zip"`, `"ZipFile": "x"`, []string{"Watch.Properties.Code.ZipFile: not supported"}},
		{"stage of nothing", `"ApiId": {"Ref": "Api"}, "StageName"`, `"ApiId": "x", "StageName"`, []string{`Stage.Properties.ApiId: "x" is not an API`}},
		{"trust of another source", `"Action": "sts:AssumeRole"`, `"Action": "sts:AssumeRole", "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:lambda:*:*:function:other"}}`, []string{"test-EchoRole cannot be assumed by lambda.amazonaws.com for arn:aws:lambda:us-east-1:000000000000:function:"}},
		{"memory", `"Timeout": 10,`, `"Timeout": 10, "MemorySize": 64,`, []string{"Echo: function echo: memory of 64 MB, must be 128 to 10240"}},
		{"several mistakes", `"Runtime": "provided.al2023", "Handler": "bootstrap", "Timeout": 10`, `"Runtime": "nodejs22.x", "Handler": "bootstrap", "Timeout": 31`,
			[]string{`Echo.Properties.Runtime: "nodejs22.x"`, "FromQueue.Properties.EventSourceArn: the queue's visibility timeout"}},
	} {
		t.Run(c.name, func(t *testing.T) { refused(t, "testdata/stack.json", c.old, c.new, c.want...) })
	}
}

func TestServiceMistakes(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"no such queue", `{"Fn::GetAtt": ["Inbox", "Arn"]}`, `"arn:aws:sqs:us-east-1:000000000000:other"`, `alerts:ToQueue: Endpoint: "arn:aws:sqs:us-east-1:000000000000:other" is not a queue of the stack`},
		{"no such function", `"Protocol": "lambda", "Endpoint": {"Fn::GetAtt": ["Echo", "Arn"]}`, `"Protocol": "lambda", "Endpoint": "echo"`, `alerts:ToEcho: Endpoint: "echo" is not a function of the stack`},
		{"protocol", `"Protocol": "sqs"`, `"Protocol": "https"`, `alerts:ToQueue: the protocol "https" is not supported by the local cloud`},
		{"filter", `"numeric"`, `"roughly"`, `alerts:ToQueue: FilterPolicy: `},
		{"permission", `"FunctionName": {"Ref": "Echo"}, "Principal": "sns.amazonaws.com"`, `"FunctionName": {"Ref": "Echo"}, "Principal": "s3.amazonaws.com"`, "ToEcho: an AWS::Lambda::Permission must let sns.amazonaws.com invoke echo"},
		{"no queue policy", `"Service": "sns.amazonaws.com"`, `"Service": "s3.amazonaws.com"`, "ToQueue: an AWS::SQS::QueuePolicy must let sns.amazonaws.com send messages (sqs:SendMessage) to arn:aws:sqs:us-east-1:000000000000:inbox"},
		{"secure parameter", `"Type": "String", "Value": "hello"`, `"Type": "SecureString", "Value": "hello"`, "CloudFormation cannot create a SecureString"},
		{"parameter", `ssm:/test/greeting`, `ssm:/test/other`, "Echo.Properties.Environment.Variables.GREETING: refers to the parameter /test/other"},
		{"empty parameter", `"Value": "hello"`, `"Value": ""`, "create the parameter /test/greeting: "},
	} {
		t.Run(c.name, func(t *testing.T) { refused(t, "testdata/services.json", c.old, c.new, c.want) })
	}
}

// refused plans a template in which a text is replaced, and checks the mistakes.
func refused(t *testing.T, file, from, to string, wants ...string) {
	t.Helper()
	_, err := planned(t, file, from, to)
	if err == nil {
		t.Fatal("there is no error")
	}
	for _, want := range wants {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in: %v", want, err)
		}
	}
}
