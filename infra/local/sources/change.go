package sources

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

// change is one record of a stream.
type change struct {
	sequence string
	event    json.RawMessage // in the format for functions
	created  time.Time       // as DynamoDB reports it
	arrived  time.Time       // the latest possible time of the change
	lane     uint32          // equal for all changes of an item
	done     bool
}

// changeRecord is a change in the format for functions.
type changeRecord struct {
	EventID        string          `json:"eventID"`
	EventName      string          `json:"eventName"`
	EventVersion   string          `json:"eventVersion"`
	EventSource    string          `json:"eventSource"`
	AWSRegion      string          `json:"awsRegion"`
	DynamoDB       changeImages    `json:"dynamodb"`
	UserIdentity   *changeIdentity `json:"userIdentity,omitempty"`
	EventSourceARN string          `json:"eventSourceARN"`
}

type changeImages struct {
	Created        float64         `json:"ApproximateCreationDateTime"`
	Keys           json.RawMessage `json:"Keys,omitempty"`
	NewImage       json.RawMessage `json:"NewImage,omitempty"`
	OldImage       json.RawMessage `json:"OldImage,omitempty"`
	SequenceNumber string          `json:"SequenceNumber"`
	SizeBytes      int64           `json:"SizeBytes"`
	StreamViewType string          `json:"StreamViewType"`
}

// changeIdentity marks changes by DynamoDB itself: expired items.
type changeIdentity struct {
	Type        string `json:"type"`
	PrincipalID string `json:"principalId"`
}

// rounding is the precision of the times of changes in DynamoDB Local. AWS rounds them to
// seconds.
const rounding = time.Minute

// change converts a record to an event, with the region and stream of the stack, and an
// ID in AWS's format.
func (f *Follower) change(r types.Record) (*change, error) {
	if r.Dynamodb == nil || r.Dynamodb.SequenceNumber == nil {
		return nil, fmt.Errorf("a record of the stream of %s has no change", f.Table)
	}
	d := r.Dynamodb
	created := aws.ToTime(d.ApproximateCreationDateTime)
	record := changeRecord{
		EventID: strings.ReplaceAll(aws.ToString(r.EventID), "-", ""), EventName: string(r.EventName),
		EventVersion: aws.ToString(r.EventVersion), EventSource: aws.ToString(r.EventSource), AWSRegion: f.o.Region, EventSourceARN: f.ARN,
		DynamoDB: changeImages{
			Created: float64(created.UnixMilli()) / 1000, SequenceNumber: *d.SequenceNumber,
			SizeBytes: aws.ToInt64(d.SizeBytes), StreamViewType: string(d.StreamViewType),
		},
	}
	if by := r.UserIdentity; by != nil {
		record.UserIdentity = &changeIdentity{Type: aws.ToString(by.Type), PrincipalID: aws.ToString(by.PrincipalId)}
	}
	for _, each := range []struct {
		from map[string]types.AttributeValue
		to   *json.RawMessage
	}{{d.Keys, &record.DynamoDB.Keys}, {d.NewImage, &record.DynamoDB.NewImage}, {d.OldImage, &record.DynamoDB.OldImage}} {
		if each.from == nil {
			continue
		}
		values, err := attributevalue.FromDynamoDBStreamsMap(each.from)
		if err == nil {
			*each.to, err = attributevalue.MarshalMapJSON(values)
		}
		if err != nil {
			return nil, fmt.Errorf("read a change of %s: %w", f.Table, err)
		}
	}
	event, err := json.Marshal(record)
	if err != nil {
		return nil, fmt.Errorf("encode a change of %s: %w", f.Table, err)
	}
	return &change{
		sequence: *d.SequenceNumber, event: event, created: created, arrived: earlier(time.Now(), created.Add(rounding)), lane: lane(record.DynamoDB.Keys),
	}, nil
}

// lane returns a hash of an item's key. It does not depend on the order of the attributes.
func lane(keys json.RawMessage) uint32 {
	var sorted map[string]json.RawMessage
	hash := fnv.New32a()
	if json.Unmarshal(keys, &sorted) == nil {
		text, _ := json.Marshal(sorted) // cannot fail: it was JSON
		_, _ = hash.Write(text)
	}
	return hash.Sum32()
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// later compares sequence numbers. They are too large for an integer type.
func later(a, b string) bool {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return len(a) > len(b) || len(a) == len(b) && a > b
}
