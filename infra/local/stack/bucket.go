package stack

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"github.com/minim-dev/minim/infra/local/template"
)

// bucket creates a bucket if it does not exist, and sets its CORS rules and versioning.
// Notifications are configured elsewhere.
func bucket(ctx context.Context, client *s3.Client, b *template.Bucket) error {
	_, err := client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &b.BucketName})
	if err != nil && !isCode(err, "BucketAlreadyOwnedByYou", "BucketAlreadyExists") {
		return fmt.Errorf("create the bucket %s: %w", b.BucketName, err)
	}
	if err := sharing(ctx, client, b); err != nil {
		return fmt.Errorf("set the CORS rules of the bucket %s: %w", b.BucketName, err)
	}
	if v := b.VersioningConfiguration; v != nil {
		_, err := client.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{
			Bucket:                  &b.BucketName,
			VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatus(v.Status)},
		})
		if err != nil {
			return fmt.Errorf("set the versioning of the bucket %s: %w", b.BucketName, err)
		}
	}
	return nil
}

func sharing(ctx context.Context, client *s3.Client, b *template.Bucket) error {
	if b.CorsConfiguration == nil {
		_, err := client.DeleteBucketCors(ctx, &s3.DeleteBucketCorsInput{Bucket: &b.BucketName})
		if isCode(err, "NoSuchCORSConfiguration") {
			return nil
		}
		return err
	}
	var rules []types.CORSRule
	for _, rule := range b.CorsConfiguration.CorsRules {
		rules = append(rules, types.CORSRule{
			AllowedOrigins: rule.AllowedOrigins, AllowedMethods: rule.AllowedMethods, AllowedHeaders: rule.AllowedHeaders,
			ExposeHeaders: rule.ExposedHeaders, MaxAgeSeconds: aws.Int32(int32(rule.MaxAge)),
		})
	}
	_, err := client.PutBucketCors(ctx, &s3.PutBucketCorsInput{
		Bucket: &b.BucketName, CORSConfiguration: &types.CORSConfiguration{CORSRules: rules},
	})
	return err
}

func isCode(err error, codes ...string) bool {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return false
	}
	for _, code := range codes {
		if api.ErrorCode() == code {
			return true
		}
	}
	return false
}
