// Package missing answers calls of AWS services that the local cloud does not have. Each answer is an error in the
// protocol of the service, so all SDKs show its message, and none retries.
package missing

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// Code is the code of the error.
const Code = "ServiceNotEmulated"

// maxForm is larger than all valid requests in the Query protocol.
const maxForm = 1 << 20

// maxBody is how much of a request is read before the answer, because clients may not read answers earlier.
const maxBody = 64 << 20

// Handler answers every request with the error.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		service := signedFor(r)
		protocol := protocolOf(r, service)
		_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, maxBody))
		protocol.answer(w, Sentence(name(r, service)))
	})
}

// Sentence returns the error message for a service.
func Sentence(service string) string {
	return fmt.Sprintf("the local cloud has no %s; see docs/local-cloud.md for the services that it has", service)
}

// signedFor returns the service's name in the signature, or "". It is the last but one part of the credential, in
// the header or in a presigned URL.
func signedFor(r *http.Request) string {
	_, credential, found := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	if !found {
		credential = r.URL.Query().Get("X-Amz-Credential")
	}
	credential, _, _ = strings.Cut(credential, ",")
	parts := strings.Split(strings.TrimSpace(credential), "/")
	if len(parts) < 4 || parts[len(parts)-1] != "aws4_request" {
		return ""
	}
	return parts[len(parts)-2]
}

// name returns the common name of the service. Two services have the signing name of another service that the local
// cloud has.
func name(r *http.Request, service string) string {
	target, _, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	switch {
	case strings.HasPrefix(target, "DynamoDBStreams"):
		return "DynamoDB Streams API"
	case service == "ses":
		return "SES API version 1, only version 2"
	}
	if known := names[service]; known != "" {
		return known
	}
	for _, unknown := range []string{service, target} {
		if unknown != "" {
			return fmt.Sprintf("service %q", unknown)
		}
	}
	host := &url.URL{Host: r.Host}
	return fmt.Sprintf("service for %s %s at %s", r.Method, r.URL.Path, host.Hostname())
}

// names are the common names of services with other signing names.
var names = map[string]string{
	"apigateway": "API Gateway", "appconfig": "AppConfig", "appsync": "AppSync", "athena": "Athena", "aoss": "OpenSearch Serverless",
	"bedrock": "Bedrock", "cloudformation": "CloudFormation, except DescribeStacks and lists of resources", "cloudfront": "CloudFront", "cognito-identity": "Cognito identity pools",
	"cognito-idp": "Cognito user pools", "comprehend": "Comprehend", "ec2": "EC2", "ecs": "ECS", "elasticache": "ElastiCache", "es": "OpenSearch",
	"events": "EventBridge", "execute-api": "API Gateway endpoint", "firehose": "Firehose", "geo": "Location Service", "glue": "Glue", "iam": "IAM",
	"kinesis": "Kinesis", "kms": "KMS", "lambda": "Lambda", "logs": "CloudWatch Logs, except reading", "monitoring": "CloudWatch", "pipes": "EventBridge Pipes",
	"polly": "Polly", "rds": "RDS", "rds-data": "RDS Data API", "rds-db": "RDS", "rekognition": "Rekognition", "route53": "Route 53",
	"scheduler": "EventBridge Scheduler", "sqs": "SQS", "states": "Step Functions", "sts": "STS, except GetCallerIdentity", "textract": "Textract",
	"timestream": "Timestream", "transcribe": "Transcribe", "translate": "Translate", "xray": "X-Ray",
}

// protocolOf returns the protocol of a request. It reads the body of a form.
func protocolOf(r *http.Request, service string) protocol {
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case r.Header.Get("Smithy-Protocol") == "rpc-v2-cbor":
		return cborProtocol
	case r.Header.Get("X-Amz-Target") != "", strings.HasPrefix(media, "application/x-amz-json"):
		return jsonProtocol
	case service == "ec2":
		return ec2Protocol
	case strings.HasPrefix(service, "s3"):
		return s3Protocol
	case service == "route53", service == "cloudfront", r.URL.Query().Has("Action"), media == "application/x-www-form-urlencoded" && hasAction(r):
		return xmlProtocol
	}
	return jsonProtocol
}

// hasAction reports whether a form is a call in the Query protocol.
func hasAction(r *http.Request) bool {
	text, err := io.ReadAll(io.LimitReader(r.Body, maxForm))
	if err != nil {
		return false
	}
	form, _ := url.ParseQuery(string(text))
	return form.Has("Action")
}
