package sns

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/minim-dev/minim/infra/local/pattern"
)

// notification is a message to deliver.
type notification struct {
	id, subject string
	topic       Topic
	message     string
	texts       map[string]string // by protocol, for messages with several texts
	attributes  map[string]Attribute
	at          time.Time

	group, deduplication, sequence string // of a FIFO topic
}

const (
	maxMessage = 256 << 10 // bytes
	maxSubject = 100       // characters
	maxBatch   = 10
)

// publish delivers a message and returns its ID.
func (s *Server) publish(ctx context.Context, form url.Values) (string, error) {
	if form.Get("PhoneNumber") != "" {
		return "", invalid("PhoneNumber: the local SNS sends no text messages")
	}
	arn := form.Get("TopicArn")
	if arn == "" {
		arn = form.Get("TargetArn")
	}
	n, err := s.read(arn, form, "")
	if err != nil {
		return "", err
	}
	if err := s.deliver(ctx, n); err != nil {
		return "", err
	}
	return n.receipt(), nil
}

// Publish delivers a message of the platform itself to the subscribers.
func (s *Server) Publish(ctx context.Context, topicARN, message string) error {
	n, err := s.read(topicARN, url.Values{"Message": {message}}, "")
	if err != nil {
		return err
	}
	return s.deliver(ctx, n)
}

func (n *notification) receipt() string {
	text := element("MessageId", n.id)
	if n.sequence != "" {
		text += element("SequenceNumber", n.sequence)
	}
	return text
}

// publishBatch publishes the entries one after the other.
func (s *Server) publishBatch(ctx context.Context, form url.Values) (string, error) {
	if _, err := s.topic(form.Get("TopicArn")); err != nil {
		return "", err
	}
	var prefixes []string
	for {
		prefix := fmt.Sprintf("PublishBatchRequestEntries.member.%d.", len(prefixes)+1)
		if !form.Has(prefix + "Id") {
			break
		}
		prefixes = append(prefixes, prefix)
	}
	switch {
	case len(prefixes) == 0:
		return "", fault(400, "EmptyBatchRequest", "The batch request doesn't contain any entries.")
	case len(prefixes) > maxBatch:
		return "", fault(400, "TooManyEntriesInBatchRequest", "The batch request contains more entries than permissible (more than 10).")
	}
	var well, badly strings.Builder
	for _, prefix := range prefixes {
		n, err := s.read(form.Get("TopicArn"), form, prefix)
		if err == nil {
			err = s.deliver(ctx, n)
		}
		id := element("Id", form.Get(prefix+"Id"))
		if err == nil {
			well.WriteString("<member>" + id + n.receipt() + "</member>")
			continue
		}
		code, sender, known := "InternalFailure", "false", &apiError{}
		if errors.As(err, &known) {
			code, sender = known.code, "true"
		}
		badly.WriteString("<member>" + id + element("Code", code) + element("Message", err.Error()) + element("SenderFault", sender) + "</member>")
	}
	return "<Successful>" + well.String() + "</Successful><Failed>" + badly.String() + "</Failed>", nil
}

// read parses and checks one message, whose parameters begin with a prefix.
func (s *Server) read(arn string, form url.Values, prefix string) (n *notification, err error) {
	n = &notification{id: newID(), message: form.Get(prefix + "Message"), subject: form.Get(prefix + "Subject"), at: time.Now().UTC()}
	if n.topic, err = s.topic(arn); err != nil {
		return nil, err
	}
	switch {
	case n.message == "":
		return nil, invalid("Empty message")
	case len(n.message) > maxMessage:
		return nil, invalid("Message too long")
	case utf8.RuneCountInString(n.subject) > maxSubject || strings.ContainsAny(n.subject, "\r\n"):
		return nil, invalid("Subject")
	}
	if n.attributes, err = attributes(form, prefix); err != nil {
		return nil, err
	}
	if err := n.structure(form.Get(prefix + "MessageStructure")); err != nil {
		return nil, err
	}
	if n.topic.FIFO {
		n.group, n.deduplication = form.Get(prefix+"MessageGroupId"), form.Get(prefix+"MessageDeduplicationId")
		if n.group == "" {
			return nil, invalid("The MessageGroupId parameter is required for FIFO topics")
		}
		if n.deduplication == "" && n.topic.ContentBasedDeduplication {
			sum := sha256.Sum256([]byte(n.message))
			n.deduplication = hex.EncodeToString(sum[:])
		}
		if n.deduplication == "" {
			return nil, invalid("The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly")
		}
		n.sequence = fmt.Sprintf("%020d", s.sequence.Add(1))
	}
	return n, nil
}

