package ses

import (
	"bytes"
	"errors"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/aws/smithy-go"
	"github.com/emersion/go-message/mail"
	"github.com/google/go-cmp/cmp"
)

func client(t *testing.T, folder string) *sesv2.Client {
	t.Helper()
	server := httptest.NewServer(New(Outbox{folder}, []string{"minim.example", "me@minim.example"}))
	t.Cleanup(server.Close)
	return sesv2.New(sesv2.Options{
		Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
		Retryer: aws.NopRetryer{},
	})
}

// opened reads the only message of an outbox: its headers, and its body with one part per line.
func opened(t *testing.T, folder string) (mail.Header, string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "2*Z-0100*.eml"))
	if err != nil || len(files) != 1 {
		t.Fatalf("the outbox has %q, %v", files, err)
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	r, err := mail.CreateReader(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var parts []string
	for {
		p, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return r.Header, strings.Join(parts, "\n")
		}
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(p.Body)
		if err != nil {
			t.Fatal(err)
		}
		line := p.Header.Get("Content-Type") + ": " + strings.ReplaceAll(string(body), "\r\n", "|")
		if a, ok := p.Header.(*mail.AttachmentHeader); ok {
			name, _ := a.Filename()
			line = name + " " + line
		}
		parts = append(parts, line)
	}
}

func text(s string) *types.Content { return &types.Content{Data: &s} }

func TestSimple(t *testing.T) {
	for _, c := range []struct {
		name        string
		body        types.Body
		attachments []types.Attachment
		want        string
	}{
		{"text", types.Body{Text: text("Grüße\nvon hier")}, nil, "text/plain; charset=utf-8: Grüße|von hier"},
		{"page", types.Body{Html: text("<p>=Hi=</p>")}, nil, "text/html; charset=utf-8: <p>=Hi=</p>"},
		{"both", types.Body{Html: text("<p>Hi</p>"), Text: text("Hi")}, nil, "text/plain; charset=utf-8: Hi\ntext/html; charset=utf-8: <p>Hi</p>"},
		{
			"file", types.Body{Html: text("<p>Hi</p>"), Text: text("Hi")},
			[]types.Attachment{{FileName: aws.String("a b.csv"), ContentType: aws.String("text/csv"), RawContent: []byte("x,y")}, {FileName: aws.String("ü.bin"), RawContent: []byte{0, 255}}},
			"text/plain; charset=utf-8: Hi\ntext/html; charset=utf-8: <p>Hi</p>\na b.csv text/csv: x,y\nü.bin application/octet-stream: \x00\xff",
		},
		{"text and file", types.Body{Text: text("Hi")}, []types.Attachment{{FileName: aws.String("a"), RawContent: []byte("b")}}, "text/plain; charset=utf-8: Hi\na application/octet-stream: b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "outbox")
			answer, err := client(t, folder).SendEmail(t.Context(), &sesv2.SendEmailInput{
				FromEmailAddress: aws.String("Mïnim <me@minim.example>"),
				Destination:      &types.Destination{ToAddresses: []string{"Ann <ann@example.com>", "bob@example.com"}, CcAddresses: []string{"cid@example.com"}, BccAddresses: []string{"dora@example.com"}},
				ReplyToAddresses: []string{"answers@minim.example"},
				Content: &types.EmailContent{Simple: &types.Message{
					Subject: text("Bericht für Montag"), Body: &c.body, Attachments: c.attachments,
					Headers: []types.MessageHeader{{Name: aws.String("X-Report"), Value: aws.String("r1")}},
				}},
			})
			if err != nil {
				t.Fatal(err)
			}
			head, body := opened(t, folder)
			if d := cmp.Diff(c.want, body); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
			subject, _ := head.Subject()
			from, _ := head.AddressList("From")
			date, _ := head.Date()
			if subject != "Bericht für Montag" || from[0].Name != "Mïnim" || date.IsZero() {
				t.Errorf("subject %q, from %v, date %v", subject, from, date)
			}
			for name, want := range map[string]string{
				"To": `"Ann" <ann@example.com>, <bob@example.com>`, "Cc": "<cid@example.com>", "Bcc": "", "Reply-To": "<answers@minim.example>",
				"X-Envelope-To": "ann@example.com, bob@example.com, cid@example.com, dora@example.com", "X-Report": "r1",
				"Message-Id": "<" + *answer.MessageId + "@email.amazonses.com>", "Mime-Version": "1.0",
			} {
				if got := head.Get(name); got != want {
					t.Errorf("%s: got %q, want %q", name, got, want)
				}
			}
		})
	}
}

