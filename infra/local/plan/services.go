package plan

import (
	"errors"

	"github.com/minim-dev/minim/infra/local/secrets"
	"github.com/minim-dev/minim/infra/local/ssm"
	"github.com/minim-dev/minim/infra/local/template"
)

// services plans the parameters, topics and subscriptions of the stack.
func (p *planner) services(plan *Plan) error {
	var errs []error
	for _, v := range template.Of[template.Parameter](p.stack) {
		d := ssm.Declaration{
			Name: v.Name, Type: v.Type, Value: v.Value, Description: v.Description, AllowedPattern: v.AllowedPattern, DataType: v.DataType,
		}
		errs = append(errs, d.Check())
		plan.Parameters = append(plan.Parameters, d)
	}
	return errors.Join(append(errs, p.topics(plan))...)
}

// Secrets returns the declarations of a stack's secrets.
func Secrets(stack *template.Stack) (all []secrets.Declaration) {
	for _, v := range template.Of[template.Secret](stack) {
		all = append(all, Secret(v))
	}
	return all
}

// Secret returns the declaration of a secret. It is exported because templates may refer to secret values, which are
// then needed before there is a plan.
func Secret(v *template.Secret) secrets.Declaration {
	d := secrets.Declaration{Name: v.Name, Value: v.SecretString}
	if g := v.GenerateSecretString; g != nil {
		d.Generate = &secrets.Generate{
			Length: g.PasswordLength, ExcludeCharacters: g.ExcludeCharacters, ExcludeLowercase: g.ExcludeLowercase, ExcludeUppercase: g.ExcludeUppercase,
			ExcludeNumbers: g.ExcludeNumbers, ExcludePunctuation: g.ExcludePunctuation, IncludeSpace: g.IncludeSpace,
			Template: g.SecretStringTemplate, Key: g.GenerateStringKey,
		}
	}
	return d
}
