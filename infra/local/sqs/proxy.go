// Package sqs is a proxy for an SQS emulator that stores messages only in memory. The
// proxy makes them durable, as in AWS: it writes sent and deleted messages to a journal,
// and sends the outstanding ones again when the emulator or the whole local cloud restarts.
//
// It also replaces the URLs of queues with its own. In requests it ignores the host of a
// queue's URL: "/<account>/<name>" identifies the queue.
package sqs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httputil"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options describe a Proxy. All but Host are required.
type Options struct {
	Upstream string // URL of the emulator
	Host     string // the Host header for the emulator; empty: that of its URL
	Endpoint string // URL of this proxy, the prefix of the queues' URLs
	Region   string
	Account  string
	Journal  string // path of the file
}

// Proxy is the durable SQS. It supports the JSON protocol of AWS SDKs. Query adds the
// older Query protocol.
type Proxy struct {
	o      Options
	pass   http.Handler
	client *http.Client
	// gate is held for reading by requests, and for writing while the emulator is down.
	gate sync.RWMutex
	// placing is held for reading from before a message is sent to the emulator until its ID
	// is recorded, because the message may be received in between.
	placing sync.RWMutex
	ledger  *ledger
	closed  chan struct{}
	work    sync.WaitGroup // messages that are being sent to the emulator

	mu     sync.Mutex
	urls   map[string]string            // the emulator's URLs of queues, by name
	queues map[string]map[string]string // the attributes of queues, by name
	purged map[string]time.Time         // times of the last purges of queues, by name
}

const (
	maxBody         = 12 << 20
	emulatorTimeout = 5 * time.Second // if the emulator does not answer
)

var errAway = errors.New("the SQS emulator does not answer; it is being restarted")

// New returns a proxy. It reads the journal of an earlier run.
func New(o Options) (*Proxy, error) {
	upstream, err := url.Parse(o.Upstream)
	if err != nil {
		return nil, fmt.Errorf("parse the emulator's address: %w", err)
	}
	l, err := open(o.Journal)
	if err != nil {
		return nil, err
	}
	return &Proxy{
		o: o, ledger: l, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
		pass: &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(upstream)
			r.Out.Host = o.Host
		}},
		closed: make(chan struct{}), urls: map[string]string{}, queues: map[string]map[string]string{}, purged: map[string]time.Time{},
	}, nil
}

// Close ends the running calls and closes the journal. It must be called once, after the last call.
func (p *Proxy) Close() error {
	close(p.closed)
	p.work.Wait()
	return p.ledger.close()
}

// ServeHTTP answers one call.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	action, isJSON := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "AmazonSQS.")
	if !isJSON {
		p.pass.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		refuse(w, http.StatusRequestEntityTooLarge, "InvalidParameterValue", "the request is too large")
		return
	}
	var request message
	if err := json.Unmarshal(body, &request); err != nil || request == nil {
		request = message{}
	}
	queue := queueName(request.text("QueueUrl"))
	if f := p.check(action, queue, request); f != nil {
		w.Header().Set("X-Amzn-Query-Error", f.code+";Sender")
		refuse(w, http.StatusBadRequest, strings.TrimPrefix(f.code, "AWS.SimpleQueueService."), f.message)
		return
	}
	failed := batch(action, request)
	var answer reply
	switch {
	case len(failed) > 0 && string(request["Entries"]) == "null":
		answer = reply{status: http.StatusOK, header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}}}
	case action == "SendMessage" || action == "SendMessageBatch":
		answer = p.post(r.Context(), newOutgoing(action, queue, r.Header, request))
	default:
		answer = p.patiently(r.Context(), action, queue, r.Header, request)
	}
	if len(failed) > 0 && answer.err == nil && answer.status == http.StatusOK {
		answer = joined(answer, failed)
	}
	if answer.err != nil {
		refuse(w, http.StatusServiceUnavailable, "ServiceUnavailable", answer.err.Error())
		return
	}
	for _, name := range []string{"Content-Type", "X-Amzn-Query-Error", "X-Amzn-Requestid"} {
		if value := answer.header.Get(name); value != "" {
			w.Header().Set(name, value)
		}
	}
	w.WriteHeader(answer.status)
	_, _ = w.Write(answer.body)
}

