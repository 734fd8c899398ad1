// Command stranger is a function that calls a service that the local cloud does not have, and one that exists only
// on EC2. It answers HTTP requests with the errors and the addresses that it dialled.
package main

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

type report struct {
	Identity, Role string // errors
	Dialled        []string
}

func main() { lambda.Start(handle) }

func handle(ctx context.Context, _ json.RawMessage) (any, error) {
	var r report
	arn := "arn:aws:iam::000000000000:role/other"
	client := awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
		t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			r.Dialled = append(r.Dialled, address)
			return new(net.Dialer).DialContext(ctx, network, address)
		}
	})
	settings, err := config.LoadDefaultConfig(ctx, config.WithHTTPClient(client))
	if err != nil {
		return nil, err
	}
	if _, err := sts.NewFromConfig(settings).AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: &arn, RoleSessionName: &arn}); err != nil {
		r.Identity = err.Error()
	}
	// Without the credentials of Lambda, an SDK requests credentials from EC2.
	for _, name := range []string{"AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"} {
		if err := os.Unsetenv(name); err != nil {
			return nil, err
		}
	}
	if settings, err = config.LoadDefaultConfig(ctx, config.WithHTTPClient(client)); err != nil {
		return nil, err
	}
	if _, err := settings.Credentials.Retrieve(ctx); err != nil {
		r.Role = err.Error()
	}
	body, err := json.Marshal(r)
	return map[string]any{"statusCode": 200, "body": string(body)}, err
}
