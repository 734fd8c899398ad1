package missing

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"encoding/xml"
	"net/http"
)

// protocol is the error format of a family of services.
type protocol struct {
	contentType string
	body        func(message, request string) []byte
}

// answer writes the error. SDKs do not retry after status 400.
func (p protocol) answer(w http.ResponseWriter, message string) {
	request := rand.Text()
	h := w.Header()
	h.Set("Content-Type", p.contentType)
	h.Set("X-Amzn-Requestid", request)
	h.Set("X-Amzn-Errortype", Code)
	if p.contentType == typeCBOR {
		h.Set("Smithy-Protocol", "rpc-v2-cbor")
	}
	w.WriteHeader(http.StatusBadRequest)
	_, _ = w.Write(p.body(message, request))
}

const typeCBOR = "application/cbor"

var (
	// jsonProtocol is for JSON 1.0, JSON 1.1 and REST-JSON.
	jsonProtocol = protocol{"application/json", func(message, _ string) []byte {
		text, _ := json.Marshal(map[string]string{"__type": Code, "message": message}) // texts always marshal
		return text
	}}
	// xmlProtocol is for Query and REST-XML.
	xmlProtocol = protocol{"text/xml", func(message, request string) []byte {
		return document(xmlError{Error: problem{"Sender", Code, message}, Request: request})
	}}
	// s3Protocol is REST-XML without the outer element.
	s3Protocol = protocol{"application/xml", func(message, request string) []byte {
		return document(s3Error{Code: Code, Message: message, Request: request})
	}}
	ec2Protocol = protocol{"text/xml", func(message, request string) []byte {
		return document(ec2Error{Error: problem{"", Code, message}, Request: request})
	}}
	// cborProtocol is for Smithy's RPC v2: a map with two strings.
	cborProtocol = protocol{typeCBOR, func(message, _ string) []byte {
		out := []byte{0xa2}
		for _, text := range []string{"__type", Code, "message", message} {
			out = binary.BigEndian.AppendUint16(append(out, 0x79), uint16(len(text)))
			out = append(out, text...)
		}
		return out
	}}
)

type problem struct {
	Type          string `xml:",omitempty"`
	Code, Message string
}

type xmlError struct {
	XMLName xml.Name `xml:"ErrorResponse"`
	Error   problem
	Request string `xml:"RequestId"`
}

type s3Error struct {
	XMLName       xml.Name `xml:"Error"`
	Code, Message string
	Request       string `xml:"RequestId"`
}

type ec2Error struct {
	XMLName xml.Name `xml:"Response"`
	Error   problem  `xml:"Errors>Error"`
	Request string   `xml:"RequestID"`
}

func document(v any) []byte {
	text, _ := xml.Marshal(v) // texts always marshal
	return append([]byte(xml.Header), text...)
}
