package iam

import (
	"slices"
	"strings"
)

// Managed returns the statements of an AWS managed policy by its ARN, according to the AWS Managed Policy Reference Guide.
// For services that the local cloud does not have, the statements are simplified.
func Managed(arn string) (*Policies, bool) {
	_, path, ok := strings.Cut(arn, ":iam::aws:policy/")
	if !ok {
		return nil, false
	}
	name := path[strings.LastIndex(path, "/")+1:]
	actions := managedActions(name)
	if actions == nil {
		return nil, false
	}
	p := &Policies{}
	for _, action := range actions {
		p.grants = append(p.grants, Grant{Policy: name, Effect: allow, Action: action, Resource: "*"})
		p.conditions = append(p.conditions, nil)
	}
	return p, true
}

// Include adds the statements of other policies.
func (p *Policies) Include(other *Policies) {
	p.grants = append(p.grants, other.grants...)
	p.conditions = append(p.conditions, other.conditions...)
}

// managedActions returns the actions that a managed policy allows on all resources.
func managedActions(name string) []string {
	logs := []string{"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"}
	with := func(more ...string) []string { return append(slices.Clone(logs), more...) }
	network := []string{
		"ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DeleteNetworkInterface",
		"ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
	}
	streams := []string{"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"}
	kinesis := []string{
		"kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards",
		"kinesis:ListStreams", "kinesis:SubscribeToShard",
	}
	traces := []string{
		"xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:GetSamplingStatisticSummaries",
	}
	switch name {
	case "AWSLambdaBasicExecutionRole", "CloudWatchLambdaInsightsExecutionRolePolicy":
		return logs
	case "AWSLambdaVPCAccessExecutionRole":
		return with(network...)
	case "AWSLambdaENIManagementAccess":
		return network
	case "AWSLambdaDynamoDBExecutionRole":
		return with(streams...)
	case "AWSLambdaInvocation-DynamoDB":
		return append(streams, "lambda:InvokeFunction")
	case "AWSLambdaSQSQueueExecutionRole":
		return with("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
	case "AWSLambdaKinesisExecutionRole":
		return with(kinesis...)
	case "AWSLambdaMSKExecutionRole":
		return with(append(network, "kafka:DescribeCluster", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers", "ec2:DescribeVpcs", "ec2:DescribeSecurityGroups")...)
	case "AWSLambdaRole":
		return []string{"lambda:InvokeFunction"}
	case "AWSXRayDaemonWriteAccess", "AWSXrayWriteOnlyAccess":
		return traces
	case "AWSXrayFullAccess":
		return []string{"xray:*"}
	case "AdministratorAccess":
		return []string{"*"}
	case "AmazonDynamoDBFullAccess", "AmazonDynamoDBFullAccess_v2", "AmazonDynamoDBFullAccesswithDataPipeline":
		return []string{"dynamodb:*", "dax:*", "cloudwatch:*", "kms:DescribeKey", "kms:ListAliases"}
	case "AmazonDynamoDBReadOnlyAccess":
		return []string{
			"dynamodb:BatchGetItem", "dynamodb:Describe*", "dynamodb:List*", "dynamodb:GetAbacStatus", "dynamodb:GetItem", "dynamodb:GetResourcePolicy",
			"dynamodb:Query", "dynamodb:Scan", "dynamodb:PartiQLSelect", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "kms:DescribeKey", "kms:ListAliases",
		}
	case "AmazonS3FullAccess":
		return []string{"s3:*", "s3-object-lambda:*"}
	case "AmazonS3ReadOnlyAccess":
		return []string{"s3:Get*", "s3:List*", "s3:Describe*", "s3-object-lambda:Get*", "s3-object-lambda:List*"}
	case "AWSLambdaExecute":
		return []string{"logs:*", "s3:GetObject", "s3:PutObject"}
	case "AmazonSQSReadOnlyAccess":
		return []string{"sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListDeadLetterSourceQueues", "sqs:ListQueues", "sqs:ListMessageMoveTasks", "sqs:ListQueueTags"}
	case "AmazonSNSReadOnlyAccess":
		return []string{"sns:GetTopicAttributes", "sns:List*", "sns:CheckIfPhoneNumberIsOptedOut", "sns:GetEndpointAttributes", "sns:GetDataProtectionPolicy",
			"sns:GetPlatformApplicationAttributes", "sns:GetSMSAttributes", "sns:GetSMSSandboxAccountStatus", "sns:GetSubscriptionAttributes"}
	case "AmazonSESReadOnlyAccess":
		return []string{"ses:Get*", "ses:List*", "ses:BatchGetMetricData"}
	case "AmazonSSMReadOnlyAccess":
		return []string{"ssm:Describe*", "ssm:Get*", "ssm:List*"}
	case "AmazonSSMFullAccess":
		return []string{"ssm:*", "cloudwatch:PutMetricData", "ds:CreateComputer", "ds:DescribeDirectories", "ec2:DescribeInstanceStatus", "ec2messages:*", "logs:*"}
	case "SecretsManagerReadWrite", "AWSSecretsManagerClientReadOnlyAccess":
		if name == "SecretsManagerReadWrite" {
			return []string{"secretsmanager:*", "kms:DescribeKey", "kms:ListAliases", "kms:ListKeys", "lambda:ListFunctions", "tag:GetResources"}
		}
		return []string{"secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"}
	case "AWSLambda_FullAccess":
		return []string{"lambda:*", "logs:Describe*", "cloudwatch:ListMetrics", "cloudwatch:GetMetricData", "iam:GetRole", "iam:ListRoles"}
	case "AWSLambda_ReadOnlyAccess":
		return []string{"lambda:Get*", "lambda:List*", "logs:DescribeLogGroups", "iam:GetRole", "iam:ListRoles"}
	case "AmazonAPIGatewayInvokeFullAccess":
		return []string{"execute-api:Invoke", "execute-api:ManageConnections"}
	case "AmazonAPIGatewayPushToCloudWatchLogs":
		return with("logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:GetLogEvents", "logs:FilterLogEvents")
	}
	return fullAccess(name)
}

// fullAccess returns the actions of policies that allow everything in their services.
func fullAccess(name string) []string {
	services := map[string]string{
		"AmazonSQSFullAccess": "sqs", "AmazonSNSFullAccess": "sns", "AmazonSESFullAccess": "ses", "CloudWatchLogsFullAccess": "logs cloudwatch",
		"CloudWatchFullAccess": "cloudwatch logs sns", "CloudWatchFullAccessV2": "cloudwatch logs sns", "AmazonEventBridgeFullAccess": "events schemas scheduler pipes",
		"AmazonEventBridgeSchedulerFullAccess": "scheduler", "AWSStepFunctionsFullAccess": "states", "AmazonKinesisFullAccess": "kinesis",
		"AmazonKinesisFirehoseFullAccess": "firehose", "AmazonCognitoPowerUser": "cognito-idp cognito-identity cognito-sync", "AmazonRekognitionFullAccess": "rekognition",
		"AmazonTextractFullAccess": "textract", "AmazonBedrockFullAccess": "bedrock", "AmazonPollyFullAccess": "polly", "TranslateFullAccess": "translate comprehend",
		"ComprehendFullAccess": "comprehend", "AmazonTranscribeFullAccess": "transcribe", "AmazonRDSDataFullAccess": "rds-data secretsmanager",
		"AmazonRDSFullAccess": "rds", "AmazonAthenaFullAccess": "athena glue", "AmazonVPCFullAccess": "ec2", "AmazonEC2FullAccess": "ec2", "AWSIoTFullAccess": "iot",
		"AWSAppSyncInvokeFullAccess": "appsync", "CloudFrontFullAccess": "cloudfront", "AWSKeyManagementServicePowerUser": "kms", "AmazonElastiCacheFullAccess": "elasticache",
		"AmazonOpenSearchServiceFullAccess": "es",
	}[name]
	var all []string
	for _, service := range strings.Fields(services) {
		all = append(all, service+":*")
	}
	return all
}
