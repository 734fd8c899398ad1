// Package metric writes metrics to the log, in CloudWatch's embedded metric format.
// CloudWatch extracts them, so no API call is needed.
package metric

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

// Namespace holds the metrics of all functions; the dimension `function` is
// the deployed name of the one that counted.
const Namespace = "Minim"

// Count adds n to a metric, named like CodeRetries. The logger must write JSON
// for CloudWatch to see it, as functions do in AWS.
func Count(ctx context.Context, log *slog.Logger, name string, n int) {
	put(ctx, log, []unit{{name, "Count"}}, []string{"function"}, slog.Int(name, n))
}

// CountBy does as Count, with one more dimension, such as a code. It should
// have few values: each makes a metric of its own.
func CountBy(ctx context.Context, log *slog.Logger, name string, n int, dimension, value string) {
	put(ctx, log, []unit{{name, "Count"}}, []string{"function", dimension}, slog.Int(name, n), slog.String(dimension, value))
}

// Millis adds a duration to each metric, named like DecodeMillis, by its name.
func Millis(ctx context.Context, log *slog.Logger, took map[string]time.Duration) {
	var units []unit
	var values []slog.Attr
	for _, name := range slices.Sorted(maps.Keys(took)) {
		units = append(units, unit{name, "Milliseconds"})
		values = append(values, slog.Float64(name, float64(took[name].Microseconds())/1000))
	}
	put(ctx, log, units, []string{"function"}, values...)
}

func put(ctx context.Context, log *slog.Logger, units []unit, dimensions []string, values ...slog.Attr) {
	attributes := []slog.Attr{
		slog.Any("_aws", directive{
			Timestamp: time.Now().UnixMilli(),
			Metrics:   []group{{Namespace: Namespace, Dimensions: [][]string{dimensions}, Metrics: units}},
		}),
		slog.String("function", lambdacontext.FunctionName),
	}
	log.LogAttrs(ctx, slog.LevelInfo, "metric", append(attributes, values...)...)
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
