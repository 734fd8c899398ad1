package template

import "strings"

// Distribution is AWS::CloudFront::Distribution.
type Distribution struct {
	DistributionConfig struct {
		DefaultRootObject string
		Origins           []Origin
		OriginGroups      struct {
			Items    []OriginGroup
			Quantity Ignored
		}
		CacheBehaviors       []Behavior
		DefaultCacheBehavior Behavior
		CustomErrorResponses []struct {
			ErrorCode, ErrorCachingMinTTL Ignored
		}
		Aliases, Comment, Enabled, HttpVersion, IPV6Enabled, Logging, PriceClass, Restrictions,
		Staging, ViewerCertificate, WebACLId Ignored
	}
	Tags Ignored

	id, arn, domain string
}

// ID returns the distribution's identifier.
func (v *Distribution) ID() string { return v.id }

// Origin is a server from which a distribution gets its responses.
type Origin struct {
	ID                    string `json:"Id"`
	DomainName            string
	OriginPath            string
	OriginAccessControlId string
	OriginCustomHeaders   []struct{ HeaderName, HeaderValue string }
	ConnectionAttempts, ConnectionTimeout, CustomOriginConfig, OriginShield, ResponseCompletionTimeout,
	S3OriginConfig Ignored
}

// OriginGroup is a pair of origins: the second one is used if the first one returns one of the
// statuses.
type OriginGroup struct {
	ID               string `json:"Id"`
	FailoverCriteria struct {
		StatusCodes struct {
			Items    []int
			Quantity Ignored
		}
	}
	Members struct {
		Items    []struct{ OriginId string }
		Quantity Ignored
	}
	SelectionCriteria Ignored
}

// Behavior is a cache behaviour of a distribution.
type Behavior struct {
	PathPattern, TargetOriginId                                   string
	AllowedMethods                                                []string
	Compress                                                      bool
	CachePolicyId, OriginRequestPolicyId, ResponseHeadersPolicyId string
	FunctionAssociations                                          []struct{ EventType, FunctionARN string }
	CachedMethods, SmoothStreaming, ViewerProtocolPolicy          Ignored
}

func (v *Distribution) setNames(p place) {
	v.id = strings.ToUpper(p.ID)
	v.arn = "arn:aws:cloudfront::" + p.Account + ":distribution/" + v.id
	v.domain = p.EdgeDomain
	if v.domain == "" {
		v.domain = "localhost"
	}
}
func (v *Distribution) ref() string { return v.id }
func (v *Distribution) attributes() map[string]string {
	return map[string]string{"DomainName": v.domain, "Id": v.id, "Arn": v.arn}
}

// EdgeFunction is AWS::CloudFront::Function.
type EdgeFunction struct {
	Name           string
	FunctionCode   string // at most 10,240 bytes
	FunctionConfig struct {
		Runtime string
		Comment Ignored
	}
	AutoPublish, Tags Ignored

	arn string
}

// ARN returns the function's ARN.
func (v *EdgeFunction) ARN() string { return v.arn }

func (v *EdgeFunction) setNames(p place) {
	v.arn = "arn:aws:cloudfront::" + p.Account + ":function/" + p.name(v.Name)
}
func (v *EdgeFunction) ref() string { return v.arn }
func (v *EdgeFunction) attributes() map[string]string {
	return map[string]string{"FunctionARN": v.arn, "FunctionMetadata.FunctionARN": v.arn, "Stage": "LIVE"}
}

// Headers, Cookies and QueryStrings select parts of a request.
type (
	Headers struct {
		HeaderBehavior string
		Headers        []string
	}
	Cookies struct {
		CookieBehavior string
		Cookies        []string
	}
	QueryStrings struct {
		QueryStringBehavior string
		QueryStrings        []string
	}
)

// CachePolicy is AWS::CloudFront::CachePolicy.
type CachePolicy struct {
	CachePolicyConfig struct {
		ParametersInCacheKeyAndForwardedToOrigin struct {
			HeadersConfig              Headers
			CookiesConfig              Cookies
			QueryStringsConfig         QueryStrings
			EnableAcceptEncodingGzip   bool
			EnableAcceptEncodingBrotli Ignored
		}
		MaxTTL                            float64
		Name, Comment, DefaultTTL, MinTTL Ignored
	}
	id string
}

func (v *CachePolicy) setNames(p place)              { v.id = p.name("") }
func (v *CachePolicy) ref() string                   { return v.id }
func (v *CachePolicy) attributes() map[string]string { return map[string]string{"Id": v.id} }

// ID is how behaviours name the policy.
func (v *CachePolicy) ID() string { return v.id }

// OriginRequestPolicy is AWS::CloudFront::OriginRequestPolicy.
type OriginRequestPolicy struct {
	OriginRequestPolicyConfig struct {
		HeadersConfig      Headers
		CookiesConfig      Cookies
		QueryStringsConfig QueryStrings
		Name, Comment      Ignored
	}
	id string
}

func (v *OriginRequestPolicy) setNames(p place)              { v.id = p.name("") }
func (v *OriginRequestPolicy) ref() string                   { return v.id }
func (v *OriginRequestPolicy) attributes() map[string]string { return map[string]string{"Id": v.id} }

// ID is how behaviours name the policy.
func (v *OriginRequestPolicy) ID() string { return v.id }

// ResponseHeadersPolicy is AWS::CloudFront::ResponseHeadersPolicy.
type ResponseHeadersPolicy struct {
	ResponseHeadersPolicyConfig struct {
		SecurityHeadersConfig struct {
			StrictTransportSecurity *struct {
				AccessControlMaxAgeSec               int
				IncludeSubdomains, Preload, Override bool
			}
			ContentTypeOptions *struct{ Override bool }
			FrameOptions       *struct {
				FrameOption string
				Override    bool
			}
			ReferrerPolicy *struct {
				ReferrerPolicy string
				Override       bool
			}
			ContentSecurityPolicy *struct {
				ContentSecurityPolicy string
				Override              bool
			}
		}
		CustomHeadersConfig struct {
			Items []struct {
				Header, Value string
				Override      bool
			}
		}
		RemoveHeadersConfig struct {
			Items []struct{ Header string }
		}
		Name, Comment Ignored
	}
	id string
}

func (v *ResponseHeadersPolicy) setNames(p place)              { v.id = p.name("") }
func (v *ResponseHeadersPolicy) ref() string                   { return v.id }
func (v *ResponseHeadersPolicy) attributes() map[string]string { return map[string]string{"Id": v.id} }

// ID is how behaviours name the policy.
func (v *ResponseHeadersPolicy) ID() string { return v.id }
