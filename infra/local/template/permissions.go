package template

import "encoding/json"

// Role is AWS::IAM::Role.
type Role struct {
	RoleName                 string
	AssumeRolePolicyDocument json.RawMessage
	Policies                 []RolePolicy
	ManagedPolicyArns        []string
	PermissionsBoundary      string
	// In the local cloud roles have no path, and a session does not expire.
	Description, MaxSessionDuration, Path, Tags Ignored

	arn string
}

// RolePolicy is a policy inside a role.
type RolePolicy struct {
	PolicyName     string
	PolicyDocument json.RawMessage
}

// ARN returns the role's ARN.
func (v *Role) ARN() string { return v.arn }

func (v *Role) setNames(p place) {
	v.RoleName = p.name(v.RoleName)
	v.arn = "arn:aws:iam::" + p.Account + ":role/" + v.RoleName
}
func (v *Role) ref() string { return v.RoleName }
func (v *Role) attributes() map[string]string {
	return map[string]string{"Arn": v.arn, "RoleId": v.RoleName}
}

// Policy is AWS::IAM::Policy: an inline policy that names its roles.
type Policy struct {
	PolicyName     string
	PolicyDocument json.RawMessage
	Roles          []string
	Groups, Users  Ignored
}

func (v *Policy) setNames(p place)              { v.PolicyName = p.name(v.PolicyName) }
func (v *Policy) ref() string                   { return v.PolicyName }
func (v *Policy) attributes() map[string]string { return nil }

// ManagedPolicy is AWS::IAM::ManagedPolicy: a policy that roles refer to by its ARN, or that names its roles.
type ManagedPolicy struct {
	ManagedPolicyName                string
	PolicyDocument                   json.RawMessage
	Roles                            []string
	Description, Groups, Path, Users Ignored

	arn string
}

// ARN returns the policy's ARN.
func (v *ManagedPolicy) ARN() string { return v.arn }

func (v *ManagedPolicy) setNames(p place) {
	v.ManagedPolicyName = p.name(v.ManagedPolicyName)
	v.arn = "arn:aws:iam::" + p.Account + ":policy/" + v.ManagedPolicyName
}
func (v *ManagedPolicy) ref() string                   { return v.arn }
func (v *ManagedPolicy) attributes() map[string]string { return map[string]string{"PolicyArn": v.arn} }

// QueuePolicy is AWS::SQS::QueuePolicy: which services may send messages to queues.
type QueuePolicy struct {
	PolicyDocument json.RawMessage
	Queues         []string // URLs

	id string
}

func (v *QueuePolicy) setNames(p place)              { v.id = p.name("") }
func (v *QueuePolicy) ref() string                   { return v.id }
func (v *QueuePolicy) attributes() map[string]string { return map[string]string{"Id": v.id} }

// Permission is AWS::Lambda::Permission: which service may invoke a function.
type Permission struct {
	Action, FunctionName, Principal, SourceArn, SourceAccount                    string
	EventSourceToken, FunctionUrlAuthType, InvokedViaFunctionUrl, PrincipalOrgID Ignored

	id string
}

func (v *Permission) setNames(p place)              { v.id = p.name("") }
func (v *Permission) ref() string                   { return v.id }
func (v *Permission) attributes() map[string]string { return map[string]string{"Id": v.id} }
