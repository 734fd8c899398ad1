package plan

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/minim-dev/minim/infra/local/template"
)

// maxEdgeCode is the maximum size of a CloudFront Function's code in bytes.
const maxEdgeCode = 10 << 10

// names returns an error for each name that AWS would reject.
func (p *planner) names() error {
	var errs []error
	check := func(id, property, name, form string, least, most int) {
		if len(name) < least || len(name) > most || !regexp.MustCompile("^(?:"+form+")$").MatchString(name) {
			errs = append(errs, fmt.Errorf("%s.Properties.%s: %q is not a name: %d to %d characters of %s", id, property, name, least, most, form))
		}
	}
	for id, v := range template.Of[template.Function](p.stack) {
		check(id, "FunctionName", v.FunctionName, `[a-zA-Z0-9_-]+`, 1, 64)
	}
	for id, v := range template.Of[template.Role](p.stack) {
		check(id, "RoleName", v.RoleName, `[\w+=,.@-]+`, 1, 64)
	}
	for id, v := range template.Of[template.Table](p.stack) {
		check(id, "TableName", v.TableName, `[a-zA-Z0-9_.-]+`, 3, 255)
	}
	for id, v := range template.Of[template.Bucket](p.stack) {
		check(id, "BucketName", v.BucketName, `[a-z0-9][a-z0-9.-]*[a-z0-9]`, 3, 63)
	}
	for id, v := range template.Of[template.Queue](p.stack) {
		form := `[a-zA-Z0-9_-]+`
		if v.FifoQueue {
			form += `\.fifo`
		}
		check(id, "QueueName", v.QueueName, form, 1, 80)
	}
	for id, v := range template.Of[template.Topic](p.stack) {
		form := `[a-zA-Z0-9_-]+`
		if v.FifoTopic {
			form += `\.fifo`
		}
		check(id, "TopicName", v.TopicName, form, 1, 256)
	}
	for id, v := range template.Of[template.Schedule](p.stack) {
		check(id, "Name", v.Name, `[0-9a-zA-Z_.-]+`, 1, 64)
	}
	for id, v := range template.Of[template.Rule](p.stack) {
		check(id, "Name", v.Name, `[0-9a-zA-Z_.-]+`, 1, 64)
	}
	for id, v := range template.Of[template.EventBus](p.stack) {
		check(id, "Name", v.Name, `[0-9a-zA-Z_./-]+`, 1, 256)
	}
	for id, v := range template.Of[template.LogGroup](p.stack) {
		check(id, "LogGroupName", v.LogGroupName, `[\w./#-]+`, 1, 512)
	}
	for id, v := range template.Of[template.Alias](p.stack) {
		check(id, "Name", v.Name, `[a-zA-Z0-9_-]*[a-zA-Z_-][a-zA-Z0-9_-]*`, 1, 128)
	}
	return errors.Join(append(errs, p.values())...)
}

// values returns an error for each value that is not one of the allowed values, or is out of range.
func (p *planner) values() error {
	var errs []error
	for id, e := range template.Of[template.EventSource](p.stack) {
		for i, kind := range e.FunctionResponseTypes {
			if kind != "ReportBatchItemFailures" {
				errs = append(errs, fmt.Errorf("%s.Properties.FunctionResponseTypes[%d]: %q is not ReportBatchItemFailures", id, i, kind))
			}
		}
	}
	for id, f := range template.Of[template.EdgeFunction](p.stack) {
		if size := len(f.FunctionCode); size > maxEdgeCode {
			errs = append(errs, fmt.Errorf("%s.Properties.FunctionCode: %d bytes; CloudFront allows %d", id, size, maxEdgeCode))
		}
	}
	for id, q := range template.Of[template.Queue](p.stack) {
		for _, each := range []struct {
			name        string
			value       *int
			least, most int
		}{
			{"DelaySeconds", q.DelaySeconds, 0, 900}, {"MaximumMessageSize", q.MaximumMessageSize, 1 << 10, 1 << 20},
			{"MessageRetentionPeriod", q.MessageRetentionPeriod, 60, 1209600}, {"ReceiveMessageWaitTimeSeconds", q.ReceiveMessageWaitTimeSeconds, 0, 20},
			{"VisibilityTimeout", q.VisibilityTimeout, 0, 43200},
		} {
			if each.value != nil && (*each.value < each.least || *each.value > each.most) {
				errs = append(errs, fmt.Errorf("%s.Properties.%s: %d is not within %d to %d", id, each.name, *each.value, each.least, each.most))
			}
		}
	}
	apis := map[string]bool{}
	for _, api := range template.Of[template.API](p.stack) {
		apis[api.ID()] = true
	}
	for id, s := range template.Of[template.APIStage](p.stack) {
		if !apis[s.ApiId] {
			errs = append(errs, fmt.Errorf("%s.Properties.ApiId: %q is not an API of the stack", id, s.ApiId))
		}
	}
	return errors.Join(errs...)
}
