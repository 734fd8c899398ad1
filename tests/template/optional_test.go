package template

import "strings"

// The optional parts of a stage: the stage example has all of them.

// checkDomain: a domain has a certificate and leads to the distribution.
func checkDomain(t reporter, s stack) {
	aliases := strs(s.Resources["Distribution"].get("DistributionConfig.Aliases"))
	if s.stage != "example" {
		return
	}
	if len(aliases) != 1 || aliases[0] != "links.example.com" {
		t.Errorf("Distribution: its Aliases are %v", aliases)
	}
	s.Resources["Distribution"].want(t, "domain", "DistributionConfig.ViewerCertificate.AcmCertificateArn", map[string]any{"Ref": "Certificate"})
	s.Resources["Certificate"].want(t, "Certificate", "DomainName", aliases[0])
	s.Resources["Certificate"].want(t, "Certificate", "ValidationMethod", "DNS")
	// Without the zone somebody must create the record by hand while the deployment waits.
	zone := s.Resources["DomainRecord"].get("HostedZoneId")
	s.Resources["Certificate"].want(t, "Certificate", "DomainValidationOptions", []any{map[string]any{"DomainName": aliases[0], "HostedZoneId": zone}})
	types := map[string]bool{}
	for _, id := range s.of("AWS::Route53::RecordSet") {
		s.Resources[id].want(t, id, "Name", aliases[0])
		s.Resources[id].want(t, id, "HostedZoneId", follow(file(t, "infra", "stages", s.stage+".yml"), "domain.zone"))
		s.Resources[id].want(t, id, "AliasTarget.HostedZoneId", "Z2FDTNDATAQYW2") // of all distributions
		s.Resources[id].want(t, id, "AliasTarget.DNSName", map[string]any{"Fn::GetAtt": []string{"Distribution", "DomainName"}})
		types[text(s.Resources[id].get("Type"))] = true
	}
	if !types[`"A"`] || !types[`"AAAA"`] {
		t.Errorf("the domain has the records %v", types)
	}
}

// checkFirewall: the firewall protects the distribution, limits each address, and stores none.
func checkFirewall(t reporter, s stack) {
	if s.stage != "example" {
		return
	}
	s.Resources["Distribution"].want(t, "firewall", "DistributionConfig.WebACLId", map[string]any{"Fn::GetAtt": []string{"Firewall", "Arn"}})
	firewall := s.Resources["Firewall"]
	firewall.want(t, "firewall", "Scope", "CLOUDFRONT")
	rules, _ := firewall.get("Rules").([]any)
	limited, managed, counted := false, 0, map[string]bool{}
	for _, rule := range rules {
		name := text(follow(rule, "Name"))
		if rate := follow(rule, "Statement.RateBasedStatement"); rate != nil {
			limited = follow(rate, "AggregateKeyType") == "IP" && follow(rate, "EvaluationWindowSec") == 300.0 && text(follow(rule, "Action")) == `{"Block":{}}`
		}
		if group := follow(rule, "Statement.ManagedRuleGroupStatement"); group != nil {
			managed++
			if text(follow(rule, "OverrideAction")) != `{"None":{}}` || follow(group, "VendorName") != "AWS" || text(follow(group, "Name")) != name {
				t.Errorf("Firewall: its rule %s refuses nothing: %s", name, text(rule))
			}
		}
		overrides, _ := follow(rule, "Statement.ManagedRuleGroupStatement.RuleActionOverrides").([]any)
		for _, o := range overrides {
			name, _ := follow(o, "Name").(string)
			counted[name] = follow(o, "ActionToUse.Count") != nil
		}
		if text(follow(rule, "VisibilityConfig.SampledRequestsEnabled")) != "false" {
			t.Errorf("Firewall: its rule %s keeps requests, with the addresses they came from", name)
		}
	}
	if !limited || managed < 3 { // known malicious addresses, known bad inputs, common attacks
		t.Errorf("Firewall: a RateBasedStatement blocks an address: %t, rules of AWS: %d", limited, managed)
	}
	// A URL to shorten may look like an attack, and bodies have up to 64 KB.
	for _, rule := range []string{"SizeRestrictions_BODY", "EC2MetaDataSSRF_BODY", "GenericLFI_BODY", "GenericRFI_BODY", "CrossSiteScripting_BODY"} {
		if !counted[rule] {
			t.Errorf("Firewall: %s refuses our own requests", rule)
		}
	}
}

