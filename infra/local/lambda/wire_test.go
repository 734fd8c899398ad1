package lambda

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

// wire is a custom runtime. It records the responses of the APIs, byte by byte, and returns them as the result of
// the second invocation, with placeholders for IDs and times.
type wire struct {
	words  *strings.Replacer
	script strings.Builder
}

func (w *wire) call(method, path, body string, header ...string) (answer *http.Response, text string) {
	q, err := http.NewRequest(method, "http://"+os.Getenv("AWS_LAMBDA_RUNTIME_API")+path, strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	for i := 0; i < len(header); i += 2 {
		q.Header.Set(header[i], header[i+1])
	}
	answer, err = http.DefaultTransport.RoundTrip(q)
	if err != nil {
		panic(err)
	}
	defer answer.Body.Close()
	all, err := io.ReadAll(answer.Body)
	if err != nil {
		panic(err)
	}
	return answer, string(all)
}

// note makes a call and records the response.
func (w *wire) note(method, path, body string, header ...string) *http.Response {
	answer, text := w.call(method, path, body, header...)
	id := answer.Header.Get("Lambda-Runtime-Aws-Request-Id")
	words := []string{}
	for name, word := range map[string]string{"Lambda-Runtime-Aws-Request-Id": "<request>", "Lambda-Runtime-Trace-Id": "<trace>",
		"Lambda-Runtime-Deadline-Ms": "<deadline>", "Lambda-Extension-Identifier": "<extension>"} {
		if value := answer.Header.Get(name); value != "" {
			words = append(words, value, word)
		}
	}
	if len(words) > 0 {
		w.words = strings.NewReplacer(words...)
	}
	shown := path
	if id != "" {
		shown = strings.ReplaceAll(path, id, "<request>")
	}
	fmt.Fprintf(&w.script, "%s %s\n%s\n", method, shown, answer.Status)
	names := make([]string, 0, len(answer.Header))
	for name := range answer.Header {
		if name != "Date" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(&w.script, "%s: %s\n", name, w.words.Replace(answer.Header.Get(name)))
	}
	fmt.Fprintf(&w.script, "\n%s\n----\n", strings.TrimSuffix(w.words.Replace(text), "\n"))
	return answer
}

// serveWire is the function "wire".
func serveWire() {
	const runtime, extension = "/2018-06-01/runtime/", "/2020-01-01/extension/"
	w := &wire{words: strings.NewReplacer()}
	x := w.note("POST", extension+"register", `{"events":["INVOKE"]}`, "Lambda-Extension-Name", "wire").Header.Get("Lambda-Extension-Identifier")
	event := make(chan string)
	listen := func() {
		_, text := w.call("GET", extension+"event/next", "", "Lambda-Extension-Identifier", x)
		event <- text
	}
	go listen()
	id := w.note("GET", runtime+"invocation/next", "").Header.Get("Lambda-Runtime-Aws-Request-Id")
	fmt.Fprintf(&w.script, "GET %sevent/next\n%s\n----\n", extension, strings.TrimSuffix(w.words.Replace(deadline(<-event)), "\n"))
	w.note("GET", runtime+"invocation/next", "")
	w.note("POST", runtime+"invocation/wrong/response", "{}")
	w.note("POST", runtime+"invocation/wrong/error", "{}")
	path := runtime + "invocation/" + id
	w.words = strings.NewReplacer(id, "<request>")
	answer, text := w.call("POST", path+"/response", `{}`)
	fmt.Fprintf(&w.script, "POST …/response\n%s\n\n%s\n----\n", answer.Status, strings.TrimSuffix(text, "\n"))
	answer, text = w.call("POST", path+"/response", `{}`)
	fmt.Fprintf(&w.script, "POST …/response, again\n%s\n\n%s\n----\n", answer.Status, strings.TrimSuffix(text, "\n"))
	go listen()
	next, _ := w.call("GET", runtime+"invocation/next", "")
	<-event
	answer, text = w.call("POST", runtime+"invocation/"+next.Header.Get("Lambda-Runtime-Aws-Request-Id")+"/error",
		`{"errorMessage":"m","errorType":"T","stackTrace":[]}`, "Lambda-Runtime-Function-Error-Type", "T")
	fmt.Fprintf(&w.script, "POST …/error\n%s\n\n%s\n----\n", answer.Status, strings.TrimSuffix(text, "\n"))
	go listen()
	next, _ = w.call("GET", runtime+"invocation/next", "")
	<-event
	script, err := json.Marshal(w.script.String())
	if err != nil {
		panic(err)
	}
	w.call("POST", runtime+"invocation/"+next.Header.Get("Lambda-Runtime-Aws-Request-Id")+"/response", string(script))
	go listen()
	w.call("GET", runtime+"invocation/next", "")
}

// deadline replaces the time in an event for an extension with a placeholder.
func deadline(event string) string {
	before, after, _ := strings.Cut(event, `"deadlineMs":`)
	_, rest, _ := strings.Cut(after, ",")
	return before + `"deadlineMs":<deadline>,` + rest
}

// The responses of the Runtime API and the Extensions API, byte by byte.
func TestWire(t *testing.T) {
	p := open(t, Options{}, "wire")
	frozen := func() bool { // before that, the next request would start another environment
		all := p.Functions()[0].Environments
		return len(all) == 1 && all[0].State == "warm"
	}
	invoke(t, p, "wire", map[string]string{"hello": "world"})
	eventually(t, "the environment is frozen", frozen)
	if r := invoke(t, p, "wire", input{}); r.FunctionError != "Unhandled" || string(r.Payload) != `{"errorMessage":"m","errorType":"T","stackTrace":[]}` {
		t.Errorf("%s %s", r.FunctionError, r.Payload)
	}
	eventually(t, "the environment is frozen again", frozen)
	var got string
	if err := json.Unmarshal(invoke(t, p, "wire", input{}).Payload, &got); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", "wire.golden")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
