package sqs

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// sendable contains the fields of a message that decide whether SQS accepts it.
type sendable struct {
	ID                string `json:"Id"`
	MessageBody       string
	DelaySeconds      int
	MessageAttributes map[string]attribute
}

type attribute struct{ DataType, StringValue, BinaryValue string }

// Limits of SQS.
const (
	maxMessage    = 1 << 20 // bytes, for a message and for a batch
	maxEntries    = 10      // in a batch
	maxAttributes = 10
	maxDelay      = 900 // seconds
)

var (
	validID   = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,80}$`)
	validBody = regexp.MustCompile(`^[\t\n\r\x{20}-\x{D7FF}\x{E000}-\x{FFFD}]+$`)
	validType = regexp.MustCompile(`^(String|Number|Binary)(\.|$)`)
)

// acknowledgment returns the answer to messages that the emulator will accept. The error is errAway
// if only the emulator can answer: because it may reject the messages, or because the queue is a FIFO
// queue, for which it assigns the sequence numbers.
func (o *outgoing) acknowledgment(queue map[string]string) reply {
	away := reply{err: errAway}
	if queue == nil || strings.HasSuffix(o.queue, ".fifo") || len(o.ids) == 0 || len(o.ids) > maxEntries {
		return away
	}
	most := maxMessage
	if limit, err := strconv.Atoi(queue["MaximumMessageSize"]); err == nil {
		most = limit
	}
	batch, total, seen := o.action == "SendMessageBatch", 0, map[string]bool{}
	var well []map[string]string
	for _, id := range o.ids {
		var m sendable
		text, err := json.Marshal(o.entries[id])
		if err != nil || json.Unmarshal(text, &m) != nil || !m.valid() || m.size() > most || seen[m.ID] || batch && !validID.MatchString(m.ID) {
			return away
		}
		answer := map[string]string{"MessageId": id, "MD5OfMessageBody": digest([]byte(m.MessageBody))}
		if len(m.MessageAttributes) > 0 {
			answer["MD5OfMessageAttributes"] = digest(m.attributes())
		}
		if batch {
			answer["Id"] = m.ID
		}
		total, seen[m.ID], well = total+m.size(), true, append(well, answer)
	}
	var response any = well[0]
	if batch {
		response = map[string]any{"Successful": well, "Failed": []string{}}
	}
	if total > maxMessage {
		return away
	}
	body, err := json.Marshal(response)
	return reply{http.StatusOK, http.Header{"Content-Type": {"application/x-amz-json-1.0"}}, body, err}
}

func (m sendable) valid() bool {
	for name, a := range m.MessageAttributes {
		if name == "" || !validType.MatchString(a.DataType) || a.StringValue == "" && a.BinaryValue == "" {
			return false
		}
	}
	return validBody.MatchString(m.MessageBody) && m.DelaySeconds >= 0 && m.DelaySeconds <= maxDelay && len(m.MessageAttributes) <= maxAttributes
}

func (m sendable) size() int {
	size := len(m.MessageBody)
	for name, a := range m.MessageAttributes {
		size += len(name) + len(a.DataType) + len(a.StringValue) + len(a.BinaryValue)
	}
	return size
}

// attributes returns the bytes of which SQS returns the digest: names, types and values, sorted by
// name, each after its length.
func (m sendable) attributes() (text []byte) {
	add := func(part []byte) {
		text = append(binary.BigEndian.AppendUint32(text, uint32(len(part))), part...)
	}
	for _, name := range slices.Sorted(maps.Keys(m.MessageAttributes)) {
		a := m.MessageAttributes[name]
		add([]byte(name))
		add([]byte(a.DataType))
		if strings.HasPrefix(a.DataType, "Binary") {
			value, _ := base64.StdEncoding.DecodeString(a.BinaryValue)
			text = append(text, 2)
			add(value)
		} else {
			text = append(text, 1)
			add([]byte(a.StringValue))
		}
	}
	return text
}

// digest returns the MD5 digest that SQS returns and clients verify.
func digest(text []byte) string {
	sum := md5.Sum(text)
	return hex.EncodeToString(sum[:])
}
