package guard

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// TestCommitted: the answer to a transaction is sent after another request has been
// answered. Answers to other requests are sent at once.
func TestCommitted(t *testing.T) {
	var mu sync.Mutex
	var seen []string
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, r.Header.Get("X-Amz-Target")+" "+string(body)+" "+r.Header.Get("Authorization"))
		if strings.Contains(string(body), "refused") {
			w.WriteHeader(http.StatusBadRequest)
		}
	}))
	defer upstream.Close()
	proxy, err := forward(upstream.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy.ModifyResponse = committed(upstream.URL, proxy.Transport)
	for _, c := range []struct {
		operation, body string
		status          int
	}{{"PutItem", "{}", http.StatusOK}, {"TransactWriteItems", "refused", http.StatusBadRequest}, {"TransactWriteItems", "{}", http.StatusOK}} {
		request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(c.body))
		request.Header.Set("X-Amz-Target", "DynamoDB_20120810."+c.operation)
		request.Header.Set("Authorization", "signed")
		answer := httptest.NewRecorder()
		proxy.ServeHTTP(answer, request)
		if answer.Code != c.status {
			t.Errorf("%s: %d", c.operation, answer.Code)
		}
	}
	want := []string{
		"DynamoDB_20120810.PutItem {} signed", "DynamoDB_20120810.TransactWriteItems refused signed",
		"DynamoDB_20120810.TransactWriteItems {} signed", `DynamoDB_20120810.ListTables {"Limit":1} signed`,
	}
	if !slices.Equal(seen, want) {
		t.Errorf("got %q", seen)
	}
}
