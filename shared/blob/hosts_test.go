package blob_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/minim-dev/minim/shared/blob"
)

// hostsFile is an S3 that has one file, or fails.
type hostsFile struct {
	text     string // "": there is no file
	status   int    // of its answers, 200 when zero
	requests int
}

func (f *hostsFile) Do(r *http.Request) (*http.Response, error) {
	f.requests++
	text := f.text
	if r.URL.Query().Get("list-type") == "2" {
		text = `<ListBucketResult></ListBucketResult>`
		if f.text != "" {
			text = fmt.Sprintf(`<ListBucketResult><Contents><Key>settings/hosts.txt</Key><ETag>"%d"</ETag></Contents></ListBucketResult>`, len(f.text))
		}
	}
	status := f.status
	if status == 0 {
		status = http.StatusOK
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, ContentLength: int64(len(text)), Body: io.NopCloser(strings.NewReader(text)), Request: r}, nil
}

func TestHostRules(t *testing.T) {
	file := &hostsFile{}
	client := s3.New(s3.Options{
		Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""), HTTPClient: file, Retryer: aws.NopRetryer{},
	})
	now, log := time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC), &bytes.Buffer{}
	rules := blob.NewHostRules(blob.NewBucket(client, "settings"), func() time.Time { return now }, slog.New(slog.NewJSONHandler(log, nil)))
	for _, step := range []struct {
		name     string
		text     string
		status   int
		wait     time.Duration
		allowed  bool // evil.example
		requests int
		failed   bool
	}{
		{"no file", "", 0, 0, true, 1, false},
		{"a new file is not seen yet", "block evil.example", 0, 59 * time.Second, true, 0, false},
		{"it is seen", "block evil.example", 0, time.Second, false, 2, false},
		{"unchanged", "block evil.example", 0, time.Minute, false, 1, false},
		{"S3 fails", "", http.StatusServiceUnavailable, time.Minute, false, 1, true},
		{"once a minute", "", http.StatusServiceUnavailable, time.Second, false, 0, false},
		{"no permission", "", http.StatusForbidden, time.Minute, false, 1, true},
		{"half of it is broken", "nonsense\nblock evil.example\n", 0, time.Minute, false, 2, true},
		{"too large", strings.Repeat("#", 1<<20+1), 0, time.Minute, false, 2, true},
		{"deleted", "", 0, time.Minute, true, 1, false},
	} {
		file.text, file.status, file.requests = step.text, step.status, 0
		log.Reset()
		now = now.Add(step.wait)
		if got := rules.Current(t.Context()).Allows("evil.example"); got != step.allowed || file.requests != step.requests {
			t.Errorf("%s: allowed %t after %d requests", step.name, got, file.requests)
		}
		if strings.Contains(log.String(), `"HostRulesFailed":1`) != step.failed {
			t.Errorf("%s: logged %s", step.name, log)
		}
	}
}
