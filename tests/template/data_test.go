package template

import (
	"slices"
	"strings"
)

// checkTables: tables are on demand, restorable, encrypted, and protected from deletion. Salts must be gone after
// their day, so no backup has them.
func checkTables(t reporter, s stack) {
	for _, id := range s.of("AWS::DynamoDB::Table") {
		r := s.Resources[id]
		r.want(t, id, "BillingMode", "PAY_PER_REQUEST")
		r.want(t, id, "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled", id != "SaltsTable")
		r.want(t, id, "SSESpecification.SSEEnabled", true)
		r.want(t, id, "DeletionProtectionEnabled", s.lasting())
		checkDeletion(t, s, id)
	}
	s.Resources["LinksTable"].want(t, "LinksTable", "StreamSpecification.StreamViewType", "NEW_AND_OLD_IMAGES")
	for _, id := range []string{"ClicksTable", "IdempotencyTable", "LinkIndexTable", "SaltsTable", "SessionsTable", "SpacesTable"} {
		s.Resources[id].want(t, id, "TimeToLiveSpecification", map[string]any{"AttributeName": "ttl", "Enabled": true})
	}
}

// checkDeletion: data is deleted with its stack only in stages that allow it, and never
// by an update. Resources created by a failed deployment must not remain, because the
// next deployment would fail: their names exist.
func checkDeletion(t reporter, s stack, id string) {
	t.Helper()
	want := "Delete"
	if s.lasting() {
		want = "RetainExceptOnCreate"
	}
	r := s.Resources[id]
	if r.DeletionPolicy != want {
		t.Errorf("%s: its deletion policy is %q in the stage %s, want %s", id, r.DeletionPolicy, s.stage, want)
	}
	if r.UpdateReplacePolicy != "Retain" {
		t.Errorf("%s: it is deleted when it is replaced: %q", id, r.UpdateReplacePolicy)
	}
}

// checkBuckets: buckets are private and encrypted, and have lifecycle rules.
func checkBuckets(t reporter, s stack) {
	for _, id := range s.of("AWS::S3::Bucket") {
		r := s.Resources[id]
		for _, what := range []string{"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"} {
			r.want(t, id, "PublicAccessBlockConfiguration."+what, true)
		}
		r.want(t, id, "BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.SSEAlgorithm", "AES256")
		if id == "ServerlessDeploymentBucket" { // which osls creates and cleans up
			continue
		}
		checkDeletion(t, s, id)
		r.want(t, id, "OwnershipControls.Rules.0.ObjectOwnership", "BucketOwnerEnforced")
		r.want(t, id, "LifecycleConfiguration.Rules.0.AbortIncompleteMultipartUpload.DaysAfterInitiation", 1)
		s.checkVersions(t, id)
		rules, _ := r.get("LifecycleConfiguration.Rules").([]any)
		for _, rule := range rules {
			if follow(rule, "ExpirationInDays") == nil && follow(rule, "AbortIncompleteMultipartUpload") == nil && follow(rule, "Transitions") == nil &&
				follow(rule, "NoncurrentVersionExpiration") == nil {
				t.Errorf("%s has a rule that does nothing: %s", id, text(rule))
			}
			if prefix, _ := follow(rule, "Prefix").(string); follow(rule, "ExpirationInDays") != nil && prefix == "" && id != "LogsBucket" {
				t.Errorf("%s: a rule without Prefix deletes all its objects: %s", id, text(rule))
			}
		}
	}
}

// checkVersions: objects that cannot be created again can be restored for as long as a table, but not forever.
func (s stack) checkVersions(t reporter, id string) {
	t.Helper()
	bucket := s.Resources[id]
	unique := slices.Contains([]string{"S3BucketUploads", "ReportsBucket"}, id)
	var want any
	if unique && file(t, "infra", "stages", s.stage+".yml")["versions"] == true {
		want = "Enabled"
	}
	bucket.want(t, id, "VersioningConfiguration.Status", want)
	rules, _ := bucket.get("LifecycleConfiguration.Rules").([]any)
	if unique && !slices.ContainsFunc(rules, func(rule any) bool {
		return follow(rule, "NoncurrentVersionExpiration.NoncurrentDays") == 35.0 && follow(rule, "ExpiredObjectDeleteMarker") == true && follow(rule, "Prefix") == nil
	}) {
		t.Errorf("%s keeps old versions for ever, or not for 35 days: %s", id, text(rules))
	}
}

