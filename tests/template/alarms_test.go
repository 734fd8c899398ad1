package template

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// measure is what an alarm watches.
type measure struct {
	namespace, metric, statistic string
	dimensions                   map[string]any
	period                       float64
	limit                        any // the threshold, if the alarm watches only this metric
	code                         int // the alarm's value when the limit is reached
	alarm                        string
}

// term is a metric's part of the expression of an alarm on several metrics: its own digit.
var term = regexp.MustCompile(`^(\d+) \* \((\w+) >= ([\d.]+)\)$`)

// terms returns the codes and limits in an alarm's expression by the IDs of its metrics, nil for another kind of expression.
func (r resource) terms() map[string]measure {
	found := map[string]measure{}
	for _, query := range r.each("Metrics.*.Expression") {
		expression, _ := query.(string)
		if expression == "" {
			continue
		}
		for i, text := range strings.Split(expression, " + ") {
			match := term.FindStringSubmatch(text)
			if match == nil {
				return nil
			}
			code, err := strconv.Atoi(match[1])
			limit, err2 := strconv.ParseFloat(match[3], 64)
			if err != nil || err2 != nil || i > 0 && code != 10*found["last"].code || i == 0 && code != 1 {
				return nil
			}
			found[match[2]], found["last"] = measure{code: code, limit: limit}, measure{code: code}
		}
	}
	delete(found, "last")
	return found
}

// measures returns an alarm's metrics: its own, or those in its expression.
func (r resource) measures() []measure {
	of := func(metric, stat any, statistic, extended string) measure {
		m := measure{dimensions: map[string]any{}}
		m.namespace, _ = follow(metric, "Namespace").(string)
		m.metric, _ = follow(metric, "MetricName").(string)
		m.period, _ = follow(stat, "Period").(float64)
		if m.statistic, _ = follow(stat, statistic).(string); m.statistic == "" {
			m.statistic, _ = follow(stat, extended).(string)
		}
		list, _ := follow(metric, "Dimensions").([]any)
		for _, d := range list {
			m.dimensions[fmt.Sprint(follow(d, "Name"))] = follow(d, "Value")
		}
		return m
	}
	queries, _ := r.get("Metrics").([]any)
	if queries == nil {
		m := of(r.Properties, r.Properties, "Statistic", "ExtendedStatistic")
		m.limit = r.get("Threshold")
		return []measure{m}
	}
	var found []measure
	terms := r.terms()
	for _, query := range queries {
		if stat := follow(query, "MetricStat"); stat != nil {
			m := of(follow(stat, "Metric"), stat, "Stat", "Stat")
			its := terms[fmt.Sprint(follow(query, "Id"))]
			m.limit, m.code = its.limit, its.code
			found = append(found, m)
		}
	}
	return found
}

// checkAlarmsCanGoOff: an alarm on a missing metric, dimension or resource would never go
// off. Missing data means that there was no traffic and must not set off an alarm, unless
// the alarm is about something that must happen.
func checkAlarmsCanGoOff(t reporter, s stack) {
	for _, id := range s.of("AWS::CloudWatch::Alarm") {
		r := s.Resources[id]
		below, silent := r.below()
		r.want(t, id, "TreatMissingData", map[bool]string{false: "notBreaching", true: "breaching"}[silent])
		if threshold, _ := r.get("Threshold").(float64); threshold <= 0 {
			t.Errorf("%s is always on", id)
		}
		if operator, _ := r.get("ComparisonOperator").(string); below != slices.Contains([]any{"Invocations", "HealthCheckStatus"}, r.get("MetricName")) || !below && !strings.HasPrefix(operator, "GreaterThan") || strings.HasSuffix(operator, "UpperThreshold") {
			t.Errorf("%s goes off by %q, although all is well", id, operator)
		}
		if r.get("ActionsEnabled") == false {
			t.Errorf("%s notifies nobody", id)
		}
		s.checkCodes(t, id)
		if reported := slices.DeleteFunc(slices.Clone(r.each("Metrics.*.ReturnData")), func(reported any) bool { return reported == false }); r.get("Metrics") != nil && len(reported) != 1 {
			t.Errorf("%s returns %d values, want one", id, len(reported))
		}
		for i, expression := range r.each("Metrics.*.Expression") {
			if r.terms() == nil && !slices.Contains([]any{"SUM(METRICS())", "IF(whole >= 100, 100 * part / whole, 0)", "IF(whole >= 100, part, 0)"}, expression) && (expression != nil || r.each("Metrics.*.MetricStat")[i] == nil) {
				t.Errorf("%s has the expression %v, which this test does not know", id, expression)
			}
		}
		periods, _ := r.get("EvaluationPeriods").(float64)
		for _, m := range r.measures() {
			s.checkMeasure(t, id, m)
			if m.period < 60 || int(m.period)%60 != 0 || periods < 1 || m.period*periods > 3600 && !silent {
				t.Errorf("%s looks at %v periods of %v seconds; an alarm must fire within the hour", id, periods, m.period)
			}
		}
	}
}

