package main

import (
	"strings"
	"testing"
	"time"

	"github.com/minim-dev/minim/client/internal/apitest"
)

const reportID = "daily-2026-11-20-2744ccd10c7533bd"

func TestReportList(t *testing.T) {
	server := always(t, 200, `{"items": [{"id": "`+reportID+`", "owner": "me", "period": "daily", "date": "2026-11-20", "createdAt": "2026-11-21T02:00:01.482Z",
		"complete": false, "totals": {"clicks": 7, "before": 5, "links": 1}}]}`)
	for _, test := range []struct {
		call invocation
		out  string
	}{
		{invocation{args: []string{"report", "list"}}, "2026-11-20\tdaily\t7\t5\t1\t" + reportID + "\n"},
		{invocation{args: []string{"report", "list", "-q"}}, reportID + "\n"},
		{invocation{args: []string{"report", "list", "--owner", "*"}, tty: true}, "DATE               PERIOD  CLICKS  BEFORE  LINKS  ID\n2026-11-20 so far  daily   7       5       1      " + reportID + "\n"},
	} {
		test.call.server = server
		if got := test.call.run(t); got.out != test.out {
			t.Errorf("%+v", got)
		}
	}
}

func TestReportGet(t *testing.T) {
	server := apitest.New(t, func(r apitest.Request, _ int) apitest.Answer {
		if kind := r.Header.Get("Accept"); kind != "application/json" {
			return apitest.Answer{Status: 200, Type: kind, Body: "as " + kind}
		}
		return apitest.Answer{Status: 200, Body: apitest.Report("2026-11-21T02:00:01.000Z")}
	})
	for flag, want := range map[string]string{"--csv": "as text/csv", "--html": "as text/html", "-q": reportID + "\n"} {
		if got := (invocation{args: []string{"report", "get", reportID, flag}, server: server}).run(t); got.out != want {
			t.Errorf("%s: %+v", flag, got)
		}
	}
	got := invocation{args: []string{"report", "get", reportID}, server: server}.run(t)
	for _, want := range []string{"2026-11-20  " + reportID + "\n", "▁▁█\n", "clicks  7, the day before 5\n", "  spring  ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇ 7\n"} {
		if !strings.Contains(got.out, want) {
			t.Errorf("%q is not in\n%s", want, got.out)
		}
	}
}

// TestReportRun: the report that is shown was written after the request, by the server's clock.
func TestReportRun(t *testing.T) {
	server := apitest.New(t, func(r apitest.Request, before int) apitest.Answer {
		switch {
		case r.Method == "POST":
			return apitest.Answer{Status: 202, Header: map[string]string{"Date": "Sat, 21 Nov 2026 02:00:00 GMT"},
				Body: `{"id": "` + reportID + `", "period": "daily", "date": "2026-11-20"}`}
		case before == 1:
			return apitest.Answer{Status: 200, Body: apitest.Report("2026-11-21T01:00:00.000Z")}
		}
		return apitest.Answer{Status: 200, Body: apitest.Report("2026-11-21T02:00:01.000Z")}
	})
	got := invocation{args: []string{"report", "run", "--date", "yesterday", "--owner", "*"}, server: server}.run(t)
	requests := server.Requests()
	yesterday := time.Now().UTC().AddDate(0, 0, -1).Format(time.DateOnly)
	if got.code != 0 || len(requests) != 4 || !strings.Contains(got.out, "the day before") ||
		requests[0].Query != "owner=*" && requests[0].Query != "owner=%2A" || requests[0].Body != `{"date":"`+yesterday+`","period":"daily"}` {
		t.Errorf("%+v by %+v", got, requests)
	}
	got = invocation{args: []string{"report", "run", "--no-wait"}, server: server}.run(t)
	if got.out != reportID+"\n" {
		t.Errorf("%+v", got)
	}
	got = invocation{args: []string{"report", "run", "--date", "someday"}, server: server}.run(t)
	if got.code != exitUsage || !strings.Contains(got.err, "someday") {
		t.Errorf("%+v", got)
	}
}
