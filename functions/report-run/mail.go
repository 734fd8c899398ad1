package main

import (
	"context"
	"errors"

	"github.com/minim-dev/minim/shared/mail"
	"github.com/minim-dev/minim/shared/report"
)

// mailOnce mails the report of the whole stage's day, when that is over, to the
// stage's address. The mail is claimed before it is sent, so that a run that comes
// twice does not mail twice; a failure gives the claim back to the run that tries
// again. What dies in between has mailed nothing: the report is there all the same.
func (h *handler) mailOnce(ctx context.Context, r report.Report, page []byte) error {
	if r.Owner != report.Stage || !r.Complete || !h.mail.Wanted() {
		return nil
	}
	mine, err := h.reports.ClaimMail(ctx, r.ID)
	if err != nil || !mine {
		return err
	}
	err = h.mail.Send(ctx, mail.Message{Subject: "Minim: " + report.Subject(r), HTML: string(page), Text: report.Text(r)})
	if err != nil {
		return errors.Join(err, h.reports.ReturnMail(ctx, r.ID))
	}
	return nil
}
