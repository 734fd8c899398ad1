package template

import (
	"strings"
	"testing"
)

func TestTables(t *testing.T) {
	each(t, func(t *testing.T, s stack) {
		tables := s.of("AWS::DynamoDB::Table")
		if len(tables) != 7 {
			t.Errorf("the tables are %v", tables)
		}
		for _, id := range tables {
			r := s.Resources[id]
			r.want(t, id, "TableName", "minim-"+s.stage+"-"+strings.ToLower(strings.TrimSuffix(id, "Table")))
			r.want(t, id, "BillingMode", "PAY_PER_REQUEST")
			r.want(t, id, "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled", true)
			r.want(t, id, "DeletionProtectionEnabled", false)
			if r.DeletionPolicy != "Delete" {
				t.Errorf("%s: deletion policy %q in a stage that may be thrown away", id, r.DeletionPolicy)
			}
		}
		s.Resources["LinksTable"].want(t, "LinksTable", "StreamSpecification.StreamViewType", "NEW_AND_OLD_IMAGES")
		for _, id := range []string{"ClicksTable", "IdempotencyTable"} {
			s.Resources[id].want(t, id, "TimeToLiveSpecification", map[string]any{"AttributeName": "ttl", "Enabled": true})
		}
	})
}

func TestBuckets(t *testing.T) {
	each(t, func(t *testing.T, s stack) {
		for _, id := range s.of("AWS::S3::Bucket") {
			r := s.Resources[id]
			for _, what := range []string{"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"} {
				r.want(t, id, "PublicAccessBlockConfiguration."+what, true)
			}
			r.want(t, id, "BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.SSEAlgorithm", "AES256")
			if id == "ServerlessDeploymentBucket" { // made and kept tidy by osls
				continue
			}
			r.want(t, id, "OwnershipControls.Rules.0.ObjectOwnership", "BucketOwnerEnforced")
			r.want(t, id, "LifecycleConfiguration.Rules.0.AbortIncompleteMultipartUpload.DaysAfterInitiation", 1)
		}
	})
}

// TestUploads: browsers may put, from the site only, and each new file starts image-resize.
func TestUploads(t *testing.T) {
	each(t, func(t *testing.T, s stack) {
		bucket := s.Resources["S3BucketUploads"]
		bucket.want(t, "uploads", "CorsConfiguration.CorsRules.0.AllowedMethods", []string{"PUT"})
		if origin := text(bucket.get("CorsConfiguration.CorsRules.0.AllowedOrigins")); !strings.Contains(origin, "${Distribution.DomainName}") {
			t.Errorf("uploads are taken from %s", origin)
		}
		bucket.want(t, "uploads", "NotificationConfiguration.LambdaConfigurations.0.Function", map[string]any{"Fn::GetAtt": []string{"ImageDashresizeLambdaFunction", "Arn"}})
		bucket.want(t, "uploads", "NotificationConfiguration.LambdaConfigurations.0.Filter.S3Key.Rules.0", map[string]any{"Name": "prefix", "Value": "uploads/"})
		// The bucket's real name holds the account, so its permission must as well.
		s.Resources["ImageDashresizeLambdaPermissionUploadsS3"].want(t, "permission", "SourceArn",
			map[string]any{"Fn::Sub": "arn:${AWS::Partition}:s3:::minim-" + s.stage + "-uploads-${AWS::AccountId}"})
		bucket.want(t, "uploads", "BucketName", map[string]any{"Fn::Sub": "minim-" + s.stage + "-uploads-${AWS::AccountId}"})
	})
}

func TestQueues(t *testing.T) {
	each(t, func(t *testing.T, s stack) {
		for _, id := range []string{"ClicksDeadQueue", "FailuresQueue"} {
			s.Resources[id].want(t, id, "MessageRetentionPeriod", 14*24*60*60)
		}
		for _, id := range s.of("AWS::Lambda::EventSourceMapping") {
			mapping := s.Resources[id]
			queue, _ := follow(mapping.get("EventSourceArn"), "Fn::GetAtt.0").(string)
			function, _ := follow(mapping.get("FunctionName"), "Fn::GetAtt.0").(string)
			timeout, _ := s.Resources[function].get("Timeout").(float64)
			visibility, _ := s.Resources[queue].get("VisibilityTimeout").(float64)
			window, _ := mapping.get("MaximumBatchingWindowInSeconds").(float64)
			if timeout == 0 || visibility < 6*timeout+window {
				t.Errorf("%s: visibility %vs is less than six times the %vs of %s and the window of %vs", queue, visibility, timeout, function, window)
			}
			mapping.want(t, id, "FunctionResponseTypes", []string{"ReportBatchItemFailures"})
			s.Resources[queue].want(t, queue, "RedrivePolicy.maxReceiveCount", 5)
			dead, _ := follow(s.Resources[queue].get("RedrivePolicy.deadLetterTargetArn"), "Fn::GetAtt.0").(string)
			if s.Resources[dead].Type != "AWS::SQS::Queue" {
				t.Errorf("%s has no dead-letter queue", queue)
			}
		}
	})
}
