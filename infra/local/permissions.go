package main

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/minim-dev/minim/infra/local/disk"
	"github.com/minim-dev/minim/infra/local/guard"
	"github.com/minim-dev/minim/infra/local/iam"
	"github.com/minim-dev/minim/infra/local/lambda"
	"github.com/minim-dev/minim/infra/local/template"
)

// permissions reads who may do what, gives each function credentials, and finds
// what AWS would refuse to deploy.
func (s *site) permissions() error {
	roles, err := readRoles(s.stack)
	if err != nil {
		return err
	}
	s.guard = guard.New(guard.Options{
		Region: region, Account: account, Root: accessKey,
		Denied: func(message string) { s.say.printf("denied: %s", message) },
	})
	seed := rand.Text() // secrets are as old as this process
	s.credentials, s.accounts = map[string]lambda.Credentials{}, map[string]string{}
	names := map[string]string{} // of roles by function
	var errs []error
	var functions []guard.Function
	for id, f := range template.Of[template.Function](s.stack) {
		role, ok := roles[f.Role]
		if !ok {
			errs = append(errs, fmt.Errorf("%s.Properties.Role: %q is not a role of the stack", id, f.Role))
			continue
		}
		if err := trusts(role, "lambda.amazonaws.com"); err != nil {
			errs = append(errs, fmt.Errorf("%s.Properties.Role: %w", id, err))
		}
		c := issue(f.FunctionName, seed)
		s.credentials[f.FunctionName], s.accounts[c.AccessKeyID] = c, c.SecretAccessKey
		names[f.FunctionName] = role.RoleName
		functions = append(functions, guard.Function{Name: f.FunctionName, Role: role.RoleName, AccessKeyID: c.AccessKeyID})
	}
	var all []guard.Role
	for _, arn := range slices.Sorted(maps.Keys(roles)) {
		all = append(all, guard.Role{Name: roles[arn].RoleName, Policies: &roles[arn].policies})
	}
	s.guard.Set(all, functions)
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return (&deployment{stack: s.stack, guard: s.guard, roles: roles, functions: names}).check()
}

// issue makes the credentials of a function. The access key looks like one of AWS; the
// emulators take no session tokens.
func issue(function, seed string) lambda.Credentials {
	id := sha256.Sum256([]byte(function))
	mac := hmac.New(sha256.New, []byte(seed))
	mac.Write([]byte(function))
	encode := base32.StdEncoding.EncodeToString
	return lambda.Credentials{AccessKeyID: "AKIA" + encode(id[:])[:16], SecretAccessKey: encode(mac.Sum(nil))[:40]}
}

// stackRole is a role with all its policies.
type stackRole struct {
	*template.Role
	policies iam.Policies
}

// readRoles finds the roles of a stack by their ARNs.
func readRoles(stack *template.Stack) (map[string]*stackRole, error) {
	var errs []error
	roles := map[string]*stackRole{}
	for id, r := range template.Of[template.Role](stack) {
		role := &stackRole{Role: r}
		roles[r.ARN()] = role
		for i, p := range r.Policies {
			if err := role.policies.Add(p.PolicyName, p.PolicyDocument); err != nil {
				errs = append(errs, fmt.Errorf("%s.Properties.Policies[%d].PolicyDocument.%w", id, i, err))
			}
		}
		if len(r.ManagedPolicyArns) > 0 {
			errs = append(errs, fmt.Errorf("%s.Properties.ManagedPolicyArns: the local cloud does not know what is in managed policies; write the statements out", id))
		}
		if r.PermissionsBoundary != "" {
			errs = append(errs, fmt.Errorf("%s.Properties.PermissionsBoundary: not supported by the local cloud", id))
		}
	}
	for id, p := range template.Of[template.Policy](stack) {
		for _, name := range p.Roles {
			for _, role := range roles {
				if role.RoleName != name {
					continue
				}
				if err := role.policies.Add(p.PolicyName, p.PolicyDocument); err != nil {
					errs = append(errs, fmt.Errorf("%s.Properties.PolicyDocument.%w", id, err))
				}
			}
		}
	}
	return roles, errors.Join(errs...)
}

// trusts says what keeps a service from assuming a role.
func trusts(role *stackRole, service string) error {
	ok, err := iam.Trusts(role.AssumeRolePolicyDocument, service, map[string]string{"aws:sourceaccount": account})
	if err != nil {
		return fmt.Errorf("%s.AssumeRolePolicyDocument.%w", role.RoleName, err)
	}
	if !ok {
		return fmt.Errorf("%s cannot be assumed by %s: AssumeRolePolicyDocument must allow sts:AssumeRole", role.RoleName, service)
	}
	return nil
}

// guardedEndpoints are what functions are given: services that know their roles.
func (s *site) guardedEndpoints() (map[string]string, error) {
	all := s.endpoints()
	handler, err := s.guard.S3(s.parts.S3)
	if err != nil {
		return nil, err
	}
	listener, err := listen()
	if err != nil {
		return nil, err
	}
	all["AWS_ENDPOINT_URL_S3"] = "http://" + listener.Addr().String()
	s.closing = append(s.closing, serve(listener, handler))
	return all, nil
}

// writePermissions tells at the end what was used and what was denied.
func (s *site) writePermissions() {
	text, err := json.MarshalIndent(s.guard.Report(), "", "  ")
	if err == nil {
		err = disk.Replace(filepath.Join(s.state, "permissions.json"), append(text, '\n'))
	}
	if err != nil {
		s.say.printf("cannot tell which permissions were used: %v", err)
	}
}

// named tells whether a text names a function, by its ARN or its name.
func named(text, function string) bool {
	name, ok := functionName(text)
	return ok && name == function || text[strings.LastIndex(text, ":")+1:] == function
}