// patiently makes a call, and repeats it while the emulator is down. That is safe: requests
// that the emulator accepted without an answer are lost with it.
func (p *Proxy) patiently(ctx context.Context, action, queue string, header http.Header, request message) (r reply) {
	for deadline := time.Now().Add(emulatorTimeout); ; {
		p.gate.RLock()
		r.status, r.header, r.body, r.err = p.call(ctx, action, queue, header, request)
		p.gate.RUnlock()
		if !errors.Is(r.err, errAway) || ctx.Err() != nil || time.Now().After(deadline) {
			return r
		}
		select {
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"__type": "com.amazonaws.sqs#" + code, "message": message})
}

// message is a request or an answer of the API. Only the fields that are used are decoded.
type message map[string]json.RawMessage

func (m message) text(name string) (s string) {
	_ = json.Unmarshal(m[name], &s)
	return s
}

func (m message) set(name string, value any) {
	if raw, err := json.Marshal(value); err == nil {
		m[name] = raw
	}
}

// call forwards one call and records its effects.
func (p *Proxy) call(ctx context.Context, action, name string, header http.Header, request message) (int, http.Header, []byte, error) {
	if name != "" {
		request.set("QueueUrl", p.upstreamURL(name))
	}
	status, answered, answer, err := p.send(ctx, action, header, request)
	if err != nil || status != http.StatusOK {
		return status, answered, answer, err
	}
	var response message
	if err := json.Unmarshal(answer, &response); err != nil || response == nil {
		return status, answered, answer, nil
	}
	if p.localise(response) || action == "ReceiveMessage" && p.identify(name, request, response) {
		if answer, err = json.Marshal(response); err != nil {
			return 0, nil, nil, err
		}
	}
	return status, answered, answer, p.remember(action, name, request, response)
}

// send makes one call to the emulator.
func (p *Proxy) send(ctx context.Context, action string, header http.Header, m message) (int, http.Header, []byte, error) {
	body, err := json.Marshal(m)
	if err != nil {
		return 0, nil, nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.o.Upstream+"/", bytes.NewReader(body))
	if err != nil {
		return 0, nil, nil, err
	}
	request.Host = p.o.Host
	request.Header.Set("Content-Type", "application/x-amz-json-1.0")
	request.Header.Set("X-Amz-Target", "AmazonSQS."+action)
	if signature := header.Get("Authorization"); signature != "" {
		request.Header.Set("Authorization", signature) // the emulator reads the region from it
	}
	response, err := p.client.Do(request)
	if err != nil {
		return 0, nil, nil, errAway
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, nil, nil, errAway
	}
	return response.StatusCode, response.Header, answer, nil
}

// localise replaces the emulator's URLs of queues with URLs of this proxy.
func (p *Proxy) localise(response message) (changed bool) {
	if upstream := response.text("QueueUrl"); upstream != "" {
		response.set("QueueUrl", p.url(upstream))
		changed = true
	}
	var list []string
	if json.Unmarshal(response["QueueUrls"], &list) == nil && len(list) > 0 {
		for i, upstream := range list {
			list[i] = p.url(upstream)
		}
		response.set("QueueUrls", list)
		changed = true
	}
	return changed
}

// url returns this proxy's URL of a queue, and records the emulator's URL.
func (p *Proxy) url(upstream string) string {
	name := queueName(upstream)
	p.mu.Lock()
	p.urls[name] = upstream
	p.mu.Unlock()
	return p.o.Endpoint + "/" + p.o.Account + "/" + name
}

