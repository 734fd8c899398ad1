package plan

import (
	"strings"

	"github.com/minim-dev/minim/infra/local/lambda"
	"github.com/minim-dev/minim/infra/local/sns"
	"github.com/minim-dev/minim/infra/local/template"
)

// destination adds a mistake unless to is empty, or a queue, topic or function of the stack to which the function's
// role may send records.
func (d *deployment) destination(id, function, to string) {
	if to == "" {
		return
	}
	action := "sqs:SendMessage"
	if sns.IsTopic(to) {
		action = "sns:Publish"
	} else if _, ok := lambda.FunctionName(to); ok {
		action = "lambda:InvokeFunction"
	}
	d.need(id, function, action, to)
	if !d.has(to) {
		d.wrong("%s.Properties.DestinationConfig: %s is not a queue, topic or function of the stack", id, to)
	}
}

// has reports whether an ARN belongs to a queue, topic or function of the stack.
func (d *deployment) has(arn string) bool {
	for _, q := range template.Of[template.Queue](d.stack) {
		if q.ARN() == arn {
			return true
		}
	}
	for _, t := range template.Of[template.Topic](d.stack) {
		if t.ARN() == arn {
			return true
		}
	}
	for _, f := range template.Of[template.Function](d.stack) {
		if f.ARN() == arn || strings.HasPrefix(arn, f.ARN()+":") { // with a qualifier
			return true
		}
	}
	return false
}
