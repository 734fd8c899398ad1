package template

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

func checkEveryFunctionIsInTheStack(t reporter, s stack) {
	want := slices.DeleteFunc(folders(t), func(name string) bool { return !s.has(t, file(t, "functions", name, "limits.yml")["needs"]) })
	if got := slices.Sorted(maps.Keys(s.functions())); !slices.Equal(got, want) {
		t.Errorf("the stack has the functions %v, the source has %v", got, want)
	}
}

// has reports whether the stage has a setting turned on. It returns true if name is empty.
func (s stack) has(t reporter, setting any) bool {
	name, needed := setting.(string)
	if !needed {
		return true
	}
	value, known := file(t, "infra", "stages", s.stage+".yml")[name]
	if !known {
		t.Errorf("the stage %s has no setting %s", s.stage, name)
	}
	return value != false
}

func checkFunctions(t reporter, s stack) {
	for name, id := range s.functions() {
		f := s.Resources[id]
		f.want(t, name, "Runtime", "provided.al2023")
		f.want(t, name, "Architectures", []string{"arm64"})
		f.want(t, name, "Handler", "bootstrap")
		var tracing any
		if s.traced(t) {
			tracing = "Active"
		}
		f.want(t, name, "TracingConfig.Mode", tracing)
		f.want(t, name, "LoggingConfig.LogFormat", "JSON")
		f.want(t, name, "Role", map[string]any{"Fn::GetAtt": []string{pascal(name) + "Role", "Arn"}})
		// The upload's key is the base name: two functions with the same name would share a zip.
		if key, _ := f.get("Code.S3Key").(string); !strings.HasSuffix(key, "/"+name+".zip") {
			t.Errorf("%s: its code is %q, want …/%s.zip", name, key, name)
		}
		group := s.Resources[strings.TrimSuffix(id, "LambdaFunction")+"LogGroup"]
		group.want(t, name, "LogGroupName", "/aws/lambda/"+s.name(name))
		if days, _ := group.get("RetentionInDays").(float64); days < 1 {
			t.Errorf("%s: its log group has no RetentionInDays", name)
		}
	}
}

// traced reports whether the stage turns on tracing.
func (s stack) traced(t reporter) bool {
	return file(t, "infra", "stages", s.stage+".yml")["tracing"] == true
}

// checkLogs: no log is kept forever.
func checkLogs(t reporter, s stack) {
	for _, id := range s.of("AWS::Logs::LogGroup") {
		if days, _ := s.Resources[id].get("RetentionInDays").(float64); days < 1 {
			t.Errorf("%s is kept for ever: it has no RetentionInDays", id)
		}
	}
}

func checkFunctionsOfTheAPIAnswerInTime(t reporter, s stack) {
	for _, id := range s.of("AWS::ApiGatewayV2::Integration") {
		function := s.target(s.Resources[id].get("IntegrationUri"))
		if timeout, _ := s.Resources[function].get("Timeout").(float64); timeout < 1 || timeout > 29 {
			t.Errorf("%s has a Timeout of %vs; the API gives up after 30", function, timeout)
		}
	}
	for _, id := range s.of("AWS::ApiGatewayV2::Authorizer") {
		for _, function := range s.invoked(s.Resources[id].get("AuthorizerUri")) {
			if timeout, _ := s.Resources[function].get("Timeout").(float64); timeout < 1 || timeout > 10 {
				t.Errorf("%s has a Timeout of %vs; the API gives up on an authorizer after 10", function, timeout)
			}
		}
	}
}

// checkFailuresAreKept: an asynchronous invocation whose retries are used up is sent to
// a destination.
func checkFailuresAreKept(t reporter, s stack) {
	kept := map[string]bool{}
	for _, id := range s.of("AWS::Lambda::EventInvokeConfig") {
		s.Resources[id].want(t, id, "DestinationConfig.OnFailure.Destination", map[string]any{"Fn::GetAtt": []string{"FailuresQueue", "Arn"}})
		kept[text(s.Resources[id].get("FunctionName.Ref"))] = true
	}
	for _, call := range s.asynchronous() {
		if !kept[text(call.function)] {
			t.Errorf("%s invokes %s, whose failures are lost: it has no EventInvokeConfig with a destination", call.by, call.function)
		}
	}
}

