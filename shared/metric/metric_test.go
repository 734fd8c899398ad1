package metric_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"regexp"
	"testing"
	"time"

	"github.com/minim-dev/minim/shared/metric"
)

func TestCount(t *testing.T) {
	var out bytes.Buffer
	metric.Count(t.Context(), slog.New(slog.NewJSONHandler(&out, nil)), "CodeRetries", 3)
	want := `"_aws":\{"Timestamp":\d+,"CloudWatchMetrics":\[\{"Namespace":"Minim","Dimensions":\[\["function"\]\],` +
		`"Metrics":\[\{"Name":"CodeRetries","Unit":"Count"\}\]\}\]\},"function":"[^"]*","CodeRetries":3`
	if !regexp.MustCompile(want).Match(out.Bytes()) {
		t.Errorf("got %s", out.Bytes())
	}
	var line struct {
		AWS struct{ Timestamp int64 } `json:"_aws"`
	}
	if err := json.Unmarshal(out.Bytes(), &line); err != nil || time.Since(time.UnixMilli(line.AWS.Timestamp)) > time.Minute {
		t.Errorf("timestamp %d, %v", line.AWS.Timestamp, err)
	}
}

func TestCountByAndMillis(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&out, nil))
	metric.CountBy(t.Context(), log, "ImagesRefused", 1, "code", "pixels")
	metric.Millis(t.Context(), log, map[string]time.Duration{"EncodeMillis": 2 * time.Millisecond, "DecodeMillis": 1500 * time.Microsecond})
	want := `"Dimensions":\[\["function","code"\]\],"Metrics":\[\{"Name":"ImagesRefused","Unit":"Count"\}\]\}\]\},"function":"[^"]*","ImagesRefused":1,"code":"pixels"\}\n` +
		`.*"Dimensions":\[\["function"\]\],"Metrics":\[\{"Name":"DecodeMillis","Unit":"Milliseconds"\},\{"Name":"EncodeMillis","Unit":"Milliseconds"\}\]\}\]\},` +
		`"function":"[^"]*","DecodeMillis":1.5,"EncodeMillis":2\}`
	if !regexp.MustCompile(want).Match(out.Bytes()) {
		t.Errorf("got %s", out.Bytes())
	}
}
