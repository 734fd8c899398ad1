package template

import (
	"maps"
	"slices"
	"strings"
)

// Secret is AWS::SecretsManager::Secret.
type Secret struct {
	Name, SecretString   string
	GenerateSecretString *struct {
		PasswordLength                                                         int
		ExcludeCharacters                                                      string
		ExcludeLowercase, ExcludeUppercase, ExcludeNumbers, ExcludePunctuation bool
		IncludeSpace                                                           bool
		SecretStringTemplate, GenerateStringKey                                string
		RequireEachIncludedType                                                Ignored
	}
	Description, KmsKeyId, ReplicaRegions, Tags, Type Ignored

	arn string
}

// ARN returns the secret's ARN.
func (v *Secret) ARN() string { return v.arn }

func (v *Secret) setNames(p place) {
	v.Name = p.name(v.Name)
	v.arn = p.arn("secretsmanager", "secret:"+v.Name+"-000000")
}
func (v *Secret) ref() string                   { return v.arn }
func (v *Secret) attributes() map[string]string { return map[string]string{"Id": v.arn} }

// secret returns the value of {{resolve:secretsmanager:ID:SecretString:KEY}}, of a secret
// in the template or a stored one.
func (r *resolver) secret(at, reference string) string {
	id, rest, _ := strings.Cut(reference, ":SecretString")
	key, more, _ := strings.Cut(strings.TrimPrefix(rest, ":"), ":")
	if strings.Trim(more, ":") != "" {
		r.problem(at, "a version of a secret cannot be named in the local cloud, which has the current one")
		return ""
	}
	if r.o.Secret == nil {
		r.problem(at, "refers to the secret %s, and there are no secrets here", id)
		return ""
	}
	for _, name := range slices.Sorted(maps.Keys(r.doc.Resources)) {
		if r.doc.Resources[name].Type != "AWS::SecretsManager::Secret" {
			continue
		}
		if v, ok := r.resource(name).(*Secret); ok && (v.arn == id || v.Name == id) {
			if value, ok := r.o.Secret(v, key); ok {
				return value
			}
		}
	}
	r.problem(at, "refers to the secret %s, of which the template has no such value", reference)
	return ""
}
