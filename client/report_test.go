package client_test

import (
	"testing"
	"time"

	"github.com/minim-dev/minim/client/internal/apitest"
)

// TestWaitForReport: neither a missing report nor the one before is taken for the one that is being written.
func TestWaitForReport(t *testing.T) {
	since := time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC)
	server := apitest.New(t, func(_ apitest.Request, before int) apitest.Answer {
		switch before {
		case 0:
			return problem(404, nil)
		case 1:
			return apitest.Answer{Status: 200, Body: apitest.Report("2026-11-20T23:59:00.000Z")}
		}
		return apitest.Answer{Status: 200, Body: apitest.Report("2026-11-21T02:00:01.000Z")}
	})
	if err := newClient(t, server.URL).WaitForReport(t.Context(), "daily-2026-11-20-2744ccd10c7533bd", since); err != nil || len(server.Requests()) != 3 {
		t.Errorf("%d requests, %v", len(server.Requests()), err)
	}
}
