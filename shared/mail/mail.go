// Package mail sends mail through SES.
package mail

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
)

// Client returns an SES client for the given configuration. One client serves a
// whole execution environment.
func Client(cfg aws.Config) *sesv2.Client { return sesv2.NewFromConfig(cfg) }

// Message is a mail in two equivalent forms: HTML, which may be empty, and plain text.
type Message struct{ Subject, HTML, Text string }

// Box is an address that sends mail. It can be the recipient, too: then one verified identity is
// enough, even in SES's sandbox. It is safe for concurrent use.
type Box struct {
	client  *sesv2.Client
	address string
}

// New returns the box of an address, which may be empty.
func New(client *sesv2.Client, address string) *Box { return &Box{client, address} }

// Wanted reports whether there is an address.
func (b *Box) Wanted() bool { return b.address != "" }

// Send sends a message to the box itself. After an error SES has most likely not accepted it.
func (b *Box) Send(ctx context.Context, m Message) error { return b.SendTo(ctx, b.address, m) }

// SendTo sends a message to another address, of one recipient, as Send does.
func (b *Box) SendTo(ctx context.Context, recipient string, m Message) error {
	body := &types.Body{Text: content(m.Text)}
	if m.HTML != "" {
		body.Html = content(m.HTML)
	}
	_, err := b.client.SendEmail(ctx, &sesv2.SendEmailInput{
		FromEmailAddress: &b.address,
		Destination:      &types.Destination{ToAddresses: []string{recipient}},
		Content:          &types.EmailContent{Simple: &types.Message{Subject: content(m.Subject), Body: body}},
	})
	if err != nil {
		return fmt.Errorf("send mail: %w", err)
	}
	return nil
}

func content(text string) *types.Content {
	return &types.Content{Data: &text, Charset: aws.String("UTF-8")}
}
