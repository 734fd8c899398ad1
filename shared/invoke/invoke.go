// Package invoke invokes functions asynchronously, also the calling one.
package invoke

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// Client returns a Lambda client for the given configuration.
func Client(cfg aws.Config) *lambda.Client { return lambda.NewFromConfig(cfg) }

// Function is a function that can be started. It is safe for concurrent use.
type Function struct {
	client *lambda.Client
	name   string
}

// New returns the function with the deployed name.
func New(client *lambda.Client, name string) *Function { return &Function{client, name} }

// Start invokes the function asynchronously. When it returns nil, Lambda has stored
// the event and will run the function at least once. If all attempts fail, the event
// moves to the function's on-failure destination.
func (f *Function) Start(ctx context.Context, event any) error {
	payload, err := json.Marshal(event)
	if err != nil {
		return fmt.Errorf("encode event for %s: %w", f.name, err)
	}
	_, err = f.client.Invoke(ctx, &lambda.InvokeInput{
		FunctionName:   &f.name,
		InvocationType: types.InvocationTypeEvent,
		Payload:        payload,
	})
	if err != nil {
		return fmt.Errorf("start %s: %w", f.name, err)
	}
	return nil
}
