package terminal

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"slices"
	"strings"
)

// FunctionLog writes the log lines of functions to a file unchanged, and prints them in a readable form: short
// names in colour, short reports, and JSON as level, message and fields.
type FunctionLog struct {
	Terminal *Terminal
	File     io.Writer
	Prefix   string // of all names
	Verbose  bool   // also prints START, END and INIT_START
}

// Write accepts complete lines, "function | text".
func (f *FunctionLog) Write(lines []byte) (int, error) {
	var readable strings.Builder
	for line := range strings.Lines(string(lines)) {
		name, text, _ := strings.Cut(strings.TrimRight(line, "\n"), " | ")
		if text, shown := f.readable(text); shown {
			name = strings.TrimPrefix(name, f.Prefix)
			fmt.Fprintf(&readable, "%s %s\n", f.Terminal.paint(colour(name), fmt.Sprintf("%-14s", name)), text)
		}
	}
	if readable.Len() > 0 {
		f.Terminal.print(readable.String())
	}
	return f.File.Write(lines)
}

// colour returns the colour for a name. It is always the same for the same name.
func colour(name string) string {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(name))
	return []string{"32", "33", "34", "35", "36", "92", "93", "94", "95", "96"}[hash.Sum32()%10]
}

func (f *FunctionLog) readable(text string) (shorter string, shown bool) {
	switch word, _, _ := strings.Cut(text, " "); word {
	case "START", "END", "INIT_START":
		return text, f.Verbose
	case "REPORT":
		return f.report(text), true
	}
	var fields map[string]any
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.UseNumber()
	if strings.HasPrefix(text, "{") && decoder.Decode(&fields) == nil && !decoder.More() {
		if kind, ok := fields["type"].(string); ok && strings.HasPrefix(kind, "platform.") {
			return f.event(kind, text)
		}
		return f.record(fields), true
	}
	return text, true
}

// event converts a JSON line of the platform to the form of its text lines.
func (f *FunctionLog) event(kind, text string) (shorter string, shown bool) {
	var line struct {
		Record struct {
			RequestID, Status, ErrorType string
			Metrics                      struct {
				DurationMs, InitDurationMs float64
				MaxMemoryUsedMB            int
			}
		}
	}
	if json.Unmarshal([]byte(text), &line) != nil || kind != "platform.report" {
		return text, f.Verbose || kind == "platform.initReport"
	}
	r, m := line.Record, line.Record.Metrics
	report := fmt.Sprintf("REPORT RequestId: %s\tDuration: %.2f ms\tMax Memory Used: %d MB", r.RequestID, m.DurationMs, m.MaxMemoryUsedMB)
	if m.InitDurationMs > 0 {
		report += fmt.Sprintf("\tInit Duration: %.2f ms", m.InitDurationMs)
	}
	if r.Status != "success" {
		report += "\tStatus: " + r.Status + "\tError Type: " + r.ErrorType
	}
	return f.report(report), true
}

// report shortens Lambda's REPORT line to the duration, the memory, the init duration, if
// any, and the error.
func (f *FunctionLog) report(text string) string {
	found := map[string]string{}
	for _, part := range strings.Split(strings.TrimPrefix(text, "REPORT "), "\t") {
		name, value, _ := strings.Cut(part, ": ")
		found[name] = value
	}
	words := []string{found["Duration"], found["Max Memory Used"]}
	if start := found["Init Duration"]; start != "" {
		words = append(words, "cold start "+start)
	}
	short := strings.Join(words, ", ")
	if status := found["Status"]; status != "" {
		return f.Terminal.paint(red, strings.TrimSpace(short+", "+status+" "+found["Error Type"])) + " " + found["RequestId"]
	}
	return f.Terminal.paint("2", short+" "+found["RequestId"])
}

// record is a line of a structured log, or of a metric.
func (f *FunctionLog) record(fields map[string]any) string {
	level, message := fmt.Sprint(cmp.Or[any](fields["level"], "")), fmt.Sprint(cmp.Or[any](fields["message"], fields["msg"], ""))
	for _, name := range []string{"level", "message", "msg", "timestamp", "time", "_aws"} {
		delete(fields, name)
	}
	if level == "ERROR" || level == "FATAL" {
		level = f.Terminal.paint(red, level)
	}
	words := []string{level, message}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		value := fmt.Sprint(fields[name])
		switch fields[name].(type) {
		case map[string]any, []any:
			raw, _ := json.Marshal(fields[name]) // cannot fail: it was JSON
			value = string(raw)
		case string:
			if value == "" || strings.ContainsAny(value, " \"\n\t\x1b") {
				value = fmt.Sprintf("%q", value)
			}
		}
		words = append(words, name+"="+value)
	}
	return strings.Join(slices.DeleteFunc(words, func(word string) bool { return word == "" }), " ")
}
