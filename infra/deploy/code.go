package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// update gives a function new code and waits until it is active. It refuses a function with an alias: requests
// go to the alias, and only a deployment of the stack changes it.
func update(ctx context.Context, client *lambda.Client, function, zip string) error {
	code, err := os.ReadFile(zip)
	if err != nil {
		return err
	}
	aliases, err := client.ListAliases(ctx, &lambda.ListAliasesInput{FunctionName: &function})
	if _, missing := errors.AsType[*types.ResourceNotFoundException](err); missing {
		return fmt.Errorf("there is no function %s yet; make deploy without FN creates it", function)
	}
	if err != nil {
		return fmt.Errorf("find %s: %w", function, err)
	}
	if len(aliases.Aliases) > 0 {
		return fmt.Errorf("visitors reach %s through its alias %s, which this does not change; deploy the stack instead (make deploy without FN)",
			function, aws.ToString(aliases.Aliases[0].Name))
	}
	if _, err := client.UpdateFunctionCode(ctx, &lambda.UpdateFunctionCodeInput{FunctionName: &function, ZipFile: code}); err != nil {
		return fmt.Errorf("update %s: %w", function, err)
	}
	done := lambda.NewFunctionUpdatedV2Waiter(client, func(o *lambda.FunctionUpdatedV2WaiterOptions) { o.MinDelay = time.Second })
	if err := done.Wait(ctx, &lambda.GetFunctionInput{FunctionName: &function}, 2*time.Minute); err != nil {
		return fmt.Errorf("wait for %s: %w", function, err)
	}
	fmt.Printf("%s has new code; its settings are those of the last deployment of the stack\n", function)
	return nil
}
