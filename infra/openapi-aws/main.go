// Command openapi-aws converts docs/openapi.yaml to a definition that API Gateway can import as an HTTP API: in OpenAPI
// 3.0, with each route's integration and authorizer from the compiled template of a stage.
//
//	openapi-aws --template build/stack-dev/cloudformation-template-update-stack.json --account 123456789012 --out build/openapi-aws-dev.json
//	aws apigatewayv2 import-api --body file://build/openapi-aws-dev.json
//
// A route that only one of the two contains is an error. With --role, the ARN of the stack's ApiRole, API Gateway uses
// this role to invoke the functions; without it, each function needs a permission for the imported API.
package main

import (
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "openapi-aws:", err)
		os.Exit(1)
	}
}
