package batch_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/batch"
)

func TestObjects(t *testing.T) {
	record := func(key string) string {
		return `{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{"key":"` + key + `","size":7}}}`
	}
	tests := []struct {
		name   string
		event  string
		want   []batch.Object
		failed []string
	}{
		{"one", `{"Records":[` + record("red+flower%C3%A9.jpg") + `]}`, []batch.Object{{Bucket: "b", Key: "red floweré.jpg", Size: 7}}, nil},
		{"the others when one fails", `{"Records":[` + record("bad-1") + `,` + record("good") + `,` + record("bad-2") + `]}`,
			[]batch.Object{{Bucket: "b", Key: "bad-1", Size: 7}, {Bucket: "b", Key: "good", Size: 7}, {Bucket: "b", Key: "bad-2", Size: 7}},
			[]string{"bad-1", "bad-2"}},
		{"test event", `{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2026-11-21T03:00:00.000Z","Bucket":"b"}`, nil, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var event events.S3Event
			if err := json.Unmarshal([]byte(test.event), &event); err != nil {
				t.Fatal(err)
			}
			var got []batch.Object
			err := batch.Objects(func(_ context.Context, o batch.Object) error {
				got = append(got, o)
				if o.Key == "bad-2" {
					panic("bug")
				}
				if strings.HasPrefix(o.Key, "bad") {
					return errors.New("not now")
				}
				return nil
			})(t.Context(), event)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			if (err != nil) != (len(test.failed) > 0) {
				t.Fatalf("error %v", err)
			}
			for _, key := range test.failed {
				if !strings.Contains(err.Error(), key) {
					t.Errorf("%s is not in %v", key, err)
				}
			}
		})
	}
}
