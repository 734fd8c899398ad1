// Package target finds the AWS account and the stack that a command uses: the
// credentials, where all AWS tools look for them, and the stack of a stage.
package target

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
)

// credentialsTimeout limits the search for credentials: the chain ends at the metadata service of a
// machine in AWS, which most machines do not have.
const credentialsTimeout = 15 * time.Second

// Config returns the configuration for clients of all services: from the
// environment, the profiles and the machine, as the AWS CLI does, in the region
// AWS_REGION or else us-east-1. It fails without credentials.
func Config(ctx context.Context) (aws.Config, error) {
	cfg, err := config.LoadDefaultConfig(ctx, config.WithDefaultRegion("us-east-1"))
	if err != nil {
		return aws.Config{}, unsigned(err)
	}
	limited, cancel := context.WithTimeout(ctx, credentialsTimeout)
	defer cancel()
	if _, err := cfg.Credentials.Retrieve(limited); err != nil {
		return aws.Config{}, unsigned(err)
	}
	return cfg, nil
}

func unsigned(err error) error {
	return fmt.Errorf("no AWS credentials: sign in (aws sso login, then AWS_PROFILE=…) or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: %w", err)
}
