package plan

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/minim-dev/minim/infra/local/guard"
	"github.com/minim-dev/minim/infra/local/iam"
	"github.com/minim-dev/minim/infra/local/lambda"
	"github.com/minim-dev/minim/infra/local/template"
)

// permissions plans the roles with their policies, and returns an error for each mistake that AWS would reject.
func (p *planner) permissions(plan *Plan) error {
	roles, err := p.roles()
	if err != nil {
		return err
	}
	names := map[string]string{} // role names by function
	var errs []error
	for id, f := range template.Of[template.Function](p.stack) {
		role, ok := roles[f.Role]
		if !ok {
			errs = append(errs, fmt.Errorf("%s.Properties.Role: %q is not a role of the stack", id, f.Role))
			continue
		}
		if err := role.trusts("lambda.amazonaws.com", p.o.Account, f.ARN()); err != nil {
			errs = append(errs, fmt.Errorf("%s.Properties.Role: %w", id, err))
		}
		names[f.FunctionName] = role.RoleName
		key := issue(f.FunctionName, p.o.Seed).AccessKeyID
		plan.Callers = append(plan.Callers, guard.Function{Name: f.FunctionName, Role: role.RoleName, AccessKeyID: key})
	}
	for _, arn := range slices.Sorted(maps.Keys(roles)) {
		plan.Roles = append(plan.Roles, guard.Role{Name: roles[arn].RoleName, Policies: &roles[arn].policies})
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	d := &deployment{planner: p, roles: roles, functions: names, byName: map[string]*role{}}
	for _, r := range roles {
		d.byName[r.RoleName] = r
	}
	err = d.check()
	plan.Uses = d.uses
	return err
}

// role is a role with all its policies.
type role struct {
	*template.Role
	policies iam.Policies
}

// roles returns the stack's roles by ARN.
func (p *planner) roles() (map[string]*role, error) {
	var errs []error
	roles := map[string]*role{}
	managed := map[string]ownPolicy{}
	for id, v := range template.Of[template.ManagedPolicy](p.stack) {
		managed[v.ARN()] = ownPolicy{id, v}
	}
	for id, v := range template.Of[template.Role](p.stack) {
		r := &role{Role: v}
		roles[v.ARN()] = r
		for i, policy := range v.Policies {
			if err := r.policies.Add(policy.PolicyName, policy.PolicyDocument); err != nil {
				errs = append(errs, fmt.Errorf("%s.Properties.Policies[%d].PolicyDocument.%w", id, i, err))
			}
		}
		for i, arn := range v.ManagedPolicyArns {
			if own, ok := managed[arn]; ok {
				errs = append(errs, own.add(&r.policies))
			} else if known, ok := iam.Managed(arn); ok {
				r.policies.Include(known)
			} else {
				p.note("%s.Properties.ManagedPolicyArns[%d]: the local cloud does not know what %s allows: it allows nothing here", id, i, arn)
			}
		}
		if v.PermissionsBoundary != "" {
			p.note("%s.Properties.PermissionsBoundary: permissions boundaries are not evaluated", id)
		}
	}
	for id, policy := range template.Of[template.Policy](p.stack) {
		for _, r := range roles {
			if !slices.Contains(policy.Roles, r.RoleName) {
				continue
			}
			if err := r.policies.Add(policy.PolicyName, policy.PolicyDocument); err != nil {
				errs = append(errs, fmt.Errorf("%s.Properties.PolicyDocument.%w", id, err))
			}
		}
	}
	for _, own := range managed {
		for _, r := range roles {
			if slices.Contains(own.Roles, r.RoleName) {
				errs = append(errs, own.add(&r.policies))
			}
		}
	}
	return roles, errors.Join(errs...)
}

// ownPolicy is a managed policy that the stack defines.
type ownPolicy struct {
	id string
	*template.ManagedPolicy
}

func (v ownPolicy) add(to *iam.Policies) error {
	if err := to.Add(v.ManagedPolicyName, v.PolicyDocument); err != nil {
		return fmt.Errorf("%s.Properties.PolicyDocument.%w", v.id, err)
	}
	return nil
}

// trusts returns an error unless a service may assume the role on behalf of a resource.
func (r *role) trusts(service, account, source string) error {
	ok, err := iam.Trusts(r.AssumeRolePolicyDocument, service, map[string]string{"aws:sourceaccount": account, "aws:sourcearn": source})
	if err != nil {
		return fmt.Errorf("%s.AssumeRolePolicyDocument.%w", r.RoleName, err)
	}
	if !ok {
		return fmt.Errorf("%s cannot be assumed by %s for %s: AssumeRolePolicyDocument must allow sts:AssumeRole", r.RoleName, service, source)
	}
	return nil
}

// named reports whether text is the name or ARN of a function.
func named(text, function string) bool {
	name, ok := lambda.FunctionName(text)
	return ok && name == function || text[strings.LastIndex(text, ":")+1:] == function
}