func (p *Proxy) upstreamURL(name string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if known, ok := p.urls[name]; ok {
		return known
	}
	return p.o.Upstream + "/" + p.o.Account + "/" + name
}

func queueName(queueURL string) string {
	if queueURL == "" {
		return ""
	}
	return path.Base(queueURL)
}

// remember records the changes of a successful call, in memory and in the journal.
func (p *Proxy) remember(action, queue string, request, response message) error {
	switch action {
	case "CreateQueue", "SetQueueAttributes":
		if action == "CreateQueue" {
			queue = request.text("QueueName")
		}
		p.define(queue, request)
	case "DeleteQueue":
		p.mu.Lock()
		delete(p.queues, queue)
		delete(p.urls, queue)
		p.mu.Unlock()
		return p.ledger.drop(func(e entry) bool { return e.Queue == queue })
	case "PurgeQueue":
		return p.ledger.drop(func(e entry) bool { return p.home(e) == queue })
	case "DeleteMessage":
		return p.ledger.deleted(request.text("ReceiptHandle"))
	case "DeleteMessageBatch":
		return p.deletedBatch(request, response)
	}
	return nil
}

func (p *Proxy) define(queue string, request message) {
	var attributes map[string]string
	_ = json.Unmarshal(request["Attributes"], &attributes)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.queues[queue] == nil {
		p.queues[queue] = map[string]string{}
	}
	for name, value := range attributes {
		p.queues[queue][name] = value
	}
}

// identify replaces the IDs of received messages with those from when they were sent, and records their receipts.
func (p *Proxy) identify(queue string, request, response message) (changed bool) {
	var messages []message
	_ = json.Unmarshal(response["Messages"], &messages)
	for _, m := range messages {
		id, ok := p.ledger.id(m.text("MessageId"))
		if !ok {
			p.placing.Lock() // waits until the IDs of all messages that could be received are recorded
			p.placing.Unlock()
			if id, ok = p.ledger.id(m.text("MessageId")); !ok {
				continue
			}
		}
		m.set("MessageId", id)
		if trace := p.ledger.trace(id); trace != "" && wantsTrace(request) {
			var attributes map[string]string
			if json.Unmarshal(m["Attributes"], &attributes) != nil || attributes == nil {
				attributes = map[string]string{}
			}
			attributes["AWSTraceHeader"] = trace
			m.set("Attributes", attributes)
		}
		p.ledger.received(id, m.text("ReceiptHandle"), queue)
		changed = true
	}
	if changed {
		response.set("Messages", messages)
	}
	return changed
}

// wantsTrace reports whether a receiver requests the trace header, which the emulator does not store.
func wantsTrace(request message) bool {
	for _, field := range []string{"MessageSystemAttributeNames", "AttributeNames"} {
		var names []string
		if json.Unmarshal(request[field], &names) == nil && (slices.Contains(names, "All") || slices.Contains(names, "AWSTraceHeader")) {
			return true
		}
	}
	return false
}

// attributes returns the attributes of a queue, or nil if it was not created through this proxy.
func (p *Proxy) attributes(queue string) map[string]string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.queues[queue])
}

func (p *Proxy) deletedBatch(request, response message) error {
	var entries, well []struct{ Id, ReceiptHandle string }
	_ = json.Unmarshal(request["Entries"], &entries)
	_ = json.Unmarshal(response["Successful"], &well)
	done := map[string]bool{}
	for _, e := range well {
		done[e.Id] = true
	}
	for _, e := range entries {
		if done[e.Id] {
			if err := p.ledger.deleted(e.ReceiptHandle); err != nil {
				return err
			}
		}
	}
	return nil
}

// MessageID returns the ID for clients of a message of the emulator. The two differ if the message was sent to the
// emulator again.
func (p *Proxy) MessageID(emulator string) string {
	if id, ok := p.ledger.id(emulator); ok {
		return id
	}
	return emulator
}
