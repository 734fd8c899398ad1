package sns

import (
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const namespace = "http://sns.amazonaws.com/doc/2010-03-31/"

// element returns <name>text</name>.
func element(name, text string) string {
	var out strings.Builder
	out.WriteString("<" + name + ">")
	_ = xml.EscapeText(&out, []byte(text)) // writing to a builder never fails
	out.WriteString("</" + name + ">")
	return out.String()
}

func answer(w http.ResponseWriter, action, result string) {
	w.Header().Set("Content-Type", "text/xml")
	_, _ = io.WriteString(w, "<"+action+`Response xmlns="`+namespace+`"><`+action+"Result>"+result+"</"+action+"Result>"+
		"<ResponseMetadata>"+element("RequestId", newID())+"</ResponseMetadata></"+action+"Response>")
}

func refuse(w http.ResponseWriter, err error) {
	e, kind := &apiError{}, "Sender"
	if !errors.As(err, &e) {
		e, kind = &apiError{http.StatusInternalServerError, "InternalError", err.Error()}, "Receiver"
	}
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(e.status)
	_, _ = io.WriteString(w, `<ErrorResponse xmlns="`+namespace+`"><Error>`+
		element("Type", kind)+element("Code", e.code)+element("Message", e.message)+
		"</Error>"+element("RequestId", newID())+"</ErrorResponse>")
}

func (s *Server) listTopics() string {
	var out strings.Builder
	for _, arn := range slices.Sorted(maps.Keys(s.topics)) {
		out.WriteString("<member>" + element("TopicArn", arn) + "</member>")
	}
	return "<Topics>" + out.String() + "</Topics>"
}

// listSubscriptions lists the subscriptions of one topic, or of all topics.
func (s *Server) listSubscriptions(topic string) string {
	var out strings.Builder
	for _, sub := range s.o.Subscriptions {
		if topic == "" || sub.TopicARN == topic {
			out.WriteString("<member>" + element("SubscriptionArn", sub.ARN) + element("Owner", s.o.Account) + element("Protocol", sub.Protocol) +
				element("Endpoint", sub.Endpoint) + element("TopicArn", sub.TopicARN) + "</member>")
		}
	}
	return "<Subscriptions>" + out.String() + "</Subscriptions>"
}

func entries(all map[string]string) string {
	var out strings.Builder
	for _, name := range slices.Sorted(maps.Keys(all)) {
		out.WriteString("<entry>" + element("key", name) + element("value", all[name]) + "</entry>")
	}
	return "<Attributes>" + out.String() + "</Attributes>"
}

func (s *Server) topicAttributes(arn string) (string, error) {
	t, err := s.topic(arn)
	if err != nil {
		return "", err
	}
	count := 0
	for _, sub := range s.o.Subscriptions {
		if sub.TopicARN == arn {
			count++
		}
	}
	all := map[string]string{
		"TopicArn": t.ARN, "DisplayName": t.DisplayName, "Owner": s.o.Account,
		"SubscriptionsConfirmed": strconv.Itoa(count), "SubscriptionsPending": "0", "SubscriptionsDeleted": "0",
	}
	if t.FIFO {
		all["FifoTopic"], all["ContentBasedDeduplication"] = "true", strconv.FormatBool(t.ContentBasedDeduplication)
	}
	return entries(all), nil
}

func (s *Server) subscriptionAttributes(arn string) (string, error) {
	for _, sub := range s.o.Subscriptions {
		if sub.ARN != arn {
			continue
		}
		all := map[string]string{
			"SubscriptionArn": sub.ARN, "TopicArn": sub.TopicARN, "Protocol": sub.Protocol, "Endpoint": sub.Endpoint, "Owner": s.o.Account,
			"RawMessageDelivery": strconv.FormatBool(sub.Raw), "PendingConfirmation": "false", "ConfirmationWasAuthenticated": "true",
		}
		if len(sub.Filter) > 0 {
			all["FilterPolicy"] = string(sub.Filter)
			all["FilterPolicyScope"] = "MessageAttributes"
			if sub.FilterScope != "" {
				all["FilterPolicyScope"] = sub.FilterScope
			}
		}
		return entries(all), nil
	}
	return "", fault(http.StatusNotFound, "NotFound", "Subscription does not exist")
}
