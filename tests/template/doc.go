// Package template tests the compiled CloudFormation template: what a change of
// serverless.yml, infra/ or a function's folder must not lose on its way to AWS.
package template
