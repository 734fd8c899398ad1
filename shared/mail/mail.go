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

// Message is a mail in two equivalent forms: HTML, and plain text.
type Message struct{ Subject, HTML, Text string }

// Box is an address that is both sender and recipient, so that one verified identity is
// enough, even in SES's sandbox. It is safe for concurrent use.
type Box struct {
	client  *sesv2.Client
	address string
}

// New returns the box of an address, which may be empty.
func New(client *sesv2.Client, address string) *Box { return &Box{client, address} }

// Wanted reports whether there is an address.
func (b *Box) Wanted() bool { return b.address != "" }

// Send sends a message. After an error SES has most likely not accepted it.
func (b *Box) Send(ctx context.Context, m Message) error {
	_, err := b.client.SendEmail(ctx, &sesv2.SendEmailInput{
		FromEmailAddress: &b.address,
		Destination:      &types.Destination{ToAddresses: []string{b.address}},
		Content: &types.EmailContent{Simple: &types.Message{
			Subject: content(m.Subject),
			Body:    &types.Body{Html: content(m.HTML), Text: content(m.Text)},
		}},
	})
	if err != nil {
		return fmt.Errorf("send mail: %w", err)
	}
	return nil
}

func content(text string) *types.Content {
	return &types.Content{Data: &text, Charset: aws.String("UTF-8")}
}
