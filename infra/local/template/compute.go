package template

import (
	"encoding/json"
	"strings"
)

// Function is AWS::Lambda::Function.
type Function struct {
	FunctionName string
	Code         struct {
		S3Key, ZipFile, ImageUri                   string
		S3Bucket, S3ObjectVersion, SourceKMSKeyArn Ignored
	}
	Handler     string
	Runtime     string
	MemorySize  int
	Timeout     int
	Environment struct {
		Variables map[string]string
	}
	ReservedConcurrentExecutions *int
	DeadLetterConfig             struct{ TargetArn string }
	EphemeralStorage             struct{ Size int }
	LoggingConfig                struct {
		LogFormat, ApplicationLogLevel, SystemLogLevel string
		LogGroup                                       Ignored
	}
	Role string
	// The local cloud runs binaries that are built for this machine.
	Architectures, Description, KmsKeyArn, PackageType, Tags, TracingConfig, RuntimeManagementConfig,
	SnapStart, CodeSigningConfigArn, RecursiveLoop Ignored
	Layers    Noted `note:"layers are not mounted: /opt stays empty, and their extensions do not run"`
	VpcConfig Noted `note:"the local cloud has no networks; functions reach what this machine reaches"`

	id, arn, source string
}

// ID returns the function's logical ID.
func (v *Function) ID() string { return v.id }

// Source returns the name of the function in the tool that created the template, or "".
func (v *Function) Source() string { return v.source }

// ARN returns the function's ARN.
func (v *Function) ARN() string { return v.arn }

func (v *Function) setNames(p place) {
	v.id = p.ID
	v.source, _ = p.Metadata["SamResourceId"].(string)
	v.FunctionName = p.name(v.FunctionName)
	v.arn = p.arn("lambda", "function:"+v.FunctionName)
}
func (v *Function) ref() string                   { return v.FunctionName }
func (v *Function) attributes() map[string]string { return map[string]string{"Arn": v.arn} }

// Version is AWS::Lambda::Version. In the local cloud it is the current function.
type Version struct {
	FunctionName                                                                                string
	CodeSha256, Description, ProvisionedConcurrencyConfig, RuntimePolicy, FunctionScalingConfig Ignored

	arn string
}

func (v *Version) setNames(p place) { v.arn = qualified(p, v.FunctionName, "1") }
func (v *Version) ref() string      { return v.arn }
func (v *Version) attributes() map[string]string {
	return map[string]string{"Version": "1", "FunctionArn": v.arn}
}

// Alias is AWS::Lambda::Alias. In the local cloud it is another name of the current function.
type Alias struct {
	FunctionName, FunctionVersion, Name                      string
	Description, ProvisionedConcurrencyConfig, RoutingConfig Ignored

	arn string
}

func (v *Alias) setNames(p place)              { v.arn = qualified(p, v.FunctionName, v.Name) }
func (v *Alias) ref() string                   { return v.arn }
func (v *Alias) attributes() map[string]string { return map[string]string{"AliasArn": v.arn} }

// qualified returns the ARN of a version or alias of a function, given the function's name or ARN.
func qualified(p place, function, qualifier string) string {
	if !strings.HasPrefix(function, "arn:") {
		function = p.arn("lambda", "function:"+function)
	}
	return function + ":" + qualifier
}

// FunctionURL is AWS::Lambda::Url.
type FunctionURL struct {
	TargetFunctionArn, AuthType, InvokeMode, Qualifier string
	Cors                                               *struct {
		AllowOrigins, AllowMethods, AllowHeaders, ExposeHeaders []string
		MaxAge                                                  int
		AllowCredentials                                        bool
	}

	id, domain, origin string
}

// ID returns the first label of the URL's domain.
func (v *FunctionURL) ID() string { return v.id }

// Domain returns the URL's domain in AWS.
func (v *FunctionURL) Domain() string { return v.domain }

// Host returns its host on this machine, which templates get as its domain.
func (v *FunctionURL) Host() string { return strings.TrimPrefix(v.origin, "http://") }

func (v *FunctionURL) setNames(p place) {
	v.id = strings.ToLower(p.ID)
	v.domain = v.id + ".lambda-url." + p.Region + ".on.aws"
	v.origin = p.origin(v.id)
}
func (v *FunctionURL) ref() string { return v.TargetFunctionArn }
func (v *FunctionURL) attributes() map[string]string {
	return map[string]string{"FunctionUrl": v.origin + "/", "FunctionArn": v.TargetFunctionArn}
}

// EventSource is AWS::Lambda::EventSourceMapping.
type EventSource struct {
	EventSourceArn                 string
	FunctionName                   string
	BatchSize                      int
	MaximumBatchingWindowInSeconds int
	Enabled                        *bool
	FunctionResponseTypes          []string
	ScalingConfig                  struct{ MaximumConcurrency int }
	FilterCriteria                 struct{ Filters []struct{ Pattern string } }
	// For streams only.
	StartingPosition                                string
	BisectBatchOnFunctionError                      bool
	MaximumRetryAttempts, MaximumRecordAgeInSeconds *int
	ParallelizationFactor                           *int
	DestinationConfig                               struct {
		OnFailure struct{ Destination string }
	}
	Tags Ignored
	id   string
}

func (v *EventSource) setNames(p place)              { v.id = p.name("") }
func (v *EventSource) ref() string                   { return v.id }
func (v *EventSource) attributes() map[string]string { return map[string]string{"Id": v.id} }

