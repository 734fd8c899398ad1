package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	stdimage "image"
	"image/png"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/web"
)

const (
	mine   = "aaaaaaaaaaaaaaaaaaaaaaaaaa"
	others = "bbbbbbbbbbbbbbbbbbbbbbbbbb"
	early  = "cccccccccccccccccccccccccc"
	lost   = "dddddddddddddddddddddddddd"
)

// stores holds an image of every kind.
type stores struct{}

type linksFunc func(code string) (link.Link, error)

func (f linksFunc) Get(_ context.Context, code string) (link.Link, error) { return f(code) }

func links(code string) (link.Link, error) {
	switch code {
	case "hello":
		return link.Link{Code: code, URL: "https://example.com", Owner: "me"}, nil
	case "broken":
		return link.Link{}, errors.New("secret cause")
	}
	return link.Link{}, fault.New(fault.NotFound, "There is no such link.")
}

func (s stores) Get(_ context.Context, id string) (image.Image, error) {
	square := image.Variant{Name: "square", Key: "i/square.png", Type: image.PNG}
	i := image.Image{ID: id, Owner: "me", Status: image.Ready, Content: image.Content{Variants: []image.Variant{{Name: "w320"}, square}}}
	switch id {
	case mine:
	case others:
		i.Owner = "you"
	case early:
		i.Status, i.Content = image.Processing, image.Content{}
	case lost:
		i.Content.Variants[1].Key = "i/lost.png"
	default:
		return image.Image{}, fault.New(fault.NotFound, "No.")
	}
	return i, nil
}

type filesFunc func(key string) ([]byte, error)

func (f filesFunc) Get(_ context.Context, key string, _ int64) ([]byte, error) { return f(key) }

func send(t *testing.T, event events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	t.Helper()
	site, err := link.NewSite("https://mini.example")
	if err != nil {
		t.Fatal(err)
	}
	red := stdimage.NewRGBA(stdimage.Rect(0, 0, 10, 10))
	for i := range red.Pix {
		red.Pix[i] = []byte{255, 0, 0, 255}[i%4]
	}
	var file bytes.Buffer
	if err := png.Encode(&file, red); err != nil {
		t.Fatal(err)
	}
	h := &handler{site: site, links: linksFunc(links), images: stores{}, files: filesFunc(func(key string) ([]byte, error) {
		if key != "i/square.png" {
			return nil, errors.New("secret cause")
		}
		return file.Bytes(), nil
	})}
	response, err := web.Adapt(h, slog.New(slog.DiscardHandler))(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

// get is a request with a query of the form "name=value name=value".
func get(code, owner, scopes, query string) events.APIGatewayV2HTTPRequest {
	event := events.APIGatewayV2HTTPRequest{
		PathParameters: map[string]string{"code": code}, Headers: map[string]string{}, QueryStringParameters: map[string]string{},
	}
	for pair := range strings.FieldsSeq(query) {
		name, value, _ := strings.Cut(pair, "=")
		event.QueryStringParameters[name] = value
	}
	event.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
		Lambda: map[string]any{"owner": owner, "scopes": scopes},
	}
	return event
}

func TestHandle(t *testing.T) {
	const both = "links:read images:read"
	tests := []struct {
		name, code, owner, scopes, query string
		status                           int
		contains                         string
	}{
		{"own link", "hello", "me", "links:read", "", 200, ""},
		{"PNG", "hello", "me", "links:read", "format=png size=300 level=H color=1f5f5b", 200, ""},
		{"an admin", "hello", "you", "admin", "", 200, ""},
		{"with a logo", "hello", "me", both, "logo=" + mine, 200, ""},
		{"another's link", "hello", "you", "links:read", "", 404, "You have no such link."},
		{"unknown", "nothing", "me", "links:read", "", 404, "You have no such link."},
		{"without scope", "hello", "me", "images:read", "", 403, "links:read"},
		{"several mistakes", "hello", "me", "links:read", "size=1 level=X", 400, `"field":"level"`},
		{"contrast", "hello", "me", "links:read", "color=ffffff", 400, "darker color"},
		{"a logo without scope", "hello", "me", "links:read", "logo=" + mine, 403, "images:read"},
		{"another's logo", "hello", "me", both, "logo=" + others, 400, `"logo"`},
		{"no such logo", "hello", "me", both, "logo=x", 400, `"logo"`},
		{"a logo that is not ready", "hello", "me", both, "logo=" + early, 400, "yet"},
		{"a logo whose file cannot be read", "hello", "me", both, "logo=" + lost, 500, ""},
		{"too small", "hello", "me", "links:read", "format=png size=64 margin=20", 400, "at least"},
		{"links down", "broken", "me", "links:read", "", 500, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := send(t, get(test.code, test.owner, test.scopes, test.query))
			if got.StatusCode != test.status || !strings.Contains(got.Body, test.contains) || strings.Contains(got.Body, "secret") {
				t.Errorf("got %d %s", got.StatusCode, got.Body)
			}
			if got.StatusCode == 200 && (got.Headers["ETag"] == "" || got.Headers["Cache-Control"] != "private, no-cache" || !got.IsBase64Encoded) {
				t.Errorf("headers %v", got.Headers)
			}
		})
	}
}

func TestDrawing(t *testing.T) {
	event := get("hello", "me", "links:read images:read", "format=png size=400 logo="+mine)
	got := send(t, event)
	data, err := base64.StdEncoding.DecodeString(got.Body)
	if err != nil || got.Headers["Content-Type"] != "image/png" {
		t.Fatalf("%v, %v", err, got.Headers)
	}
	picture, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	read, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if r, g, _, _ := picture.At(200, 200).RGBA(); err != nil || read.GetText() != "https://mini.example/hello?qr" || r>>8 < 250 || g>>8 > 5 {
		t.Errorf("it reads %v, %v; %d %d in the middle", read, err, r>>8, g>>8)
	}
	event.Headers["if-none-match"] = got.Headers["ETag"]
	if again := send(t, event); again.StatusCode != 304 || again.Body != "" {
		t.Errorf("again: %d", again.StatusCode)
	}
}

func TestEvent(t *testing.T) {
	data, err := os.ReadFile("testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	var event events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(data, &event); err != nil {
		t.Fatal(err)
	}
	if got := send(t, event); got.StatusCode != 200 || got.Headers["Content-Type"] != "image/svg+xml" {
		t.Errorf("got %+v", got)
	}
}
