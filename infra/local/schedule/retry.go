package schedule

import (
	"context"
	"strconv"
	"time"
)

// MaxRetries is the maximum and default number of retries.
const MaxRetries = 185

const (
	maxAge   = 24 * time.Hour
	firstNap = time.Second // before the second attempt; doubled each time, up to longNap
	longNap  = 5 * time.Minute
)

// retry retries an invocation that failed, with increasing delays, until it succeeds or
// the schedule's retries or maximum age are exhausted. Then it sends the payload to the
// schedule's dead-letter queue, if any.
func (r *Runner) retry(ctx context.Context, e *entry, at time.Time, id string, err error) {
	most, began := MaxRetries, r.Now()
	if e.Retries != nil {
		most = *e.Retries
	}
	attempt, condition := 1, "MaximumRetryAttempts"
	for nap := firstNap; attempt <= most; nap = min(2*nap, longNap) {
		if r.Now().Add(r.scaled(nap)).Sub(began) > r.scaled(e.MaxAge) {
			condition = "MaximumEventAgeInSeconds"
			break
		}
		select {
		case <-r.After(r.scaled(nap)):
		case <-r.ended:
			return
		}
		attempt++
		if err = r.Invoke(ctx, e.Target, e.payload(at, id, attempt)); err == nil {
			r.record(e, at, id, nil)
			return
		}
	}
	r.Logger.Error("the retries of the schedule are exhausted", "schedule", e.Name, "attempts", attempt, "error", err)
	if e.DeadLetter == "" {
		return
	}
	failed := r.SendDead(ctx, e.DeadLetter, e.payload(at, id, attempt), map[string]string{
		"ERROR_CODE": "SDK_CLIENT_ERROR", "ERROR_MESSAGE": err.Error(), "EXECUTION_ID": id, "EXHAUSTED_RETRY_CONDITION": condition,
		"RETRY_ATTEMPTS": strconv.Itoa(attempt - 1), "SCHEDULED_TIME": at.UTC().Format("2006-01-02T15:04:05Z"), "SCHEDULE_ARN": e.ARN, "TARGET_ARN": e.Target,
	})
	if failed != nil {
		r.Logger.Error("cannot send the schedule's event to its dead-letter queue; it is lost", "schedule", e.Name, "error", failed)
	}
}

func (r *Runner) scaled(d time.Duration) time.Duration {
	return time.Duration(float64(d) / r.TimeScale)
}
