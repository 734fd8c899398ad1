package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/minim-dev/minim/infra/target"
)

// snapshot is a deployment that is still in the deployment bucket: the name of its folder, and the time in this
// name, by which osls identifies it.
type snapshot struct {
	name string
	at   time.Time
}

// timestamp is the time in the format of osls rollback.
func (d snapshot) timestamp() string { return d.at.UTC().Format("2006-01-02T15:04:05.000Z") }

// history prints the deployments of a stage, and returns them with the name of the current one.
func history(ctx context.Context, cfg aws.Config, o options) (all []snapshot, current string, err error) {
	clouds := cloudformation.NewFromConfig(cfg)
	stack, err := target.Find(ctx, clouds, o.stack())
	if err != nil {
		return nil, "", err
	}
	deployed, err := compiled(ctx, clouds, stack.Name)
	if err != nil {
		return nil, "", err
	}
	all, err = deployments(ctx, s3.NewFromConfig(cfg), stack.Resource("ServerlessDeploymentBucket"), o.service+"/"+o.stage)
	if err == nil {
		list(os.Stderr, all, deployed.directory())
	}
	return all, deployed.directory(), err
}

// deployments lists the deployments of a service and stage in the deployment bucket, newest first.
func deployments(ctx context.Context, store s3.ListObjectsV2APIClient, bucket, stage string) ([]snapshot, error) {
	if bucket == "" {
		return nil, errors.New("the stack has no deployment bucket")
	}
	pages := s3.NewListObjectsV2Paginator(store, &s3.ListObjectsV2Input{
		Bucket: &bucket, Prefix: aws.String("serverless/" + stage + "/"), Delimiter: aws.String("/"),
	})
	name := regexp.MustCompile(`^(\d+)-\d{4}-\d{2}-\d{2}T`)
	var all []snapshot
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list the deployments: %w", err)
		}
		for _, p := range page.CommonPrefixes {
			folder := path.Base(aws.ToString(p.Prefix))
			match := name.FindStringSubmatch(folder)
			if match == nil {
				continue // code-artifacts
			}
			if at, err := strconv.ParseInt(match[1], 10, 64); err == nil {
				all = append(all, snapshot{folder, time.UnixMilli(at)})
			}
		}
	}
	slices.SortFunc(all, func(a, b snapshot) int { return b.at.Compare(a.at) })
	return all, nil
}

// list prints deployments.
func list(w io.Writer, all []snapshot, current string) {
	for _, d := range all {
		mark := ""
		if d.name == current {
			mark = "  current"
		}
		fmt.Fprintf(w, "  %s%s\n", d.timestamp(), mark)
	}
}

// choose returns the deployment of the given time or, without a time, the deployment before the current one.
func choose(all []snapshot, current, at string) (snapshot, error) {
	passed := false
	for _, d := range all {
		switch {
		case at != "" && (d.timestamp() == at || strconv.FormatInt(d.at.UnixMilli(), 10) == at):
			return d, nil
		case at == "" && passed:
			return d, nil
		}
		passed = passed || d.name == current
	}
	if at != "" {
		return snapshot{}, fmt.Errorf("there is no deployment of %s; choose one of the list", at)
	}
	return snapshot{}, errors.New("there is no deployment before the current one")
}
