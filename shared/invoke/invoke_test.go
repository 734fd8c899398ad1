package invoke_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/minim-dev/minim/shared/invoke"
)

func TestStart(t *testing.T) {
	tests := []struct {
		name   string
		status int
		event  any
		want   string // in the error, "" for none
	}{
		{"taken", http.StatusAccepted, map[string]string{"date": "2026-11-20"}, ""},
		{"no such function", http.StatusNotFound, map[string]string{"date": "2026-11-20"}, "start report-run"},
		{"not JSON", http.StatusAccepted, func() {}, "encode event for report-run"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var path, kind, body string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				data, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				path, kind, body = r.URL.Path, r.Header.Get("X-Amz-Invocation-Type"), string(data)
				w.WriteHeader(test.status)
			}))
			defer server.Close()
			client := invoke.Client(aws.Config{
				Region: "us-east-1", BaseEndpoint: aws.String(server.URL),
				Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
			})
			err := invoke.New(client, "report-run").Start(t.Context(), test.event)
			if test.want != "" {
				if err == nil || !strings.Contains(err.Error(), test.want) {
					t.Fatalf("got %v, want %q", err, test.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if path != "/2015-03-31/functions/report-run/invocations" || kind != "Event" || body != `{"date":"2026-11-20"}` {
				t.Errorf("sent %s %s %s", path, kind, body)
			}
		})
	}
}
