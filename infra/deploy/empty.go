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

	"github.com/minim-dev/minim/infra/account"
)

// removal is what happens to the parts of a stack that hold something, when it is
// removed; all else can be made again.
type removal struct {
	buckets []string // that go, and must be empty for that
	tables  []string // that go
	others  []string // queues, log groups and secrets that go
	stays   []string // by the template's deletion policy
	forbids []string // what stands against it
}

// plan reads from the deployed template what a removal means.
func plan(stack account.Stack, t template) removal {
	var r removal
	if stack.Protected {
		r.forbids = append(r.forbids, "the stack "+stack.Name+" has termination protection ("+
			"aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name "+stack.Name+")")
	}
	for id, resource := range t.Resources {
		name := stack.Resource(id)
		if name == "" {
			continue // never made, or gone by hand
		}
		var table struct{ DeletionProtectionEnabled bool }
		_ = json.Unmarshal(resource.Properties, &table) // another type of resource has another shape
		switch {
		case strings.HasPrefix(resource.DeletionPolicy, "Retain"):
			r.stays = append(r.stays, name)
		case resource.Type == "AWS::S3::Bucket":
			r.buckets = append(r.buckets, name)
		case resource.Type == "AWS::DynamoDB::Table" && table.DeletionProtectionEnabled:
			r.forbids = append(r.forbids, "the table "+name+" has deletion protection")
		case resource.Type == "AWS::DynamoDB::Table":
			r.tables = append(r.tables, name)
		default:
			if kind := holding(resource.Type); kind != "" {
				r.others = append(r.others, kind+" "+plain(name))
			}
		}
	}
	for _, list := range [][]string{r.buckets, r.tables, r.others, r.stays, r.forbids} {
		slices.Sort(list)
	}
	return r
}

// holding names the kind of another resource that holds something which is lost with it, "" for none.
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

// plain is the name in a queue's address or a secret's ARN; a log group has its name for an id.
func plain(id string) string {
	if strings.HasPrefix(id, "https://") || strings.HasPrefix(id, "http://") {
		return path.Base(id)
	}
	return id[strings.LastIndex(id, ":")+1:]
}

// proceed tells what a removal means, asks, and empties the buckets that go.
func proceed(ctx context.Context, store *s3.Client, o options, r removal) error {
	if len(r.forbids) > 0 {
		return fmt.Errorf("nothing was removed: %s. Switch that off first, if you mean it", strings.Join(r.forbids, "; "))
	}
	explain(os.Stderr, r, o.stage)
	if err := agreed(os.Stdin, os.Stderr, o); err != nil {
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
	list := func(title string, names []string) {
		if len(names) > 0 {
			fmt.Fprintf(w, "%s\n  %s\n", title, strings.Join(names, "\n  "))
		}
	}
	list("These go, with all that they hold:", slices.Concat(r.tables, r.buckets, r.others))
	list("These stay, as the stage says (keep); make adopt STAGE="+stage+" gives them to its next stack:", r.stays)
}

// agreed asks for the name of the stage.
func agreed(in io.Reader, out io.Writer, o options) error {
	said := o.confirm
	if said == "" {
		fmt.Fprintf(out, "Type the name of the stage to remove it: ")
		line, err := bufio.NewReader(in).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		said = strings.TrimSpace(line)
	}
	if said != o.stage {
		return fmt.Errorf("nothing was removed: %q is not %q (scripts say CONFIRM=%[2]s)", said, o.stage)
	}
	return nil
}

// empty removes every object of a bucket, with all its versions and delete markers,
// and returns how many there were. A bucket that is gone is empty. It always asks for
// the first ones: what it removes is what a marker would point at.
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
