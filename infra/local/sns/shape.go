package sns

import (
	"bytes"
	"encoding/json"
	"net/mail"
	"net/url"
	"strings"
)

// A placeholder: the local cloud does not sign messages.
const signature = "TG9jYWwgY2xvdWQ6IG5vdGhpbmcgaXMgc2lnbmVk"

// value is an attribute in the messages below.
type value struct{ Type, Value string }

func (n *notification) values() map[string]value {
	all := map[string]value{}
	for name, a := range n.attributes {
		all[name] = value(a)
	}
	return all
}

const timestamp = "2006-01-02T15:04:05.000Z"

func certificate(region string) string {
	return "https://sns." + region + ".amazonaws.com/SimpleNotificationService-00000000000000000000000000000000.pem"
}

func unsubscribe(region, arn string) string {
	return "https://sns." + region + ".amazonaws.com/?Action=Unsubscribe&SubscriptionArn=" + url.PathEscape(arn)
}

// envelope returns the body of a message to a queue, without empty fields.
func (n *notification) envelope(region string, sub Subscription) string {
	return string(encode(struct {
		Type, MessageId                                                                 string
		SequenceNumber                                                                  string `json:",omitempty"`
		TopicArn                                                                        string
		Subject                                                                         string `json:",omitempty"`
		Message, Timestamp, SignatureVersion, Signature, SigningCertURL, UnsubscribeURL string
		MessageAttributes                                                               map[string]value `json:",omitempty"`
	}{
		"Notification", n.id, n.sequence, n.topic.ARN, n.subject, n.text(sub.Protocol), n.at.Format(timestamp),
		"1", signature, certificate(region), unsubscribe(region, sub.ARN), n.values(),
	}))
}

// record is a message in the event of a function. It includes empty fields, and spells some
// names differently.
type record struct {
	EventSource, EventVersion, EventSubscriptionArn string
	Sns                                             struct {
		Type, MessageId, TopicArn                                                       string
		Subject                                                                         *string
		Message, Timestamp, SignatureVersion, Signature, SigningCertUrl, UnsubscribeUrl string
		MessageAttributes                                                               map[string]value
	}
}

// event returns the event for a function. It always has one record.
func (n *notification) event(region string, sub Subscription) []byte {
	r := record{EventSource: "aws:sns", EventVersion: "1.0", EventSubscriptionArn: sub.ARN}
	m := &r.Sns
	m.Type, m.MessageId, m.TopicArn, m.Message = "Notification", n.id, n.topic.ARN, n.text(sub.Protocol)
	m.Timestamp, m.SignatureVersion, m.Signature = n.at.Format(timestamp), "1", signature
	m.SigningCertUrl, m.UnsubscribeUrl, m.MessageAttributes = certificate(region), unsubscribe(region, sub.ARN), n.values()
	if n.subject != "" {
		m.Subject = &n.subject
	}
	return encode(struct{ Records []record }{[]record{r}})
}

// mail returns the mail to an address.
func (n *notification) mail(region string, sub Subscription) (from, subject, text string) {
	from, subject = "no-reply@sns.amazonaws.com", n.subject
	if n.topic.DisplayName != "" {
		from = (&mail.Address{Name: n.topic.DisplayName, Address: from}).String()
	}
	if subject == "" {
		subject = "AWS Notification Message"
	}
	if sub.Protocol == "email-json" {
		return from, subject, n.envelope(region, sub)
	}
	return from, subject, n.text(sub.Protocol) + "\n\n--\n" +
		"If you wish to stop receiving notifications from this topic, please click or visit the link below to unsubscribe:\n" +
		unsubscribe(region, sub.ARN) + "\n"
}

func encode(v any) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(v) // cannot fail: only strings
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}

// IsTopic reports whether an ARN is that of a topic.
func IsTopic(arn string) bool { return strings.HasPrefix(arn, "arn:aws:sns:") }