// EventInvoke is AWS::Lambda::EventInvokeConfig: the settings of asynchronous invocations.
type EventInvoke struct {
	FunctionName             string
	MaximumEventAgeInSeconds int
	MaximumRetryAttempts     *int
	DestinationConfig        struct {
		OnFailure, OnSuccess struct{ Destination string }
	}
	Qualifier Ignored
}

func (v *EventInvoke) setNames(place)                {}
func (v *EventInvoke) ref() string                   { return v.FunctionName }
func (v *EventInvoke) attributes() map[string]string { return nil }

// Schedule is AWS::Scheduler::Schedule.
type Schedule struct {
	Name                       string
	ScheduleExpression         string
	ScheduleExpressionTimezone string
	State                      string
	StartDate, EndDate         string
	Target                     struct {
		Arn, Input, RoleArn string
		RetryPolicy         struct {
			MaximumRetryAttempts     *int
			MaximumEventAgeInSeconds int
		}
		DeadLetterConfig struct{ Arn string }
	}
	Description, FlexibleTimeWindow, GroupName, KmsKeyArn Ignored

	arn string
}

// ARN returns the schedule's ARN.
func (v *Schedule) ARN() string { return v.arn }

func (v *Schedule) setNames(p place) {
	v.Name = p.name(v.Name)
	v.arn = p.arn("scheduler", "schedule/default/"+v.Name)
}
func (v *Schedule) ref() string                   { return v.Name }
func (v *Schedule) attributes() map[string]string { return map[string]string{"Arn": v.arn} }

// API is AWS::ApiGatewayV2::Api, an HTTP API.
type API struct {
	Name              string
	ProtocolType      string
	CorsConfiguration *struct {
		AllowOrigins, AllowMethods, AllowHeaders, ExposeHeaders []string
		MaxAge                                                  int
		AllowCredentials                                        bool
	}
	Body json.RawMessage // OpenAPI
	// Quick create: an API with one route to one function.
	Target, RouteKey, CredentialsArn string
	BodyS3Location                   Noted `note:"an OpenAPI document in S3 is not read; put it into Body"`
	ApiKeySelectionExpression, BasePath, Description, DisableExecuteApiEndpoint, DisableSchemaValidation, FailOnWarnings,
	IpAddressType, RouteSelectionExpression, Tags, Version Ignored

	id, domain string
}

// ID returns the first label of the API's domain.
func (v *API) ID() string { return v.id }

// Domain returns the API's domain in AWS.
func (v *API) Domain() string { return v.domain }

func (v *API) setNames(p place) {
	v.id = strings.ToLower(p.ID)
	v.domain = v.id + ".execute-api." + p.Region + ".amazonaws.com"
}
func (v *API) ref() string { return v.id }
func (v *API) attributes() map[string]string {
	return map[string]string{"ApiId": v.id, "ApiEndpoint": "https://" + v.domain}
}

// RouteSettings are the throttle of one route, or the default for all routes.
type RouteSettings struct {
	ThrottlingRateLimit    float64
	ThrottlingBurstLimit   int
	DetailedMetricsEnabled Ignored
}

// APIStage is AWS::ApiGatewayV2::Stage.
type APIStage struct {
	ApiId                string
	StageName            string
	StageVariables       map[string]string
	DefaultRouteSettings RouteSettings
	RouteSettings        map[string]RouteSettings
	AccessLogSettings    struct {
		Format         string
		DestinationArn Ignored
	}
	AccessPolicyId, AutoDeploy, ClientCertificateId, Description, DeploymentId, Tags Ignored
}

func (v *APIStage) setNames(place)                {}
func (v *APIStage) ref() string                   { return v.StageName }
func (v *APIStage) attributes() map[string]string { return nil }

// Integration is AWS::ApiGatewayV2::Integration with a function.
type Integration struct {
	ApiId, IntegrationType, IntegrationUri string
	TimeoutInMillis                        int
	PayloadFormatVersion                   string
	CredentialsArn                         string // the role that invokes the function
	IntegrationMethod, Description         Ignored
	ConnectionType, PassthroughBehavior    Ignored
	id                                     string
}

func (v *Integration) setNames(p place)              { v.id = strings.ToLower(p.ID) }
func (v *Integration) ref() string                   { return v.id }
func (v *Integration) attributes() map[string]string { return nil }

// ID returns the ID by which routes refer to the integration.
func (v *Integration) ID() string { return v.id }

// Route is AWS::ApiGatewayV2::Route.
type Route struct {
	ApiId, RouteKey, Target, AuthorizerId, AuthorizationType string
	AuthorizationScopes                                      []string
	ApiKeyRequired, OperationName                            Ignored
	id                                                       string
}

func (v *Route) setNames(p place)              { v.id = strings.ToLower(p.ID) }
func (v *Route) ref() string                   { return v.id }
func (v *Route) attributes() map[string]string { return map[string]string{"RouteId": v.id} }

// Authorizer is AWS::ApiGatewayV2::Authorizer of type REQUEST or JWT.
type Authorizer struct {
	ApiId, Name, AuthorizerType, AuthorizerUri string
	AuthorizerPayloadFormatVersion             string
	EnableSimpleResponses                      bool
	IdentitySource                             []string
	AuthorizerResultTtlInSeconds               *int
	JwtConfiguration                           struct {
		Audience []string
		Issuer   string
	}
	AuthorizerCredentialsArn string // the role that invokes the function
	id                       string
}

func (v *Authorizer) setNames(p place)              { v.id = strings.ToLower(p.ID) }
func (v *Authorizer) ref() string                   { return v.id }
func (v *Authorizer) attributes() map[string]string { return map[string]string{"AuthorizerId": v.id} }

// ID returns the ID by which routes refer to the authorizer.
func (v *Authorizer) ID() string { return v.id }
