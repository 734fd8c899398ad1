package lambda

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Waiting times of asynchronous events, before TimeScale.
const (
	retryDelay = time.Minute // after the first function error; twice as long after the second
	minBackOff = time.Second // after a throttle, doubled each time
	maxBackOff = 5 * time.Minute
	exhausted  = "RetriesExhausted"
	tooOld     = "EventAgeExceeded"
	success    = "Success"
)

// record is what a destination gets.
type record struct {
	Version         string           `json:"version"`
	Timestamp       string           `json:"timestamp"`
	RequestContext  requestContext   `json:"requestContext"`
	RequestPayload  json.RawMessage  `json:"requestPayload"`
	ResponseContext *responseContext `json:"responseContext,omitempty"`
	ResponsePayload json.RawMessage  `json:"responsePayload,omitempty"`
}

type requestContext struct {
	RequestID              string `json:"requestId"`
	FunctionARN            string `json:"functionArn"`
	Condition              string `json:"condition"`
	ApproximateInvokeCount int    `json:"approximateInvokeCount"`
}

type responseContext struct {
	StatusCode      int    `json:"statusCode"`
	ExecutedVersion string `json:"executedVersion"`
	FunctionError   string `json:"functionError,omitempty"`
}

// finish works on an event until nothing is left to do, or the platform closes: then its file stays as it
// was after the last attempt that came to an end.
func (p *Platform) finish(e *event) {
	for e.Delivery == nil {
		if !p.sleep(time.Until(e.Due)) {
			return
		}
		spec, slots := p.lookup(e.function)
		select {
		case slots <- struct{}{}:
		case <-p.ctx.Done():
			return
		}
		ok := p.attempt(e, spec)
		<-slots
		if !ok {
			return
		}
		if err := e.save(); err != nil {
			p.console.line(e.function, fmt.Appendf(nil, "event %s: %v", e.ID, err))
		}
	}
	if p.send(e) {
		p.remove(e)
	}
}

func (p *Platform) lookup(name string) (Function, chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f := p.functions[name]
	return f.spec, f.slots
}

// attempt runs the function once, and leaves the event due for another attempt or for delivery. It tells
// false when the platform closed over it.
func (p *Platform) attempt(e *event, f Function) bool {
	if p.overdue(e, f, time.Now()) {
		e.Delivery = p.delivery(e, f, tooOld, nil)
		return true
	}
	if f.Reserved != nil && *f.Reserved == 0 {
		e.Delivery = p.delivery(e, f, exhausted, nil)
		return true
	}
	result, err := p.invoke(p.ctx, e.function, request{id: e.ID, payload: e.Payload, trace: e.Trace})
	switch {
	case p.ctx.Err() != nil:
		return false
	case err != nil:
		p.backOff(e, f, err)
		return true
	}
	e.Attempts, e.Throttles = e.Attempts+1, 0
	if result.FunctionError == "" {
		e.Delivery = p.delivery(e, f, success, &result)
		return true
	}
	e.Due = time.Now().Add(p.scaled(retryDelay << (e.Attempts - 1)))
	if e.Attempts > f.retries() {
		e.Delivery = p.delivery(e, f, exhausted, &result)
	} else if p.overdue(e, f, e.Due) {
		e.Delivery = p.delivery(e, f, tooOld, &result)
	}
	return true
}

// backOff makes a throttled event wait, longer each time, until it is too old.
func (p *Platform) backOff(e *event, f Function, err error) {
	delay := min(minBackOff<<min(e.Throttles, 10), maxBackOff)
	e.Throttles++
	e.Due = time.Now().Add(p.scaled(delay))
	if p.overdue(e, f, e.Due) {
		e.Delivery = p.delivery(e, f, tooOld, nil)
	}
	if refusal := (*Error)(nil); !errors.As(err, &refusal) || refusal.Status != 429 {
		p.console.line(e.function, fmt.Appendf(nil, "event %s: %v", e.ID, err))
	}
}

func (p *Platform) overdue(e *event, f Function, at time.Time) bool {
	return at.Sub(e.Accepted) > p.scaled(f.MaxEventAge)
}

func (p *Platform) scaled(d time.Duration) time.Duration {
	return time.Duration(float64(d) / p.options.TimeScale)
}

// sleep tells false when the platform closes meanwhile.
func (p *Platform) sleep(d time.Duration) bool {
	timer := time.NewTimer(max(0, d))
	defer timer.Stop()
	select {
	case <-timer.C:
		return p.ctx.Err() == nil
	case <-p.ctx.Done():
		return false
	}
}

// delivery is the record for the destination that the function names for this condition; the destination is
// empty when it names none.
func (p *Platform) delivery(e *event, f Function, condition string, result *Result) *delivery {
	destination := f.OnFailure
	if condition == success {
		destination = f.OnSuccess
	}
	r := record{
		Version: "1.0", Timestamp: stamp(time.Now()), RequestPayload: e.Payload,
		RequestContext: requestContext{RequestID: e.ID, FunctionARN: p.options.arn(f.Name) + ":" + latest,
			Condition: condition, ApproximateInvokeCount: e.Attempts},
	}
	if result != nil {
		r.ResponseContext = &responseContext{StatusCode: 200, ExecutedVersion: latest, FunctionError: result.FunctionError}
		r.ResponsePayload = result.Payload
		if !json.Valid(result.Payload) {
			r.ResponsePayload, _ = json.Marshal(string(result.Payload)) // a string always marshals
		}
	}
	body, _ := json.Marshal(r) // so do valid JSON and strings
	return &delivery{Destination: destination, Record: body}
}

// send hands the record over, again and again until the destination has it. It tells false when the
// platform closes before that.
func (p *Platform) send(e *event) bool {
	for delay := minBackOff; e.Delivery.Destination != ""; delay = min(2*delay, maxBackOff) {
		err := p.options.Send(p.ctx, e.Delivery.Destination, e.Delivery.Record)
		if err == nil {
			return true
		}
		p.console.line(e.function, fmt.Appendf(nil, "event %s: record to %s: %v", e.ID, e.Delivery.Destination, err))
		if !p.sleep(p.scaled(delay)) {
			return false
		}
	}
	return true
}
