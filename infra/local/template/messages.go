package template

import "encoding/json"

// Topic is AWS::SNS::Topic.
type Topic struct {
	TopicName                            string
	DisplayName                          string
	FifoTopic, ContentBasedDeduplication bool
	Subscription                         []struct{ Protocol, Endpoint string }
	// The local cloud does not encrypt, and does not store messages after delivery.
	KmsMasterKeyId, Tags, TracingConfig, SignatureVersion, DataProtectionPolicy, DeliveryStatusLogging, ArchivePolicy,
	FifoThroughputScope Ignored

	arn string
}

// ARN returns the topic's ARN.
func (v *Topic) ARN() string { return v.arn }

func (v *Topic) setNames(p place) {
	v.TopicName = p.name(v.TopicName)
	v.arn = p.arn("sns", v.TopicName)
}
func (v *Topic) ref() string { return v.arn }
func (v *Topic) attributes() map[string]string {
	return map[string]string{"TopicArn": v.arn, "TopicName": v.TopicName}
}

// Subscription is AWS::SNS::Subscription.
type Subscription struct {
	TopicArn, Protocol, Endpoint string
	RawMessageDelivery           bool
	FilterPolicy                 json.RawMessage
	FilterPolicyScope            string
	// The local cloud delivers messages at once, to queues and functions of the
	// stack.
	DeliveryPolicy, RedrivePolicy, Region, ReplayPolicy Ignored

	arn string
}

// ARN returns the subscription's ARN.
func (v *Subscription) ARN() string { return v.arn }

func (v *Subscription) setNames(p place)              { v.arn = v.TopicArn + ":" + p.ID }
func (v *Subscription) ref() string                   { return v.arn }
func (v *Subscription) attributes() map[string]string { return map[string]string{"Arn": v.arn} }

// EmailIdentity is AWS::SES::EmailIdentity: an address or a domain that may send mail.
type EmailIdentity struct {
	EmailIdentity string
	// In the local cloud mail does not leave this machine, so senders need no verification.
	ConfigurationSetAttributes, DkimAttributes, DkimSigningAttributes, FeedbackAttributes, MailFromAttributes, Tags Ignored
}

func (v *EmailIdentity) setNames(place) {}
func (v *EmailIdentity) ref() string    { return v.EmailIdentity }
func (v *EmailIdentity) attributes() map[string]string {
	all := map[string]string{}
	for _, n := range []string{"1", "2", "3"} {
		all["DkimDNSTokenName"+n] = "local" + n + "._domainkey." + v.EmailIdentity
		all["DkimDNSTokenValue"+n] = "local" + n + ".dkim.amazonses.com"
	}
	return all
}

// Parameter is AWS::SSM::Parameter.
type Parameter struct {
	Name, Type, Value, Description, AllowedPattern, DataType string
	Policies, Tags, Tier                                     Ignored
}

func (v *Parameter) setNames(p place) { v.Name = p.name(v.Name) }
func (v *Parameter) ref() string      { return v.Name }
func (v *Parameter) attributes() map[string]string {
	return map[string]string{"Type": v.Type, "Value": v.Value}
}
