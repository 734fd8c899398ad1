package main

import (
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/minim-dev/minim/shared/blob"
	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/table"
)

func TestChecksFindWhatIsMissing(t *testing.T) {
	tests := []struct {
		service string
		missing func() check
		says    string
	}{
		{"DYNAMODB", func() check {
			return tables(table.Client(env.AWS("DYNAMODB")), "minim-local-links", "minim-local-nothing")
		}, "minim-local-nothing"},
		{"S3", func() check { return buckets(blob.Client(env.AWS("S3")), "minim-local-nothing") }, "minim-local-nothing"},
		{"SQS", func() check {
			return queue(sqs.NewFromConfig(env.AWS("SQS")), os.Getenv("AWS_ENDPOINT_URL_SQS")+"/000000000000/nothing")
		}, "nothing"},
	}
	for _, test := range tests {
		t.Run(test.service, func(t *testing.T) {
			if os.Getenv("AWS_ENDPOINT_URL_"+test.service) == "" {
				t.Skip("needs the emulators: make test")
			}
			if err := test.missing()(t.Context()); err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestTablesAnswer(t *testing.T) {
	if os.Getenv("AWS_ENDPOINT_URL_DYNAMODB") == "" {
		t.Skip("needs DynamoDB Local: make test")
	}
	if err := tables(table.Client(env.AWS("DYNAMODB")), "minim-local-links", "minim-local-keys")(t.Context()); err != nil {
		t.Error(err)
	}
}
