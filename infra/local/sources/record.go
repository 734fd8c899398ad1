package sources

import (
	"bytes"
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// queueRecord is a message in the format for functions.
type queueRecord struct {
	MessageID         *string                   `json:"messageId"`
	ReceiptHandle     *string                   `json:"receiptHandle"`
	Body              *string                   `json:"body"`
	Attributes        map[string]string         `json:"attributes"`
	MessageAttributes map[string]queueAttribute `json:"messageAttributes"`
	MD5OfBody         *string                   `json:"md5OfBody"`
	MD5OfAttributes   *string                   `json:"md5OfMessageAttributes,omitempty"`
	EventSource       string                    `json:"eventSource"`
	EventSourceARN    string                    `json:"eventSourceARN"`
	AWSRegion         string                    `json:"awsRegion"`
}

type queueAttribute struct {
	StringValue      *string  `json:"stringValue,omitempty"`
	BinaryValue      []byte   `json:"binaryValue,omitempty"`
	StringListValues []string `json:"stringListValues"`
	BinaryListValues [][]byte `json:"binaryListValues"`
	DataType         *string  `json:"dataType"`
}

func (p *poller) record(m types.Message) (json.RawMessage, error) {
	attributes := map[string]queueAttribute{}
	for name, a := range m.MessageAttributes {
		attributes[name] = queueAttribute{
			StringValue: a.StringValue, BinaryValue: a.BinaryValue, DataType: a.DataType,
			StringListValues: []string{}, BinaryListValues: [][]byte{},
		}
	}
	return plainJSON(queueRecord{
		MessageID: m.MessageId, ReceiptHandle: m.ReceiptHandle, Body: m.Body, Attributes: m.Attributes,
		MessageAttributes: attributes, MD5OfBody: m.MD5OfBody, MD5OfAttributes: m.MD5OfMessageAttributes,
		EventSource: "aws:sqs", EventSourceARN: p.ARN, AWSRegion: p.o.Region,
	})
}

// plainJSON encodes JSON like AWS, without escaping <, > and &.
func plainJSON(v any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), err
}
