package lambda

import "time"

// outcome receives the answer of one invocation and, later, its whole log.
type outcome struct {
	answer chan answer
	tail   chan []byte
}

type answer struct {
	Result
	err error
}

func newOutcome() outcome { return outcome{make(chan answer, 1), make(chan []byte, 1)} }

// serve runs one request in the environment, and leaves it frozen or without a process. It sends the answer as soon
// as the function returns. The environment stays busy until the extensions have finished and the process asks for
// the next invocation.
func (e *environment) serve(r request, o outcome) {
	e.journal.begin()
	e.killTime = e.platform.killTime(e.spec)
	if e.process != nil && e.process.gone() {
		e.reset()
	}
	initTime := e.initialise(r)
	e.logStart(r.id)
	began := time.Now()
	i := &invocation{request: r, arn: e.platform.options.arn(e.spec.Name),
		deadline: began.Add(e.spec.Timeout), answer: make(chan Result, 1)}

	answered := false
	var given answer
	respond := func(result Result, err error) {
		if !answered {
			answered = true
			result.LogTail = e.journal.tail()
			e.platform.count(e, result.FunctionError != "")
			given = answer{result, err}
			o.answer <- given
		}
	}
	var f *failure
	if e.process == nil { // retry; the start counts as part of the invocation
		f = e.boot(r.id, e.spec.Timeout)
	}
	if f == nil {
		f = e.run(i, func(result Result) { respond(result, nil) })
	}
	took := time.Since(began)
	e.conclude(r.id, f, respond)
	e.logReport(r.id, took, initTime, f)
	e.observe(Invocation{Began: began, Duration: took, Init: initTime}, r, given, f)
	o.tail <- e.journal.tail()
}

// conclude freezes the process, or ends it and answers with the failure.
func (e *environment) conclude(id string, f *failure, respond func(Result, error)) {
	if f == nil && e.killTime != nil { // chaos was due, but the invocation was faster
		e.killByChaos(id)
		e.reset()
		return
	}
	if f == nil {
		e.process.freeze()
		e.process.out.drain()
		return
	}
	if e.process != nil && !e.process.gone() {
		e.measure()
		e.process.out.drain()
	} else {
		e.reset()
	}
	if f.status == "timeout" {
		e.logTimeout(id)
	}
	if f.refusal != nil {
		respond(Result{}, f.refusal)
	} else {
		respond(f.result(id), nil)
	}
	e.reset()
}

// initialise performs the first start of an environment and returns its duration. If the start fails, the invocation
// retries it; the returned duration is then 0.
func (e *environment) initialise(r request) time.Duration {
	if e.used {
		return 0
	}
	e.used = true
	e.logInitStart()
	began := time.Now()
	limit := e.platform.options.InitTimeout
	if e.spec.debugged() {
		limit = debugTimeout
	}
	f := e.boot(r.id, limit)
	took := time.Since(began)
	if f == nil {
		return took
	}
	if f.refusal != nil {
		return 0
	}
	e.logInitReport(took, f)
	return 0
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// stamp formats a time as Lambda does.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
