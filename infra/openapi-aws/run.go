package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"

	"gopkg.in/yaml.v3"
)

func run(args []string) error {
	flags := flag.NewFlagSet("openapi-aws", flag.ContinueOnError)
	contract := flags.String("contract", "docs/openapi.yaml", "the `file` with the contract")
	template := flags.String("template", "", "the compiled template's `file`")
	out := flags.String("out", "", "the `file` to write")
	var at place
	flags.StringVar(&at.account, "account", "", "the account's `number`")
	flags.StringVar(&at.region, "region", "us-east-1", "the `region`")
	flags.StringVar(&at.role, "role", "", "the `ARN` of the role by which API Gateway calls the functions")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if !regexp.MustCompile(`^\d{12}$`).MatchString(at.account) {
		return fmt.Errorf("ACCOUNT=%s is not an account; write its 12 digits: make openapi-aws STAGE=dev ACCOUNT=123456789012", at.account)
	}
	var document map[string]any
	text, err := os.ReadFile(*contract)
	if err != nil {
		return err
	}
	if err := yaml.Unmarshal(text, &document); err != nil {
		return fmt.Errorf("%s: %w", *contract, err)
	}
	var s stack
	if text, err = os.ReadFile(*template); err != nil {
		return err
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return fmt.Errorf("%s: %w", *template, err)
	}
	lowered, _ := lower(document).(map[string]any) // the type stays the same
	if err := s.integrate(lowered, at); err != nil {
		return err
	}
	if text, err = json.MarshalIndent(lowered, "", "  "); err != nil {
		return err
	}
	if err := os.WriteFile(*out, append(text, '\n'), 0o644); err != nil {
		return err
	}
	fmt.Printf("%s; next: aws apigatewayv2 import-api --body file://%s\n", *out, *out)
	return nil
}
