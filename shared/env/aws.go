package env

import (
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// AWS returns the configuration for a client of one service, named as in
// AWS_ENDPOINT_URL_<SERVICE>: "DYNAMODB", "S3", "SQS", "LAMBDA". It reads what
// Lambda always sets: region and the function's credentials. The general
// config loader would also check files, containers and instance metadata, which a
// function does not have, and cost 2.5 ms of every start and 1.6 MB.
//
// A call to the service ends after Tries attempts of a second each and the pauses
// between them, so after at most 3.4 s (see CallTimeout). That is less than the
// shortest timeout of a function, so a function whose service hangs can still
// answer.
func AWS(service string) aws.Config { return AWSWithin(service, time.Second) }

// The retry policy of calls.
const (
	Tries    = 3
	maxPause = 200 * time.Millisecond // before another attempt, random up to this
)

// CallTimeout is the maximum duration of a call whose attempts end after try.
func CallTimeout(try time.Duration) time.Duration { return Tries*try + (Tries-1)*maxPause }

// AWSWithin returns the configuration for a client whose attempts may take longer than
// a second, such as one that transfers files. The limit includes reading the
// response.
func AWSWithin(service string, try time.Duration) aws.Config {
	cfg := aws.Config{
		Region: os.Getenv("AWS_REGION"),
		Credentials: credentials.NewStaticCredentialsProvider(
			os.Getenv("AWS_ACCESS_KEY_ID"),
			os.Getenv("AWS_SECRET_ACCESS_KEY"),
			os.Getenv("AWS_SESSION_TOKEN"),
		),
		// Connections often break while an environment is frozen, hence the short idle time.
		HTTPClient: awshttp.NewBuildableClient().WithTimeout(try).WithTransportOptions(func(t *http.Transport) {
			t.IdleConnTimeout = 30 * time.Second
			t.MaxIdleConnsPerHost = 32
		}),
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) {
				o.MaxAttempts, o.MaxBackoff = Tries, maxPause
				o.Retryables = append(o.Retryables, retry.IsErrorRetryableFunc(truncated))
			})
		},
	}
	endpoint := os.Getenv("AWS_ENDPOINT_URL_" + strings.ToUpper(service))
	if endpoint == "" {
		endpoint = os.Getenv("AWS_ENDPOINT_URL")
	}
	if endpoint != "" {
		cfg.BaseEndpoint = aws.String(endpoint)
	}
	return cfg
}

// truncated retries a call whose connection ended in the middle of the response,
// as the SDK does for one that ended before it.
func truncated(err error) aws.Ternary {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return aws.TrueTernary
	}
	return aws.UnknownTernary
}
