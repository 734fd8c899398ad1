package account

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

func server() *Server {
	return New(Options{
		Region: "us-east-1", Account: "000000000000", Stack: "app", Resources: []Resource{{"Items", "AWS::DynamoDB::Table", "app-Items"}},
		Outputs: map[string]string{"Url": "http://x"},
		Caller:  func(r *http.Request) string { return r.Header.Get("Authorization") },
		Now:     func() time.Time { return time.UnixMilli(1000) },
	})
}

func ask(t *testing.T, s *Server, header map[string]string, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest("POST", "/", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	s.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		_, _ = w.Write([]byte("next " + r.Form.Get("Action")))
	})).ServeHTTP(w, r)
	return w
}

func TestQuery(t *testing.T) {
	const function = "arn:aws:sts::000000000000:assumed-role/role/fn"
	for _, c := range []struct {
		form   url.Values
		caller string
		status int
		want   []string
	}{
		{url.Values{"Action": {"GetCallerIdentity"}}, function, 200, []string{"<Arn>" + function + "</Arn>", "<Account>000000000000</Account>", ":fn</UserId>"}},
		{url.Values{"Action": {"GetCallerIdentity"}}, "", 403, []string{"InvalidClientTokenId"}},
		{url.Values{"Action": {"DescribeStacks"}, "StackName": {"app"}}, "", 200, []string{"<StackStatus>CREATE_COMPLETE</StackStatus>", "<OutputKey>Url</OutputKey><OutputValue>http://x</OutputValue>"}},
		{url.Values{"Action": {"DescribeStacks"}, "StackName": {"other"}}, "", 400, []string{"Stack with id other does not exist"}},
		{url.Values{"Action": {"DescribeStackResources"}}, "", 200, []string{"<LogicalResourceId>Items</LogicalResourceId><PhysicalResourceId>app-Items</PhysicalResourceId>", "<StackResources>"}},
		{url.Values{"Action": {"ListStackResources"}}, "", 200, []string{"<StackResourceSummaries><member>"}},
		{url.Values{"Action": {"AssumeRole"}}, "", 200, []string{"next AssumeRole"}},
	} {
		w := ask(t, server(), map[string]string{"Authorization": c.caller}, c.form.Encode())
		for _, want := range c.want {
			if w.Code != c.status || !strings.Contains(w.Body.String(), want) {
				t.Errorf("%s: %d %s, want %s", c.form.Encode(), w.Code, w.Body, want)
			}
		}
	}
}

func TestLogs(t *testing.T) {
	s := server()
	for i, text := range []string{"START", "one error\n", "two"} {
		s.Log("fn", "stream", time.UnixMilli(int64(1000*(i+1))), []byte(text))
	}
	for _, c := range []struct{ operation, body, want, not string }{
		{"FilterLogEvents", `{"logGroupName":"/aws/lambda/fn","startTime":2000}`, `"message":"one error"`, "START"},
		{"FilterLogEvents", `{"logGroupName":"/aws/lambda/fn","filterPattern":"error one"}`, `"timestamp":2000`, "two"},
		{"FilterLogEvents", `{"logGroupIdentifier":"arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/fn","limit":2}`, `"nextToken":"2"`, "two"},
		{"FilterLogEvents", `{"logGroupName":"/aws/lambda/fn","nextToken":"2"}`, `"message":"two"`, "one"},
		{"FilterLogEvents", `{"logGroupName":"other"}`, "ResourceNotFoundException", "events"},
		{"GetLogEvents", `{"logGroupName":"/aws/lambda/fn","logStreamName":"none"}`, `"events":[]`, "two"},
		{"DescribeLogGroups", `{"logGroupNamePrefix":"/aws"}`, `"logGroupName":"/aws/lambda/fn"`, "x"},
		{"DescribeLogStreams", `{"logGroupName":"/aws/lambda/fn"}`, `"lastEventTimestamp":3000`, "x"},
		{"PutRetentionPolicy", `{}`, "UnknownOperationException", "x"},
	} {
		w := ask(t, s, map[string]string{"X-Amz-Target": "Logs_20140328." + c.operation}, c.body)
		if got := w.Body.String(); !strings.Contains(got, c.want) || strings.Contains(strings.ReplaceAll(got, "events\":[]", ""), c.not) && c.not != "x" {
			t.Errorf("%s %s: %s", c.operation, c.body, got)
		}
	}
}

// TestKeepsNewestLines checks that only the newest lines are stored.
func TestKeepsNewestLines(t *testing.T) {
	s := server()
	for range 2*kept + 1 {
		s.Log("fn", "stream", time.UnixMilli(0), []byte("x"))
	}
	if got := len(s.groups["/aws/lambda/fn"]); got != kept {
		t.Errorf("%d lines", got)
	}
}