// checkCodes: an alarm whose value is a code goes off for each of its metrics, and its description lists each code
// with its function.
func (s stack) checkCodes(t reporter, id string) {
	t.Helper()
	r := s.Resources[id]
	if r.get("Metrics") == nil || r.terms() == nil {
		return
	}
	r.want(t, id, "Threshold", 1)
	if n := len(r.terms()); n > 7 || n != len(r.measures()) {
		t.Errorf("%s: %d codes for %d metrics; CloudWatch prints seven digits", id, n, len(r.measures()))
	}
	description, _ := r.get("AlarmDescription").(string)
	for _, m := range r.measures() {
		function := strings.TrimPrefix(fmt.Sprint(m.dimensions["FunctionName"]), s.name(""))
		want := fmt.Sprintf(" %d %s,", m.code, function)
		switch m.metric {
		case "Errors":
			want = fmt.Sprintf("%s fails (%d)", function, m.code)
		case "Throttles":
			want = fmt.Sprintf("is throttled (%d)", m.code)
		}
		if m.code == 0 || !strings.Contains(description, want) {
			t.Errorf("%s: its description lacks %q for the %s of %s: %q", id, want, m.metric, function, description)
		}
	}
}

// below reports whether an alarm goes off if a number is less than 1, and whether missing data counts
// as 0.
func (r resource) below() (below, silent bool) {
	metric := r.get("MetricName")
	below = r.get("ComparisonOperator") == "LessThanThreshold" && r.get("Threshold") == 1.0 && (metric == "Invocations" || metric == "HealthCheckStatus")
	return below, below && metric == "Invocations"
}

// checkMeasure: the namespace has the metric, the metric has these dimensions, the
// statistic makes sense for it, and the measured resource is in the stack.
func (s stack) checkMeasure(t reporter, id string, m measure) {
	t.Helper()
	known := map[string]struct {
		dimensions []string          // the sets of dimensions of its metrics
		statistics map[string]string // the prefix of the statistics that make sense for a metric
	}{
		"AWS/Lambda": {[]string{"", "FunctionName", "FunctionName Resource", "ExecutedVersion FunctionName Resource"}, map[string]string{"Errors": "Sum", "Throttles": "Sum", "Invocations": "Sum", "Duration": "p9",
			"ConcurrentExecutions": "Maximum", "IteratorAge": "Maximum", "AsyncEventAge": "Maximum", "AsyncEventsDropped": "Sum", "DestinationDeliveryFailures": "Sum"}},
		"AWS/SQS":        {[]string{"QueueName"}, map[string]string{"ApproximateAgeOfOldestMessage": "Maximum", "ApproximateNumberOfMessagesVisible": "Maximum"}},
		"AWS/DynamoDB":   {[]string{"TableName", "GlobalSecondaryIndexName TableName"}, map[string]string{"ReadThrottleEvents": "Sum", "WriteThrottleEvents": "Sum"}},
		"AWS/ApiGateway": {[]string{"ApiId"}, map[string]string{"4xx": "Sum", "5xx": "Sum", "Count": "Sum", "Latency": "p9", "IntegrationLatency": "p9"}},
		"AWS/Route53":    {[]string{"HealthCheckId"}, map[string]string{"HealthCheckStatus": "Minimum"}},
		"AWS/CloudFront": {[]string{"DistributionId Region"}, map[string]string{"4xxErrorRate": "Average", "5xxErrorRate": "Average", "Requests": "Sum"}},
	}
	space, ok := known[m.namespace]
	if m.namespace == "Minim" && len(m.dimensions) == 0 { // of a filter
		space.dimensions, space.statistics, ok = []string{""}, map[string]string{m.metric: "Sum"}, s.filters(m)
	} else if m.namespace == "Minim" { // shared/metric
		space.dimensions, space.statistics, ok = []string{"function", "function version"}, map[string]string{m.metric: "Sum"}, s.counts(m)
	}
	if statistic := space.statistics[m.metric]; !ok || statistic == "" || !strings.HasPrefix(m.statistic, statistic) {
		t.Errorf("%s watches the %s of %s in %s, which does not exist", id, m.statistic, m.metric, m.namespace)
	}
	if len(m.dimensions) == 0 && m.namespace == "AWS/Lambda" && m.metric != "ConcurrentExecutions" {
		t.Errorf("%s watches the %s of all functions of the account", id, m.metric)
	}
	var names []string
	for name, value := range m.dimensions {
		names = append(names, name)
		if !s.measurable(name, value) {
			t.Errorf("%s watches the %s %s, which is not in the stack", id, name, text(value))
		}
	}
	if slices.Sort(names); !slices.Contains(space.dimensions, strings.Join(names, " ")) {
		t.Errorf("%s: %s has the dimensions %q, not %v", id, m.metric, space.dimensions, names)
	}
}

