package console

import (
	"encoding/json"
	"path"
	"strings"
)

// call summarises an invocation.
type call struct {
	Event  string // a short description of the event
	Status int    // of an HTTP response; 0: none
	Body   []byte // of an HTTP response, unless it is empty or base64
}

// knownEvent has the fields that distinguish kinds of events.
type knownEvent struct {
	RawPath        string `json:"rawPath"`
	Type           string `json:"type"`
	RouteARN       string `json:"routeArn"`
	RequestContext struct {
		HTTP struct{ Method string }
	} `json:"requestContext"`
	Records []struct {
		EventSource string `json:"eventSource"`
		EventName   string `json:"eventName"`
		SNS         json.RawMessage
		S3          struct {
			Object struct{ Key string }
		}
	}
	Logs struct{ Data string } `json:"awslogs"`
}

// Call summarises the invocation.
func (e entry) Call() (c call) {
	var event knownEvent
	_ = json.Unmarshal(e.Event, &event) // fields of other kinds remain empty
	switch {
	case event.Type == "REQUEST" && event.RouteARN != "":
		c.Event = "authorize " + event.RequestContext.HTTP.Method + " " + event.RawPath
	case event.RequestContext.HTTP.Method != "":
		c.Event = event.RequestContext.HTTP.Method + " " + event.RawPath
	case len(event.Records) > 0:
		c.Event = records(event)
	case event.Logs.Data != "":
		c.Event = "log lines"
	case len(e.Event) > 0 && len(e.Event) <= 60:
		c.Event = string(e.Event)
	}
	var answer struct {
		StatusCode      int
		Body            string
		IsBase64Encoded bool
	}
	if event.RawPath != "" && json.Unmarshal(e.Answer, &answer) == nil && e.Error == "" {
		c.Status = answer.StatusCode
		if !answer.IsBase64Encoded {
			c.Body = []byte(answer.Body)
		}
	}
	return c
}

func records(event knownEvent) string {
	first := event.Records[0]
	switch n := len(event.Records); {
	case first.S3.Object.Key != "":
		return strings.TrimPrefix(path.Base(first.EventName), "ObjectCreated:") + " " + first.S3.Object.Key
	case first.SNS != nil:
		return plural(n, "notification", "notifications")
	case strings.HasSuffix(first.EventSource, ":sqs"):
		return plural(n, "message", "messages")
	case strings.HasSuffix(first.EventSource, ":dynamodb"):
		return plural(n, "change", "changes")
	default:
		return plural(n, "record", "records")
	}
}