func TestRaw(t *testing.T) {
	const message = "From: me@minim.example\r\nTo: ann@example.com\r\nBcc: dora@example.com\r\nSubject: Hi\r\n\r\nline =41\r\n"
	for _, c := range []struct {
		name        string
		data        string
		destination *types.Destination
		to          string
	}{
		{"by its own head", message, nil, "ann@example.com, dora@example.com"},
		{"to somebody else", message, &types.Destination{ToAddresses: []string{"eve@example.com"}}, "eve@example.com"},
		{"from elsewhere", strings.Replace(message, "From: me@minim.example\r\n", "", 1), nil, "ann@example.com, dora@example.com"},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := t.TempDir()
			in := &sesv2.SendEmailInput{Destination: c.destination, Content: &types.EmailContent{Raw: &types.RawMessage{Data: []byte(c.data)}}}
			if !strings.Contains(c.data, "From:") {
				in.FromEmailAddress = aws.String("me@minim.example")
			}
			if _, err := client(t, folder).SendEmail(t.Context(), in); err != nil {
				t.Fatal(err)
			}
			head, body := opened(t, folder)
			if head.Get("X-Envelope-To") != c.to || head.Has("Bcc") || !strings.Contains(head.Get("From"), "me@minim.example") || head.Get("Subject") != "Hi" {
				t.Errorf("head: %v", head.Map())
			}
			if body != ": line =41|" {
				t.Errorf("body: %q", body)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	folder := t.TempDir()
	c := client(t, folder)
	good := func() *sesv2.SendEmailInput {
		return &sesv2.SendEmailInput{
			FromEmailAddress: aws.String("me@minim.example"), Destination: &types.Destination{ToAddresses: []string{"ann@example.com"}},
			Content: &types.EmailContent{Simple: &types.Message{Subject: text("x"), Body: &types.Body{Text: text("y")}}},
		}
	}
	for _, q := range []struct {
		want   string
		change func(*sesv2.SendEmailInput)
	}{
		{"no address", func(in *sesv2.SendEmailInput) { in.Destination = nil }},
		{`"ann" is not an address`, func(in *sesv2.SendEmailInput) { in.Destination.ToAddresses[0] = "ann" }},
		{`FromEmailAddress: "" is not an address`, func(in *sesv2.SendEmailInput) { in.FromEmailAddress = nil }},
		{"exceeds 50", func(in *sesv2.SendEmailInput) {
			in.Destination.BccAddresses = strings.Split(strings.Repeat("a@b.example ", 50), " ")[:50]
		}},
		{"Text or Html", func(in *sesv2.SendEmailInput) { in.Content.Simple.Body = &types.Body{} }},
		{"not a header", func(in *sesv2.SendEmailInput) {
			in.Content.Simple.Headers = []types.MessageHeader{{Name: aws.String("X"), Value: aws.String("a\r\nBcc: b@c.example")}}
		}},
		{"Content.Template is not supported", func(in *sesv2.SendEmailInput) {
			in.Content = &types.EmailContent{Template: &types.Template{TemplateName: aws.String("t")}}
		}},
		{"Simple, Raw or Template", func(in *sesv2.SendEmailInput) { in.Content = &types.EmailContent{} }},
		{"not both", func(in *sesv2.SendEmailInput) { in.Content.Raw = &types.RawMessage{Data: []byte("x")} }},
		{"not a message", func(in *sesv2.SendEmailInput) {
			in.Content = &types.EmailContent{Raw: &types.RawMessage{Data: []byte("no head")}}
		}},
		{"FileName", func(in *sesv2.SendEmailInput) {
			in.Content.Simple.Attachments = []types.Attachment{{FileName: aws.String(""), RawContent: []byte("x")}}
		}},
	} {
		in := good()
		q.change(in)
		_, err := c.SendEmail(t.Context(), in)
		refused(t, err, 400, "BadRequestException", q.want)
	}
	_, err := c.GetEmailTemplate(t.Context(), &sesv2.GetEmailTemplateInput{TemplateName: aws.String("t")})
	refused(t, err, 404, "UnknownOperationException", "SendEmail")
	if files, err := os.ReadDir(folder); err != nil || len(files) > 0 {
		t.Errorf("what was refused is in the outbox: %v, %v", files, err)
	}
}

func refused(t *testing.T, err error, status int, code, message string) {
	t.Helper()
	var api smithy.APIError
	var answer *awshttp.ResponseError
	if !errors.As(err, &api) || !errors.As(err, &answer) || api.ErrorCode() != code || answer.HTTPStatusCode() != status || !strings.Contains(api.ErrorMessage(), message) {
		t.Errorf("got %v, want %d %s with %q", err, status, code, message)
	}
}

func TestAccount(t *testing.T) {
	c := client(t, t.TempDir())
	account, err := c.GetAccount(t.Context(), &sesv2.GetAccountInput{})
	if err != nil || !account.SendingEnabled || account.SendQuota.SentLast24Hours != 0 {
		t.Errorf("account: %+v, %v", account, err)
	}
	all, err := c.ListEmailIdentities(t.Context(), &sesv2.ListEmailIdentitiesInput{})
	if err != nil || len(all.EmailIdentities) != 2 || all.EmailIdentities[1].IdentityType != types.IdentityTypeDomain {
		t.Errorf("identities: %+v, %v", all, err)
	}
}