// measurable reports whether a dimension's value belongs to the stack.
func (s stack) measurable(name string, value any) bool {
	kinds := map[string]string{"FunctionName": "AWS::Lambda::Function", "function": "AWS::Lambda::Function", "QueueName": "AWS::SQS::Queue",
		"ExecutedVersion": "AWS::Lambda::Version", "version": "AWS::Lambda::Version", "TableName": "AWS::DynamoDB::Table", "ApiId": "AWS::ApiGatewayV2::Api", "DistributionId": "AWS::CloudFront::Distribution",
		"HealthCheckId": "AWS::Route53::HealthCheck"}
	switch name {
	case "Region": // CloudFront's metrics are global
		return value == "Global"
	case "GlobalSecondaryIndexName":
		return slices.ContainsFunc(s.of("AWS::DynamoDB::Table"), func(id string) bool {
			return strings.Contains(text(s.Resources[id].get("GlobalSecondaryIndexes")), `"IndexName":`+text(value))
		})
	case "Resource": // a function by its alias
		function, _, _ := strings.Cut(fmt.Sprint(value), ":")
		name, value = "FunctionName", function
	}
	if ids := references(value); len(ids) == 1 {
		return s.Resources[ids[0]].Type == kinds[name]
	}
	return slices.ContainsFunc(s.of(kinds[name]), func(id string) bool { return text(s.Resources[id].get("FunctionName")) == text(value) })
}

// filters reports whether a metric filter of one of the stack's logs counts a metric.
func (s stack) filters(m measure) bool {
	return slices.ContainsFunc(s.of("AWS::Logs::MetricFilter"), func(id string) bool {
		r := s.Resources[id]
		group, _ := r.get("LogGroupName.Ref").(string)
		to := "MetricTransformations.0."
		return s.Resources[group].Type == "AWS::Logs::LogGroup" && r.get(to+"MetricNamespace") == m.namespace &&
			r.get(to+"MetricName") == m.metric && r.get(to+"MetricValue") == "1"
	})
}

// counts reports whether the function in a custom metric's dimensions counts it.
func (s stack) counts(m measure) bool {
	name, ours := strings.CutPrefix(fmt.Sprint(m.dimensions["function"]), s.name(""))
	own, err := filepath.Glob(filepath.Join(root, "functions", name, "*.go"))
	shared, err2 := filepath.Glob(filepath.Join(root, "shared", "*", "*.go"))
	return ours && err == nil && err2 == nil && slices.ContainsFunc(append(own, shared...), func(file string) bool {
		source, err := os.ReadFile(file)
		return err == nil && strings.Contains(string(source), `"`+m.metric+`"`)
	})
}

// TestAlarmsCost: make cost assumes about the number of metrics that the alarms of dev watch, and its page states about
// the number for prod.
func TestAlarmsCost(t *testing.T) {
	for stage, where := range map[string]struct{ path, pattern string }{
		"dev":  {"infra/cost/main.go", `"alarms", (\d+),`},
		"prod": {"docs/cost.md", `\((\d+) in prod\)`},
	} {
		s, watched := load(t, stage), 0
		for _, id := range s.of("AWS::CloudWatch::Alarm") {
			watched += len(s.Resources[id].measures())
		}
		source, err := os.ReadFile(filepath.Join(root, where.path))
		found := regexp.MustCompile(where.pattern).FindSubmatch(source)
		if err != nil || found == nil {
			t.Fatalf("%s does not say how many metrics alarms watch: %v", where.path, err)
		}
		// Each function has about the same number. Functions added by make new are not counted.
		const functions = 19
		output, _ := strconv.Atoi(string(found[1]))
		if each := float64(watched) / float64(len(s.functions())) * functions; float64(output) < 0.8*each || float64(output) > 1.2*each {
			t.Errorf("the alarms of %s watch %d metrics for %d functions, %s says %d for %d", stage, watched, len(s.functions()), where.path, output, functions)
		}
	}
}

// checkBudget: the budget sends a notification before the limit, and another at the limit.
func checkBudget(t reporter, s stack) {
	for _, id := range s.of("AWS::Budgets::Budget") {
		r := s.Resources[id]
		for what, want := range map[string]string{"BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit.Unit": "USD"} {
			r.want(t, id, "Budget."+what, want)
		}
		kinds := map[string]bool{}
		reported, _ := r.get("NotificationsWithSubscribers").([]any)
		for _, each := range reported {
			percent, _ := follow(each, "Notification.Threshold").(float64)
			if percent < 1 || percent > 100 || follow(each, "Notification.ThresholdType") != "PERCENTAGE" || follow(each, "Notification.ComparisonOperator") != "GREATER_THAN" {
				t.Errorf("%s: nobody is notified in time: %s", id, text(follow(each, "Notification")))
			}
			topic, _ := follow(each, "Subscribers.0.Address.Ref").(string)
			if s.Resources[topic].Type == "AWS::SNS::Topic" && follow(each, "Subscribers.0.SubscriptionType") == "SNS" {
				kinds[text(follow(each, "Notification.NotificationType"))] = true
			}
		}
		if !kinds[`"ACTUAL"`] || !kinds[`"FORECASTED"`] {
			t.Errorf("%s: notifications are only about %v", id, kinds)
		}
	}
}
