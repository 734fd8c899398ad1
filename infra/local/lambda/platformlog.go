package lambda

import (
	"encoding/json"
	"fmt"
	"math"
	"time"
)

const runtimeVersion = "provided:al2023.local"

// These functions write the platform's lines into a function's log: text, or JSON objects with LogFormat "JSON".
// SystemLogLevel filters the objects: the level of a failure is WARN, that of a success INFO, or DEBUG if the final
// report repeats it.

func (e *environment) logInitStart() {
	if e.spec.LogFormat != formatJSON {
		e.journal.printf("INIT_START Runtime Version: %s\tLog Stream: %s", runtimeVersion, e.logStream())
		return
	}
	e.logEvent("INFO", "initStart", map[string]any{"initializationType": "on-demand", "phase": "init",
		"runtimeVersion": runtimeVersion, "functionName": e.spec.Name, "functionVersion": latest})
}

// logInitReport logs a failed initialisation. The report of the invocation includes a successful one.
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

// logTimeout logs a time-out as text. In JSON, the report contains it.
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

// logEvent logs an event of the platform as JSON, unless SystemLogLevel excludes its level.
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
		line = []byte(err.Error()) // cannot happen: the record has only strings and numbers
	}
	e.journal.line(line)
}

// statusText returns the end of a report line. A nil f means success.
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

// statusIn adds the status to a record. A nil f means success.
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

// rounded returns milliseconds, rounded to three decimal places.
func rounded(d time.Duration) float64 { return math.Round(milliseconds(d)*1000) / 1000 }
