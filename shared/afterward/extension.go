package afterward

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// invoke is the type of the only events that an internal extension gets.
const invoke = "INVOKE"

// extension is a registration at the Extensions API.
type extension struct {
	client *http.Client
	base   string
	id     string
}

// event is the Extensions API's description of an invocation.
type event struct {
	Type       string `json:"eventType"`
	RequestID  string `json:"requestId"`
	DeadlineMS int64  `json:"deadlineMs"`
}

func register(ctx context.Context, api string) (*extension, error) {
	e := &extension{
		// No proxy, and no time-out: the next invocation may come at any time.
		client: &http.Client{Transport: &http.Transport{}},
		base:   "http://" + api + "/2020-01-01/extension/",
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, e.base+"register", strings.NewReader(`{"events":["`+invoke+`"]}`))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Lambda-Extension-Name", "afterward")
	var registered struct{}
	header, err := e.do(request, &registered)
	if err != nil {
		return nil, err
	}
	e.id = header.Get("Lambda-Extension-Identifier")
	return e, nil
}

// next waits for the next invocation. The request also reports that all work for the
// previous one is complete: the platform may freeze the process until it answers.
func (e *extension) next(ctx context.Context) (event, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, e.base+"event/next", nil)
	if err != nil {
		return event{}, err
	}
	request.Header.Set("Lambda-Extension-Identifier", e.id)
	var next event
	_, err = e.do(request, &next)
	return next, err
}

func (e *extension) do(request *http.Request, into any) (http.Header, error) {
	response, err := e.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s %s: %s", request.Method, request.URL.Path, response.Status)
	}
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		return nil, fmt.Errorf("%s %s: %w", request.Method, request.URL.Path, err)
	}
	return response.Header, nil
}
