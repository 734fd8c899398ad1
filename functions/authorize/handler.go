package main

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/minim-dev/minim/shared/edge"
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/web"
)

// errUnavailable makes API Gateway answer 500: the caller's key may be valid.
var errUnavailable = errors.New("keys cannot be read")

type secretStore interface {
	Read(ctx context.Context, id string) (value, version string, err error)
}

type keyStore interface {
	Get(ctx context.Context, id string) (key.Key, error)
	Use(ctx context.Context, id, day string) error
}

type handler struct {
	originCheck *originCheck
	keys        keyStore
	sessions    sessionStore
	spaces      spaceStore
	now         func() time.Time
	log         *slog.Logger
}

// Handle allows requests that came through the edge. Routes other than the public
// ones also need an API key, as `Authorization: Bearer mk_…`, or a session (see
// signedIn), whose owner, person, scopes and id become the context. If the table does not
// answer, a request passes without an owner, marked web.Unavailable, so that the
// handler answers 503. Any other request is denied without an error; an error means
// that the edge's keys have never been read.
//
// The authorizer of public routes caches by the edge's key alone; that of the others
// by three values (infra/api.yml). Handlers that need a caller reject a request
// without context, in case the two are ever confused.
func (h *handler) Handle(ctx context.Context, r events.APIGatewayV2CustomAuthorizerV2Request) (events.APIGatewayV2CustomAuthorizerSimpleResponse, error) {
	ctx, cancel := web.Early(ctx)
	defer cancel()
	var denied events.APIGatewayV2CustomAuthorizerSimpleResponse
	through, err := h.originCheck.passes(ctx, r.Headers[edge.Header])
	if err != nil { // logged by originCheck, once per interval
		return denied, errUnavailable
	}
	if !through {
		return denied, nil
	}
	if len(r.IdentitySource) == 1 {
		return events.APIGatewayV2CustomAuthorizerSimpleResponse{IsAuthorized: true}, nil
	}
	scheme, credential, _ := strings.Cut(r.Headers["authorization"], " ")
	credential = strings.TrimSpace(credential)
	var context map[string]any
	switch {
	case strings.EqualFold(scheme, "Bearer"):
		context, err = h.withKey(ctx, credential)
	case scheme == sessionScheme:
		context, err = h.signedIn(ctx, r.RequestContext.HTTP.Method, credential)
	}
	if err != nil { // nothing that needs a caller answers this with more than 503
		h.log.ErrorContext(ctx, "credential cannot be checked", "error", err)
		context = map[string]any{web.Unavailable: "credentials"}
	}
	if context == nil {
		return denied, nil
	}
	return events.APIGatewayV2CustomAuthorizerSimpleResponse{IsAuthorized: true, Context: context}, nil
}
