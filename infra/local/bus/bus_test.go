package bus

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/infra/local/pattern"
)

func rule(t *testing.T, name, bus, text string, targets ...Target) Rule {
	t.Helper()
	r := Rule{Name: name, ARN: "arn:aws:events:us-east-1:000000000000:rule/" + name, Bus: bus, Targets: targets}
	if text != "" {
		var err error
		if r.Pattern, err = pattern.ParseRule(text); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// sent records the events for targets, as "arn event".
type sent struct {
	all  []string
	fail int // number of attempts to fail
}

func (s *sent) send(_ context.Context, arn string, event []byte, group string) error {
	if s.fail--; s.fail >= 0 {
		return errors.New("away")
	}
	s.all = append(s.all, strings.TrimSpace(arn+" "+string(event)+" "+group))
	return nil
}

func (s *sent) dead(_ context.Context, arn string, event []byte, attributes map[string]string) error {
	s.all = append(s.all, "dead "+arn+" "+string(event)+" "+attributes["TARGET_ARN"])
	return nil
}

func server(s *sent, rules ...Rule) *Server {
	return New(Options{
		Region: "us-east-1", Account: "000000000000", Buses: []string{Default, "mine"}, Rules: rules, Send: s.send, SendDead: s.dead,
		Now: func() time.Time { return time.Unix(0, 0) }, Sleep: func(time.Duration) {},
	})
}

func TestPutEvents(t *testing.T) {
	s := &sent{}
	bus := server(s,
		rule(t, "made", "mine", `{"source":["app"],"detail":{"n":[{"numeric":[">",1]}]}}`, Target{ARN: "f", Path: "$.detail"}, Target{ARN: "q", Input: `{"x":1}`, MessageGroupID: "g"}),
		rule(t, "other bus", Default, `{"source":["app"]}`, Target{ARN: "never"}))
	w := httptest.NewRecorder()
	r := httptest.NewRequest("POST", "/", strings.NewReader(`{"Entries":[
		{"Source":"app","DetailType":"T","Detail":"{\"n\":2}","EventBusName":"arn:aws:events:us-east-1:000000000000:event-bus/mine"},
		{"Source":"app","DetailType":"T","Detail":"{\"n\":1}","EventBusName":"mine"},
		{"Source":"app","DetailType":"T","Detail":"x","EventBusName":"mine"},
		{"Source":"aws.s3","DetailType":"T","Detail":"{}"},
		{"Source":"app","Detail":"{}"}]}`))
	r.Header.Set("X-Amz-Target", "AWSEvents.PutEvents")
	bus.Handler().ServeHTTP(w, r)
	for _, want := range []string{`"FailedEntryCount":3`, "MalformedDetail", "NotAuthorizedForSource", "Parameter DetailType is not valid"} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s is not in %s", want, w.Body)
		}
	}
	if d := cmp.Diff([]string{`f {"n":2}`, `q {"x":1} g`}, s.all); d != "" {
		t.Error(d)
	}
}

func TestRetries(t *testing.T) {
	for fail, want := range map[int]string{2: "f {}", 3: "dead d {} f"} {
		s := &sent{fail: fail}
		bus := server(s, rule(t, "r", Default, "", Target{ARN: "f", DeadLetter: "d"}))
		if err := bus.Fire(t.Context(), "arn:aws:events:us-east-1:000000000000:rule/r", []byte("{}")); err != nil {
			t.Fatal(err)
		}
		bus.Wait()
		if len(s.all) != 1 || s.all[0] != want {
			t.Errorf("after %d failures: %q", fail, s.all)
		}
	}
	if err := server(&sent{}).Fire(t.Context(), "x", nil); err == nil {
		t.Error("an unknown rule fires")
	}
}

func TestTransform(t *testing.T) {
	const event = `{"time":"2026-01-01T00:00:00Z","detail":{"name":"a\"b","n":5,"list":[{"x":1}]}}`
	for _, c := range []struct {
		template string
		paths    map[string]string
		want     string
	}{
		{`{"text":"it is <n>","number":<n>,"name":<name>}`, map[string]string{"n": "$.detail.n", "name": "$.detail.name"}, `{"text":"it is 5","number":5,"name":"a\"b"}`},
		{`"Hello <name>"`, map[string]string{"name": "$.detail.name"}, `"Hello a\"b"`},
		{`"<x> and <nothing>"`, map[string]string{"x": "$.detail.list[0].x", "gone": "$.no"}, `"1 and <nothing>"`},
		{`{"rule":"<aws.events.rule-name>","all":<aws.events.event.json>}`, nil, `{"rule":"r","all":` + event + `}`},
		{`plain <n>`, map[string]string{"n": "$.detail.n"}, `"plain 5"`},
	} {
		got, err := Target{Template: c.template, Paths: c.paths}.input(Rule{Name: "r"}, []byte(event))
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %s, %v; want %s", c.template, got, err, c.want)
		}
	}
	if _, err := (Target{Path: "$.no"}).input(Rule{}, []byte(event)); err == nil {
		t.Error("a path without a value")
	}
}

func TestLists(t *testing.T) {
	bus := server(&sent{}, rule(t, "r", Default, `{"source":["x"]}`))
	for operation, want := range map[string]string{"ListRules": `"Name":"r"`, "ListEventBuses": `event-bus/mine`, "DescribeEventBus": `event-bus/default`, "PutRule": "UnknownOperationException"} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("POST", "/", strings.NewReader(`{}`))
		r.Header.Set("X-Amz-Target", "AWSEvents."+operation)
		bus.Handler().ServeHTTP(w, r)
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %s", operation, w.Body)
		}
	}
}
