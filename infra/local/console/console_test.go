package console

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/minim-dev/minim/infra/local/httpapi"
	"github.com/minim-dev/minim/infra/local/lambda"
	"github.com/minim-dev/minim/infra/local/plan"
	"github.com/minim-dev/minim/infra/local/schedule"
	"github.com/minim-dev/minim/infra/local/sources"
)

// world is a small fake of the local cloud.
type world struct {
	Options
	handler  http.Handler
	queues   *fakeQueues
	invoked  []string // functions with their asynchronous events
	executed []string // schedules
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{queues: newFakeQueues(t)}
	settings := map[string]lambda.Function{
		"app-greet": {Name: "app-greet", MemoryMB: 256, Timeout: 5 * time.Second, MaxEventAge: 6 * time.Hour, OnFailure: arn("app-failures"),
			Env: map[string]string{"API_KEY": "hush", "KEYS_TABLE": "app-keys", "STAGE": "local"}},
	}
	w.Options = Options{
		Prefix: "app-", History: NewHistory(10, 1<<20),
		Functions: func() []lambda.State {
			return []lambda.State{{Name: "app-greet", Invocations: 3, Environments: []lambda.EnvironmentState{{ID: "0123456789", PID: 7, State: "busy"}, {ID: "abcdefghij", State: "cold"}}}}
		},
		Settings: func(name string) (lambda.Function, bool) { f, ok := settings[name]; return f, ok },
		Invoke: func(_ context.Context, name string, event []byte) (lambda.Result, error) {
			if strings.Contains(string(event), "throttle") {
				return lambda.Result{}, &lambda.Error{Status: http.StatusTooManyRequests, Type: "TooManyRequestsException", Message: "Rate Exceeded."}
			}
			w.History.Add(lambda.Invocation{Function: name, RequestID: "fresh", Event: event, Answer: []byte(`{"hello":"<world>"}`), Began: time.Now()})
			return lambda.Result{RequestID: "fresh"}, nil
		},
		InvokeAsync: func(name string, event []byte) (string, error) {
			w.invoked = append(w.invoked, name+" "+string(event))
			return "later", nil
		},
		Schedules: func() []schedule.State {
			return []schedule.State{{Name: "app-nightly", Expression: "cron(0 2 * * ? *)", TimeZone: "UTC", Target: "app-greet", Next: time.Now().Add(time.Hour)}}
		},
		RunSchedule: func(_ context.Context, name string) (string, error) {
			if name != "app-nightly" {
				return "", schedule.ErrUnknown
			}
			w.executed = append(w.executed, name)
			return "execution", nil
		},
		Queues: w.queues, Emulator: w.queues.url, MessageID: func(id string) string { return id }, QueueURL: func(name string) string { return "http://queues/000000000000/" + name },
		Tables: newFakeTables(), Buckets: fakeBuckets{}, Outbox: t.TempDir(),
		Plan: &plan.Plan{
			Tables: []string{"app-notes"}, Buckets: []string{"app-files"},
			Queues: []sources.Queue{{ARN: arn("app-work"), Function: "app-greet"}},
			APIs:   []httpapi.Config{{Routes: []httpapi.Route{{Key: "GET /hello", Function: "app-greet", Authorizer: "keys"}}}},
		},
	}
	w.open(t)
	return w
}

func (w *world) open(t *testing.T) {
	t.Helper()
	var err error
	if w.handler, err = New(w.Options); err != nil {
		t.Fatal(err)
	}
}

// get returns a page.
func (w *world) get(t *testing.T, path string) *http.Response {
	t.Helper()
	return w.do(t, http.MethodGet, path, nil, "text/html,*/*;q=0.8")
}

func (w *world) post(t *testing.T, path string, form url.Values) *http.Response {
	t.Helper()
	return w.do(t, http.MethodPost, path, form, "text/html,*/*;q=0.8")
}

func (w *world) do(t *testing.T, method, path string, form url.Values, accept string) *http.Response {
	t.Helper()
	request := httptest.NewRequest(method, Root+path, strings.NewReader(form.Encode()))
	request.Header.Set("Accept", accept)
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, request)
	return answer.Result()
}

func text(t *testing.T, r *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// follow returns the page to which an action redirects.
func (w *world) follow(t *testing.T, r *http.Response) string {
	t.Helper()
	if r.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d: %s", r.StatusCode, text(t, r))
	}
	return text(t, w.get(t, strings.TrimPrefix(r.Header.Get("Location"), Root)))
}

