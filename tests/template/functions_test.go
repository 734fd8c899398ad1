package template

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestEveryFunctionIsInTheStack(t *testing.T) {
	each(t, func(t *testing.T, s stack) {
		if got, want := slices.Sorted(maps.Keys(s.functions())), folders(t); !slices.Equal(got, want) {
			t.Errorf("the stack has the functions %v, the source has %v", got, want)
		}
	})
}

func TestFunctions(t *testing.T) {
	each(t, func(t *testing.T, s stack) {
		for name, id := range s.functions() {
			f := s.Resources[id]
			f.want(t, name, "Runtime", "provided.al2023")
			f.want(t, name, "Architectures", []string{"arm64"})
			f.want(t, name, "Handler", "bootstrap")
			f.want(t, name, "TracingConfig.Mode", "Active")
			f.want(t, name, "LoggingConfig.LogFormat", "JSON")
			f.want(t, name, "Role", map[string]any{"Fn::GetAtt": []string{pascal(name) + "Role", "Arn"}})
			// The upload's key is the base name: two functions with one name would share one zip.
			if key, _ := f.get("Code.S3Key").(string); !strings.HasSuffix(key, "/"+name+".zip") {
				t.Errorf("%s: its code is %q, want …/%s.zip", name, key, name)
			}
			group := s.Resources[strings.TrimSuffix(id, "LambdaFunction")+"LogGroup"]
			group.want(t, name, "LogGroupName", "/aws/lambda/minim-"+s.stage+"-"+name)
			if days, _ := group.get("RetentionInDays").(float64); days < 1 {
				t.Errorf("%s: its log is kept for ever", name)
			}
		}
	})
}

func TestFunctionsOfTheAPIAnswerInTime(t *testing.T) {
	each(t, func(t *testing.T, s stack) {
		for _, id := range s.of("AWS::ApiGatewayV2::Integration") {
			function, _ := follow(s.Resources[id].get("IntegrationUri"), "Fn::GetAtt.0").(string)
			if timeout, _ := s.Resources[function].get("Timeout").(float64); timeout < 1 || timeout > 29 {
				t.Errorf("%s may take %vs; the API gives up after 30", function, timeout)
			}
		}
	})
}

// TestFailuresAreKept: what is invoked without a caller that waits must leave a
// trace when it fails for good.
func TestFailuresAreKept(t *testing.T) {
	each(t, func(t *testing.T, s stack) {
		kept := map[string]bool{}
		for _, id := range s.of("AWS::Lambda::EventInvokeConfig") {
			s.Resources[id].want(t, id, "DestinationConfig.OnFailure.Destination", map[string]any{"Fn::GetAtt": []string{"FailuresQueue", "Arn"}})
			kept[text(s.Resources[id].get("FunctionName.Ref"))] = true
		}
		for id, target := range s.asynchronous() {
			if !kept[text(target)] {
				t.Errorf("%s invokes %s, whose failures are lost", id, target)
			}
		}
	})
}

// asynchronous maps what invokes without waiting to the function that it invokes.
func (s stack) asynchronous() map[string]string {
	found := map[string]string{}
	add := func(id string, arn any) {
		name, _ := follow(arn, "Fn::GetAtt.0").(string)
		found[id] = name
	}
	for _, id := range s.of("AWS::Scheduler::Schedule") {
		add(id, s.Resources[id].get("Target.Arn"))
	}
	for _, id := range s.of("AWS::S3::Bucket") {
		notifications, _ := s.Resources[id].get("NotificationConfiguration.LambdaConfigurations").([]any)
		for _, n := range notifications {
			add(id, follow(n, "Function"))
		}
	}
	return found
}

// TestEnvironment: no value that is a secret stands in the template of a stage in AWS.
func TestEnvironment(t *testing.T) {
	each(t, func(t *testing.T, s stack) {
		for name, id := range s.functions() {
			variables, _ := s.Resources[id].get("Environment.Variables").(map[string]any)
			for variable, value := range variables {
				secret := strings.HasSuffix(variable, "_KEY") || strings.Contains(variable, "SECRET") || strings.Contains(variable, "PASSWORD") || strings.Contains(variable, "TOKEN")
				if secret && s.stage != "local" && !strings.Contains(text(value), "{{resolve:secretsmanager:") {
					t.Errorf("%s: %s is in the template: %s", name, variable, text(value))
				}
			}
		}
	})
}

func TestSchedules(t *testing.T) {
	each(t, func(t *testing.T, s stack) {
		ids := s.of("AWS::Scheduler::Schedule")
		if len(ids) == 0 {
			t.Fatal("nothing is scheduled")
		}
		for _, id := range ids {
			r := s.Resources[id]
			r.want(t, id, "Target.RoleArn", map[string]any{"Fn::GetAtt": []string{"ScheduleRole", "Arn"}})
			// The scheduled time is the key of idempotency.
			if input, _ := r.get("Target.Input").(string); !strings.Contains(input, "<aws.scheduler.scheduled-time>") {
				t.Errorf("%s: its input %q does not tell the scheduled time", id, input)
			}
			if zone, _ := r.get("ScheduleExpressionTimezone").(string); zone == "" {
				t.Errorf("%s has no time zone", id)
			}
		}
	})
}

func TestAlarms(t *testing.T) {
	each(t, func(t *testing.T, s stack) {
		watched := map[string]bool{}
		for _, id := range s.of("AWS::CloudWatch::Alarm") {
			r := s.Resources[id]
			if r.get("AlarmDescription") == nil {
				t.Errorf("%s does not say what is wrong", id)
			}
			watched[text(r.get("MetricName"))+text(r.get("Dimensions.0.Value"))] = true
		}
		for name := range s.functions() {
			if !watched[`"Errors""minim-`+s.stage+"-"+name+`"`] {
				t.Errorf("%s has no alarm for its errors", name)
			}
		}
		for _, queue := range s.of("AWS::SQS::Queue") {
			name := `{"Fn::GetAtt":["` + queue + `","QueueName"]}`
			if !watched[`"ApproximateAgeOfOldestMessage"`+name] && !watched[`"ApproximateNumberOfMessagesVisible"`+name] {
				t.Errorf("%s has no alarm", queue)
			}
		}
	})
}

func pascal(name string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(name, "-") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}
