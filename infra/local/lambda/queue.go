package lambda

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Delays of asynchronous events, before TimeScale.
const (
	retryDelay = time.Minute // after the first function error; twice as long after the second
	minBackOff = time.Second // after a throttle, doubled each time
	maxBackOff = 5 * time.Minute
	exhausted  = "RetriesExhausted"
	tooOld     = "EventAgeExceeded"
	success    = "Success"

	maxErrorMessage = 1 << 10 // bytes of the message in a dead letter
)

// record is the message for a destination.
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

// finish processes an event until it is done. If the platform closes first, the event's file keeps the state after
// the last completed attempt.
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

// attempt runs the function once, and schedules the event's next attempt or its delivery. It returns false if the
// platform closed meanwhile.
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
		p.postpone(e, f, err)
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

// backOff returns the delay of an event after a number of consecutive throttles.
func backOff(throttles int) time.Duration { return min(minBackOff<<min(throttles, 10), maxBackOff) }

// postpone delays a throttled event, longer each time, until the event is too old.
func (p *Platform) postpone(e *event, f Function, err error) {
	delay := backOff(e.Throttles)
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

// sleep waits for d. It returns false if the platform closes meanwhile.
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

// delivery returns the record for the function's destination on this condition, and the dead letter, if any. The
// destination is empty if the function has none.
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
	body, _ := plainJSON(r) // so do valid JSON and strings
	d := &delivery{Destination: destination, Record: body}
	if condition != success && f.DeadLetter != "" {
		d.DeadLetter, d.Attributes = f.DeadLetter, deadLetter(e, result)
	}
	return d
}

// deadLetter returns the message attributes of an event in a dead-letter queue.
func deadLetter(e *event, result *Result) map[string]string {
	attributes := map[string]string{"RequestID": e.ID, "ErrorCode": "429", "ErrorMessage": "Rate Exceeded."}
	if result != nil {
		var problem struct{ ErrorMessage string }
		if json.Unmarshal(result.Payload, &problem) != nil || problem.ErrorMessage == "" {
			problem.ErrorMessage = string(result.Payload) + " " // no attribute may be empty
		}
		attributes["ErrorCode"] = "200"
		attributes["ErrorMessage"] = strings.ToValidUTF8(problem.ErrorMessage[:min(len(problem.ErrorMessage), maxErrorMessage)], "")
	}
	return attributes
}

// send delivers an event's record and dead letter. It returns false if the platform closes before that.
func (p *Platform) send(e *event) bool {
	d := e.Delivery
	return p.persist(e, d.Destination, func() error { return p.options.Send(p.ctx, d.Destination, d.Record) }) &&
		p.persist(e, d.DeadLetter, func() error { return p.options.SendDead(p.ctx, d.DeadLetter, e.Payload, d.Attributes) })
}

// persist retries until the delivery to a destination succeeds. It does nothing if destination is empty.
func (p *Platform) persist(e *event, destination string, try func() error) bool {
	for delay := minBackOff; destination != ""; delay = min(2*delay, maxBackOff) {
		err := try()
		if err == nil {
			return true
		}
		p.console.line(e.function, fmt.Appendf(nil, "event %s: record to %s: %v", e.ID, destination, err))
		if !p.sleep(p.scaled(delay)) {
			return false
		}
	}
	return true
}
