// Command alone is the only function of the stack in template.yaml: it stores a note about each event, and lists the notes.
package main

import (
	"context"
	"encoding/json"
	"os"
	"strings"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

type call struct {
	RouteKey       string
	RequestContext struct{ DomainName string }
	Records        []struct{ Body string }
	Tick           bool
}

func main() {
	ctx := context.Background()
	c, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		panic(err)
	}
	tables, queues := dynamodb.NewFromConfig(c), sqs.NewFromConfig(c)
	table, queue := os.Getenv("TABLE"), os.Getenv("QUEUE")
	store := func(id string) error {
		_, err := tables.PutItem(ctx, &dynamodb.PutItemInput{TableName: &table, Item: map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: id}}})
		return err
	}
	lambda.Start(func(ctx context.Context, raw json.RawMessage) (any, error) {
		var in call
		if err := json.Unmarshal(raw, &in); err != nil {
			return nil, err
		}
		switch {
		case in.Tick:
			return nil, store("tick")
		case len(in.Records) > 0:
			return nil, store("queue " + in.Records[0].Body)
		case strings.Contains(in.RequestContext.DomainName, "lambda-url"):
			return "url", nil
		case in.RouteKey == "POST /messages":
			body := os.Getenv("GREETING")
			_, err := queues.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &queue, MessageBody: &body})
			return "sent", err
		}
		all, err := tables.Scan(ctx, &dynamodb.ScanInput{TableName: &table})
		if err != nil {
			return nil, err
		}
		ids := []string{}
		for _, item := range all.Items {
			ids = append(ids, item["id"].(*types.AttributeValueMemberS).Value)
		}
		return ids, nil
	})
}