// call is an asynchronous invocation.
type call struct{ by, function string }

// asynchronous lists the resources that invoke functions asynchronously, with these functions.
func (s stack) asynchronous() []call {
	var found []call
	add := func(id string, arn any) {
		function, _ := follow(arn, "Fn::GetAtt.0").(string)
		found = append(found, call{id, function})
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
	for _, id := range s.of("AWS::SNS::Subscription") {
		if s.Resources[id].get("Protocol") == "lambda" {
			add(id, s.Resources[id].get("Endpoint"))
		}
	}
	for _, id := range s.of("AWS::Logs::SubscriptionFilter") {
		add(id, s.Resources[id].get("DestinationArn"))
	}
	return found
}

var resolved = regexp.MustCompile(`\{\{resolve:secretsmanager:\$\{(\w+)\}:SecretString:(\w+)\}\}`)

// checkSecrets: the stack generates secrets that cannot be guessed, and every key that is
// read from a secret is in it.
func checkSecrets(t reporter, s stack) {
	for _, id := range s.of("AWS::SecretsManager::Secret") {
		r := s.Resources[id]
		if id == "SignInSecret" { // which the user pool generates
			r.want(t, id, "SecretString", map[string]any{"Fn::GetAtt": []string{"UserPoolClient", "ClientSecret"}})
			continue
		}
		if length, _ := r.get("GenerateSecretString.PasswordLength").(float64); length < 32 || r.get("SecretString") != nil {
			t.Errorf("%s has a short PasswordLength or a literal value", id)
		}
	}
	for id, r := range s.Resources {
		// Many people may read the stack's settings; only the edge needs a secret in one.
		if r.Type != "AWS::CloudFront::Distribution" && strings.Contains(text(r.Properties), "{{resolve:secretsmanager") {
			t.Errorf("%s contains a secret", id)
		}
		for _, match := range resolved.FindAllStringSubmatch(text(r.Properties), -1) {
			s.Resources[match[1]].want(t, id+" reads "+match[1], "GenerateSecretString.GenerateStringKey", match[2])
		}
	}
	if strings.Contains(text(s.Outputs), "{{resolve:") {
		t.Error("an output contains a secret")
	}
	// make deploy changes these when it rotates the edge's key (infra/edgekey).
	s.Resources["EdgeKey"].want(t, "EdgeKey", "GenerateSecretString.SecretStringTemplate", `{"previous":""}`)
}

var schedule = regexp.MustCompile(`^(rate\([1-9]\d* (minute|hour|day)s?\)|cron\(\S+( \S+){5}\)|at\([-0-9T:]+\))$`)

// checkSchedules: schedules start their functions, pass the scheduled time, and keep failed starts.
func checkSchedules(t reporter, s stack) {
	ids := s.of("AWS::Scheduler::Schedule")
	if len(ids) == 0 {
		t.Error("nothing is scheduled")
	}
	for _, id := range ids {
		r := s.Resources[id]
		r.want(t, id, "Target.RoleArn", map[string]any{"Fn::GetAtt": []string{"ScheduleRole", "Arn"}})
		r.want(t, id, "Target.DeadLetterConfig.Arn", map[string]any{"Fn::GetAtt": []string{"FailuresQueue", "Arn"}})
		// The scheduled time is the idempotency key.
		if input, _ := r.get("Target.Input").(string); !strings.Contains(input, "<aws.scheduler.scheduled-time>") {
			t.Errorf("%s: its input %q does not contain the scheduled time", id, input)
		}
		zone, _ := r.get("ScheduleExpressionTimezone").(string)
		if _, err := time.LoadLocation(zone); err != nil || zone == "" {
			t.Errorf("%s has no ScheduleExpressionTimezone: %v", id, err)
		}
		if when, _ := r.get("ScheduleExpression").(string); !schedule.MatchString(when) {
			t.Errorf("%s never starts: its ScheduleExpression is %q", id, when)
		}
	}
}

func pascal(name string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(name, "-") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}
