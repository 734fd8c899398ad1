package template

// LogGroup is AWS::Logs::LogGroup.
type LogGroup struct {
	LogGroupName string
	// In the local cloud logs are files, which are emptied at each start.
	RetentionInDays, KmsKeyId, LogGroupClass, DataProtectionPolicy, FieldIndexPolicies, DeletionProtectionEnabled,
	ResourcePolicyDocument, BearerTokenAuthenticationEnabled, Tags Ignored

	arn string
}

func (v *LogGroup) setNames(p place) {
	v.LogGroupName = p.name(v.LogGroupName)
	v.arn = p.arn("logs", "log-group:"+v.LogGroupName+":*")
}
func (v *LogGroup) ref() string                   { return v.LogGroupName }
func (v *LogGroup) attributes() map[string]string { return map[string]string{"Arn": v.arn} }

// SubscriptionFilter is AWS::Logs::SubscriptionFilter.
type SubscriptionFilter struct {
	FilterName, LogGroupName, FilterPattern, DestinationArn string
	Distribution                                            Ignored // always by log stream
}

func (v *SubscriptionFilter) setNames(p place)              { v.FilterName = p.name(v.FilterName) }
func (v *SubscriptionFilter) ref() string                   { return v.FilterName }
func (v *SubscriptionFilter) attributes() map[string]string { return nil }