func TestPages(t *testing.T) {
	w := newWorld(t)
	w.History.Add(lambda.Invocation{Function: "app-greet", RequestID: "first", Event: []byte(`{"n":1}`), Answer: []byte(`"<b>"`), Error: "Unhandled",
		Status: "error", Began: time.Now(), Duration: 12 * time.Millisecond, Init: time.Millisecond, MemoryMB: 256, MaxMemoryMB: 9,
		Log: []byte("START RequestId: first\n" + `{"time":"2026-11-21T01:02:03.004Z","level":"WARN","msg":"odd <thing>","count":2}` + "\n")})
	for path, wants := range map[string][]string{
		"":                               {"Overview", ">greet</a>", "1 busy", "1 cold", "until the next schedule"},
		"functions":                      {">greet</a>", `class="busy"`},
		"functions/app-greet":            {"256 MB", "5 s", "API_KEY", "••••", "app-keys", "/hello", "app-failures", `href="/_local/invocations/first"`},
		"functions/app-greet?like=first": {"{\n  &#34;n&#34;: 1\n}"},
		"invocations":                    {"failed", "12 ms", "cold, 1.0 ms"},
		"invocations?q=odd":              {`href="/_local/invocations/first"`},
		"invocations?q=else":             {"No stored invocation"},
		"invocations?failed=1":           {`href="/_local/invocations/first"`},
		"invocations/first":              {`<span class="string">&#34;&lt;b&gt;&#34;</span>`, "odd &lt;thing&gt;", "count=<span>2</span>", "01:02:03.004", "13 ms at 256 MB"},
		"queues":                         {">work</a>", "dead letters of", "failed events of", "read by"},
		"queues/app-dead":                {"poison", "Send all back to work"},
		"queues/app-failures":            {"Invoke again with 1 event", "RetriesExhausted after 3 attempts"},
		"schedules":                      {"cron(0 2 * * ? *)", ", in 1 h", "Run now", ">nightly<"},
		"sources":                        {"batches of up to 10", `href="/_local/queues/app-work"`},
		"routes":                         {"/hello", "keys"},
		"tables":                         {">notes</a>", "2"},
		"tables/app-notes":               {">a</a>", "Next page"},
		"buckets":                        {">files</a>"},
		"buckets/app-files":              {">pictures/</a>", ">page.html</a>"},
		"outbox":                         {"No mail yet"},
	} {
		answer := w.get(t, path)
		body := text(t, answer)
		if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Security-Policy") != policy {
			t.Errorf("%s: %d, %v", path, answer.StatusCode, answer.Header)
		}
		for _, want := range wants {
			if !strings.Contains(body, want) {
				t.Errorf("%s lacks %q:\n%s", path, want, body[strings.Index(body, "<main"):])
			}
		}
		if strings.Contains(body, "hush") || strings.Contains(body, "ZgotmplZ") {
			t.Errorf("%s tells a secret or has a place that is not safe", path)
		}
	}
}

func TestBadInput(t *testing.T) {
	w := newWorld(t)
	for path, want := range map[string]int{
		"nothing": 404, "functions/none": 404, "invocations/none": 404, "invocations?function=none": 404, "invocations?before=x": 400,
		"queues/none": 404, "tables/none": 404, "tables/app-notes?index=none": 400, "tables/app-notes?after=%25": 400, "tables/app-notes/item": 400,
		"tables/app-notes/item?key=" + encodeKey(nil): 400, "buckets/none": 404, "buckets/app-files/object": 400, "buckets/app-files/object?key=none": 404,
		"buckets/none/content?key=a": 404, "outbox/none.eml": 404, "outbox/none.eml/html": 404, "outbox/..%2Fsecret.eml": 404,
	} {
		answer := w.get(t, path)
		if body := text(t, answer); answer.StatusCode != want || !strings.Contains(body, `role="alert"`) {
			t.Errorf("%s: %d, want %d: %s", path, answer.StatusCode, want, body)
		}
	}
	for path, want := range map[string]int{
		"functions/none": 404, "schedules/none/run": 404, "queues/none/send": 404, "queues/app-work/send": 400, "queues/app-work/purge": 400,
		"queues/app-work/redrive": 400, "queues/none/retry": 404,
	} {
		if answer := w.post(t, path, url.Values{}); answer.StatusCode != want {
			t.Errorf("POST %s: %d, want %d", path, answer.StatusCode, want)
		}
	}
}

func TestInvoke(t *testing.T) {
	w := newWorld(t)
	page := w.follow(t, w.post(t, "functions/app-greet", url.Values{"event": {`{"a":1}`}}))
	for _, want := range []string{"greet has answered", "&lt;world&gt;", "Request <code>fresh</code>"} {
		if !strings.Contains(page, want) {
			t.Errorf("lacks %q: %s", want, page)
		}
	}
	page = w.follow(t, w.post(t, "functions/app-greet", url.Values{"type": {"Event"}}))
	if !strings.Contains(page, "The event is queued") || fmt.Sprint(w.invoked) != "[app-greet {}]" {
		t.Errorf("asynchronous: %v %s", w.invoked, page)
	}
	for event, want := range map[string]struct {
		status int
		text   string
	}{
		`{"a":`:      {http.StatusBadRequest, "The event is not JSON: unexpected end of JSON input."},
		`"throttle"`: {http.StatusTooManyRequests, "Rate Exceeded"},
	} {
		answer := w.post(t, "functions/app-greet", url.Values{"event": {event}})
		if body := text(t, answer); answer.StatusCode != want.status || !strings.Contains(body, want.text) || !strings.Contains(body, "aria-invalid") {
			t.Errorf("%s: %d %s", event, answer.StatusCode, body)
		}
	}
}

