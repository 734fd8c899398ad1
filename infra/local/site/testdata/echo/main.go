// Command echo is a function that answers HTTP requests with their path, returns events
// of user pools unchanged, and writes all other events to a file.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
)

var verb = "asked" // the test sets another one at build time

func main() {
	lambda.Start(func(_ context.Context, event json.RawMessage) (any, error) {
		var request struct{ RawPath, TriggerSource string }
		if err := json.Unmarshal(event, &request); err == nil && request.RawPath != "" {
			return map[string]any{"statusCode": 200, "body": "you " + verb + " for " + request.RawPath + os.Getenv("MARK")}, nil
		}
		if request.TriggerSource != "" {
			return event, nil
		}
		file, err := os.OpenFile(os.Getenv("EVENTS"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		_, err = fmt.Fprintf(file, "%s\n", event)
		return nil, err
	})
}
