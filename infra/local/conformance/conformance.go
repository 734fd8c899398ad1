// Package conformance contains behaviours of AWS as cases that run against any endpoint: the local cloud in its tests, a
// real account in aws-check. Each case creates its own resources with unique names, and deletes them.
package conformance

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
)

// Clients are clients of the services that cases call.
type Clients struct {
	DynamoDB *dynamodb.Client
	SQS      *sqs.Client
	SSM      *ssm.Client
	Secrets  *secretsmanager.Client
	STS      *sts.Client
}

// New returns clients for a configuration.
func New(c aws.Config) Clients {
	return Clients{dynamodb.NewFromConfig(c), sqs.NewFromConfig(c), ssm.NewFromConfig(c), secretsmanager.NewFromConfig(c), sts.NewFromConfig(c)}
}

// Case is one behaviour: the answer of AWS according to its documentation.
type Case struct {
	Name, Source, Want string
	run                func(ctx context.Context, c Clients, name string) string
}

// Difference is a case with another outcome.
type Difference struct{ Name, Source, Want, Got string }

// Run runs all cases. The names of resources begin with a prefix.
func Run(ctx context.Context, c Clients, prefix string) (differences []Difference) {
	for i, each := range Cases() {
		if got := each.run(ctx, c, fmt.Sprintf("%s-%d", prefix, i)); got != each.Want {
			differences = append(differences, Difference{each.Name, each.Source, each.Want, got})
		}
	}
	return differences
}

// outcome returns the code of an error, or "ok".
func outcome(err error) string {
	var failure smithy.APIError
	switch {
	case err == nil:
		return "ok"
	case errors.As(err, &failure):
		return failure.ErrorCode()
	}
	return err.Error()
}

const (
	sqsReference     = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_"
	dynamoReference  = "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_"
	ssmReference     = "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_"
	secretsReference = "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_"
	stsReference     = "https://docs.aws.amazon.com/STS/latest/APIReference/API_"
)

// Cases returns all cases.
func Cases() []Case {
	return []Case{
		{"a delay of 901 seconds is refused", sqsReference + "SendMessage.html", "InvalidParameterValue", withQueue(func(ctx context.Context, c Clients, url string) string {
			_, err := c.SQS.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("x"), DelaySeconds: 901})
			return outcome(err)
		})},
		{"in a batch only the entry with the wrong delay fails", sqsReference + "SendMessageBatch.html", "1 sent, 1 failed", withQueue(func(ctx context.Context, c Clients, url string) string {
			out, err := c.SQS.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: &url, Entries: []types.SendMessageBatchRequestEntry{
				{Id: aws.String("a"), MessageBody: aws.String("x"), DelaySeconds: 901}, {Id: aws.String("b"), MessageBody: aws.String("x")},
			}})
			if err != nil {
				return outcome(err)
			}
			return fmt.Sprintf("%d sent, %d failed", len(out.Successful), len(out.Failed))
		})},
		{"a receipt handle must be one", sqsReference + "DeleteMessage.html", "ReceiptHandleIsInvalid", withQueue(func(ctx context.Context, c Clients, url string) string {
			_, err := c.SQS.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: aws.String("abc")})
			return outcome(err)
		})},
		{"a queue is purged once a minute", sqsReference + "PurgeQueue.html", "ok AWS.SimpleQueueService.PurgeQueueInProgress", withQueue(func(ctx context.Context, c Clients, url string) string {
			_, first := c.SQS.PurgeQueue(ctx, &sqs.PurgeQueueInput{QueueUrl: &url})
			_, second := c.SQS.PurgeQueue(ctx, &sqs.PurgeQueueInput{QueueUrl: &url})
			return outcome(first) + " " + outcome(second)
		})},
		{"an unknown queue", sqsReference + "GetQueueUrl.html", "AWS.SimpleQueueService.NonExistentQueue", func(ctx context.Context, c Clients, name string) string {
			_, err := c.SQS.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &name})
			return outcome(err)
		}},
		{"a condition that does not hold", dynamoReference + "PutItem.html", "ok ConditionalCheckFailedException", withTable(func(ctx context.Context, c Clients, table string) string {
			in := &dynamodb.PutItemInput{TableName: &table, Item: map[string]dbtypes.AttributeValue{"id": &dbtypes.AttributeValueMemberS{Value: "1"}}, ConditionExpression: aws.String("attribute_not_exists(id)")}
			_, first := c.DynamoDB.PutItem(ctx, in)
			_, second := c.DynamoDB.PutItem(ctx, in)
			return outcome(first) + " " + outcome(second)
		})},
		{"an item without its key", dynamoReference + "PutItem.html", "ValidationException", withTable(func(ctx context.Context, c Clients, table string) string {
			_, err := c.DynamoDB.PutItem(ctx, &dynamodb.PutItemInput{TableName: &table, Item: map[string]dbtypes.AttributeValue{"x": &dbtypes.AttributeValueMemberS{Value: "1"}}})
			return outcome(err)
		})},
		{"a parameter is overwritten only on request", ssmReference + "PutParameter.html", "ok ParameterAlreadyExists ok 2", parameters},
		{"an unknown parameter", ssmReference + "GetParameter.html", "ParameterNotFound", func(ctx context.Context, c Clients, name string) string {
			_, err := c.SSM.GetParameter(ctx, &ssm.GetParameterInput{Name: &name})
			return outcome(err)
		}},
		{"an unknown secret", secretsReference + "GetSecretValue.html", "ResourceNotFoundException", func(ctx context.Context, c Clients, name string) string {
			_, err := c.Secrets.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &name})
			return outcome(err)
		}},
		{"the caller has an account and an ARN", stsReference + "GetCallerIdentity.html", "12 digits, arn:aws", func(ctx context.Context, c Clients, _ string) string {
			out, err := c.STS.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
			if err != nil {
				return outcome(err)
			}
			return fmt.Sprintf("%d digits, %s", len(*out.Account), strings.Join(strings.Split(*out.Arn, ":")[:2], ":"))
		}},
	}
}

