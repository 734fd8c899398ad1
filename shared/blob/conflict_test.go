package blob_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/minim-dev/minim/shared/blob"
	"github.com/minim-dev/minim/shared/fault"
)

// answers is an S3 that gives these answers, then 200.
type answers struct {
	codes  []string
	bodies []string // of the requests
}

func (a *answers) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	asked := len(a.bodies)
	a.bodies = append(a.bodies, r.Header.Get("If-None-Match")+string(body))
	status, text := http.StatusOK, ""
	if asked < len(a.codes) {
		status = http.StatusConflict
		if a.codes[asked] == "PreconditionFailed" {
			status = http.StatusPreconditionFailed
		}
		text = "<Error><Code>" + a.codes[asked] + "</Code></Error>"
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(text)), Request: r}, nil
}

// TestCreateMeetsAnother: while another request writes the same key, S3 answers
// 409 and asks to try again; only 412 means that the object exists.
func TestCreateMeetsAnother(t *testing.T) {
	tests := []struct {
		name  string
		codes []string
		asked int
		fault fault.Code // "" if it is stored
	}{
		{"nobody", nil, 1, ""},
		{"another that fails", []string{"ConditionalRequestConflict"}, 2, ""},
		{"another that is aborted", []string{"OperationAborted"}, 2, ""},
		{"another that stores it", []string{"ConditionalRequestConflict", "PreconditionFailed"}, 2, fault.Conflict},
		{"others all the time", []string{"ConditionalRequestConflict", "ConditionalRequestConflict", "ConditionalRequestConflict"}, 3, fault.Internal},
		{"another that was first", []string{"PreconditionFailed"}, 1, fault.Conflict},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				given := &answers{codes: test.codes}
				cfg := aws.Config{Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}
				client := s3.New(blob.Client(cfg).Options(), func(o *s3.Options) { o.HTTPClient = given })
				err := blob.NewBucket(client, "b").Create(t.Context(), blob.Object{Key: "k", ContentType: "text/plain", Body: []byte("body")})
				if test.fault == "" && err != nil || test.fault != "" && (err == nil || fault.Of(err).Code != test.fault) {
					t.Errorf("got %v, want %q", err, test.fault)
				}
				if len(given.bodies) != test.asked {
					t.Errorf("%d requests, want %d", len(given.bodies), test.asked)
				}
				for _, body := range given.bodies {
					if body != "*body" {
						t.Errorf("sent %q", body)
					}
				}
			})
		})
	}
}
