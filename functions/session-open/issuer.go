package main

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/minim-dev/minim/shared/session"
)

// issuerTimeout limits each of the three calls to the issuer that a sign-in makes.
const issuerTimeout = 3 * time.Second

type secretStore interface {
	Read(ctx context.Context, id string) (value, version string, err error)
}

// oidcIssuer is an issuer of OpenID Connect, such as a Cognito user pool. Its discovery document and the client's
// secret are read at the first sign-in and kept; its keys are read again when a token names an unknown one.
type oidcIssuer struct {
	url, client, site string
	secretID          string // empty: the client has none
	secrets           secretStore

	mu       sync.Mutex // guards what follows
	provider *oidc.Provider
	config   *oauth2.Config
	signOut  string
}

// Authorize returns where the browser signs in.
func (o *oidcIssuer) Authorize(ctx context.Context, begun session.SignIn, state string) (string, error) {
	if err := o.discover(ctx); err != nil {
		return "", err
	}
	return o.config.AuthCodeURL(state, oidc.Nonce(begun.Nonce), oauth2.S256ChallengeOption(begun.Verifier)), nil
}

// Exchange takes the code to the issuer, and checks the ID token: signature, issuer, audience, expiry and nonce.
func (o *oidcIssuer) Exchange(ctx context.Context, begun session.SignIn, code string) (p session.Person, signOut string, err error) {
	if err := o.discover(ctx); err != nil {
		return p, "", err
	}
	ctx = within(ctx)
	token, err := o.config.Exchange(ctx, code, oauth2.VerifierOption(begun.Verifier))
	if answer, ok := errors.AsType[*oauth2.RetrieveError](err); ok && answer.Response.StatusCode < http.StatusInternalServerError {
		return p, "", fmt.Errorf("%w: %d %s", errRefused, answer.Response.StatusCode, answer.ErrorCode)
	}
	if err != nil {
		return p, "", fmt.Errorf("exchange the code: %w", err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := o.provider.Verifier(&oidc.Config{ClientID: o.client}).Verify(ctx, raw)
	if err != nil {
		return p, "", errors.Join(errRefused, err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(begun.Nonce)) != 1 {
		return p, "", errors.Join(errRefused, errors.New("another nonce"))
	}
	var claims struct {
		Email    string `json:"email"`
		Verified any    `json:"email_verified"` // some issuers send a string
	}
	if err := id.Claims(&claims); err != nil {
		return p, "", errors.Join(errRefused, err)
	}
	p = session.Person{Issuer: id.Issuer, Subject: id.Subject}
	if claims.Verified == true || claims.Verified == "true" {
		p.Email = claims.Email
	}
	return p, o.signOut, nil
}

// discover reads the discovery document unless it has been read.
func (o *oidcIssuer) discover(ctx context.Context) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.provider != nil {
		return nil
	}
	config := &oauth2.Config{ClientID: o.client, RedirectURL: o.site + "/api/session/callback", Scopes: []string{oidc.ScopeOpenID, "email"}}
	style := oauth2.AuthStyleInParams
	if o.secretID != "" {
		style = oauth2.AuthStyleInHeader
		var err error
		if config.ClientSecret, _, err = o.secrets.Read(ctx, o.secretID); err != nil {
			return err
		}
	}
	provider, err := oidc.NewProvider(within(ctx), o.url)
	if err != nil {
		return fmt.Errorf("discover the issuer: %w", err)
	}
	var more struct {
		End string `json:"end_session_endpoint"`
	}
	if err := provider.Claims(&more); err != nil {
		return fmt.Errorf("discover the issuer: %w", err)
	}
	config.Endpoint = provider.Endpoint()
	config.Endpoint.AuthStyle = style
	o.provider, o.config = provider, config
	if more.End != "" {
		// Cognito reads logout_uri, others the parameter of the standard.
		o.signOut = more.End + "?" + url.Values{
			"client_id": {o.client}, "logout_uri": {o.site + "/"}, "post_logout_redirect_uri": {o.site + "/"},
		}.Encode()
	}
	return nil
}

// within returns a context for calls to the issuer. Redirects are not followed: an issuer answers itself.
func within(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, &http.Client{
		Timeout:       issuerTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	})
}
