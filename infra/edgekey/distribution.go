package edgekey

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront/types"

	"github.com/minim-dev/minim/infra/target"
	"github.com/minim-dev/minim/shared/edge"
)

// propagation limits the time that a change may take to reach all edge locations.
const propagation = 20 * time.Minute

// distribution is the CloudFront distribution of a stack.
type distribution struct {
	cfg   aws.Config
	stack string
}

// Sends waits until all edge locations have the latest configuration, and returns the key in it.
func (d distribution) Sends(ctx context.Context) (string, error) {
	id, err := d.id(ctx)
	if err != nil {
		return "", err
	}
	quicker := func(o *cloudfront.DistributionDeployedWaiterOptions) {
		o.MinDelay, o.MaxDelay = 5*time.Second, 20*time.Second
	}
	found, err := cloudfront.NewDistributionDeployedWaiter(cloudfront.NewFromConfig(d.cfg), quicker).
		WaitForOutput(ctx, &cloudfront.GetDistributionInput{Id: &id}, propagation)
	if err != nil {
		return "", fmt.Errorf("wait for the distribution: %w", err)
	}
	header, err := keyHeader(found.Distribution.DistributionConfig)
	if err != nil {
		return "", err
	}
	return aws.ToString(header.HeaderValue), nil
}

// Send changes only the key in the distribution's configuration.
func (d distribution) Send(ctx context.Context, key string) error {
	id, err := d.id(ctx)
	if err != nil {
		return err
	}
	client := cloudfront.NewFromConfig(d.cfg)
	found, err := client.GetDistributionConfig(ctx, &cloudfront.GetDistributionConfigInput{Id: &id})
	if err != nil {
		return fmt.Errorf("read the distribution: %w", err)
	}
	header, err := keyHeader(found.DistributionConfig)
	if err != nil {
		return err
	}
	header.HeaderValue = &key
	_, err = client.UpdateDistribution(ctx, &cloudfront.UpdateDistributionInput{Id: &id, IfMatch: found.ETag, DistributionConfig: found.DistributionConfig})
	if err != nil {
		return fmt.Errorf("change the distribution: %w", err)
	}
	return nil
}

// id returns the distribution's ID.
func (d distribution) id(ctx context.Context) (string, error) {
	stack, err := target.Find(ctx, cloudformation.NewFromConfig(d.cfg), d.stack)
	return stack.Resource("Distribution"), err
}

// keyHeader finds the header with the key in a configuration.
func keyHeader(config *types.DistributionConfig) (*types.OriginCustomHeader, error) {
	for _, origin := range config.Origins.Items {
		if origin.CustomHeaders == nil {
			continue
		}
		for i, header := range origin.CustomHeaders.Items {
			if strings.EqualFold(aws.ToString(header.HeaderName), edge.Header) {
				return &origin.CustomHeaders.Items[i], nil
			}
		}
	}
	return nil, fmt.Errorf("the distribution has no origin with the header %s", edge.Header)
}
