package objectkeys_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go/middleware"
)

// unsignedPayload leaves the body out of the signature.
func unsignedPayload(stack *middleware.Stack) error {
	return v4.SwapComputePayloadSHA256ForUnsignedPayloadMiddleware(stack)
}

func testSignatures(s store) {
	t := s.t
	s.put("a//b", "text")
	wrong := s
	wrong.Client = client(s.url, "wrong")
	equal(t, "a wrong secret", wrong.get("a//b"), "SignatureDoesNotMatch")
	_, err := wrong.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &s.bucket, Key: aws.String("/x"), Body: strings.NewReader("x")})
	equal(t, "a wrong secret", code(err), "SignatureDoesNotMatch")
	_, err = wrong.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: &s.bucket})
	equal(t, "a wrong secret", code(err), "SignatureDoesNotMatch")
	many := &types.Delete{Objects: []types.ObjectIdentifier{{Key: aws.String("a//b")}}}
	_, err = wrong.DeleteObjects(t.Context(), &s3.DeleteObjectsInput{Bucket: &s.bucket, Delete: many})
	equal(t, "a wrong secret", code(err), "SignatureDoesNotMatch")

	presign := s3.NewPresignClient(s.Client)
	get, err := presign.PresignGetObject(t.Context(), &s3.GetObjectInput{Bucket: &s.bucket, Key: aws.String("a//b")})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "presigned", request(t, http.MethodGet, get.URL, ""), "200 text")
	if got := request(t, http.MethodGet, strings.Replace(get.URL, "a//b", "a//c", 1), ""); !strings.Contains(got, "SignatureDoesNotMatch") {
		t.Errorf("another key with the same signature: %s", got)
	}
	put, err := presign.PresignPutObject(t.Context(), &s3.PutObjectInput{Bucket: &s.bucket, Key: aws.String("a/../b")})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "presigned upload", request(t, http.MethodPut, put.URL, "sent"), "200 ")
	equal(t, "uploaded", s.get("a/../b"), "sent")
	short, err := presign.PresignGetObject(t.Context(), &s3.GetObjectInput{Bucket: &s.bucket, Key: aws.String("a//b")}, s3.WithPresignExpires(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(2100 * time.Millisecond)
	if got := request(t, http.MethodGet, short.URL, ""); !strings.HasPrefix(got, "403 ") {
		t.Errorf("an expired URL: %s", got)
	}
	if got := request(t, http.MethodGet, s.url+"/"+s.bucket+"//x", ""); !strings.HasPrefix(got, "403 ") {
		t.Errorf("without a signature: %s", got)
	}
	streamed := s3.NewFromConfig(aws.Config{Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("local", "local", "")},
		func(o *s3.Options) { o.BaseEndpoint, o.UsePathStyle = &s.url, true })
	body := io.MultiReader(bytes.NewReader([]byte("streamed"))) // it cannot be rewound
	_, err = streamed.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &s.bucket, Key: aws.String("/streamed"), Body: body, ContentLength: aws.Int64(8)},
		s3.WithAPIOptions(unsignedPayload))
	if err != nil {
		t.Error(err)
	}
	equal(t, "streamed", s.get("/streamed"), "streamed")
}

func request(t *testing.T, method, url, body string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(response.StatusCode, " ", string(text))
}
