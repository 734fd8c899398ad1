package template

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// checkExactRoles: a function's role has exactly the permissions of its policy.yml and
// those that its events and destinations need.
func checkExactRoles(t reporter, s stack) {
	for name, id := range s.functions() {
		role := pascal(name) + "Role"
		if s.Resources[role].get("ManagedPolicyArns") != nil {
			t.Errorf("%s has managed policies", role)
		}
		got, want := map[string]bool{}, s.stated(t, name)
		grants(got, s.statements(role))
		grants(want, s.implied(t, name, id))
		for _, grant := range slices.Sorted(maps.Keys(got)) {
			if !want[grant] {
				t.Errorf("%s allows more than needed: %s", role, grant)
			}
		}
		for _, grant := range slices.Sorted(maps.Keys(want)) {
			if !got[grant] {
				t.Errorf("%s lacks %s", role, grant)
			}
		}
	}
}

// grants adds each action on each resource of the statements, with its condition.
func grants(to map[string]bool, statements []any) {
	for _, statement := range statements {
		for _, action := range strs(follow(statement, "Action")) {
			for _, resource := range strs(follow(statement, "Resource")) {
				grant := action + " on " + resource
				if condition := follow(statement, "Condition"); condition != nil {
					grant += " if " + text(condition)
				}
				to[grant] = true
			}
		}
	}
}

// implied returns the permissions of a function besides those of its policy.yml.
func (s stack) implied(t reporter, name, id string) []any {
	statement := func(resource any, actions ...string) any {
		list := make([]any, len(actions))
		for i, action := range actions {
			list[i] = action
		}
		return map[string]any{"Action": list, "Resource": resource}
	}
	group := map[string]any{"Fn::Sub": "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/" + s.name(name) + ":*"}
	all := []any{statement(group, "logs:CreateLogStream", "logs:PutLogEvents")}
	if s.traced(t) {
		all = append(all, statement("*", "xray:PutTraceSegments", "xray:PutTelemetryRecords"))
	}
	for _, mapping := range s.of("AWS::Lambda::EventSourceMapping") {
		r := s.Resources[mapping]
		if text(r.get("FunctionName.Fn::GetAtt.0")) != text(id) {
			continue
		}
		if text(follow(r.get("EventSourceArn"), "Fn::GetAtt.1")) == `"StreamArn"` {
			all = append(all, statement(r.get("EventSourceArn"), "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"))
		} else {
			all = append(all, statement(r.get("EventSourceArn"), "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"))
		}
		if to := r.get("DestinationConfig.OnFailure.Destination"); to != nil {
			all = append(all, statement(to, "sqs:SendMessage"))
		}
	}
	for _, config := range s.of("AWS::Lambda::EventInvokeConfig") {
		if text(s.Resources[config].get("FunctionName.Ref")) == text(id) {
			all = append(all, statement(s.Resources[config].get("DestinationConfig.OnFailure.Destination"), "sqs:SendMessage"))
		}
	}
	return all
}

// stated returns the permissions of a function's policy.yml.
func (s stack) stated(t reporter, name string) map[string]bool {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(root, "functions", name, "policy.yml"))
	if err != nil {
		t.Error(err)
	}
	var document yaml.Node
	if err := yaml.Unmarshal(source, &document); err != nil {
		t.Errorf("%s/policy.yml: %v", name, err)
	}
	found := map[string]bool{}
	settings := s.settings(t)
	for _, node := range document.Content {
		list, _ := s.value(node, settings).([]any)
		grants(found, list)
	}
	return found
}

// settings returns the stage's values by the variables of osls.
func (s stack) settings(t reporter) *strings.Replacer {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(root, "infra", "stages", s.stage+".yml"))
	if err != nil {
		t.Error(err)
	}
	var stage map[string]yaml.Node
	if err := yaml.Unmarshal(source, &stage); err != nil {
		t.Errorf("%s.yml: %v", s.stage, err)
	}
	known := []string{"${self:service}", s.service, "${sls:stage}", s.stage}
	for name, node := range stage {
		known = append(known, "${self:custom.stage."+name+"}", node.Value)
		for at := 0; at+1 < len(node.Content) && node.Kind == yaml.MappingNode; at += 2 { // {from: …} as users.from, or else nothing
			known = append(known, "${self:custom.stage."+name+"."+node.Content[at].Value+", ''}", node.Content[at+1].Value)
		}
	}
	return strings.NewReplacer(known...)
}

// value converts YAML with CloudFormation's tags to the JSON that osls writes.
func (s stack) value(node *yaml.Node, settings *strings.Replacer) any {
	switch node.Kind {
	case yaml.SequenceNode:
		list := make([]any, len(node.Content))
		for i, each := range node.Content {
			list[i] = s.value(each, settings)
		}
		return list
	case yaml.MappingNode:
		object := map[string]any{}
		for i := 0; i+1 < len(node.Content); i += 2 {
			object[node.Content[i].Value] = s.value(node.Content[i+1], settings)
		}
		return object
	}
	plain := settings.Replace(node.Value)
	switch node.Tag {
	case "!Ref":
		return map[string]any{"Ref": plain}
	case "!Sub":
		return map[string]any{"Fn::Sub": plain}
	case "!GetAtt":
		id, attribute, _ := strings.Cut(plain, ".")
		return map[string]any{"Fn::GetAtt": []any{id, attribute}}
	}
	return plain
}
