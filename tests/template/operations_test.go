package template

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// watched returns the alarm that watches a metric of a resource, and its measure.
func (s stack) watched() map[string]measure {
	found := map[string]measure{}
	for _, id := range s.of("AWS::CloudWatch::Alarm") {
		for _, m := range s.Resources[id].measures() {
			if len(m.dimensions) > 2 || m.dimensions["ExecutedVersion"] != nil || m.dimensions["version"] != nil {
				continue // the alarm of a version
			}
			var of any
			for _, name := range []string{"FunctionName", "QueueName", "ApiId", "DistributionId", "function"} {
				if m.dimensions[name] != nil {
					of = m.dimensions[name]
				}
			}
			m.alarm = id
			found[m.metric+text(of)] = m
		}
	}
	return found
}

// checkAlarms: alarms watch each function for failures, throttles and slowness and each
// queue for messages that remain in it, and notify somebody.
func checkAlarms(t reporter, s stack) {
	watched := s.watched()
	for _, id := range s.of("AWS::CloudWatch::Alarm") {
		r := s.Resources[id]
		if s.aws() {
			tell := []any{map[string]any{"Ref": "AlertsTopic"}}
			r.want(t, id, "AlarmActions", tell)
			// A canary's alarm is created with each deployment, and a new alarm starts as OK.
			if !strings.Contains(text(r.get("Metrics")), `"ExecutedVersion"`) {
				r.want(t, id, "OKActions", tell)
			}
		}
	}
	for name, id := range s.functions() {
		alarms := file(t, "functions", name, "limits.yml")["alarms"]
		own := func(setting string, otherwise float64) float64 {
			value := fmt.Sprint(follow(alarms, setting))
			if number, err := strconv.ParseFloat(value, 64); err == nil {
				return number
			}
			return otherwise
		}
		timeout, _ := s.Resources[id].get("Timeout").(float64)
		for metric, want := range map[string]float64{"Errors": own("errors", 1), "Throttles": own("throttles", 1), "Duration": math.Round(timeout * 1000 * own("duration", 0.8))} {
			m := watched[metric+text(s.name(name))]
			if m.alarm == "" {
				t.Errorf("%s has no alarm for its %s", name, strings.ToLower(metric))
			} else if m.limit != want || metric == "Duration" && (want >= timeout*1000 || m.statistic != "p99") {
				t.Errorf("%s: %s alarms from %v of its %s on, want %v", name, m.alarm, m.limit, m.statistic+" "+metric, want)
			}
		}
	}
	for _, queue := range s.of("AWS::SQS::Queue") {
		name := `{"Fn::GetAtt":["` + queue + `","QueueName"]}`
		metric := "ApproximateNumberOfMessagesVisible"
		if s.Resources[queue].get("RedrivePolicy") != nil {
			metric = "ApproximateAgeOfOldestMessage"
		}
		if watched[metric+name].alarm == "" {
			t.Errorf("%s has no alarm for its %s", queue, metric)
		}
	}
	s.checkTableAlarms(t)
	for _, id := range s.of("AWS::Lambda::EventSourceMapping") {
		mapping := s.Resources[id]
		name := text(s.Resources[s.target(mapping.get("FunctionName"))].get("FunctionName"))
		if text(mapping.get("EventSourceArn.Fn::GetAtt.1")) == `"StreamArn"` && watched["IteratorAge"+name].alarm == "" {
			t.Errorf("no alarm goes off when stream records wait for %s", name)
		}
	}
	for _, config := range s.of("AWS::Lambda::EventInvokeConfig") {
		function, _ := s.Resources[config].get("FunctionName.Ref").(string)
		if watched["DestinationDeliveryFailures"+text(s.Resources[function].get("FunctionName"))].alarm == "" {
			t.Errorf("no alarm goes off when failures of %s are lost", function)
		}
	}
	for _, id := range s.of("AWS::Scheduler::Schedule") {
		name := text(s.Resources[s.target(s.Resources[id].get("Target.Arn"))].get("FunctionName"))
		s.checkSilence(t, name, watched["Invocations"+name].alarm, s.Resources[id].get("ScheduleExpression"))
	}
	for _, metric := range []string{`ConcurrentExecutionsnull`, `5xx{"Ref":"HttpApi"}`, `5xxErrorRate{"Ref":"Distribution"}`, `ClicksLost` + text(s.name("link-redirect")), `HostRulesFailed` + text(s.name("link-edit"))} {
		if strings.Contains(metric, "Distribution") && !s.edgeMetrics() {
			continue
		}
		if watched[metric].alarm == "" {
			t.Errorf("there is no alarm for %s", metric)
		}
	}
}

