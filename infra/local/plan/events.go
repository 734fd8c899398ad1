package plan

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/minim-dev/minim/infra/local/lambda"
	"github.com/minim-dev/minim/infra/local/schedule"
	"github.com/minim-dev/minim/infra/local/sources"
	"github.com/minim-dev/minim/infra/local/template"
)

// notifications are the events of buckets that go to functions and queues.
func (p *planner) notifications() (all []sources.Notification, err error) {
	var errs []error
	for id, b := range template.Of[template.Bucket](p.stack) {
		for i, n := range b.NotificationConfiguration.LambdaConfigurations {
			name, ok := lambda.FunctionName(n.Function)
			if !ok {
				errs = append(errs, fmt.Errorf("%s.Properties.NotificationConfiguration.LambdaConfigurations[%d].Function: %q is not a function", id, i, n.Function))
			}
			all = append(all, sources.Notification{
				Bucket: b.BucketName, ID: fmt.Sprintf("%s-function-%d", id, i), Event: n.Event,
				Prefix: n.Filter.Prefix(), Suffix: n.Filter.Suffix(), Function: name,
			})
		}
		for i, n := range b.NotificationConfiguration.QueueConfigurations {
			all = append(all, sources.Notification{
				Bucket: b.BucketName, ID: fmt.Sprintf("%s-queue-%d", id, i), Event: n.Event,
				Prefix: n.Filter.Prefix(), Suffix: n.Filter.Suffix(), QueueARN: n.Queue,
			})
		}
	}
	return all, errors.Join(errs...)
}

// schedules are those of the stack.
func (p *planner) schedules() (all []schedule.Schedule, err error) {
	var errs []error
	for id, v := range template.Of[template.Schedule](p.stack) {
		at := id + ".Properties"
		name, ok := lambda.FunctionName(v.Target.Arn)
		if !ok {
			errs = append(errs, fmt.Errorf("%s.Target.Arn: %q is not a function", at, v.Target.Arn))
		}
		start, err := moment(v.StartDate)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s.StartDate: %w", at, err))
		}
		end, err := moment(v.EndDate)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s.EndDate: %w", at, err))
		}
		all = append(all, schedule.Schedule{
			Name: v.Name, ARN: v.ARN(), Expression: v.ScheduleExpression, TimeZone: v.ScheduleExpressionTimezone,
			Target: name, Input: cmp.Or(v.Target.Input, "{}"), Disabled: strings.EqualFold(v.State, "DISABLED"), Start: start, End: end,
			Retries: v.Target.RetryPolicy.MaximumRetryAttempts, MaxAge: time.Duration(v.Target.RetryPolicy.MaximumEventAgeInSeconds) * time.Second,
			DeadLetter: v.Target.DeadLetterConfig.Arn,
		})
	}
	return all, errors.Join(append(errs, schedule.Check(all))...)
}

func moment(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.RFC3339, text)
}
