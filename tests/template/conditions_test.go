package template

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// conditions are a template's conditions, evaluated for a region. A parameter is not equal to any value.
type conditions struct {
	all, mappings map[string]any
	region        string
}

// holds evaluates an expression of the template's Conditions, or the condition of a name.
func (c conditions) holds(expression any) bool {
	if name, ok := expression.(string); ok {
		expression = c.all[name]
	}
	node, _ := expression.(map[string]any)
	for function, argument := range node {
		list, _ := argument.([]any)
		switch function {
		case "Condition":
			return c.holds(argument)
		case "Fn::Not":
			return !c.holds(list[0])
		case "Fn::And":
			return !slices.ContainsFunc(list, func(each any) bool { return !c.holds(each) })
		case "Fn::Or":
			return slices.ContainsFunc(list, c.holds)
		case "Fn::Equals":
			return c.scalar(list[0]) == c.scalar(list[1])
		}
	}
	panic(fmt.Sprintf("no condition: %s", text(expression)))
}

// scalar returns a value in the form in which CloudFormation compares it.
func (c conditions) scalar(value any) string {
	if follow(value, "Ref") == "AWS::Region" {
		return c.region
	}
	if keys := strs(follow(value, "Fn::FindInMap")); len(keys) == 3 {
		return fmt.Sprint(follow(c.mappings, strings.Join(keys, ".")))
	}
	return fmt.Sprint(value)
}

// resolved replaces each Fn::If in a value by its branch, and reports whether a value remains.
func (c conditions) resolved(value any) (any, bool) {
	switch node := value.(type) {
	case []any:
		var list []any
		for _, each := range node {
			if one, ok := c.resolved(each); ok {
				list = append(list, one)
			}
		}
		return list, true
	case map[string]any:
		if branches, ok := node["Fn::If"].([]any); ok && len(branches) == 3 {
			if c.holds(branches[0]) {
				return c.resolved(branches[1])
			}
			return c.resolved(branches[2])
		}
		if node["Ref"] == "AWS::NoValue" {
			return nil, false
		}
		object := map[string]any{}
		for key, each := range node {
			if one, ok := c.resolved(each); ok {
				object[key] = one
			}
		}
		return object, true
	}
	return value, true
}

// applyConditions removes the resources whose conditions are false in the stack's region.
func (s *stack) applyConditions() {
	c := conditions{s.Conditions, s.Mappings, s.region}
	s.declared = len(s.Resources)
	for id, r := range s.Resources {
		if r.Condition != "" && !c.holds(r.Condition) {
			delete(s.Resources, id)
			continue
		}
		if r.Properties != nil {
			r.Properties, _ = c.resolved(r.Properties)
		}
		s.Resources[id] = r
	}
}

// TestConditions: the optional resources are in the stack if and only if the stage has their setting.
func TestConditions(t *testing.T) {
	optional := map[string][]string{ // by the setting that it depends on
		"waf":        {"Firewall"},
		"domain":     {"Certificate", "DomainRecord", "DomainRecordV6"},
		"accessLogs": {"LogsBucket", "LogsBucketPolicy", "EdgeLogSource", "EdgeLogDestination", "EdgeLog"},
		"alerts":     {"AlertsKey", "AlertsTopic", "AlertsTopicPolicy", "Budget"},
	}
	for _, stage := range stages() {
		s := load(t, stage)
		settings := file(t, "infra", "stages", stage+".yml")
		for setting, ids := range optional {
			on := settings[setting] != nil && settings[setting] != false
			for _, id := range ids {
				if got := s.Resources[id].Type != ""; got != on {
					t.Errorf("%s: %s is %v, and %s is in the stack: %t", stage, setting, settings[setting], id, got)
				}
			}
		}
	}
}
