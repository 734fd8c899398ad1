// Package console is the local cloud's web console: pages about functions and their
// invocations, queues, schedules, event sources, tables, buckets, mail and routes, and
// forms to act on them. For requests that do not accept HTML, some addresses return JSON.
//
// The pages are rendered on the server and work without scripts; a small script refreshes
// them. All data comes from Options.
package console

import (
	"context"
	"embed"
	"html/template"
	"io/fs"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/minim-dev/minim/infra/local/cognito"
	"github.com/minim-dev/minim/infra/local/lambda"
	"github.com/minim-dev/minim/infra/local/plan"
	"github.com/minim-dev/minim/infra/local/schedule"
	"github.com/minim-dev/minim/infra/local/sources"
)

// Root is the path of the console.
const Root = "/_local/"

//go:embed assets templates
var files embed.FS

// Options are the parts of the local cloud that the console shows and acts on.
type Options struct {
	Prefix string // of all names, such as "minim-local-"; pages omit it

	Functions   func() []lambda.State
	Settings    func(function string) (lambda.Function, bool)
	Invoke      func(ctx context.Context, function string, event []byte) (lambda.Result, error)
	InvokeAsync func(function string, event []byte) (requestID string, err error)
	History     *History

	Schedules   func() []schedule.State
	RunSchedule func(ctx context.Context, name string) (executionID string, err error)

	Queues       Queues
	MessageID    func(string) string      // returns the ID for clients of a message of the emulator
	EmulatorHost string                   // the Host header for the emulator
	Emulator     string                   // URL of the SQS emulator, which can show messages without receiving them
	QueueURL     func(name string) string // for Queues

	Tables  Tables
	Buckets Buckets

	Pools      func() []cognito.Summary
	RotateKeys func(pool string) error
	SignInLink func(ctx context.Context, pool, user string) (link string, err error)

	Plan   *plan.Plan
	Stream func(mapping string) (sources.StreamState, bool) // progress of a stream; may be nil
	Outbox string                                           // folder of .eml files
}

// Queues are the operations of SQS that the console uses.
type Queues interface {
	queueReader
	queueWriter
}

type queueReader interface {
	GetQueueAttributes(context.Context, *sqs.GetQueueAttributesInput, ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error)
	ReceiveMessage(context.Context, *sqs.ReceiveMessageInput, ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error)
	ChangeMessageVisibility(context.Context, *sqs.ChangeMessageVisibilityInput, ...func(*sqs.Options)) (*sqs.ChangeMessageVisibilityOutput, error)
}

type queueWriter interface {
	SendMessage(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
	DeleteMessage(context.Context, *sqs.DeleteMessageInput, ...func(*sqs.Options)) (*sqs.DeleteMessageOutput, error)
	PurgeQueue(context.Context, *sqs.PurgeQueueInput, ...func(*sqs.Options)) (*sqs.PurgeQueueOutput, error)
}

// Tables are the operations of DynamoDB that the console uses.
type Tables interface {
	tableReader
	DescribeTable(context.Context, *dynamodb.DescribeTableInput, ...func(*dynamodb.Options)) (*dynamodb.DescribeTableOutput, error)
}

type tableReader interface {
	Scan(context.Context, *dynamodb.ScanInput, ...func(*dynamodb.Options)) (*dynamodb.ScanOutput, error)
	Query(context.Context, *dynamodb.QueryInput, ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error)
	GetItem(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error)
}

// Buckets are the operations of S3 that the console uses.
type Buckets interface {
	ListObjectsV2(context.Context, *s3.ListObjectsV2Input, ...func(*s3.Options)) (*s3.ListObjectsV2Output, error)
	HeadObject(context.Context, *s3.HeadObjectInput, ...func(*s3.Options)) (*s3.HeadObjectOutput, error)
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
}

// Console serves the pages.
type Console struct {
	o     Options
	pages map[string]*template.Template
	notes *notes
}

// New parses the templates and returns a handler for all paths below Root. It does not
// check who sends a request: the caller must do that.
func New(o Options) (http.Handler, error) {
	c := &Console{o: o, pages: map[string]*template.Template{}, notes: newNotes()}
	if err := c.parse(); err != nil {
		return nil, err
	}
	assets, err := fs.Sub(files, "assets")
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET "+Root+"assets/", http.StripPrefix(Root+"assets/", http.FileServerFS(assets)))
	for pattern, handle := range c.handlers() {
		mux.HandleFunc(pattern, handle)
	}
	return c.guarded(mux), nil
}

func (c *Console) handlers() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET " + Root + "{$}":                         c.overview,
		"GET " + Root + "health":                      health,
		"GET " + Root + "functions":                   c.functions,
		"GET " + Root + "functions/{name}":            c.function,
		"POST " + Root + "functions/{name}":           c.invoke,
		"GET " + Root + "invocations":                 c.invocations,
		"GET " + Root + "invocations/{id}":            c.invocation,
		"GET " + Root + "queues":                      c.queues,
		"GET " + Root + "queues/{name}":               c.queue,
		"POST " + Root + "queues/{name}/send":         c.send,
		"POST " + Root + "queues/{name}/redrive":      c.redrive,
		"POST " + Root + "queues/{name}/retry":        c.retry,
		"POST " + Root + "queues/{name}/purge":        c.purge,
		"GET " + Root + "schedules":                   c.schedules,
		"POST " + Root + "schedules/{name}/run":       c.runSchedule,
		"GET " + Root + "sources":                     c.sources,
		"GET " + Root + "routes":                      c.routes,
		"GET " + Root + "tables":                      c.tables,
		"GET " + Root + "tables/{name}":               c.table,
		"GET " + Root + "tables/{name}/item":          c.item,
		"GET " + Root + "buckets":                     c.buckets,
		"GET " + Root + "buckets/{name}":              c.bucket,
		"GET " + Root + "buckets/{name}/object":       c.object,
		"GET " + Root + "buckets/{name}/content":      c.content,
		"GET " + Root + "pools":                       c.pools,
		"POST " + Root + "pools/{pool}/keys":          c.rotateKeys,
		"POST " + Root + "pools/{pool}/enter":         c.enter,
		"GET " + Root + "outbox":                      c.outbox,
		"GET " + Root + "outbox/{name}":               c.mail,
		"GET " + Root + "outbox/{name}/html":          c.mailHTML,
		"GET " + Root + "outbox/{name}/part/{number}": c.mailPart,
		Root: func(w http.ResponseWriter, r *http.Request) {
			c.fail(w, r, missing("There is no page %s.", r.URL.Path))
		},
	}
}

// policy allows only the style, script and images of the console itself.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; " +
	"frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func (c *Console) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		if err := r.ParseForm(); err != nil { // an incomplete form must not take effect
			c.fail(w, r, invalid("The form cannot be read: %v", err))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// maxForm is larger than the largest event, unless all of its bytes are escaped.
const maxForm = 10 << 20

func health(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, map[string]string{"status": "ok"})
}
