package lambda

import (
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/google/go-cmp/cmp"
)

func client(t *testing.T, p *Platform) *lambda.Client {
	server := httptest.NewServer(p.Handler())
	t.Cleanup(server.Close)
	return lambda.New(lambda.Options{Region: "us-east-1", BaseEndpoint: &server.URL, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", "")})
}

func TestSDKInvoke(t *testing.T) {
	p := open(t, Options{}, "show", "error", "wait")
	c := client(t, p)
	for _, name := range []string{"show", "show:$LATEST", "000000000000:function:show", "arn:aws:lambda:us-east-1:000000000000:function:show",
		"arn:aws:lambda:us-east-1:000000000000:function:show:$LATEST"} {
		context := base64.StdEncoding.EncodeToString([]byte(`{"client":{"app_title":"test"}}`))
		r, err := c.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: &name, ClientContext: &context})
		if err != nil {
			t.Fatal(err)
		}
		if r.StatusCode != 200 || *r.ExecutedVersion != "$LATEST" || r.FunctionError != nil || r.LogResult != nil {
			t.Errorf("%s: %+v", name, r)
		}
		if got := decode(t, Result{Payload: r.Payload}); got.Client != "test" {
			t.Errorf("%s: %s", name, r.Payload)
		}
	}
	r, err := c.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("error"), LogType: types.LogTypeTail,
		Payload: []byte(`{"file":"/dev/null"}`)})
	if err != nil {
		t.Fatal(err)
	}
	log, err := base64.StdEncoding.DecodeString(aws.ToString(r.LogResult))
	if err != nil || !strings.Contains(string(log), "START RequestId") || !strings.Contains(string(log), "\nREPORT RequestId") {
		t.Errorf("log %s: %v", log, err)
	}
	if aws.ToString(r.FunctionError) != "Unhandled" || !strings.Contains(string(r.Payload), `"errorMessage":"not today"`) {
		t.Errorf("%+v %s", r, r.Payload)
	}
}

func TestSDKOtherTypes(t *testing.T) {
	p := open(t, Options{}, "note")
	c := client(t, p)
	r, err := c.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("note"), InvocationType: types.InvocationTypeDryRun})
	if err != nil || r.StatusCode != 204 || p.Functions()[0].Invocations != 0 {
		t.Errorf("dry run: %+v %v", r, err)
	}
	file := t.TempDir() + "/notes"
	r, err = c.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("note"), InvocationType: types.InvocationTypeEvent,
		Payload: []byte(`{"file":"` + file + `"}`)})
	if err != nil || r.StatusCode != 202 || len(r.Payload) > 0 {
		t.Errorf("event: %+v %v", r, err)
	}
	empty(t, p)
	if n := notes(t, file); len(n) != 1 {
		t.Errorf("the event ran %d times", len(n))
	}
}

func TestSDKErrors(t *testing.T) {
	none := 0
	p := open(t, Options{}, "wait")
	add(t, p, Function{Name: "off", Handler: "wait", Reserved: &none})
	c := client(t, p)
	call := func(name string, kind types.InvocationType, payload string) error {
		_, err := c.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: &name, InvocationType: kind, Payload: []byte(payload)})
		return err
	}
	var missing *types.ResourceNotFoundException
	for _, name := range []string{"nope", "wait:v1", "arn:aws:lambda:eu-west-1:000000000000:function:wait"} {
		if err := call(name, "", "{}"); !errors.As(err, &missing) || !strings.HasPrefix(*missing.Message, "Function not found: arn:aws:lambda:") || *missing.Type != "User" {
			t.Errorf("%s: %v", name, err)
		}
	}
	var throttle *types.TooManyRequestsException
	if err := call("off", "", "{}"); !errors.As(err, &throttle) || throttle.Reason != types.ThrottleReasonReservedFunctionConcurrentInvocationLimitExceeded {
		t.Errorf("throttle: %v", err)
	}
	var content *types.InvalidRequestContentException
	if err := call("wait", "", "{"); !errors.As(err, &content) {
		t.Errorf("not JSON: %v", err)
	}
	var large *types.RequestTooLargeException
	if err := call("wait", "", `"`+strings.Repeat("x", 6<<20)+`"`); !errors.As(err, &large) {
		t.Errorf("6 MB: %v", err)
	}
	if err := call("wait", types.InvocationTypeEvent, `"`+strings.Repeat("x", 1<<20)+`"`); !errors.As(err, &large) {
		t.Errorf("1 MB event: %v", err)
	}
	var parameter *types.InvalidParameterValueException
	if err := call("wait", "Whatever", "{}"); !errors.As(err, &parameter) {
		t.Errorf("invocation type: %v", err)
	}
}

func TestNotFoundOnTheWire(t *testing.T) {
	p := open(t, Options{})
	w := httptest.NewRecorder()
	p.Handler().ServeHTTP(w, httptest.NewRequest("POST", "/2015-03-31/functions/nope/invocations", http.NoBody))
	body, _ := io.ReadAll(w.Body)
	want := `{"Message":"Function not found: arn:aws:lambda:us-east-1:000000000000:function:nope","Type":"User"}` + "\n"
	if diff := cmp.Diff(want, string(body)); diff != "" || w.Code != 404 || w.Header().Get("x-amzn-ErrorType") != "ResourceNotFoundException" {
		t.Errorf("%d %v %s", w.Code, w.Header(), diff)
	}
}
