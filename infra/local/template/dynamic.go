package template

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// dynamic replaces {{resolve:ssm:NAME}} and {{resolve:ssm:NAME:VERSION}} in a text with
// the value of the parameter, and {{resolve:secretsmanager:…}} with that of a secret.
func (r *resolver) dynamic(at, text string) string {
	if !strings.Contains(text, "{{resolve:") {
		return text
	}
	return regexp.MustCompile(`\{\{resolve:([^:}]*):?([^}]*)\}\}`).ReplaceAllStringFunc(text, func(match string) string {
		service, name, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(match, "{{resolve:"), "}}"), ":")
		switch service {
		case "ssm":
		case "secretsmanager":
			return r.secret(at, name)
		default:
			r.problem(at, "dynamic references to %s are not supported by the local cloud, which supports {{resolve:ssm:…}} and {{resolve:secretsmanager:…}}", service)
			return ""
		}
		value, ok := r.parameter(name)
		if !ok {
			r.problem(at, "refers to the parameter %s, which is neither in the template nor in what aws ssm put-parameter has stored; a SecureString cannot be referred to", name)
		}
		return value
	})
}

// parameter returns the value of a parameter that is stored or defined in the template.
func (r *resolver) parameter(name string) (string, bool) {
	if r.o.Parameter != nil {
		if value, ok := r.o.Parameter(name); ok {
			return value, true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(r.doc.Resources)) {
		if d := r.doc.Resources[id]; d.Type == "AWS::SSM::Parameter" && d.Properties["Name"] == name {
			if p, ok := r.resource(id).(*Parameter); ok {
				return p.Value, true
			}
		}
	}
	return "", false
}
