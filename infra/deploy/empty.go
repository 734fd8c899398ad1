package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"github.com/minim-dev/minim/infra/target"
)

// removal lists the resources of a stack that have contents, by what happens to them when the stack is removed. All
// others can be created again.
type removal struct {
	buckets  []string // emptied, then deleted
	tables   []string // deleted
	others   []string // queues, log groups and secrets, deleted
	kept     []string // by the template's deletion policy
	blockers []string // protections, which must be switched off first
}

// plan returns what a removal does, from the deployed template.
func plan(stack target.Stack, t template) removal {
	var r removal
	if stack.Protected {
		r.blockers = append(r.blockers, "the stack "+stack.Name+" has termination protection ("+
			"aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name "+stack.Name+")")
	}
	for id, resource := range t.Resources {
		name := stack.Resource(id)
		if name == "" {
			continue // never created, or deleted by hand
		}
		var table struct{ DeletionProtectionEnabled bool }
		_ = json.Unmarshal(resource.Properties, &table) // fails for other types of resources
		switch {
		case strings.HasPrefix(resource.DeletionPolicy, "Retain"):
			r.kept = append(r.kept, name)
		case resource.Type == "AWS::S3::Bucket":
			r.buckets = append(r.buckets, name)
		case resource.Type == "AWS::DynamoDB::Table" && table.DeletionProtectionEnabled:
			r.blockers = append(r.blockers, "the table "+name+" has deletion protection")
		case resource.Type == "AWS::DynamoDB::Table":
			r.tables = append(r.tables, name)
		default:
			if kind := holding(resource.Type); kind != "" {
				r.others = append(r.others, kind+" "+plain(name))
			}
		}
	}
	for _, list := range [][]string{r.buckets, r.tables, r.others, r.kept, r.blockers} {
		slices.Sort(list)
	}
	return r
}

// holding returns the kind of a resource other than buckets and tables if it has contents, "" otherwise.
func holding(kind string) string {
	switch kind {
	case "AWS::SQS::Queue":
		return "queue"
	case "AWS::Logs::LogGroup":
		return "log group"
	case "AWS::SecretsManager::Secret":
		return "secret"
	}
	return ""
}

// plain returns the name in a queue's address or a secret's ARN. The ID of a log group is its name.
func plain(id string) string {
	if strings.HasPrefix(id, "https://") || strings.HasPrefix(id, "http://") {
		return path.Base(id)
	}
	return id[strings.LastIndex(id, ":")+1:]
}

// emptyBuckets prints what the removal does, asks for confirmation, and empties the buckets to delete.
func emptyBuckets(ctx context.Context, store *s3.Client, o options, r removal) error {
	if len(r.blockers) > 0 {
		return fmt.Errorf("nothing was removed: %s. Switch that off first if you are sure", strings.Join(r.blockers, "; "))
	}
	explain(os.Stderr, r, o.stage)
	if err := confirm(os.Stdin, os.Stderr, o); err != nil {
		return err
	}
	for _, bucket := range r.buckets {
		count, err := empty(ctx, store, bucket)
		if err != nil {
			return fmt.Errorf("empty %s: %w", bucket, err)
		}
		fmt.Printf("%s is empty: %d objects and versions removed\n", bucket, count)
	}
	return nil
}

func explain(w io.Writer, r removal, stage string) {
	group := func(title string, names []string) {
		if len(names) > 0 {
			fmt.Fprintf(w, "%s\n  %s\n", title, strings.Join(names, "\n  "))
		}
	}
	group("These are deleted, with everything in them:", slices.Concat(r.tables, r.buckets, r.others))
	group("These are kept, because the stage's settings require it (keep); make adopt STAGE="+stage+" imports them into its next stack:", r.kept)
}

// confirm asks for the name of the stage, unless --confirm names it.
func confirm(in io.Reader, out io.Writer, o options) error {
	typed := o.confirm
	if typed == "" {
		fmt.Fprintf(out, "Type the name of the stage to remove it: ")
		line, err := bufio.NewReader(in).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		typed = strings.TrimSpace(line)
	}
	if typed != o.stage {
		return fmt.Errorf("nothing was removed: %q is not %q (scripts set CONFIRM=%[2]s)", typed, o.stage)
	}
	return nil
}

// empty removes all objects of a bucket with their versions and delete markers, and returns the number
// removed. A bucket that does not exist counts as empty. Each page is listed from the start, because the
// objects of the page before have been deleted.
func empty(ctx context.Context, store *s3.Client, bucket string) (int, error) {
	count := 0
	for {
		page, err := store.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: &bucket})
		var api smithy.APIError
		if errors.As(err, &api) && api.ErrorCode() == "NoSuchBucket" {
			return count, nil
		}
		if err != nil {
			return count, err
		}
		var all []types.ObjectIdentifier
		for _, v := range page.Versions {
			all = append(all, types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
		}
		for _, m := range page.DeleteMarkers {
			all = append(all, types.ObjectIdentifier{Key: m.Key, VersionId: m.VersionId})
		}
		if len(all) == 0 {
			return count, nil
		}
		done, err := store.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: &bucket, Delete: &types.Delete{Objects: all, Quiet: aws.Bool(true)}})
		if err != nil {
			return count, err
		}
		if len(done.Errors) > 0 {
			return count, fmt.Errorf("%s: %s", aws.ToString(done.Errors[0].Key), aws.ToString(done.Errors[0].Message))
		}
		count += len(all)
	}
}
