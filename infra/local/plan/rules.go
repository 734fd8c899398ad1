package plan

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/minim-dev/minim/infra/local/bus"
	"github.com/minim-dev/minim/infra/local/iam"
	"github.com/minim-dev/minim/infra/local/pattern"
	"github.com/minim-dev/minim/infra/local/schedule"
	"github.com/minim-dev/minim/infra/local/template"
)

// rules plans the rules of the stack's event buses. Rules with a schedule are added to the plan's schedules, too.
func (p *planner) rules(plan *Plan) (buses []string, all []bus.Rule, err error) {
	buses = []string{bus.Default}
	for _, b := range template.Of[template.EventBus](p.stack) {
		buses = append(buses, b.Name)
	}
	var errs []error
	for id, v := range template.Of[template.Rule](p.stack) {
		at := id + ".Properties"
		r := bus.Rule{Name: v.Name, ARN: v.ARN(), Bus: v.Bus(), Disabled: v.State == "DISABLED"}
		if !slices.Contains(buses, r.Bus) {
			errs = append(errs, fmt.Errorf("%s.EventBusName: %q is not a bus of the stack", at, v.EventBusName))
		}
		if len(v.EventPattern) > 0 {
			if r.Pattern, err = pattern.ParseRule(string(v.EventPattern)); err != nil {
				errs = append(errs, fmt.Errorf("%s.EventPattern: %w", at, err))
			}
			if source := foreign(string(v.EventPattern)); source != "" {
				p.note("%s.EventPattern: the local cloud sends no events of %s; PutEvents, and the console's invocations, do", at, source)
			}
		}
		if v.ScheduleExpression != "" {
			s := schedule.Schedule{Name: v.Name, ARN: v.ARN(), Expression: v.ScheduleExpression, Target: v.ARN(), Disabled: r.Disabled, MaxAge: 24 * time.Hour}
			errs = append(errs, schedule.Check([]schedule.Schedule{s}))
			plan.Schedules = append(plan.Schedules, s)
		}
		for i, t := range v.Targets {
			target, err := p.ruleTarget(fmt.Sprintf("%s.Targets[%d]", at, i), t)
			errs = append(errs, err)
			r.Targets = append(r.Targets, target)
		}
		all = append(all, r)
	}
	return buses, all, errors.Join(errs...)
}

// foreign returns the first AWS service among the sources of a pattern, or "".
func foreign(pattern string) string {
	_, rest, found := strings.Cut(pattern, `"aws.`)
	source, _, _ := strings.Cut(rest, `"`)
	if !found {
		return ""
	}
	return "aws." + source
}

func (p *planner) ruleTarget(at string, t template.RuleTarget) (bus.Target, error) {
	out := bus.Target{ID: t.ID, ARN: t.Arn, Input: t.Input, Path: t.InputPath, DeadLetter: t.DeadLetterConfig.Arn, MessageGroupID: t.SqsParameters.MessageGroupId}
	if x := t.InputTransformer; x != nil {
		out.Paths, out.Template = x.InputPathsMap, x.InputTemplate
	}
	if !(&deployment{planner: p}).has(t.Arn) {
		return out, fmt.Errorf("%s.Arn: %s is not a queue, topic or function of the stack", at, t.Arn)
	}
	return out, nil
}

// ruleTargets checks the permissions that rules need to deliver events.
func (d *deployment) ruleTargets() {
	const events = "events.amazonaws.com"
	for id, r := range template.Of[template.Rule](d.stack) {
		for i, t := range r.Targets {
			at := fmt.Sprintf("%s.Properties.Targets[%d]", id, i)
			switch action := deliver(t.Arn); {
			case t.RoleArn != "":
				d.assumed(id, fmt.Sprintf("Targets[%d].RoleArn", i), t.RoleArn, events, t.Arn, r.ARN())
			case action == "lambda:InvokeFunction":
				d.invoked(at, t.Arn, events, r.ARN())
			case action == "sqs:SendMessage":
				d.receives(at, t.Arn, events, r.ARN())
			}
		}
	}
}

// receives adds a mistake unless a policy of the queue lets a service send messages on behalf of a source.
func (d *deployment) receives(at, queue, service, source string) {
	for _, q := range template.Of[template.Queue](d.stack) {
		if q.ARN() != queue {
			continue
		}
		for pid, policy := range template.Of[template.QueuePolicy](d.stack) {
			if !slices.Contains(policy.Queues, q.URL()) {
				continue
			}
			ok, err := iam.Permits(policy.PolicyDocument, service, iam.Request{
				Action: "sqs:SendMessage", Resource: queue, Context: map[string]string{"aws:sourcearn": source, "aws:sourceaccount": d.o.Account, "aws:securetransport": "true"},
			})
			if err != nil {
				d.wrong("%s.Properties.PolicyDocument.%w", pid, err)
			}
			if ok || err != nil {
				return
			}
		}
		d.wrong("%s: an AWS::SQS::QueuePolicy must let %s send messages (sqs:SendMessage) to %s for %s", at, service, queue, source)
	}
}
