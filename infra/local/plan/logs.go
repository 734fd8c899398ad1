package plan

import (
	"errors"
	"fmt"

	"github.com/minim-dev/minim/infra/local/lambda"
	"github.com/minim-dev/minim/infra/local/logs"
	"github.com/minim-dev/minim/infra/local/template"
)

// perGroup is the maximum number of subscription filters of a log group.
const perGroup = 2

// logs plans the subscriptions of functions to the logs of other functions.
func (p *planner) logs() (all []logs.Subscription, err error) {
	groups, writers := map[string]int{}, map[string]*template.Function{} // both by log group
	for _, g := range template.Of[template.LogGroup](p.stack) {
		groups[g.LogGroupName] = 0
	}
	for _, f := range template.Of[template.Function](p.stack) {
		writers["/aws/lambda/"+f.FunctionName] = f
	}
	var errs []error
	readers := map[string][]string{} // subscribed functions by the function that logs
	for id, f := range template.Of[template.SubscriptionFilter](p.stack) {
		at := id + ".Properties"
		wrong := func(place, format string, args ...any) {
			errs = append(errs, fmt.Errorf("%s.%s: %w", at, place, fmt.Errorf(format, args...)))
		}
		filter, err := logs.ParseFilter(f.FilterPattern)
		if err != nil {
			wrong("FilterPattern", "%w", err)
		}
		to, ok := lambda.FunctionName(f.DestinationArn)
		if !ok {
			wrong("DestinationArn", "%q is not a function, and the local cloud delivers logs to no other", f.DestinationArn)
		}
		from, ok := writers[f.LogGroupName]
		if _, declared := groups[f.LogGroupName]; !declared {
			wrong("LogGroupName", "the stack has no AWS::Logs::LogGroup %q", f.LogGroupName)
		} else if !ok {
			wrong("LogGroupName", "no function of the stack logs to %q, and the local cloud has no other logs", f.LogGroupName)
		}
		if groups[f.LogGroupName]++; groups[f.LogGroupName] == perGroup+1 {
			wrong("LogGroupName", "%s has more than %d subscription filters", f.LogGroupName, perGroup)
		}
		if from == nil {
			continue
		}
		if reaches(readers, to, from.FunctionName) {
			wrong("LogGroupName", "%s would receive its own logs: a subscription loop", to)
			continue
		}
		readers[from.FunctionName] = append(readers[from.FunctionName], to)
		all = append(all, logs.Subscription{
			Name: f.FilterName, Group: f.LogGroupName, From: from.FunctionName, To: to, Filter: filter, Pattern: f.FilterPattern,
			Newline: from.LoggingConfig.LogFormat != "JSON",
		})
	}
	return all, errors.Join(errs...)
}

// reaches reports whether the log of one function reaches another function, directly or through others. The map
// must not contain loops.
func reaches(readers map[string][]string, from, to string) bool {
	if from == to {
		return true
	}
	for _, reader := range readers[from] {
		if reaches(readers, reader, to) {
			return true
		}
	}
	return false
}
