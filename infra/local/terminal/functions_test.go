package terminal

import (
	"bytes"
	"testing"
)

func TestFunctionLog(t *testing.T) {
	const report = "REPORT RequestId: r-1\tDuration: 1.50 ms\tBilled Duration: 2 ms\tMemory Size: 256 MB\tMax Memory Used: 12 MB"
	for _, c := range []struct {
		name, text, want string
		coloured         bool
	}{
		{name: "start", text: "START RequestId: r-1 Version: $LATEST"},
		{name: "plain", text: "some text", want: "get            some text\n"},
		{name: "report", text: report, want: "get            1.50 ms, 12 MB r-1\n"},
		{name: "cold", text: report + "\tInit Duration: 9.00 ms", want: "get            1.50 ms, 12 MB, cold start 9.00 ms r-1\n"},
		{name: "failed", text: report + "\tStatus: error\tError Type: Runtime.ExitError", want: "get            1.50 ms, 12 MB, error Runtime.ExitError r-1\n"},
		{name: "record", text: `{"timestamp":"2026-11-21T00:00:00Z","level":"INFO","message":"it is so","n":12345678901234,"where":"a b","deep":{"x":1}}`,
			want: `get            INFO it is so deep={"x":1} n=12345678901234 where="a b"` + "\n"},
		{name: "metric", text: `{"_aws":{"Timestamp":1},"Clicks":3}`, want: "get            Clicks=3\n"},
		{name: "start as JSON", text: `{"time":"2026-11-21T00:00:00.000Z","type":"platform.start","record":{"requestId":"r-1","version":"$LATEST"}}`},
		{name: "report as JSON", text: `{"time":"2026-11-21T00:00:00.000Z","type":"platform.report","record":{"metrics":{"billedDurationMs":11,"durationMs":1.5,"initDurationMs":9,"maxMemoryUsedMB":12,"memorySizeMB":256},"requestId":"r-1","status":"success"}}`,
			want: "get            1.50 ms, 12 MB, cold start 9.00 ms r-1\n"},
		{name: "failure as JSON", text: `{"time":"2026-11-21T00:00:00.000Z","type":"platform.report","record":{"errorType":"Runtime.ExitError","metrics":{"billedDurationMs":2,"durationMs":1.5,"maxMemoryUsedMB":12,"memorySizeMB":256},"requestId":"r-1","status":"error"}}`,
			want: "get            1.50 ms, 12 MB, error Runtime.ExitError r-1\n"},
		{name: "no record", text: `{"level":`, want: "get            {\"level\":\n"},
		{name: "colours", text: `{"level":"ERROR","message":"no"}`, want: "\x1b[" + colour("get") + "mget           \x1b[0m \x1b[31mERROR\x1b[0m no\n", coloured: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out, file bytes.Buffer
			log := &FunctionLog{Terminal: &Terminal{out: &out, coloured: c.coloured}, File: &file, Prefix: "stack-"}
			line := "stack-get | " + c.text + "\n"
			if n, err := log.Write([]byte(line)); n != len(line) || err != nil || file.String() != line {
				t.Errorf("%d, %v, %q", n, err, &file)
			}
			if out.String() != c.want {
				t.Errorf("got  %q\nwant %q", &out, c.want)
			}
		})
	}
}
