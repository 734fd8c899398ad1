package mail_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/env/envtest"
	"github.com/minim-dev/minim/shared/mail"
)

func config(t *testing.T, handler http.HandlerFunc) aws.Config {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
		Retryer: func() aws.Retryer { return aws.NopRetryer{} },
	}
}

func TestSend(t *testing.T) {
	var got any
	cfg := config(t, func(w http.ResponseWriter, r *http.Request) {
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			t.Error(err)
		}
		_, _ = w.Write([]byte(`{"MessageId":"1"}`))
	})
	box := mail.New(mail.Client(cfg), "me@minim.example")
	if err := box.Send(t.Context(), mail.Message{Subject: "Friday", HTML: "<p>Grüße</p>", Text: "Grüße"}); err != nil {
		t.Fatal(err)
	}
	text := func(s string) any { return map[string]any{"Data": s, "Charset": "UTF-8"} }
	want := map[string]any{
		"FromEmailAddress": "me@minim.example", "Destination": map[string]any{"ToAddresses": []any{"me@minim.example"}},
		"Content": map[string]any{"Simple": map[string]any{
			"Subject": text("Friday"), "Body": map[string]any{"Html": text("<p>Grüße</p>"), "Text": text("Grüße")},
		}},
	}
	if d := cmp.Diff(any(want), got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if err := box.SendTo(t.Context(), "bob@example.com", mail.Message{Subject: "Hi", Text: "Hi Bob"}); err != nil {
		t.Fatal(err)
	}
	want = map[string]any{
		"FromEmailAddress": "me@minim.example", "Destination": map[string]any{"ToAddresses": []any{"bob@example.com"}},
		"Content": map[string]any{"Simple": map[string]any{"Subject": text("Hi"), "Body": map[string]any{"Text": text("Hi Bob")}}},
	}
	if d := cmp.Diff(any(want), got); d != "" {
		t.Errorf("to somebody else, -want +got:\n%s", d)
	}
}

func TestRefused(t *testing.T) {
	cfg := config(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Amzn-Errortype", "MessageRejected")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"message":"Email address is not verified."}`))
	})
	err := mail.New(mail.Client(cfg), "me@minim.example").Send(t.Context(), mail.Message{Subject: "x"})
	if err == nil || !strings.Contains(err.Error(), "send mail: ") || !strings.Contains(err.Error(), "not verified") {
		t.Errorf("got %v", err)
	}
}

func TestWanted(t *testing.T) {
	if mail.New(nil, "").Wanted() || !mail.New(nil, "me@minim.example").Wanted() {
		t.Error("an address is wanted, none is not")
	}
}

// TestOutbox sends through the SES of the local cloud.
func TestOutbox(t *testing.T) {
	box := mail.New(mail.Client(envtest.AWS(t, "SESV2")), "me@minim.example")
	if err := box.Send(t.Context(), mail.Message{Subject: "Friday", HTML: "<p>Hi</p>", Text: "Hi"}); err != nil {
		t.Error(err)
	}
	if err := mail.New(mail.Client(envtest.AWS(t, "SESV2")), "nobody").Send(t.Context(), mail.Message{Subject: "x", HTML: "x", Text: "x"}); err == nil {
		t.Error("sent to what is no address")
	}
}
