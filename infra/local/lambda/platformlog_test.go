package lambda

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

// The platform's JSON lines: DEBUG includes all of them, WARN only those of failures.
func TestLogAsJSON(t *testing.T) {
	const at = `\{"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z","type":"platform\.`
	const metrics = `"metrics":\{"billedDurationMs":\d+,"durationMs":[\d.]+,("initDurationMs":[\d.]+,)?"maxMemoryUsedMB":\d+,"memorySizeMB":512\}`
	tests := map[string]struct {
		handler, level string
		want           []string
	}{
		"success": {"wait", "DEBUG", []string{
			at + `initStart","record":{"functionName":"fn","functionVersion":"\$LATEST","initializationType":"on-demand","phase":"init","runtimeVersion":"provided:al2023[^"]*"}}`,
			at + `start","record":{"requestId":"ID","version":"\$LATEST"}}`,
			`waiting 0 ms`,
			at + `runtimeDone","record":{"metrics":{"durationMs":[\d.]+},"requestId":"ID","status":"success"}}`,
			at + `report","record":{` + metrics + `,"requestId":"ID","status":"success"}}`,
		}},
		"usual": {"wait", "", []string{
			at + `initStart".*`, at + `start".*`, `waiting 0 ms`, at + `report".*`,
		}},
		"quiet": {"wait", "WARN", []string{`waiting 0 ms`}},
		"crash": {"exit", "WARN", []string{
			`leaving`,
			at + `runtimeDone","record":{"errorType":"Runtime.ExitError","metrics":{"durationMs":[\d.]+},"requestId":"ID","status":"error"}}`,
			at + `report","record":{"errorType":"Runtime.ExitError",` + metrics + `,"requestId":"ID","status":"error"}}`,
		}},
		"time-out": {"sleep", "WARN", []string{
			at + `runtimeDone","record":{"metrics":{"durationMs":[\d.]+},"requestId":"ID","status":"timeout"}}`,
			at + `report","record":{` + metrics + `,"requestId":"ID","status":"timeout"}}`,
		}},
		"start": {"init-exit", "WARN", []string{
			at + `initReport","record":{"errorType":"Runtime.ExitError","initializationType":"on-demand","metrics":{"durationMs":[\d.]+},"phase":"init","status":"error"}}`,
			at + `runtimeDone".*`, at + `report".*`,
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := &safe{}
			p := open(t, Options{Output: log})
			add(t, p, Function{Name: "fn", Handler: test.handler, MemoryMB: 512, Timeout: time.Second, LogFormat: "JSON", SystemLogLevel: test.level})
			r := invoke(t, p, "fn", input{})
			lines := func() []string { return strings.Split(strings.TrimSpace(log.String()), "\n") }
			eventually(t, "the whole log", func() bool { return len(lines()) >= len(test.want) })
			got := lines()
			if len(got) != len(test.want) {
				t.Fatalf("log:\n%s", strings.Join(got, "\n"))
			}
			for i, line := range got {
				line = strings.ReplaceAll(line, r.RequestID, "ID")
				if !regexp.MustCompile("^fn \\| " + test.want[i] + "$").MatchString(line) {
					t.Errorf("line %d: %s", i, line)
				}
			}
		})
	}
}
