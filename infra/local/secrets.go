package main

import (
	"net/http"
	"path/filepath"

	"github.com/minim-dev/minim/infra/local/secrets"
	"github.com/minim-dev/minim/infra/local/template"
)

// openSecrets comes before the template, which may refer to them.
func (c *cloud) openSecrets() (err error) {
	c.secrets, err = secrets.Open(secrets.Options{Region: region, Account: account, Path: filepath.Join(c.state, "secrets.json")})
	return err
}

// secret is what a template refers to; it is made when it is needed first.
func (c *cloud) secret(v *template.Secret, key string) (string, bool) {
	if err := c.declareSecret(v); err != nil {
		return "", false
	}
	return c.secrets.Value(v.ARN(), key)
}

func (c *cloud) declareSecret(v *template.Secret) error {
	d := secrets.Declaration{Name: v.Name, Value: v.SecretString}
	if g := v.GenerateSecretString; g != nil {
		d.Generate = &secrets.Generate{
			Length: g.PasswordLength, ExcludeCharacters: g.ExcludeCharacters, ExcludeLowercase: g.ExcludeLowercase, ExcludeUppercase: g.ExcludeUppercase,
			ExcludeNumbers: g.ExcludeNumbers, ExcludePunctuation: g.ExcludePunctuation, IncludeSpace: g.IncludeSpace,
			Template: g.SecretStringTemplate, Key: g.GenerateStringKey,
		}
	}
	return c.secrets.Declare(d)
}

// secretsManager makes the secrets of the template and serves them.
func (c *cloud) secretsManager() (http.Handler, error) {
	for _, v := range template.Of[template.Secret](c.stack) {
		if err := c.declareSecret(v); err != nil {
			return nil, err
		}
	}
	if c.guard == nil {
		return c.secrets, nil
	}
	return c.guard.Secrets(c.secrets, func(name string) string { return secrets.ARN(region, account, name) }), nil
}
