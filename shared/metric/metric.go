// Package metric counts what nobody wants to read line by line. A count is a
// line of the log in CloudWatch's embedded metric format: it costs no call and
// CloudWatch makes a metric of it.
package metric

import (
	"context"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

// Namespace holds the metrics of all functions; the dimension `function` is
// the deployed name of the one that counted.
const Namespace = "Minim"

// Count adds n to a metric, named like CodeRetries. The logger must write JSON
// for CloudWatch to see it, as functions do in AWS.
func Count(ctx context.Context, log *slog.Logger, name string, n int) {
	log.LogAttrs(ctx, slog.LevelInfo, "metric",
		slog.Any("_aws", directive{
			Timestamp: time.Now().UnixMilli(),
			Metrics: []group{{
				Namespace:  Namespace,
				Dimensions: [][]string{{"function"}},
				Metrics:    []unit{{Name: name, Unit: "Count"}},
			}},
		}),
		slog.String("function", lambdacontext.FunctionName),
		slog.Int(name, n),
	)
}

type directive struct {
	Timestamp int64
	Metrics   []group `json:"CloudWatchMetrics"`
}

type group struct {
	Namespace  string
	Dimensions [][]string
	Metrics    []unit
}

type unit struct{ Name, Unit string }
