package plan

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/minim-dev/minim/infra/local/lambda"
	"github.com/minim-dev/minim/infra/local/schedule"
	"github.com/minim-dev/minim/infra/local/sources"
	"github.com/minim-dev/minim/infra/local/template"
)

// notifications plans the events that buckets send to functions and queues.
func (p *planner) notifications() (all []sources.Notification, err error) {
	var errs []error
	add := func(at string, n sources.Notification, function string) {
		if n.QueueARN == "" {
			name, ok := lambda.FunctionName(function)
			if !ok {
				errs = append(errs, fmt.Errorf("%s: %q is not a function", at, function))
			}
			n.Function = name
		}
		errs = append(errs, checkNotification(at, n, all))
		all = append(all, n)
	}
	for id, b := range template.Of[template.Bucket](p.stack) {
		at := id + ".Properties.NotificationConfiguration"
		for i, n := range b.NotificationConfiguration.LambdaConfigurations {
			add(fmt.Sprintf("%s.LambdaConfigurations[%d]", at, i), sources.Notification{
				Bucket: b.BucketName, ID: fmt.Sprintf("%s-function-%d", id, i), Event: n.Event, Prefix: n.Filter.Prefix(), Suffix: n.Filter.Suffix(),
			}, n.Function)
		}
		for i, n := range b.NotificationConfiguration.QueueConfigurations {
			add(fmt.Sprintf("%s.QueueConfigurations[%d]", at, i), sources.Notification{
				Bucket: b.BucketName, ID: fmt.Sprintf("%s-queue-%d", id, i), Event: n.Event, Prefix: n.Filter.Prefix(), Suffix: n.Filter.Suffix(), QueueARN: n.Queue,
			}, "")
		}
	}
	for id, v := range template.Of[template.BucketNotifications](p.stack) {
		c := v.NotificationConfiguration
		for i, n := range slices.Concat(c.LambdaFunctionConfigurations, c.QueueConfigurations) {
			for _, event := range n.Events {
				add(fmt.Sprintf("%s.Properties.NotificationConfiguration (%d)", id, i), sources.Notification{
					Bucket: v.BucketName, ID: cmp.Or(n.ID, fmt.Sprintf("%s-%d", id, i)), Event: event,
					Prefix: n.Of().Prefix(), Suffix: n.Of().Suffix(), QueueARN: n.QueueArn,
				}, n.LambdaFunctionArn)
			}
		}
	}
	return all, errors.Join(errs...)
}

// bucketEvents are the events that a notification may name; a star means all events of a kind.
var bucketEvents = strings.Fields(`s3:ObjectCreated:* s3:ObjectCreated:Put s3:ObjectCreated:Post s3:ObjectCreated:Copy s3:ObjectCreated:CompleteMultipartUpload
	s3:ObjectRemoved:* s3:ObjectRemoved:Delete s3:ObjectRemoved:DeleteMarkerCreated s3:ObjectRestore:* s3:ObjectRestore:Post s3:ObjectRestore:Completed
	s3:ObjectRestore:Delete s3:ReducedRedundancyLostObject s3:Replication:* s3:Replication:OperationFailedReplication s3:Replication:OperationNotTracked
	s3:Replication:OperationMissedThreshold s3:Replication:OperationReplicatedAfterThreshold s3:LifecycleExpiration:* s3:LifecycleExpiration:Delete
	s3:LifecycleExpiration:DeleteMarkerCreated s3:LifecycleTransition s3:IntelligentTiering s3:ObjectTagging:* s3:ObjectTagging:Put s3:ObjectTagging:Delete
	s3:ObjectAcl:Put s3:TestEvent`)

// checkNotification returns an error if S3 would reject a notification: if the event is unknown, or if another
// configuration covers the same event and keys.
func checkNotification(at string, n sources.Notification, others []sources.Notification) error {
	if !slices.Contains(bucketEvents, n.Event) {
		return fmt.Errorf("%s.Event: S3 has no event %q", at, n.Event)
	}
	for _, o := range others {
		if o.Bucket == n.Bucket && sameEvents(o.Event, n.Event) && overlap(o.Prefix, n.Prefix, strings.HasPrefix) && overlap(o.Suffix, n.Suffix, strings.HasSuffix) {
			return fmt.Errorf("%s: it overlaps with %s: S3 allows only one configuration per event and key", at, o.ID)
		}
	}
	return nil
}

func sameEvents(a, b string) bool {
	covers := func(wide, narrow string) bool {
		kind, star := strings.CutSuffix(wide, "*")
		return star && strings.HasPrefix(narrow, kind)
	}
	return a == b || covers(a, b) || covers(b, a)
}

// overlap reports whether a key can begin, or end, with both a and b.
func overlap(a, b string, has func(s, affix string) bool) bool { return has(a, b) || has(b, a) }

// schedules plans the schedules of EventBridge Scheduler.
func (p *planner) schedules() (all []schedule.Schedule, err error) {
	var errs []error
	for id, v := range template.Of[template.Schedule](p.stack) {
		at := id + ".Properties"
		target, ok := lambda.FunctionName(v.Target.Arn)
		if !ok {
			target = v.Target.Arn
		}
		if !(&deployment{planner: p}).has(v.Target.Arn) {
			errs = append(errs, fmt.Errorf("%s.Target.Arn: %q is not a queue, topic or function of the stack", at, v.Target.Arn))
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
			Target: target, Input: cmp.Or(v.Target.Input, "{}"), Disabled: strings.EqualFold(v.State, "DISABLED"), Start: start, End: end,
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
