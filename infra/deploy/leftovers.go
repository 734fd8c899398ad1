package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	tables "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	buckets "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/minim-dev/minim/infra/target"
)

// leftover is a table or bucket that exists, but does not belong to the stack that would create it.
type leftover struct {
	id, name string // in the template, in AWS
	resource
}

// leftovers returns the leftovers of a template by name: resources that a removed stage kept.
func leftovers(ctx context.Context, cfg aws.Config, stack target.Stack, wanted template) ([]leftover, error) {
	who, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return nil, fmt.Errorf("read the account ID: %w", err)
	}
	known := strings.NewReplacer("${AWS::AccountId}", aws.ToString(who.Account), "${AWS::Region}", cfg.Region)
	var left []leftover
	for id, r := range wanted.Resources {
		name := known.Replace(r.named())
		if name == "" || stack.Resource(id) != "" {
			continue
		}
		there, err := exists(ctx, cfg, r.Type, name)
		if err != nil {
			return nil, fmt.Errorf("look for %s: %w", name, err)
		}
		if there {
			left = append(left, leftover{id, name, r})
		}
	}
	slices.SortFunc(left, func(a, b leftover) int { return strings.Compare(a.name, b.name) })
	return left, nil
}

// named returns the name that the template gives a table or bucket, "" if it gives none or if the resource is
// of another type.
func (r resource) named() string {
	var p struct {
		TableName, BucketName json.RawMessage
	}
	_ = json.Unmarshal(r.Properties, &p) // fails for other types of resources
	raw := map[string]json.RawMessage{"AWS::DynamoDB::Table": p.TableName, "AWS::S3::Bucket": p.BucketName}[r.Type]
	var name string
	if json.Unmarshal(raw, &name) == nil {
		return name
	}
	var text struct {
		Sub string `json:"Fn::Sub"`
	}
	_ = json.Unmarshal(raw, &text)
	return text.Sub
}

func exists(ctx context.Context, cfg aws.Config, kind, name string) (bool, error) {
	var err error
	if kind == "AWS::DynamoDB::Table" {
		_, err = dynamodb.NewFromConfig(cfg).DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &name})
	} else {
		_, err = s3.NewFromConfig(cfg).HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &name})
	}
	_, table := errors.AsType[*tables.ResourceNotFoundException](err)
	_, bucket := errors.AsType[*buckets.NotFound](err)
	if table || bucket {
		return false, nil
	}
	return err == nil, err
}
