package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// deployment is one that the deployment bucket still holds: the name of its folder,
// and the time in it, by which osls finds it.
type deployment struct {
	name string
	at   time.Time
}

// told is the time as osls rollback takes it.
func (d deployment) told() string { return d.at.UTC().Format("2006-01-02T15:04:05.000Z") }

// deployments lists what a service and stage has in the deployment bucket, newest first.
func deployments(ctx context.Context, store s3.ListObjectsV2APIClient, bucket, stage string) ([]deployment, error) {
	if bucket == "" {
		return nil, errors.New("the stack has no deployment bucket")
	}
	pages := s3.NewListObjectsV2Paginator(store, &s3.ListObjectsV2Input{
		Bucket: &bucket, Prefix: aws.String("serverless/" + stage + "/"), Delimiter: aws.String("/"),
	})
	name := regexp.MustCompile(`^(\d+)-\d{4}-\d{2}-\d{2}T`)
	var all []deployment
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
				all = append(all, deployment{folder, time.UnixMilli(at)})
			}
		}
	}
	slices.SortFunc(all, func(a, b deployment) int { return b.at.Compare(a.at) })
	return all, nil
}

// tell lists deployments for a person.
func tell(w io.Writer, all []deployment, current string) {
	for _, d := range all {
		mark := ""
		if d.name == current {
			mark = "  current"
		}
		fmt.Fprintf(w, "  %s%s\n", d.told(), mark)
	}
}

// choose finds the deployment to go back to: the one at the time, else the one
// before the current one.
func choose(all []deployment, current, at string) (deployment, error) {
	passed := false
	for _, d := range all {
		switch {
		case at != "" && (d.told() == at || strconv.FormatInt(d.at.UnixMilli(), 10) == at):
			return d, nil
		case at == "" && passed:
			return d, nil
		}
		passed = passed || d.name == current
	}
	if at != "" {
		return deployment{}, fmt.Errorf("there is no deployment of %s: take one of the list", at)
	}
	return deployment{}, errors.New("there is no deployment before the current one")
}