// checkUploads: browsers may upload from the site only, and each new file invokes image-resize.
func checkUploads(t reporter, s stack) {
	bucket := s.Resources["S3BucketUploads"]
	bucket.want(t, "uploads", "CorsConfiguration.CorsRules.0.AllowedMethods", []string{"PUT"})
	if origin := text(bucket.get("CorsConfiguration.CorsRules.0.AllowedOrigins")); !strings.Contains(origin, "${Distribution.DomainName}") &&
		origin != `["https://`+strs(s.Resources["Distribution"].get("DistributionConfig.Aliases"))[0]+`"]` {
		t.Errorf("S3BucketUploads: the AllowedOrigins of its CorsRules are %s", origin)
	}
	bucket.want(t, "uploads", "CorsConfiguration.CorsRules.0.AllowedHeaders", []string{"content-type", "x-amz-*"})
	prefixes := map[string]string{}
	notifications, _ := bucket.get("NotificationConfiguration.LambdaConfigurations").([]any)
	for _, n := range notifications {
		function, _ := follow(n, "Function.Fn::GetAtt.0").(string)
		prefixes[function], _ = follow(n, "Filter.S3Key.Rules.0.Value").(string)
		if event, by := follow(n, "Event"), follow(n, "Filter.S3Key.Rules.0.Name"); event != "s3:ObjectCreated:*" || by != "prefix" {
			t.Errorf("%s is invoked for %v by %v", function, event, by)
		}
		// The bucket's name contains the account ID, so its permission must too.
		permission := strings.TrimSuffix(function, "Function") + "PermissionUploadsS3"
		s.Resources[permission].want(t, permission, "SourceArn",
			map[string]any{"Fn::Sub": "arn:${AWS::Partition}:s3:::" + s.name("uploads-${AWS::AccountId}")})
	}
	if prefix := prefixes["ImageDashresizeLambdaFunction"]; prefix != "uploads/" {
		t.Errorf("image-resize is invoked for %q", prefix)
	}
	bucket.want(t, "uploads", "BucketName", map[string]any{"Fn::Sub": s.name("uploads-${AWS::AccountId}")})
}

func checkQueues(t reporter, s stack) {
	for _, id := range s.of("AWS::SQS::Queue") {
		s.Resources[id].want(t, id, "SqsManagedSseEnabled", true)
	}
	for _, id := range []string{"ClicksDeadQueue", "FailuresQueue"} {
		s.Resources[id].want(t, id, "MessageRetentionPeriod", 14*24*60*60)
	}
	read := map[string]bool{}
	for _, id := range s.of("AWS::Lambda::EventSourceMapping") {
		mapping := s.Resources[id]
		mapping.want(t, id, "FunctionResponseTypes", []string{"ReportBatchItemFailures"})
		queue, _ := follow(mapping.get("EventSourceArn"), "Fn::GetAtt.0").(string)
		if s.Resources[queue].Type == "AWS::SQS::Queue" {
			s.checkQueue(t, id, queue)
			read[queue] = true
		}
	}
	for _, id := range s.of("AWS::SQS::Queue") {
		if s.Resources[id].get("RedrivePolicy") != nil && !read[id] {
			t.Errorf("no function receives messages from %s: it has no EventSourceMapping", id)
		}
	}
}

// checkQueue: a slow batch is not redelivered while it is being processed, and
// failed messages are kept.
func (s stack) checkQueue(t reporter, id, queue string) {
	t.Helper()
	mapping := s.Resources[id]
	function, _ := follow(mapping.get("FunctionName"), "Fn::GetAtt.0").(string)
	timeout, _ := s.Resources[function].get("Timeout").(float64)
	visibility, _ := s.Resources[queue].get("VisibilityTimeout").(float64)
	window, _ := mapping.get("MaximumBatchingWindowInSeconds").(float64)
	if size, _ := mapping.get("BatchSize").(float64); size > 10 && window < 1 {
		t.Errorf("%s: batches of %v need MaximumBatchingWindowInSeconds", id, size)
	}
	if timeout == 0 || visibility < 6*timeout+window {
		t.Errorf("%s: visibility %vs is less than six times the %vs of %s and the window of %vs", queue, visibility, timeout, function, window)
	}
	if receives, _ := s.Resources[queue].get("RedrivePolicy.maxReceiveCount").(float64); receives < 5 {
		t.Errorf("%s gives up after %v tries, want 5 or more", queue, receives)
	}
	dead, _ := follow(s.Resources[queue].get("RedrivePolicy.deadLetterTargetArn"), "Fn::GetAtt.0").(string)
	if s.Resources[dead].Type != "AWS::SQS::Queue" {
		t.Errorf("%s has no dead-letter queue in its RedrivePolicy", queue)
		return
	}
	s.Resources[dead].want(t, dead, "MessageRetentionPeriod", 14*24*60*60)
}

// checkStreams: a record that cannot be processed neither blocks its shard forever
// nor fails its batch, and its position is kept.
func checkStreams(t reporter, s stack) {
	for _, id := range s.of("AWS::Lambda::EventSourceMapping") {
		mapping := s.Resources[id]
		if text(follow(mapping.get("EventSourceArn"), "Fn::GetAtt.1")) != `"StreamArn"` {
			continue
		}
		mapping.want(t, id, "BisectBatchOnFunctionError", true)
		mapping.want(t, id, "DestinationConfig.OnFailure.Destination", map[string]any{"Fn::GetAtt": []string{"FailuresQueue", "Arn"}})
		if tries, _ := mapping.get("MaximumRetryAttempts").(float64); tries < 1 {
			t.Errorf("%s retries until records expire, or never: MaximumRetryAttempts is %v", id, tries)
		}
	}
}
