package sqs

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Query supports clients with the Query protocol, which AWS SDKs and the AWS CLI used
// until November 2023. It converts their forms to JSON for next, and the answers to
// XML.
func Query(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") || r.Method != http.MethodPost {
			next.ServeHTTP(w, r)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		var form url.Values
		if err == nil {
			form, err = url.ParseQuery(string(body))
		}
		if err != nil {
			answerXML(w, http.StatusBadRequest, "ErrorResponse", failure("MalformedQueryString", "the request is not a form: "+err.Error()))
			return
		}
		action := form.Get("Action")
		request := structure(form)
		if _, ok := request["QueueUrl"]; !ok && r.URL.Path != "/" {
			request["QueueUrl"] = r.URL.Path
		}
		text, err := json.Marshal(request)
		if err != nil {
			answerXML(w, http.StatusBadRequest, "ErrorResponse", failure("MalformedQueryString", err.Error()))
			return
		}
		inner := r.Clone(r.Context())
		inner.Body, inner.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
		inner.Header.Set("Content-Type", "application/x-amz-json-1.0")
		inner.Header.Set("X-Amz-Target", "AmazonSQS."+action)
		inner.URL.Path = "/"
		collected := recorder{header: http.Header{}, status: http.StatusOK}
		next.ServeHTTP(&collected, inner)
		collected.translate(w, action)
	})
}

// structure converts the fields of a form to the members of a request. Lists in forms
// are numbered: "MessageAttribute.1.Name".
func structure(form url.Values) map[string]any {
	request := map[string]any{}
	lists := map[string]map[int]url.Values{} // the fields of each element of each list
	for key, values := range form {
		name, rest, isList := strings.Cut(key, ".")
		number, field, _ := strings.Cut(rest, ".")
		n, err := strconv.Atoi(number)
		switch {
		case isList && err == nil:
			if lists[name] == nil {
				lists[name] = map[int]url.Values{}
			}
			if lists[name][n] == nil {
				lists[name][n] = url.Values{}
			}
			lists[name][n][field] = values
		case slices.Contains([]string{"DelaySeconds", "MaxNumberOfMessages", "VisibilityTimeout", "WaitTimeSeconds", "MaxResults"}, name):
			request[name] = json.Number(values[0])
		case name != "Action" && name != "Version":
			request[name] = values[0]
		}
	}
	for name, elements := range lists {
		member, value := gather(name, elements)
		request[member] = value
	}
	return request
}

// gather converts a numbered list to a member.
func gather(name string, elements map[int]url.Values) (member string, value any) {
	var ordered []url.Values
	for _, n := range slices.Sorted(maps.Keys(elements)) {
		ordered = append(ordered, elements[n])
	}
	if strings.HasSuffix(name, "BatchRequestEntry") {
		var entries []any
		for _, e := range ordered {
			entries = append(entries, structure(e))
		}
		return "Entries", entries
	}
	if _, plain := ordered[0][""]; plain {
		var texts []string
		for _, e := range ordered {
			texts = append(texts, e.Get(""))
		}
		return name + "s", texts
	}
	all := map[string]any{}
	for _, e := range ordered {
		if !e.Has("Value.DataType") {
			all[e.Get("Name")+e.Get("Key")] = e.Get("Value")
			continue
		}
		attribute := map[string]string{}
		for _, part := range []string{"DataType", "StringValue", "BinaryValue"} {
			if text := e.Get("Value." + part); text != "" {
				attribute[part] = text
			}
		}
		all[e.Get("Name")] = attribute
	}
	return name + "s", all
}

// recorder records an answer.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(p []byte) (int, error) { return r.body.Write(p) }

// translate writes the recorded answer as XML.
func (r *recorder) translate(w http.ResponseWriter, action string) {
	decoder := json.NewDecoder(&r.body)
	decoder.UseNumber()
	var members map[string]any
	_ = decoder.Decode(&members) // an empty answer has no members
	if r.status == http.StatusOK {
		answerXML(w, r.status, action+"Response", "<"+action+"Result>"+spell(action, members)+"</"+action+"Result>"+
			"<ResponseMetadata><RequestId>"+rand.Text()+"</RequestId></ResponseMetadata>")
		return
	}
	code, _, _ := strings.Cut(r.header.Get("X-Amzn-Query-Error"), ";")
	if code == "" {
		code = fmt.Sprint(members["__type"])
		code = code[strings.LastIndex(code, "#")+1:]
	}
	message, ok := members["message"].(string)
	if !ok {
		message, _ = members["Message"].(string)
	}
	answerXML(w, r.status, "ErrorResponse", failure(code, message))
}

func failure(code, message string) string {
	return "<Error><Type>Sender</Type>" + tag("Code", code) + tag("Message", message) + "</Error>" + tag("RequestId", rand.Text())
}

func answerXML(w http.ResponseWriter, status int, root, inner string) {
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<"+root+` xmlns="http://queue.amazonaws.com/doc/2012-11-05/">`+inner+"</"+root+">")
}

func tag(name, text string) string {
	var out strings.Builder
	_ = xml.EscapeText(&out, []byte(text)) // writing to a builder never fails
	return "<" + name + ">" + out.String() + "</" + name + ">"
}

// spell encodes members in order. Lists and maps are flat: each element has the singular name.
func spell(action string, members map[string]any) string {
	single := map[string]string{
		"QueueUrls": "QueueUrl", "Messages": "Message", "Attributes": "Attribute", "MessageAttributes": "MessageAttribute", "Tags": "Tag",
		"queueUrls": "QueueUrl", "Successful": action + "ResultEntry", "Failed": "BatchResultErrorEntry",
	}
	var out strings.Builder
	for _, name := range slices.Sorted(maps.Keys(members)) {
		switch v := members[name].(type) {
		case nil:
		case []any:
			for _, element := range v {
				if object, ok := element.(map[string]any); ok {
					out.WriteString("<" + single[name] + ">" + spell(action, object) + "</" + single[name] + ">")
				} else {
					out.WriteString(tag(single[name], fmt.Sprint(element)))
				}
			}
		case map[string]any:
			out.WriteString(pairs(action, name, single[name], v))
		default:
			out.WriteString(tag(name, fmt.Sprint(v)))
		}
	}
	return out.String()
}

// pairs encodes a map as elements that each have a name and a value.
func pairs(action, name, single string, all map[string]any) string {
	key := "Name"
	if name == "Tags" {
		key = "Key"
	}
	var out strings.Builder
	for _, k := range slices.Sorted(maps.Keys(all)) {
		value := tag("Value", fmt.Sprint(all[k]))
		if object, ok := all[k].(map[string]any); ok {
			value = "<Value>" + spell(action, object) + "</Value>"
		}
		out.WriteString("<" + single + ">" + tag(key, k) + value + "</" + single + ">")
	}
	return out.String()
}
