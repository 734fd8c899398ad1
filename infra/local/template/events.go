package template

import (
	"cmp"
	"encoding/json"
	"strings"
)

// EventBus is AWS::Events::EventBus.
type EventBus struct {
	Name                                                                                      string
	DeadLetterConfig, Description, EventSourceName, KmsKeyIdentifier, LogConfig, Policy, Tags Ignored

	arn string
}

// ARN returns the bus's ARN.
func (v *EventBus) ARN() string { return v.arn }

func (v *EventBus) setNames(p place) { v.arn = p.arn("events", "event-bus/"+v.Name) }
func (v *EventBus) ref() string      { return v.Name }
func (v *EventBus) attributes() map[string]string {
	return map[string]string{"Arn": v.arn, "Name": v.Name}
}

// Rule is AWS::Events::Rule: it sends events of a bus, or those of a schedule, to targets.
type Rule struct {
	Name, EventBusName, ScheduleExpression, State string
	EventPattern                                  json.RawMessage
	Targets                                       []RuleTarget
	Description, RoleArn, Tags                    Ignored

	arn string
}

// RuleTarget gets the events of a rule.
type RuleTarget struct {
	ID                             string `json:"Id"`
	Arn, RoleArn, Input, InputPath string
	InputTransformer               *struct {
		InputPathsMap map[string]string
		InputTemplate string
	}
	SqsParameters    struct{ MessageGroupId string }
	DeadLetterConfig struct{ Arn string }
	RetryPolicy      struct {
		MaximumRetryAttempts     *int
		MaximumEventAgeInSeconds int
	}
}

// ARN returns the rule's ARN.
func (v *Rule) ARN() string { return v.arn }

func (v *Rule) setNames(p place) {
	v.Name = p.name(v.Name)
	path := v.Name
	if bus := v.Bus(); bus != "default" {
		path = bus + "/" + v.Name
	}
	v.arn = p.arn("events", "rule/"+path)
}

// Bus returns the name of the rule's bus.
func (v *Rule) Bus() string { return BusName(v.EventBusName) }
func (v *Rule) ref() string { return v.Name }
func (v *Rule) attributes() map[string]string {
	return map[string]string{"Arn": v.arn}
}

// BusName returns the name of a bus, given its name or ARN.
func BusName(given string) string {
	return cmp.Or(given[strings.LastIndex(given, "/")+1:], "default")
}
