package main

import (
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/minim-dev/minim/shared/blob"
	"github.com/minim-dev/minim/shared/env/envtest"
	"github.com/minim-dev/minim/shared/table"
)

func TestChecksFindWhatIsMissing(t *testing.T) {
	tests := []struct {
		service string
		missing func(cfg aws.Config) check
		says    string
	}{
		{"DYNAMODB", func(cfg aws.Config) check {
			return tables(table.Client(cfg), "minim-local-links", "minim-local-nothing")
		}, "minim-local-nothing"},
		{"S3", func(cfg aws.Config) check { return buckets(blob.Client(cfg), "minim-local-nothing") }, "minim-local-nothing"},
		{"SQS", func(cfg aws.Config) check {
			return queue(sqs.NewFromConfig(cfg), os.Getenv("AWS_ENDPOINT_URL_SQS")+"/000000000000/nothing")
		}, "nothing"},
	}
	for _, test := range tests {
		t.Run(test.service, func(t *testing.T) {
			if err := test.missing(envtest.AWS(t, test.service))(t.Context()); err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestTablesAnswer(t *testing.T) {
	if err := tables(table.Client(envtest.AWS(t, "DYNAMODB")), "minim-local-links", "minim-local-keys")(t.Context()); err != nil {
		t.Error(err)
	}
}
