package table

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"
)

// answering is an HTTP client that keeps the last request and always returns the same answer.
type answering struct {
	answer  string
	request map[string]any
}

func (a *answering) Do(r *http.Request) (*http.Response, error) {
	if err := json.NewDecoder(r.Body).Decode(&a.request); err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(bytes.NewBufferString(a.answer))}, nil
}

// TestByOwner checks the position that a page hands to the next one.
func TestByOwner(t *testing.T) {
	at := stamp(time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC))
	if back, err := parseStamp(at); err != nil || stamp(back) != at {
		t.Errorf("%s is read as %s, %v", at, back, err)
	}
	client := &answering{answer: `{"Items":[{"id":{"S":"a"},"owner":{"S":"me"}}],"LastEvaluatedKey":{"id":{"S":"a"},"owner":{"S":"me"},"createdAt":{"S":"` + at + `"}}}`}
	db := dynamodb.New(dynamodb.Options{Region: "us-east-1", HTTPClient: client, Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")})
	items, next, err := byOwner(t.Context(), db, "notes", "me", "", 1)
	if err != nil || len(items) != 1 || textOf(items[0]["id"]) != "a" || next != at+" a" {
		t.Fatalf("%v, next %q, %v", items, next, err)
	}
	if client.request["ExclusiveStartKey"] != nil {
		t.Errorf("the first page starts at %v", client.request["ExclusiveStartKey"])
	}
	if _, _, err := byOwner(t.Context(), db, "notes", "me", next, 1); err != nil {
		t.Fatal(err)
	}
	text := func(s string) any { return map[string]any{"S": s} }
	want := map[string]any{"id": text("a"), "owner": text("me"), "createdAt": text(at)}
	if diff := cmp.Diff(want, client.request["ExclusiveStartKey"]); diff != "" {
		t.Errorf("the second page starts elsewhere (-want +got):\n%s", diff)
	}
	client.answer = `{"Items":[]}`
	if items, next, err := byOwner(t.Context(), db, "notes", "me", "", 1); err != nil || next != "" || len(items) != 0 {
		t.Errorf("the last page: %v, next %q, %v", items, next, err)
	}
}
