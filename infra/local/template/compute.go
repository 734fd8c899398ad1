package template

import "strings"

// Function is AWS::Lambda::Function.
type Function struct {
	FunctionName string
	Code         struct {
		S3Key                     string
		S3Bucket, S3ObjectVersion Ignored
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
	// Locally a function is built for this machine.
	Architectures, Description, KmsKeyArn, PackageType, Tags, TracingConfig, RuntimeManagementConfig Ignored

	arn string
}

// ARN names the function.
func (v *Function) ARN() string { return v.arn }

func (v *Function) settle(p place) {
	v.FunctionName = p.name(v.FunctionName)
	v.arn = p.arn("lambda", "function:"+v.FunctionName)
}
func (v *Function) ref() string                   { return v.FunctionName }
func (v *Function) attributes() map[string]string { return map[string]string{"Arn": v.arn} }

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
	// Those of streams.
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

func (v *EventSource) settle(p place)                { v.id = p.name("") }
func (v *EventSource) ref() string                   { return v.id }
func (v *EventSource) attributes() map[string]string { return map[string]string{"Id": v.id} }

// EventInvoke is AWS::Lambda::EventInvokeConfig: what becomes of asynchronous invocations.
type EventInvoke struct {
	FunctionName             string
	MaximumEventAgeInSeconds int
	MaximumRetryAttempts     *int
	DestinationConfig        struct {
		OnFailure, OnSuccess struct{ Destination string }
	}
	Qualifier Ignored
}

func (v *EventInvoke) settle(place)                  {}
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

// ARN names the schedule.
func (v *Schedule) ARN() string { return v.arn }

func (v *Schedule) settle(p place) {
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
	Description, DisableExecuteApiEndpoint, FailOnWarnings, Tags, Version Ignored

	id, domain string
}

// ID is the first label of the API's domain.
func (v *API) ID() string { return v.id }

// Domain is where the API would answer in AWS.
func (v *API) Domain() string { return v.domain }

func (v *API) settle(p place) {
	v.id = strings.ToLower(p.ID)
	v.domain = v.id + ".execute-api." + p.Region + ".amazonaws.com"
}
func (v *API) ref() string { return v.id }
func (v *API) attributes() map[string]string {
	return map[string]string{"ApiId": v.id, "ApiEndpoint": "https://" + v.domain}
}

// RouteSettings throttle one route, or each.
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
	AutoDeploy, Description, DeploymentId, Tags Ignored
}

func (v *APIStage) settle(place)                  {}
func (v *APIStage) ref() string                   { return v.StageName }
func (v *APIStage) attributes() map[string]string { return nil }

// Integration is AWS::ApiGatewayV2::Integration with a function.
type Integration struct {
	ApiId, IntegrationType, IntegrationUri string
	TimeoutInMillis                        int
	PayloadFormatVersion                   string
	CredentialsArn                         string // the role that invokes the function
	IntegrationMethod, Description         Ignored
	ConnectionType                         Ignored
	id                                     string
}

func (v *Integration) settle(p place)                { v.id = strings.ToLower(p.ID) }
func (v *Integration) ref() string                   { return v.id }
func (v *Integration) attributes() map[string]string { return nil }

// ID is how routes name the integration.
func (v *Integration) ID() string { return v.id }

// Route is AWS::ApiGatewayV2::Route.
type Route struct {
	ApiId, RouteKey, Target, AuthorizerId, AuthorizationType string
	OperationName                                            Ignored
	id                                                       string
}

func (v *Route) settle(p place)                { v.id = strings.ToLower(p.ID) }
func (v *Route) ref() string                   { return v.id }
func (v *Route) attributes() map[string]string { return map[string]string{"RouteId": v.id} }

// Authorizer is AWS::ApiGatewayV2::Authorizer of type REQUEST.
type Authorizer struct {
	ApiId, Name, AuthorizerType, AuthorizerUri string
	AuthorizerPayloadFormatVersion             string
	EnableSimpleResponses                      bool
	IdentitySource                             []string
	AuthorizerResultTtlInSeconds               *int
	AuthorizerCredentialsArn                   string // the role that invokes the function
	id                                         string
}

func (v *Authorizer) settle(p place)                { v.id = strings.ToLower(p.ID) }
func (v *Authorizer) ref() string                   { return v.id }
func (v *Authorizer) attributes() map[string]string { return map[string]string{"AuthorizerId": v.id} }

// ID is how routes name the authorizer.
func (v *Authorizer) ID() string { return v.id }