// structure parses a message with a text for each protocol.
func (n *notification) structure(kind string) error {
	if kind == "" {
		return nil
	}
	if kind != "json" {
		return invalid("Invalid Message Structure parameter: %s", kind)
	}
	var given map[string]any
	if err := json.Unmarshal([]byte(n.message), &given); err != nil {
		return invalid("Message Structure - JSON message body failed to parse")
	}
	n.texts = map[string]string{}
	for protocol, text := range given {
		if text, ok := text.(string); ok {
			n.texts[protocol] = text
		}
	}
	if n.texts["default"] == "" {
		return invalid("Message Structure - No default entry in JSON message body")
	}
	return nil
}

// text returns the message for a protocol.
func (n *notification) text(protocol string) string {
	if n.texts == nil {
		return n.message
	}
	if text, ok := n.texts[protocol]; ok {
		return text
	}
	return n.texts["default"]
}

// attributes parses the attributes of one message.
func attributes(form url.Values, prefix string) (map[string]Attribute, error) {
	found := map[string]Attribute{}
	for i := 1; ; i++ {
		at := prefix + "MessageAttributes.entry." + strconv.Itoa(i) + "."
		name := form.Get(at + "Name")
		if name == "" {
			return found, nil
		}
		kind, value := form.Get(at+"Value.DataType"), form.Get(at+"Value.StringValue")
		if strings.HasPrefix(kind, "Binary") {
			value = form.Get(at + "Value.BinaryValue")
		}
		base, _, _ := strings.Cut(kind, ".")
		switch {
		case base != "String" && base != "Number" && base != "Binary":
			return nil, fault(400, "ParameterValueInvalid", "The message attribute '%s' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.", name)
		case value == "":
			return nil, fault(400, "ParameterValueInvalid", "The message attribute '%s' must contain non-empty message attribute value for message attribute type '%s'.", name, kind)
		}
		if base == "Number" && !number(value) {
			return nil, fault(400, "ParameterValueInvalid", "Could not cast message attribute '%s' value to number.", name)
		}
		found[name] = Attribute{kind, value}
	}
}

func number(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err == nil && json.Valid([]byte(text))
}

// deliver delivers a message to all matching subscriptions.
func (s *Server) deliver(ctx context.Context, n *notification) error {
	for _, sub := range s.o.Subscriptions {
		if sub.TopicARN != n.topic.ARN || !sub.wants(n) {
			continue
		}
		if err := s.send(ctx, sub, n); err != nil {
			return fmt.Errorf("deliver to %s: %w", sub.Endpoint, err)
		}
	}
	return nil
}

func (s *Server) send(ctx context.Context, sub Subscription, n *notification) error {
	switch {
	case sub.Protocol == "sqs" && s.o.Queue != nil:
		l := Letter{Body: n.envelope(s.o.Region, sub), Group: n.group, Deduplication: n.deduplication}
		if sub.Raw {
			l.Body, l.Attributes = n.text("sqs"), n.attributes
		}
		return s.o.Queue(ctx, sub.Endpoint, l)
	case sub.Protocol == "lambda" && s.o.Function != nil:
		return s.o.Function(ctx, sub.Endpoint, n.event(s.o.Region, sub))
	case strings.HasPrefix(sub.Protocol, "email") && s.o.Mail != nil:
		from, subject, text := n.mail(s.o.Region, sub)
		return s.o.Mail(from, sub.Endpoint, subject, text)
	}
	return nil
}

// wants reports whether a message matches a subscription's filter policy.
func (v Subscription) wants(n *notification) bool {
	if v.filter == nil {
		return true
	}
	if v.FilterScope == "MessageBody" {
		value, err := pattern.Decode([]byte(n.text(v.Protocol)))
		_, object := value.(map[string]any)
		return err == nil && object && v.filter.Match(value)
	}
	values := map[string]any{}
	for name, a := range n.attributes {
		switch {
		case a.Type == "String.Array":
			if list, err := pattern.Decode([]byte(a.Value)); err == nil {
				values[name] = list
			}
		case strings.HasPrefix(a.Type, "String"):
			values[name] = a.Value
		case strings.HasPrefix(a.Type, "Number"):
			values[name] = json.Number(a.Value)
		}
	}
	return v.filter.Match(values)
}

func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