// checkAccessLogs: the edge has an access log, without visitors' addresses and paths.
func checkAccessLogs(t reporter, s stack) {
	if !s.aws() {
		return
	}
	fields := strs(s.Resources["EdgeLog"].get("RecordFields"))
	if len(fields) < 10 {
		t.Errorf("EdgeLog: its RecordFields are %v", fields)
	}
	for _, field := range fields {
		for _, personal := range []string{"ip", "uri", "referer", "user-agent", "cookie", "query", "forwarded", "asn"} {
			if strings.Contains(strings.ToLower(field), personal) && field != "cache-behavior-path-pattern" {
				t.Errorf("EdgeLog: its RecordFields contain %s", field)
			}
		}
	}
	s.Resources["EdgeLogSource"].want(t, "EdgeLogSource", "LogType", "ACCESS_LOGS")
	s.Resources["EdgeLogSource"].want(t, "EdgeLogSource", "ResourceArn",
		map[string]any{"Fn::Sub": "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}"})
	s.Resources["EdgeLog"].want(t, "EdgeLog", "DeliverySourceName", map[string]any{"Ref": "EdgeLogSource"})
	if days, _ := s.Resources["LogsBucket"].get("LifecycleConfiguration.Rules.1.ExpirationInDays").(float64); days < 1 {
		t.Error("LogsBucket has no rule with ExpirationInDays: the edge's log is kept for ever")
	}
	s.Resources["LogsBucketPolicy"].want(t, "who may write the log", "PolicyDocument.Statement.1", map[string]any{
		"Sid": "Delivery", "Effect": "Allow", "Principal": map[string]any{"Service": "delivery.logs.amazonaws.com"},
		"Action": "s3:PutObject", "Resource": map[string]any{"Fn::Sub": "${LogsBucket.Arn}/*"},
		"Condition": map[string]any{
			"StringEquals": map[string]any{"aws:SourceAccount": map[string]any{"Ref": "AWS::AccountId"}, "s3:x-amz-acl": "bucket-owner-full-control"},
			"ArnLike":      map[string]any{"aws:SourceArn": map[string]any{"Fn::Sub": "arn:${AWS::Partition}:logs:us-east-1:${AWS::AccountId}:delivery-source:" + s.name("edge")}},
		},
	})
	if to := text(s.Resources["EdgeLogDestination"].get("DestinationResourceArn")); to != `{"Fn::GetAtt":["LogsBucket","Arn"]}` && to != `{"Fn::Sub":"${LogsBucket.Arn}"}` {
		t.Errorf("EdgeLogDestination: its DestinationResourceArn is %s", to)
	}
}

// checkCanary: a function with a canary is replaced gradually and rolled back by its alarm. The function for visitors has one.
func checkCanary(t reporter, s stack) {
	live := map[string]bool{}
	for name, id := range s.functions() {
		live[id] = s.lasting() && file(t, "functions", name, "limits.yml")["canary"] == true
	}
	if redirect := s.functions()["link-redirect"]; s.lasting() && !live[redirect] {
		t.Error("link-redirect has no canary")
	}
	for _, id := range s.of("AWS::ApiGatewayV2::Integration") {
		alias, _ := s.Resources[id].get("IntegrationUri.Ref").(string)
		if function := s.target(s.Resources[id].get("IntegrationUri")); !live[function] {
			if alias != "" || function == "" {
				t.Errorf("%s invokes %s of %q, which has no canary", id, text(s.Resources[id].get("IntegrationUri")), function)
			}
			continue
		}
		to := s.Resources[alias]
		to.want(t, id, "Name", "live")
		update := follow(to.UpdatePolicy, "CodeDeployLambdaAliasUpdate.DeploymentGroupName.Ref")
		name, _ := update.(string)
		group := s.Resources[name]
		group.want(t, name, "ApplicationName", follow(to.UpdatePolicy, "CodeDeployLambdaAliasUpdate.ApplicationName"))
		if kind, _ := group.get("DeploymentConfigName").(string); !strings.HasPrefix(kind, "CodeDeployDefault.Lambda") {
			t.Errorf("%s: its alias is moved by %q", id, kind)
		}
		group.want(t, name, "AutoRollbackConfiguration.Enabled", true)
		group.want(t, name, "AlarmConfiguration.Enabled", true)
		version, _ := to.get("FunctionVersion.Fn::GetAtt.0").(string)
		// Lambda refuses to create a version that still exists, which would fail the deployment.
		if s.Resources[version].Type != "AWS::Lambda::Version" || s.Resources[version].DeletionPolicy != "" {
			t.Errorf("%s: its version is %q", alias, version)
		}
		s.checkCanaryAlarm(t, group, name, version)
	}
}

// checkCanaryAlarm: only failures of the new version itself roll it back. An alarm that its
// predecessor could set off would prevent the deployment of a fix.
func (s stack) checkCanaryAlarm(t reporter, group resource, name, version string) {
	t.Helper()
	alarms, _ := group.get("AlarmConfiguration.Alarms").([]any)
	if len(alarms) != 1 {
		t.Errorf("%s is watched by %s", name, text(alarms))
		return
	}
	id, _ := follow(alarms[0], "Name.Ref").(string)
	if s.Resources[version].get("CodeSha256") == nil {
		t.Errorf("%s has no CodeSha256: its code may have been replaced since", version)
	}
	of := map[string]string{"ExecutedVersion": "Errors", "version": "RequestsFailed"}
	metrics, _ := s.Resources[id].get("Metrics").([]any)
	for _, m := range metrics {
		dimensions, _ := follow(m, "MetricStat.Metric.Dimensions").([]any)
		for _, d := range dimensions {
			dimension, _ := follow(d, "Name").(string)
			if text(follow(d, "Value")) == text(map[string]any{"Fn::GetAtt": []string{version, "Version"}}) && text(follow(m, "MetricStat.Metric.MetricName")) == text(of[dimension]) {
				delete(of, dimension)
			}
		}
	}
	if len(of) > 0 {
		t.Errorf("%s: %s does not measure what %s does: %v", name, id, version, of)
	}
}
