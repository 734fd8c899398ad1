package template

import (
	"os"
	"path/filepath"
	"slices"

	"gopkg.in/yaml.v3"
)

// file reads YAML without relevant CloudFormation tags. A missing file counts as empty.
func file(t reporter, parts ...string) map[string]any {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(append([]string{root}, parts...)...))
	if os.IsNotExist(err) {
		return nil
	}
	var found map[string]any
	if err == nil {
		err = yaml.Unmarshal(source, &found)
	}
	if err != nil {
		t.Errorf("%v: %v", parts, err)
	}
	return found
}

// checkStageSettings: the stack has the settings of the stage in infra/stages/.
func checkStageSettings(t reporter, s stack) {
	stage := file(t, "infra", "stages", s.stage+".yml")
	for _, rule := range []struct{ kind, path, from string }{
		{"AWS::ApiGatewayV2::Stage", "DefaultRouteSettings.ThrottlingRateLimit", "throttle.rate"},
		{"AWS::ApiGatewayV2::Stage", "DefaultRouteSettings.ThrottlingBurstLimit", "throttle.burst"},
		{"AWS::Budgets::Budget", "Budget.BudgetLimit.Amount", "alerts.budget"},
		{"AWS::DynamoDB::Table", "DeletionProtectionEnabled", "protect"},
		{"AWS::Logs::LogGroup", "RetentionInDays", "logRetention"},
		{"AWS::Scheduler::Schedule", "ScheduleExpressionTimezone", "timeZone"},
		{"AWS::WAFv2::WebACL", "Rules.0.Statement.RateBasedStatement.Limit", "waf.rate"},
	} {
		for _, id := range s.of(rule.kind) {
			s.Resources[id].want(t, id, rule.path, follow(stage, rule.from))
		}
	}
	s.checkConcurrency(t, stage)
	variables := map[string]string{"FALLBACK_URL": "fallbackUrl", "REPORT_MAIL": "reportMail", "CODE_SEED": "codeSeed"}
	for name, id := range s.functions() {
		for variable, from := range variables {
			if got := s.Resources[id].get("Environment.Variables." + variable); got != nil && got != stage[from] {
				t.Errorf("%s: %s is %v, but the stage's setting is %v", name, variable, got, stage[from])
			}
		}
		s.Resources[id].want(t, name, "ReservedConcurrentExecutions", follow(stage["concurrency"], name))
	}
	email, _ := follow(stage, "alerts.email").(string)
	if email == "${env:ALERTS_EMAIL, ''}" {
		email = os.Getenv("ALERTS_EMAIL")
	}
	want := map[string]any{"accountConcurrency": stage["accountConcurrency"], "alertsEmail": email, "protect": stage["protect"]}
	if stage["alerts"] == nil {
		want["alertsEmail"] = "none"
	}
	if text(s.Metadata["Stage"]) != text(want) {
		t.Errorf("make deploy reads %s, want %s", text(s.Metadata["Stage"]), text(want))
	}
	reported := slices.ContainsFunc(s.of("AWS::SNS::Subscription"), func(id string) bool {
		r := s.Resources[id]
		topic, _ := r.get("TopicArn.Ref").(string)
		return s.Resources[topic].Type == "AWS::SNS::Topic" && r.get("Protocol") == "email" && r.get("Endpoint") == email
	})
	if reported != (email != "" && email != "none") {
		t.Errorf("alerts go to %q: %t", email, reported)
	}
	s.checkThrottles(t, follow(stage, "throttle.routes") == true)
}

// checkConcurrency: counting leaves most of the account's concurrent executions to visitors.
func (s stack) checkConcurrency(t reporter, stage map[string]any) {
	t.Helper()
	account, _ := stage["accountConcurrency"].(int)
	counters, _ := stage["counters"].(int)
	s.Resources["ClickDashcountEventSourceMappingSQSClicksQueue"].want(t, "click-count", "ScalingConfig.MaximumConcurrency", max(2, min(counters, account/5)))
	s.Resources["ConcurrencyAlarm"].want(t, "ConcurrencyAlarm", "Threshold", account*4/5)
}

// checkThrottles: a route has the limit of its function, if that has one.
func (s stack) checkThrottles(t reporter, limited bool) {
	t.Helper()
	routes := map[string]any{}
	for _, id := range s.of("AWS::ApiGatewayV2::Route") {
		r := s.Resources[id]
		integration, _ := follow(r.get("Target"), "Fn::Join.1.1.Ref").(string)
		function := s.target(s.Resources[integration].get("IntegrationUri"))
		for name, id := range s.functions() {
			throttle := file(t, "functions", name, "limits.yml")["throttle"]
			if key, _ := r.get("RouteKey").(string); id == function && throttle != nil && limited {
				routes[key] = map[string]any{"ThrottlingRateLimit": follow(throttle, "rate"), "ThrottlingBurstLimit": follow(throttle, "burst")}
			}
		}
	}
	got := s.Resources["HttpApiStage"].get("RouteSettings")
	if got == nil {
		got = map[string]any{}
	}
	if text(got) != text(routes) {
		t.Errorf("routes are limited to %s, but limits.yml has %s", text(got), text(routes))
	}
}
