package afterward_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/afterward"
)

// TestMain makes this binary a function when a platform starts it as one.
func TestMain(m *testing.M) {
	if api := os.Getenv("AWS_LAMBDA_RUNTIME_API"); api != "" {
		function(context.Background(), api)
	}
	os.Exit(m.Run())
}

// order is the event of the function under test.
type order struct {
	Work    []string `json:"work"`    // says, fails, panics, waits
	Fail    bool     `json:"fail"`    // answer with an error
	Answer  string   `json:"answer"`  // with characters that HTML would escape
	Holding int      `json:"holding"` // ms before the answer
}

func function(ctx context.Context, api string) {
	after, err := afterward.Register(ctx, api, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	if err != nil {
		log.Fatal(err)
	}
	go func() { log.Fatal(after.Serve(ctx)) }()
	lambda.Start(afterward.Wrap(after, func(ctx context.Context, o order) (map[string]string, error) {
		for _, work := range o.Work {
			after.Do(ctx, func(ctx context.Context) error { return do(ctx, api, work) })
		}
		time.Sleep(time.Duration(o.Holding) * time.Millisecond)
		if o.Fail {
			return nil, errors.New("no answer")
		}
		return map[string]string{"answer": o.Answer}, nil
	}))
}

func do(ctx context.Context, api, work string) error {
	switch work {
	case "fails":
		return errors.New("work fails")
	case "panics":
		panic("work panics")
	case "waits":
		<-ctx.Done()
		_, err := http.Get("http://" + api + "/test/gave up")
		return errors.Join(ctx.Err(), err)
	default:
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+api+"/test/"+work, nil)
		if err != nil {
			return err
		}
		_, err = http.DefaultClient.Do(request)
		return err
	}
}

func TestWorkRunsAfterTheResponse(t *testing.T) {
	tests := []struct {
		name  string
		order order
		want  string // the requests to the platform, in order
	}{
		{"one", order{Work: []string{"one"}}, "response, one, ready"},
		{"two in order", order{Work: []string{"one", "two"}}, "response, one, two, ready"},
		{"none", order{}, "response, ready"},
		{"however long the handler takes", order{Work: []string{"one"}, Holding: 100}, "response, one, ready"},
		{"after work that fails", order{Work: []string{"fails", "two"}}, "response, two, ready"},
		{"after work that panics", order{Work: []string{"panics", "two"}}, "response, two, ready"},
		{"until the time is up", order{Work: []string{"waits"}}, "response, gave up, ready"},
	}
	platform := start(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			reported := platform.invoke(t, test.order, 1500*time.Millisecond)
			// The runtime asks for its next event when it likes; only the extension's counts.
			if got := strings.Join(reported, ", "); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestWorkRunsWhenTheFunctionFails(t *testing.T) {
	reported := start(t).invoke(t, order{Work: []string{"one"}, Fail: true}, time.Second)
	slices.Sort(reported)
	if diff := cmp.Diff([]string{"error", "one", "ready"}, reported); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestResponseIsUntouched(t *testing.T) {
	platform := start(t)
	platform.invoke(t, order{Answer: "<a & b>"}, time.Second)
	if want := `application/json {"answer":"<a & b>"}`; platform.answer != want {
		t.Errorf("got %s, want %s", platform.answer, want)
	}
	platform.invoke(t, order{Fail: true}, time.Second)
	if !strings.Contains(platform.answer, `"errorMessage":"no answer"`) {
		t.Errorf("got %s", platform.answer)
	}
	platform.invoke(t, "no order", time.Second)
	if !strings.Contains(platform.answer, "decode event") {
		t.Errorf("got %s", platform.answer)
	}
}

func TestZeroQueueWorksAtOnce(t *testing.T) {
	registered, err := afterward.Register(t.Context(), "", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for name, queue := range map[string]*afterward.Queue{"zero": {}, "without a platform": registered} {
		var done []string
		queue.Do(t.Context(), func(context.Context) error { done = append(done, "one"); return errors.New("not lost on the rest") })
		queue.Do(t.Context(), func(context.Context) error { panic("neither") })
		queue.Do(t.Context(), func(context.Context) error { done = append(done, "two"); return nil })
		if diff := cmp.Diff([]string{"one", "two"}, done); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
		function := afterward.Wrap(queue, func(_ context.Context, n int) (int, error) { return n + 1, nil })
		response, err := function(t.Context(), json.RawMessage("41"))
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(response); string(body) != "42" || err != nil || response.Close() != nil {
			t.Errorf("%s: %q, %v", name, body, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := queue.Serve(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: Serve: %v", name, err)
		}
	}
}

func TestRegisterFails(t *testing.T) {
	if _, err := afterward.Register(t.Context(), "127.0.0.1:1", slog.New(slog.DiscardHandler)); err == nil {
		t.Error("no error although nobody listens")
	}
}
