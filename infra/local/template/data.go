package template

import (
	"strings"
)

// Table is AWS::DynamoDB::Table.
type Table struct {
	TableName              string
	AttributeDefinitions   []TableAttribute
	KeySchema              []TableKey
	GlobalSecondaryIndexes []TableIndex
	LocalSecondaryIndexes  []TableIndex
	StreamSpecification    *struct {
		StreamViewType string
	}
	TimeToLiveSpecification *struct {
		AttributeName string
		Enabled       bool
	}
	// In the local cloud all tables are on demand, and nothing is billed or encrypted.
	BillingMode, ProvisionedThroughput, OnDemandThroughput, TableClass, SSESpecification, Tags,
	PointInTimeRecoverySpecification, DeletionProtectionEnabled, ContributorInsightsSpecification, ResourcePolicy, WarmThroughput Ignored
	KinesisStreamSpecification Noted `note:"there are no Kinesis streams"`

	arn string
}

// TableAttribute is the type of a key's attribute: S, N or B.
type TableAttribute struct{ AttributeName, AttributeType string }

// TableKey is a part of a key, HASH or RANGE.
type TableKey struct{ AttributeName, KeyType string }

// TableIndex is a secondary index.
type TableIndex struct {
	IndexName  string
	KeySchema  []TableKey
	Projection struct {
		ProjectionType   string
		NonKeyAttributes []string
	}
	ProvisionedThroughput, OnDemandThroughput, ContributorInsightsSpecification Ignored
}

func (v *Table) setNames(p place) {
	v.TableName = p.name(v.TableName)
	v.arn = p.arn("dynamodb", "table/"+v.TableName)
}
func (v *Table) ref() string { return v.TableName }
func (v *Table) attributes() map[string]string {
	return map[string]string{"Arn": v.arn, "StreamArn": v.StreamARN()}
}

// StreamARN returns the ARN of the stream, or "" if the table has none. In AWS it ends
// with the time of the stream's creation, which is not known in advance.
func (v *Table) StreamARN() string {
	if v.StreamSpecification == nil {
		return ""
	}
	return v.arn + "/stream/2026-01-01T00:00:00.000"
}

// Bucket is AWS::S3::Bucket.
type Bucket struct {
	BucketName        string
	CorsConfiguration *struct {
		CorsRules []CORSRule
	}
	VersioningConfiguration *struct {
		Status string
	}
	NotificationConfiguration struct {
		LambdaConfigurations []FunctionNotification
		QueueConfigurations  []QueueNotification
	}
	// In the local cloud only this machine can reach a bucket, and objects do not expire.
	AbacStatus, AccelerateConfiguration, AccessControl, AnalyticsConfigurations, BucketEncryption, InventoryConfigurations, LifecycleConfiguration,
	LoggingConfiguration, OwnershipControls, PublicAccessBlockConfiguration, IntelligentTieringConfigurations, MetricsConfigurations, Tags Ignored
	ReplicationConfiguration Noted `note:"objects are not replicated"`
	WebsiteConfiguration     Noted `note:"buckets do not answer as websites; a distribution in front of one does"`

	region string
}

// CORSRule defines which web pages may use a bucket.
type CORSRule struct {
	ID                                                             string `json:"Id"`
	AllowedOrigins, AllowedMethods, AllowedHeaders, ExposedHeaders []string
	MaxAge                                                         int
}

// FunctionNotification sends events of a bucket to a function.
type FunctionNotification struct {
	Event    string
	Filter   NotificationFilter
	Function string
}

// QueueNotification sends events of a bucket to a queue.
type QueueNotification struct {
	Event  string
	Filter NotificationFilter
	Queue  string
}

// NotificationFilter selects keys by prefix and suffix.
type NotificationFilter struct {
	S3Key struct {
		Rules []struct{ Name, Value string }
	}
}

// Prefix returns the required prefix of keys.
func (f NotificationFilter) Prefix() string { return f.rule("prefix") }

// Suffix returns the required suffix of keys.
func (f NotificationFilter) Suffix() string { return f.rule("suffix") }

func (f NotificationFilter) rule(name string) string {
	for _, rule := range f.S3Key.Rules {
		if strings.EqualFold(rule.Name, name) {
			return rule.Value
		}
	}
	return ""
}

// BucketNotifications are the events of a bucket as CDK configures them: with a custom resource, in the format of S3's API.
type BucketNotifications struct {
	BucketName                string
	NotificationConfiguration struct {
		LambdaFunctionConfigurations []APINotification
		QueueConfigurations          []APINotification
	}
	ServiceToken, Managed, SkipDestinationValidation Ignored

	id string
}

// APINotification sends events of a bucket to a function or a queue.
type APINotification struct {
	ID                          string `json:"Id"`
	Events                      []string
	LambdaFunctionArn, QueueArn string
	Filter                      struct {
		Key struct {
			FilterRules []struct{ Name, Value string }
		}
	}
}

// Of returns the filter in the format of a bucket.
func (n APINotification) Of() (f NotificationFilter) {
	f.S3Key.Rules = n.Filter.Key.FilterRules
	return f
}

func (v *BucketNotifications) setNames(p place)              { v.id = p.name("") }
func (v *BucketNotifications) ref() string                   { return v.id }
func (v *BucketNotifications) attributes() map[string]string { return nil }

func (v *Bucket) setNames(p place) {
	if v.BucketName == "" { // generated names are lower case, as S3 requires
		v.BucketName = strings.ToLower(p.name(""))
	}
	v.region = p.Region
}
func (v *Bucket) ref() string { return v.BucketName }
func (v *Bucket) attributes() map[string]string {
	return map[string]string{
		"Arn":                "arn:aws:s3:::" + v.BucketName,
		"DomainName":         v.BucketName + ".s3.amazonaws.com",
		"WebsiteURL":         "http://" + v.BucketName + ".s3-website-" + v.region + ".amazonaws.com",
		"RegionalDomainName": v.BucketName + ".s3." + v.region + ".amazonaws.com",
	}
}

// Queue is AWS::SQS::Queue. Numbers are nil for the default.
type Queue struct {
	QueueName string
	DelaySeconds, MaximumMessageSize, MessageRetentionPeriod,
	ReceiveMessageWaitTimeSeconds, VisibilityTimeout *int
	FifoQueue, ContentBasedDeduplication bool
	RedrivePolicy                        *struct {
		DeadLetterTargetArn string `json:"deadLetterTargetArn"`
		MaxReceiveCount     int    `json:"maxReceiveCount"`
	}
	SqsManagedSseEnabled, KmsMasterKeyId, KmsDataKeyReusePeriodSeconds, RedriveAllowPolicy, Tags Ignored

	arn, url string
}

// ARN returns the queue's ARN.
func (v *Queue) ARN() string { return v.arn }

// URL returns the queue's URL, by which programs refer to it.
func (v *Queue) URL() string { return v.url }

func (v *Queue) setNames(p place) {
	v.QueueName = p.name(v.QueueName)
	v.arn = p.arn("sqs", v.QueueName)
	v.url = p.QueueEndpoint + "/" + p.Account + "/" + v.QueueName
}
func (v *Queue) ref() string { return v.url }
func (v *Queue) attributes() map[string]string {
	return map[string]string{"Arn": v.arn, "QueueName": v.QueueName, "QueueUrl": v.url}
}
