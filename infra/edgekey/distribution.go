package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"

	"github.com/minim-dev/minim/infra/account"
	"github.com/minim-dev/minim/shared/edge"
)

// patience is how long a change of a distribution may take until it is everywhere.
const patience = 20 * time.Minute

// distribution is the edge of a stack.
type distribution struct {
	cfg   aws.Config
	stack string
}

// Sends waits until all of the edge is as it was last told to be, and returns the
// key that it sends.
func (d distribution) Sends(ctx context.Context) (string, error) {
	stack, err := account.Find(ctx, cloudformation.NewFromConfig(d.cfg), d.stack)
	if err != nil {
		return "", err
	}
	quicker := func(o *cloudfront.DistributionDeployedWaiterOptions) {
		o.MinDelay, o.MaxDelay = 5*time.Second, 20*time.Second
	}
	found, err := cloudfront.NewDistributionDeployedWaiter(cloudfront.NewFromConfig(d.cfg), quicker).
		WaitForOutput(ctx, &cloudfront.GetDistributionInput{Id: aws.String(stack.Resource("Distribution"))}, patience)
	if err != nil {
		return "", fmt.Errorf("wait for the distribution: %w", err)
	}
	for _, origin := range found.Distribution.DistributionConfig.Origins.Items {
		if origin.CustomHeaders == nil {
			continue
		}
		for _, header := range origin.CustomHeaders.Items {
			if strings.EqualFold(aws.ToString(header.HeaderName), edge.Header) {
				return aws.ToString(header.HeaderValue), nil
			}
		}
	}
	return "", errors.New("the distribution sends no key")
}
