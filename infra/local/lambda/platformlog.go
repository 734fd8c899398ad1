package lambda

import (
	"encoding/json"
	"fmt"
	"math"
	"time"
)

const runtimeVersion = "provided:al2023.local"

// What the platform itself writes into a function's log: lines of text, or with LogFormat "JSON" objects of a
// type, of which SystemLogLevel chooses. Each has its level: what went wrong is WARN, what went well INFO, or
// DEBUG where the report at the end tells it again.

func (e *environment) logInitStart() {
	if e.spec.LogFormat != formatJSON {
		e.journal.printf("INIT_START Runtime Version: %s\tLog Stream: %s", runtimeVersion, e.logStream())
		return
	}
	e.logEvent("INFO", "initStart", map[string]any{"initializationType": "on-demand", "phase": "init",
		"runtimeVersion": runtimeVersion, "functionName": e.spec.Name, "functionVersion": latest})
}

// logInitReport reports an initialisation that failed; one that did not is in the report of its invocation.
func (e *environment) logInitReport(took time.Duration, f *failure) {
	if e.spec.LogFormat != formatJSON {
		e.journal.printf("INIT_REPORT Init Duration: %.2f ms\tPhase: init%s", milliseconds(took), f.statusText())
		return
	}
	record := map[string]any{"initializationType": "on-demand", "phase": "init", "metrics": map[string]any{"durationMs": rounded(took)}}
	e.logEvent("WARN", "initReport", f.statusIn(record))
}

func (e *environment) logStart(id string) {
	if e.spec.LogFormat != formatJSON {
		e.journal.printf("START RequestId: %s Version: %s", id, latest)
		return
	}
	e.logEvent("INFO", "start", map[string]any{"requestId": id, "version": latest})
}

// logTimeout is for people only: the report of JSON tells the same.
func (e *environment) logTimeout(id string) {
	if e.spec.LogFormat != formatJSON {
		e.journal.printf("%s %s %s", stamp(time.Now()), id, timeoutMessage(e.spec.Timeout))
	}
}

func (e *environment) logReport(id string, took, initTime time.Duration, f *failure) {
	billed := math.Ceil(milliseconds(took + initTime))
	if e.spec.LogFormat != formatJSON {
		e.journal.printf("END RequestId: %s", id)
		line := fmt.Sprintf("REPORT RequestId: %s\tDuration: %.2f ms\tBilled Duration: %.0f ms\tMemory Size: %d MB\tMax Memory Used: %d MB",
			id, milliseconds(took), billed, e.spec.MemoryMB, e.memory)
		if initTime > 0 {
			line += fmt.Sprintf("\tInit Duration: %.2f ms", milliseconds(initTime))
		}
		e.journal.printf("%s%s", line, f.statusText())
		return
	}
	level, done := "INFO", "DEBUG"
	if f != nil {
		level, done = "WARN", "WARN"
	}
	e.logEvent(done, "runtimeDone", f.statusIn(map[string]any{"requestId": id, "metrics": map[string]any{"durationMs": rounded(took)}}))
	metrics := map[string]any{"durationMs": rounded(took), "billedDurationMs": billed, "memorySizeMB": e.spec.MemoryMB, "maxMemoryUsedMB": e.memory}
	if initTime > 0 {
		metrics["initDurationMs"] = rounded(initTime)
	}
	e.logEvent(level, "report", f.statusIn(map[string]any{"requestId": id, "metrics": metrics}))
}

// logEvent writes an event of the platform if its level is wanted.
func (e *environment) logEvent(level, kind string, record map[string]any) {
	levels := map[string]int{"DEBUG": 0, "INFO": 1, "WARN": 2}
	if levels[level] < levels[e.spec.SystemLogLevel] {
		return
	}
	line, err := json.Marshal(struct {
		Time   string         `json:"time"`
		Type   string         `json:"type"`
		Record map[string]any `json:"record"`
	}{stamp(time.Now()), "platform." + kind, record})
	if err != nil {
		line = []byte(err.Error()) // cannot be: texts and numbers only
	}
	e.journal.line(line)
}

// statusText ends a line about a failure; f may be nil, for a success.
func (f *failure) statusText() string {
	switch {
	case f == nil || f.status == "":
		return ""
	case f.status == "error":
		return "\tStatus: error\tError Type: " + f.kind
	default:
		return "\tStatus: " + f.status
	}
}

// statusIn adds to a record how it ended; f may be nil, for a success.
func (f *failure) statusIn(record map[string]any) map[string]any {
	record["status"] = "success"
	if f != nil && f.status != "" {
		record["status"] = f.status
	}
	if record["status"] == "error" {
		record["errorType"] = f.kind
	}
	return record
}

// rounded are milliseconds with three digits.
func rounded(d time.Duration) float64 { return math.Round(milliseconds(d)*1000) / 1000 }
