package sources

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// The format of S3's notifications, version 2.1.
type (
	bucketEvent struct {
		Records []bucketRecord `json:"Records"`
	}
	bucketRecord struct {
		EventVersion      string            `json:"eventVersion"`
		EventSource       string            `json:"eventSource"`
		AWSRegion         string            `json:"awsRegion"`
		EventTime         string            `json:"eventTime"`
		EventName         string            `json:"eventName"`
		UserIdentity      identity          `json:"userIdentity"`
		RequestParameters map[string]string `json:"requestParameters"`
		ResponseElements  map[string]string `json:"responseElements"`
		S3                bucketEntity      `json:"s3"`
	}
	identity struct {
		PrincipalID string `json:"principalId"`
	}
	bucketEntity struct {
		SchemaVersion   string       `json:"s3SchemaVersion"`
		ConfigurationID string       `json:"configurationId"`
		Bucket          bucketName   `json:"bucket"`
		Object          bucketObject `json:"object"`
	}
	bucketName struct {
		Name          string   `json:"name"`
		OwnerIdentity identity `json:"ownerIdentity"`
		ARN           string   `json:"arn"`
	}
	bucketObject struct {
		Key       string `json:"key"`
		Size      *int64 `json:"size,omitempty"`
		ETag      string `json:"eTag,omitempty"`
		VersionID string `json:"versionId,omitempty"`
		Sequencer string `json:"sequencer"`
	}
)

// event returns the event in AWS's format: the key is URL-encoded, and the name of the
// event has no "s3:".
func (n *Notifier) event(c Notification, h happening, at time.Time) bucketEvent {
	object := bucketObject{
		Key: strings.ReplaceAll(url.QueryEscape(h.key), "%2F", "/"), VersionID: h.version,
		Sequencer: fmt.Sprintf("%018X", at.UnixNano()),
	}
	if strings.HasPrefix(h.name, "ObjectCreated:") {
		object.Size, object.ETag = &h.size, h.etag
	}
	return bucketEvent{Records: []bucketRecord{{
		EventVersion: "2.1", EventSource: "aws:s3", AWSRegion: n.o.Region, EventTime: stamp(at), EventName: h.name,
		UserIdentity:      identity{"AWS:LOCAL"},
		RequestParameters: map[string]string{"sourceIPAddress": h.source},
		ResponseElements:  map[string]string{"x-amz-request-id": randomID(8), "x-amz-id-2": randomID(32)},
		S3: bucketEntity{
			SchemaVersion: "1.0", ConfigurationID: c.ID,
			Bucket: bucketName{Name: h.bucket, OwnerIdentity: identity{"LOCAL"}, ARN: "arn:aws:s3:::" + h.bucket},
			Object: object,
		},
	}}}
}

// stamp formats a time as S3 does.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func randomID(bytes int) string {
	b := make([]byte, bytes)
	_, _ = rand.Read(b) // never fails
	return strings.ToUpper(hex.EncodeToString(b))
}