func TestHalfAFormDoesNothing(t *testing.T) {
	w := newWorld(t)
	answer := w.post(t, "functions/app-greet", url.Values{"event": {strings.Repeat("x", maxForm)}})
	if body := text(t, answer); answer.StatusCode != http.StatusBadRequest || !strings.Contains(body, "too large") || w.History.total() > 0 {
		t.Errorf("%d %s", answer.StatusCode, body)
	}
}

func TestPrograms(t *testing.T) {
	w := newWorld(t)
	w.History.Add(lambda.Invocation{Function: "app-greet", RequestID: "first", Event: []byte(`{}`), Answer: []byte("no JSON")})
	var functions []lambda.State
	var queues []countedQueue
	var schedules []schedule.State
	var invocations []invocationJSON
	for path, into := range map[string]any{"functions": &functions, "queues": &queues, "schedules": &schedules, "invocations?q=first": &invocations} {
		answer := w.do(t, http.MethodGet, path, nil, "*/*")
		if err := json.NewDecoder(answer.Body).Decode(into); err != nil || answer.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %v", path, answer.StatusCode, err)
		}
	}
	if functions[0].Name != "app-greet" || queues[0].Name != "app-dead" || schedules[0].Name != "app-nightly" || string(invocations[0].Answer) != `"no JSON"` {
		t.Errorf("%+v %+v %+v %+v", functions, queues, schedules, invocations)
	}
	answer := w.do(t, http.MethodPost, "schedules/app-nightly/run", nil, "*/*")
	if body := text(t, answer); answer.StatusCode != http.StatusAccepted || !strings.Contains(body, `"executionId":"execution"`) {
		t.Errorf("run: %d %s", answer.StatusCode, body)
	}
	answer = w.do(t, http.MethodGet, "functions/none", nil, "")
	if body := text(t, answer); answer.StatusCode != http.StatusNotFound || !strings.HasPrefix(body, `{"message":`) {
		t.Errorf("unknown: %d %s", answer.StatusCode, body)
	}
}

func TestRunSchedule(t *testing.T) {
	w := newWorld(t)
	page := w.follow(t, w.post(t, "schedules/app-nightly/run", nil))
	if len(w.executed) != 1 || !strings.Contains(page, "ran at") || !strings.Contains(page, "Invocations of greet") {
		t.Errorf("%v %s", w.executed, page)
	}
}

func TestUnchangedPagesAreNotSentAgain(t *testing.T) {
	w := newWorld(t)
	tag := w.get(t, "functions").Header.Get("ETag")
	request := httptest.NewRequest(http.MethodGet, Root+"functions", nil)
	request.Header.Set("Accept", "text/html")
	request.Header.Set("If-None-Match", tag)
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, request)
	if tag == "" || answer.Code != http.StatusNotModified || answer.Body.Len() > 0 {
		t.Errorf("%q: %d %s", tag, answer.Code, answer.Body)
	}
}

func TestPartsThatAreAway(t *testing.T) {
	w := newWorld(t)
	w.queues.close()
	w.queues.err = errors.New("no route to the queues")
	w.Tables, w.Buckets = awayTables{}, awayBuckets{}
	w.open(t)
	for _, path := range []string{"queues", "queues/app-dead", "tables", "tables/app-notes", "buckets", "buckets/app-files", "buckets/app-files/object?key=a"} {
		answer := w.get(t, path)
		if body := text(t, answer); answer.StatusCode != http.StatusBadGateway || !strings.Contains(body, "failed: ") {
			t.Errorf("%s: %d %s", path, answer.StatusCode, body)
		}
	}
	if body := text(t, w.get(t, "")); !strings.Contains(body, "SQS failed: ") || !strings.Contains(body, ">greet</a>") {
		t.Errorf("overview: %s", body)
	}
}

func TestAssets(t *testing.T) {
	w := newWorld(t)
	for name, kind := range map[string]string{"style.css": "text/css", "console.js": "text/javascript", "icon.svg": "image/svg+xml"} {
		if answer := w.get(t, "assets/"+name); answer.StatusCode != http.StatusOK || !strings.HasPrefix(answer.Header.Get("Content-Type"), kind) {
			t.Errorf("%s: %d %s", name, answer.StatusCode, answer.Header.Get("Content-Type"))
		}
	}
}
