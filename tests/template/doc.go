// Package template tests the compiled CloudFormation template: properties that a change of
// serverless.yml, infra/ or a function's folder must not break.
package template
