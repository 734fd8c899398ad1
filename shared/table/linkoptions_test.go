package table

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/link"
)

func TestLinkOptions(t *testing.T) {
	at := time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)
	for name, options := range map[string]link.Options{
		"none": {},
		"all": {
			NotBefore: at, ExpiredURL: "https://example.com/bye", MaxClicks: 7, Password: "$argon2id$", ForwardQuery: true,
			UTM: link.UTM{Source: "s", Content: "c"},
			Rules: []link.Rule{
				{Countries: []string{"DE"}, Devices: []string{"mobile"}, Systems: []string{"iOS"}, Languages: []string{"de"}, URL: "https://example.com/1"},
				{Split: []link.Share{{URL: "https://example.com/2", Weight: 3}}},
			},
		},
	} {
		want := link.Link{ID: "a", Code: "a", URL: "https://example.com", Owner: "me", Redirect: 302, Version: 1, CreatedAt: at, UpdatedAt: at, Options: options}
		item, err := encodeLink(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := decodeLink(item)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

// TestLinkOptionsNames checks that items use the names of the API, and have nothing
// that isn't set.
func TestLinkOptionsNames(t *testing.T) {
	item, err := encodeLink(link.Link{Options: link.Options{UTM: link.UTM{Term: "t"}, Rules: []link.Rule{{Languages: []string{"de"}, URL: "u"}}}})
	if err != nil {
		t.Fatal(err)
	}
	var plain map[string]any
	if err := attributevalue.UnmarshalMap(item, &plain); err != nil {
		t.Fatal(err)
	}
	for name := range plain {
		if !slices.Contains([]string{"utm", "rules"}, name) {
			delete(plain, name)
		}
	}
	got, err := json.Marshal(plain)
	if want := `{"rules":[{"languages":["de"],"url":"u"}],"utm":{"term":"t"}}`; err != nil || string(got) != want {
		t.Errorf("%v, got %s, want %s", err, got, want)
	}
}