// edgeMetrics reports whether an alarm of the stack can watch CloudFront: its metrics are in us-east-1 only, and
// an alarm can only watch metrics of its own region.
func (s stack) edgeMetrics() bool { return s.region == "us-east-1" }

// checkSilence: if a function with a schedule is not started, an alarm goes off after more than one
// interval, and within three intervals or 26 hours.
func (s stack) checkSilence(t reporter, name, alarm string, expression any) {
	t.Helper()
	text := fmt.Sprint(expression)
	seconds := 24.0 * 3600
	if rate := regexp.MustCompile(`^rate\((\d+) (minute|hour)s?\)$`).FindStringSubmatch(text); rate != nil {
		count, _ := strconv.Atoi(rate[1])
		seconds = float64(count) * map[string]float64{"minute": 60, "hour": 3600}[rate[2]]
	} else if !regexp.MustCompile(`^cron\(\d+ \d+ \* \* \? \*\)$`).MatchString(text) && text != "rate(1 day)" {
		return // CloudWatch looks back seven days at most
	}
	if alarm == "" {
		t.Errorf("no alarm goes off when %s is not started", name)
		return
	}
	period, _ := s.Resources[alarm].get("Period").(float64)
	periods, _ := s.Resources[alarm].get("EvaluationPeriods").(float64)
	if all := period * periods; all <= seconds || all > max(3*seconds, 26*3600) || seconds == 24*3600 && all < 26*3600 {
		t.Errorf("%s: %v seconds without a start of %v", alarm, all, expression)
	}
}

// checkRefusals: alarms go off if many requests are refused at the edge, by the API, or by its limits.
func checkRefusals(t reporter, s stack) {
	if !s.aws() {
		return
	}
	for id, want := range map[string][]string{
		"ApiRefusedAlarm":  {`"4xx"{"ApiId":{"Ref":"HttpApi"}}Sum`, `"Count"{"ApiId":{"Ref":"HttpApi"}}Sum`},
		"EdgeRefusedAlarm": {`"4xxErrorRate"{"DistributionId":{"Ref":"Distribution"},"Region":"Global"}Average`, `"Requests"{"DistributionId":{"Ref":"Distribution"},"Region":"Global"}Sum`},
		"ThrottledAlarm":   {text(s.name("throttled")) + `{}Sum`},
	} {
		if id == "EdgeRefusedAlarm" && !s.edgeMetrics() {
			continue
		}
		var got []string
		for _, m := range s.Resources[id].measures() {
			got = append(got, text(m.metric)+text(m.dimensions)+m.statistic)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s looks at %v, want %v", id, got, want)
		}
	}
	for _, id := range []string{"ApiRefusedAlarm", "EdgeRefusedAlarm"} {
		if id == "EdgeRefusedAlarm" && !s.edgeMetrics() {
			continue
		}
		r := s.Resources[id]
		expression := map[string]string{"ApiRefusedAlarm": "IF(whole >= 100, 100 * part / whole, 0)", "EdgeRefusedAlarm": "IF(whole >= 100, part, 0)"}[id]
		r.want(t, id, "Metrics.0.Expression", expression)
		r.want(t, id, "Metrics.1.Id", "part")
		r.want(t, id, "Metrics.2.Id", "whole")
		if percent, _ := r.get("Threshold").(float64); percent < 10 || percent > 90 {
			t.Errorf("%s goes off at %v percent", id, percent)
		}
	}
	s.Resources["Throttled"].want(t, "Throttled", "LogGroupName.Ref", "HttpApiLogGroup")
	s.Resources["Throttled"].want(t, "Throttled", "FilterPattern", `{ $.status = "429" }`)
	if format, _ := s.Resources["HttpApiStage"].get("AccessLogSettings.Format").(string); !strings.Contains(format, `"status":"$context.status"`) {
		t.Errorf("the access log does not contain the status in the form that the filter reads: %s", format)
	}
}

