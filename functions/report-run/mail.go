package main

import (
	"context"
	"errors"
	"time"

	"github.com/minim-dev/minim/shared/mail"
	"github.com/minim-dev/minim/shared/report"
)

// reserve is the time kept back from sending a mail, to return the claim if that fails.
const reserve = 2 * time.Second

// mailOnce mails the report of the whole stage, once its day is over, to the
// stage's address. It claims the mail before it sends it, so that a run delivered
// twice does not mail twice. If sending fails, it returns the claim, and the run's
// next try sends the mail. If the process is killed in between, no mail is sent.
func (h *handler) mailOnce(ctx context.Context, r report.Report, page []byte) error {
	if r.Owner != report.Stage || !r.Complete || !h.mail.Wanted() {
		return nil
	}
	mine, err := h.reports.ClaimMail(ctx, r.ID)
	if err != nil || !mine {
		return err
	}
	if err := h.send(ctx, mail.Message{Subject: "Minim: " + report.Subject(r), HTML: string(page), Text: report.Text(r)}); err != nil {
		// Sending may have used up ctx, which must not keep the claim.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), reserve)
		defer cancel()
		return errors.Join(err, h.reports.ReturnMail(ctx, r.ID))
	}
	return nil
}

// send sends the mail, but stops before the invocation's reserve.
func (h *handler) send(ctx context.Context, m mail.Message) error {
	if deadline, ok := ctx.Deadline(); ok {
		early, cancel := context.WithTimeout(ctx, deadline.Sub(h.now())-reserve)
		defer cancel()
		ctx = early
	}
	return h.mail.Send(ctx, m)
}