func parameters(ctx context.Context, c Clients, name string) string {
	put := func(value string, overwrite bool) error {
		_, err := c.SSM.PutParameter(ctx, &ssm.PutParameterInput{Name: &name, Value: &value, Type: ssmtypes.ParameterTypeString, Overwrite: &overwrite})
		return err
	}
	defer func() {
		_, _ = c.SSM.DeleteParameter(context.WithoutCancel(ctx), &ssm.DeleteParameterInput{Name: &name}) // the next sweep finds it
	}()
	first, second, third := put("a", false), put("b", false), put("c", true)
	out, err := c.SSM.GetParameter(ctx, &ssm.GetParameterInput{Name: &name})
	if err != nil {
		return outcome(err)
	}
	return fmt.Sprintf("%s %s %s %d", outcome(first), outcome(second), outcome(third), out.Parameter.Version)
}

// withQueue creates a queue for a case and deletes it.
func withQueue(run func(ctx context.Context, c Clients, url string) string) func(context.Context, Clients, string) string {
	return func(ctx context.Context, c Clients, name string) string {
		made, err := c.SQS.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &name})
		if err != nil {
			return "create the queue: " + outcome(err)
		}
		got := run(ctx, c, *made.QueueUrl)
		if _, err := c.SQS.DeleteQueue(context.WithoutCancel(ctx), &sqs.DeleteQueueInput{QueueUrl: made.QueueUrl}); err != nil {
			return got + "; delete the queue: " + outcome(err)
		}
		return got
	}
}

// withTable creates a table for a case and deletes it.
func withTable(run func(ctx context.Context, c Clients, table string) string) func(context.Context, Clients, string) string {
	return func(ctx context.Context, c Clients, name string) string {
		_, err := c.DynamoDB.CreateTable(ctx, &dynamodb.CreateTableInput{
			TableName: &name, BillingMode: dbtypes.BillingModePayPerRequest,
			KeySchema:            []dbtypes.KeySchemaElement{{AttributeName: aws.String("id"), KeyType: dbtypes.KeyTypeHash}},
			AttributeDefinitions: []dbtypes.AttributeDefinition{{AttributeName: aws.String("id"), AttributeType: dbtypes.ScalarAttributeTypeS}},
		})
		if err != nil {
			return "create the table: " + outcome(err)
		}
		got := "the table does not become active"
		if err := dynamodb.NewTableExistsWaiter(c.DynamoDB).Wait(ctx, &dynamodb.DescribeTableInput{TableName: &name}, 2*time.Minute); err == nil {
			got = run(ctx, c, name)
		}
		if _, err := c.DynamoDB.DeleteTable(context.WithoutCancel(ctx), &dynamodb.DeleteTableInput{TableName: &name}); err != nil {
			return got + "; delete the table: " + outcome(err)
		}
		return got
	}
}