// checkProbe: if the stage has a probe, it requests /api/health from outside, at the address that visitors use.
func checkProbe(t reporter, s stack) {
	stage := file(t, "infra", "stages", s.stage+".yml")
	wanted := stage["probe"] == true && s.edgeMetrics()
	if probes := s.of("AWS::Route53::HealthCheck"); (len(probes) == 1) != wanted {
		t.Errorf("the probes are %v, but the stage in %s has the setting %v", probes, s.region, stage["probe"])
	}
	if !wanted {
		return
	}
	var name any = map[string]any{"Fn::GetAtt": []string{"Distribution", "DomainName"}}
	if domain := follow(stage, "domain.name"); domain != nil {
		name = domain
	}
	s.Resources["Probe"].want(t, "Probe", "HealthCheckConfig", map[string]any{
		"Type": "HTTPS", "FullyQualifiedDomainName": name, "Port": 443, "ResourcePath": "/api/health", "EnableSNI": true,
		"RequestInterval": 30, "FailureThreshold": 3, "Regions": []string{"us-east-1", "eu-west-1", "ap-southeast-1"},
	})
	alarm := s.Resources["UnreachableAlarm"]
	alarm.want(t, "UnreachableAlarm", "Dimensions.0.Value.Ref", "Probe")
	if route := text(s.Resources["HttpApiRouteGetApiHealth"].get("RouteKey")); route != `"GET /api/health"` {
		t.Errorf("the probe requests /api/health, but the route is %s", route)
	}
}

// checkTableAlarms: alarms watch each table and index for throttled requests.
func (s stack) checkTableAlarms(t reporter) {
	t.Helper()
	watched := map[string]bool{}
	for _, id := range s.of("AWS::CloudWatch::Alarm") {
		for _, m := range s.Resources[id].measures() {
			watched[m.metric+text(m.dimensions["TableName"])+text(m.dimensions["GlobalSecondaryIndexName"])] = true
		}
	}
	for _, id := range s.of("AWS::DynamoDB::Table") {
		places := []any{nil}
		indexes, _ := s.Resources[id].get("GlobalSecondaryIndexes").([]any)
		for _, index := range indexes {
			places = append(places, follow(index, "IndexName"))
		}
		for _, place := range places {
			for _, metric := range []string{"ReadThrottleEvents", "WriteThrottleEvents"} {
				if !watched[metric+text(map[string]any{"Ref": id})+text(place)] {
					t.Errorf("no alarm watches the %s of %s %s", metric, id, text(place))
				}
			}
		}
	}
}

// checkAlerts: there are a recipient of alarms, a budget, and a dashboard with all functions.
func checkAlerts(t reporter, s stack) {
	if !s.aws() {
		return
	}
	if len(s.of("AWS::SNS::Topic")) == 0 {
		t.Error("alarms have no recipient")
	}
	if limit, _ := s.Resources["Budget"].get("Budget.BudgetLimit.Amount").(float64); limit <= 0 {
		t.Error("there is no budget")
	}
	// CloudFormation replaces the budget when its notifications change, and cannot create two of the same name.
	name, _ := s.Resources["Budget"].get("Budget.BudgetName").(string)
	notices, _ := s.Resources["Budget"].get("NotificationsWithSubscribers").([]any)
	for _, each := range notices {
		notice := follow(each, "Notification")
		if reported := strings.ToLower(fmt.Sprint(follow(notice, "NotificationType"), follow(notice, "Threshold"))); !strings.Contains(name, reported) {
			t.Errorf("the budget's name %s does not contain %s", name, reported)
		}
	}
	body := text(s.Resources["Dashboard"].get("DashboardBody"))
	for _, id := range slices.Concat(s.of("AWS::SQS::Queue"), s.of("AWS::DynamoDB::Table")) {
		if !strings.Contains(body, "${"+id) {
			t.Errorf("the dashboard does not show %s", id)
		}
	}
	for name := range s.functions() {
		if !strings.Contains(body, s.name(name)) {
			t.Errorf("the dashboard does not show %s", name)
		}
	}
}

// checkRunbook: each alarm's description leads to an entry of the runbook.
func checkRunbook(t reporter, s stack) {
	document, err := os.ReadFile(filepath.Join(root, "docs", "runbook.md"))
	if err != nil {
		t.Error(err)
	}
	var entries []string
	_, alarms, _ := strings.Cut(string(document), "\n## Alarms\n")
	alarms, _, _ = strings.Cut(alarms, "\n## ")
	for _, heading := range regexp.MustCompile(`(?m)^### (.+)$`).FindAllStringSubmatch(alarms, -1) {
		entries = append(entries, strings.ReplaceAll(strings.ToLower(heading[1]), " ", "-"))
	}
	used := map[string]bool{}
	for _, id := range s.of("AWS::CloudWatch::Alarm") {
		description, _ := s.Resources[id].get("AlarmDescription").(string)
		_, entry, ok := strings.Cut(description, "/docs/runbook.md#")
		if !ok || !slices.Contains(entries, entry) {
			t.Errorf("%s does not lead to an entry of docs/runbook.md: %q", id, description)
		}
		used[entry] = true
	}
	for _, entry := range entries {
		if s.lasting() && s.edgeMetrics() && !used[entry] { // these stages have all alarms
			t.Errorf("no alarm leads to the entry %q of docs/runbook.md", entry)
		}
	}
}
