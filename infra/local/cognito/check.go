package cognito

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Check returns an error with a line for each setting that AWS would reject.
func (p Pool) Check() error {
	var errs []error
	problem := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if p.Password.Length < 6 || p.Password.Length > 99 {
		problem("a password of at least %d characters: AWS allows 6 to 99", p.Password.Length)
	}
	if p.TemporaryDays < 1 || p.TemporaryDays > 365 {
		problem("temporary passwords for %d days: AWS allows 1 to 365", p.TemporaryDays)
	}
	for _, name := range p.Required {
		if !slices.Contains(standardAttributes(), name) {
			problem("the required attribute %q is not a standard one", name)
		}
	}
	for _, u := range p.Users {
		for _, group := range u.Groups {
			if !slices.Contains(p.Groups, group) {
				problem("the user %s is in the group %q, which the pool does not have", u.Name, group)
			}
		}
	}
	for _, c := range p.Clients {
		for _, err := range c.check(&p) {
			problem("the client %s: %w", c.Name, err)
		}
	}
	return errors.Join(errs...)
}

func (c Client) check(p *Pool) (errs []error) {
	problem := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	for _, flow := range c.Flows {
		if flow != codeFlow && flow != machineFlow {
			problem("the flow %q is not supported by the local cloud, which has %s and %s", flow, codeFlow, machineFlow)
		}
	}
	if slices.Contains(c.Flows, machineFlow) && (len(c.Flows) > 1 || !c.Confidential) {
		problem("%s needs a secret, and a client that has no other flows", machineFlow)
	}
	if slices.Contains(c.Flows, codeFlow) && len(c.Callbacks) == 0 {
		problem("the flow %s needs callback URLs", codeFlow)
	}
	if len(c.Flows) > 0 && len(c.Scopes) == 0 {
		problem("flows need scopes")
	}
	for _, scope := range c.Scopes {
		if !slices.Contains(p.Scopes, scope) && !slices.Contains(standardScopes(), scope) {
			problem("the pool has no scope %q", scope)
		}
	}
	for _, each := range slices.Concat(c.Callbacks, c.Logouts) {
		if err := checkURL(each); err != nil {
			errs = append(errs, err)
		}
	}
	for _, each := range []struct {
		name        string
		given       time.Duration
		least, most time.Duration
	}{
		{"access tokens", c.Access, 5 * time.Minute, 24 * time.Hour}, {"ID tokens", c.Identity, 5 * time.Minute, 24 * time.Hour},
		{"refresh tokens", c.Refresh, time.Hour, 3650 * 24 * time.Hour}, {"replaced refresh tokens", c.Grace, 0, time.Minute},
	} {
		if each.given < each.least || each.given > each.most {
			problem("%s valid for %v: AWS allows %v to %v", each.name, each.given, each.least, each.most)
		}
	}
	return errs
}

// checkURL returns an error if a URL is not allowed as a callback or logout URL.
func checkURL(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Scheme == "" || u.Host == "" && u.Path == "" && u.Opaque == "":
		return fmt.Errorf("%q is not a complete URL", text)
	case u.Fragment != "" || strings.HasSuffix(text, "#"):
		return fmt.Errorf("%q has a fragment", text)
	case u.Scheme == "http" && u.Hostname() != "localhost":
		return fmt.Errorf("%q: http is for localhost only", text)
	case strings.Contains(text, "*"):
		return fmt.Errorf("%q: URLs are compared exactly, without wildcards", text)
	}
	return nil
}
