package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// storage is an S3 server that keeps versions, with one bucket.
func storage(t *testing.T) (*s3.Client, string) {
	t.Helper()
	const gateway = "../../build/components/versitygw"
	if testing.Short() {
		t.Skip("starts an emulator: make test-go")
	}
	if _, err := os.Stat(gateway); err != nil {
		t.Fatal("versitygw is missing; run make setup, or make unit for the tests without emulators")
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	folder, versions := t.TempDir(), t.TempDir()
	cmd := exec.Command(gateway, "--port", address, "--health", "/_health", "--quiet", "posix", "--versioning-dir", versions, folder)
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY=local", "ROOT_SECRET_KEY=local")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	for range 400 {
		if response, err := http.Get("http://" + address + "/_health"); err == nil {
			response.Body.Close()
			break
		}
		time.Sleep(25 * time.Millisecond)
	}
	client := s3.New(s3.Options{
		Region: "us-east-1", BaseEndpoint: aws.String("http://" + address), UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	})
	bucket := "stack"
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &bucket}); err != nil {
		if strings.Contains(err.Error(), "xattr") {
			t.Skip("SKIPPED: this file system keeps no attributes")
		}
		t.Fatal(err)
	}
	return client, bucket
}

func put(t *testing.T, client *s3.Client, bucket, key string) {
	t.Helper()
	if _, err := client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader(key)}); err != nil {
		t.Fatal(err)
	}
}

// S3 keeps deleted objects as versions, and a bucket with versions cannot be
// removed.
func TestEmpty(t *testing.T) {
	client, bucket := storage(t)
	_, err := client.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
		Bucket: &bucket, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		put(t, client, bucket, "a/changed")
	}
	put(t, client, bucket, "gone")
	if _, err := client.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: &bucket, Key: aws.String("gone")}); err != nil {
		t.Fatal(err)
	}
	for i := range 1005 {
		put(t, client, bucket, fmt.Sprintf("many/%04d", i))
	}
	const all = 3 + 2 + 1005
	if count, err := empty(t.Context(), client, bucket); err != nil || count != all {
		t.Fatalf("%d removed, %v, want %d", count, err, all)
	}
	if _, err := client.DeleteBucket(t.Context(), &s3.DeleteBucketInput{Bucket: &bucket}); err != nil {
		t.Errorf("the bucket cannot be removed: %v", err)
	}
	if count, err := empty(t.Context(), client, bucket); err != nil || count != 0 {
		t.Errorf("a bucket that is gone: %d, %v", count, err)
	}
}

func TestDeployments(t *testing.T) {
	client, bucket := storage(t)
	for _, key := range []string{
		"serverless/minim/dev/2000-1970-01-01T00:00:02.000Z/health.zip",
		"serverless/minim/dev/10000-1970-01-01T00:00:10.000Z/health.zip",
		"serverless/minim/dev/10000-1970-01-01T00:00:10.000Z/other.zip",
		"serverless/minim/dev/code-artifacts/x.zip",
		"serverless/minim/prod/3000-1970-01-01T00:00:03.000Z/health.zip",
	} {
		put(t, client, bucket, key)
	}
	all, err := deployments(t.Context(), client, bucket, "minim/dev")
	if err != nil || len(all) != 2 || all[0].timestamp() != "1970-01-01T00:00:10.000Z" || all[1].name != "2000-1970-01-01T00:00:02.000Z" {
		t.Errorf("deployments: %v, %v", all, err)
	}
	if _, err := deployments(t.Context(), client, "", "minim/dev"); err == nil {
		t.Error("no bucket, no error")
	}
}
