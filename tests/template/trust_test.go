package template

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// checkTrust: only the service of a role's user can assume the role.
func checkTrust(t reporter, s stack) {
	services := map[string]string{
		"AWS::Lambda::Function": "lambda", "AWS::Scheduler::Schedule": "scheduler", "AWS::CodeDeploy::DeploymentGroup": "codedeploy",
		"AWS::ApiGatewayV2::Integration": "apigateway", "AWS::ApiGatewayV2::Authorizer": "apigateway",
	}
	users := map[string]string{}
	for _, r := range s.Resources {
		for _, target := range references(r.Properties) {
			if s.Resources[target].Type == "AWS::IAM::Role" {
				users[target] = r.Type
			}
		}
	}
	for _, role := range s.of("AWS::IAM::Role") {
		service, ok := services[users[role]]
		if !ok {
			t.Errorf("%s is a role of nothing, or of %q, of which this test knows no service", role, users[role])
			continue
		}
		want := map[string]any{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": map[string]any{"Service": service + ".amazonaws.com"}}
		if service == "scheduler" { // schedules of another account must not use it
			want["Condition"] = ofThisAccount()
		}
		s.Resources[role].want(t, role, "AssumeRolePolicyDocument.Statement", []any{want})
		s.Resources[role].want(t, role, "AssumeRolePolicyDocument.Version", "2012-10-17")
		var managed any
		if service == "codedeploy" {
			managed = []any{map[string]any{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited"}}
		}
		s.Resources[role].want(t, role, "ManagedPolicyArns", managed)
	}
}

func ofThisAccount() map[string]any {
	return map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": map[string]any{"Ref": "AWS::AccountId"}}}
}

// checkScheduleRole: the role may start the scheduled functions and send failed starts to
// the failures queue, and nothing else.
func checkScheduleRole(t reporter, s stack) {
	got, want := map[string]map[string]bool{}, map[string]map[string]bool{}
	for _, id := range s.of("AWS::Scheduler::Schedule") {
		r := s.Resources[id]
		role, _ := r.get("Target.RoleArn.Fn::GetAtt.0").(string)
		function := s.Resources[s.target(r.get("Target.Arn"))].get("FunctionName")
		if want[role] == nil {
			got[role], want[role] = map[string]bool{}, map[string]bool{}
			grants(got[role], s.statements(role))
		}
		arn := map[string]any{"Fn::Sub": "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:" + fmt.Sprint(function)}
		grants(want[role], []any{
			map[string]any{"Action": "lambda:InvokeFunction", "Resource": arn},
			map[string]any{"Action": "sqs:SendMessage", "Resource": r.get("Target.DeadLetterConfig.Arn")},
		})
	}
	for role := range want {
		if !maps.Equal(got[role], want[role]) {
			t.Errorf("%s allows %v, want %v", role, slices.Sorted(maps.Keys(got[role])), slices.Sorted(maps.Keys(want[role])))
		}
	}
}

// checkAPIRole: the API invokes its functions with one role, which may invoke exactly these.
func checkAPIRole(t reporter, s stack) {
	role := map[string]any{"Fn::GetAtt": []any{"ApiRole", "Arn"}}
	got, want := map[string]bool{}, map[string]bool{}
	grants(got, s.statements("ApiRole"))
	for kind, properties := range map[string][2]string{
		"AWS::ApiGatewayV2::Integration": {"IntegrationUri", "CredentialsArn"},
		"AWS::ApiGatewayV2::Authorizer":  {"AuthorizerUri", "AuthorizerCredentialsArn"},
	} {
		for _, id := range s.of(kind) {
			r := s.Resources[id]
			r.want(t, id, properties[1], role)
			for _, invoked := range s.invoked(r.get(properties[0])) {
				name := fmt.Sprint(s.Resources[invoked].get("FunctionName"))
				if live := s.Resources[invoked]; live.Type == "AWS::Lambda::Alias" {
					function, _ := live.get("FunctionName.Ref").(string)
					name = fmt.Sprint(s.Resources[function].get("FunctionName"), ":", live.get("Name"))
				}
				arn := map[string]any{"Fn::Sub": "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:" + name}
				grants(want, []any{map[string]any{"Action": "lambda:InvokeFunction", "Resource": arn}})
			}
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("ApiRole allows %v, want %v", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	}
}

// checkNoOtherIdentities: permissions are in roles only, which the other checks cover.
func checkNoOtherIdentities(t reporter, s stack) {
	for _, kind := range []string{"AccessKey", "Group", "ManagedPolicy", "Policy", "RolePolicy", "User", "UserPolicy"} {
		for _, id := range s.of("AWS::IAM::" + kind) {
			t.Errorf("%s is a %s: put its permissions into a function's policy.yml", id, kind)
		}
	}
	for _, id := range s.of("AWS::Lambda::Url") {
		t.Errorf("%s bypasses the edge", id)
	}
}

// checkInvokers: exactly the services that invoke a function without a role have its permission.
func checkInvokers(t reporter, s stack) {
	permitted := map[string][]string{} // permissions by invoker and function
	for _, id := range s.of("AWS::Lambda::Permission") {
		r := s.Resources[id]
		r.want(t, id, "Action", "lambda:InvokeFunction")
		invoked := s.invoked(r.get("FunctionName"))
		who := fmt.Sprint(r.get("Principal"), " ", invoked)
		permitted[who] = append(permitted[who], id)
		// Without a source, a permission would apply to everybody's buckets and APIs.
		if r.get("SourceArn") == nil {
			t.Errorf("%s lets everything of %v invoke %v", id, r.get("Principal"), invoked)
		}
		if r.get("Principal") == "s3.amazonaws.com" { // its ARNs have no account
			r.want(t, id, "SourceAccount", map[string]any{"Ref": "AWS::AccountId"})
		}
	}
	used := map[string]bool{}
	need := func(id, service string, function any) {
		call := fmt.Sprint(service, ".amazonaws.com ", s.invoked(function))
		if permitted[call] == nil {
			t.Errorf("%s has no permission for its call: %s", id, call)
		}
		for _, permission := range permitted[call] {
			used[permission] = true
		}
	}
	for _, call := range s.asynchronous() {
		if service := callers[s.Resources[call.by].Type]; service != "" {
			need(call.by, service, map[string]any{"Ref": call.function})
		}
	}
	for _, id := range s.of("AWS::Lambda::Permission") {
		if !used[id] {
			t.Errorf("%s lets %v invoke a function without need", id, s.Resources[id].get("Principal"))
		}
	}
}

// invoked lists the functions and aliases that a value refers to.
func (s stack) invoked(value any) []string {
	return slices.DeleteFunc(references(value), func(id string) bool { return !strings.HasPrefix(s.Resources[id].Type, "AWS::Lambda::") })
}

// callers returns the services whose calls a function must permit.
var callers = map[string]string{"AWS::S3::Bucket": "s3", "AWS::SNS::Subscription": "sns", "AWS::Logs::SubscriptionFilter": "logs"}
