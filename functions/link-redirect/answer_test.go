package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"image/png"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"github.com/aws/aws-lambda-go/events"
)

// path is a request that no other route takes.
func path(method, raw string, lines ...string) events.APIGatewayV2HTTPRequest {
	event := visit(method, "", lines...)
	event.PathParameters, event.RawPath = nil, raw
	return event
}

// Whatever is typed, the answer is a page to browsers, text to curl, and a problem
// document to programs.
func TestEveryPath(t *testing.T) {
	for raw, status := range map[string]int{
		"/hello/": 302, "/hello./": 302, "/hello//": 404, "//hello": 404, "/hello/extra": 404, "/": 404, "//": 404, "/.": 404, "/%": 404,
		"/hello/+": 404, "/hello+": 200, "/hello+/": 200, "/hello.qr": 200, "/hello.qr/": 200, "/api/nothing": 404, "/api/links/hello": 404,
		"/nothing+": 404, "/nothing.qr": 404, "/expired+": 410, "/expired.qr": 410, "/pending+": 404, "/broken.qr": 503, "/\x00\xff": 404,
	} {
		for accept, want := range map[string]string{"text/html,*/*;q=0.8": "text/html", "*/*": "text/plain", "application/json": "application/problem+json"} {
			var queue sent
			got := send(t, newHandler(&queue), path("GET", raw, "accept: "+accept))
			mediaType, _, _ := strings.Cut(got.Headers["Content-Type"], ";")
			if strings.HasPrefix(raw, "/api/") && accept == "*/*" {
				want = "application/problem+json"
			}
			if got.StatusCode < 400 && want == "application/problem+json" { // no problem
				want = "text/plain"
			}
			if strings.Contains(raw, ".qr") && got.StatusCode == 200 {
				want = "image/svg+xml"
			}
			if got.StatusCode != status || mediaType != want || got.Body == "" {
				t.Errorf("%s, Accept %s: %d %s %s", raw, accept, got.StatusCode, mediaType, got.Body)
			}
			if counted := len(queue.bodies) == 1; counted != (status == 302) {
				t.Errorf("%s: counted %t", raw, counted)
			}
		}
	}
}

func TestLanguage(t *testing.T) {
	for accepted, want := range map[string][2]string{
		"": {"en", "There is no such link"}, "uk,en;q=0.9": {"uk", "Такого посилання немає"}, "de;q=0,fr": {"fr", "Ce lien n’existe pas"},
	} {
		for accept, wanted := range map[string]string{"text/html": `<html lang="` + want[0] + `">`, "*/*": want[1], "application/json": want[1]} {
			got := send(t, newHandler(&sent{}), visit("GET", "nothing", "accept-language: "+accepted, "accept: "+accept))
			if got.Headers["Content-Language"] != want[0] || !strings.Contains(got.Body, wanted) {
				t.Errorf("%s, %s: %v %s", accepted, accept, got.Headers, got.Body)
			}
		}
	}
}

func TestPreview(t *testing.T) {
	var queue sent
	got := send(t, newHandler(&queue), visit("GET", "titled+"))
	for _, part := range []string{"<bdi>https://</bdi><strong><bdi>example.com</bdi></strong><bdi>/ä?q=", "A &lt;title&gt;", "21 November 2026", `href="/titled"`} {
		if !strings.Contains(got.Body, part) {
			t.Errorf("without %s: %s", part, got.Body)
		}
	}
	if got.StatusCode != 200 || got.Headers["Location"] != "" || got.Headers["Cache-Control"] != "no-store" || len(queue.bodies) != 0 {
		t.Errorf("%d %v, counted %v", got.StatusCode, got.Headers, queue.bodies)
	}
	if got := send(t, newHandler(&queue), visit("HEAD", "titled+")); got.StatusCode != 200 || got.Body != "" {
		t.Errorf("HEAD: %+v", got)
	}
}

// Social networks get a card of a link with a title, all others are redirected. Both count as bots.
func TestCard(t *testing.T) {
	const bot = "user-agent: Twitterbot/1.0"
	var queue sent
	h := newHandler(&queue)
	got := send(t, h, visit("GET", "titled", bot))
	if got.StatusCode != 200 || !strings.Contains(got.Body, `<meta property="og:title" content="A &lt;title&gt;">`) ||
		!strings.Contains(got.Body, `content="https://mini.example/titled"`) || got.Headers["Location"] != "" || got.Headers["X-Robots-Tag"] == "" {
		t.Errorf("%d %v %s", got.StatusCode, got.Headers, got.Body)
	}
	if plain := send(t, h, visit("GET", "titled", bot, "accept: */*")); !strings.Contains(plain.Body, "og:title") {
		t.Errorf("a bot that accepts everything gets %s", plain.Body)
	}
	for _, event := range []events.APIGatewayV2HTTPRequest{visit("GET", "hello", bot), visit("GET", "titled", "user-agent: Googlebot/2.1")} {
		if got := send(t, h, event); got.StatusCode != 302 {
			t.Errorf("%s: %d", event.RawPath, got.StatusCode)
		}
	}
	if len(queue.bodies) != 4 || strings.Count(strings.Join(queue.bodies, ""), `"bot":"`) != 4 {
		t.Errorf("counted %v", queue.bodies)
	}
}

func TestCode(t *testing.T) {
	var queue sent
	h := newHandler(&queue)
	event := visit("GET", "hello.qr")
	event.QueryStringParameters = map[string]string{"format": "png", "size": "300", "logo": "ignored"}
	got := send(t, h, event)
	data, err := base64.StdEncoding.DecodeString(got.Body)
	if err != nil || !got.IsBase64Encoded || got.StatusCode != 200 || got.Headers["Content-Type"] != "image/png" || got.Headers["Cache-Control"] != keepCode {
		t.Fatalf("%v, %d %v", err, got.StatusCode, got.Headers)
	}
	picture, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	if read, err := qrcode.NewQRCodeReader().Decode(bitmap, nil); err != nil || read.GetText() != "https://mini.example/hello?qr" {
		t.Errorf("it reads %v, %v", read, err)
	}
	event.Headers["if-none-match"] = got.Headers["ETag"]
	if again := send(t, h, event); again.StatusCode != 304 || again.Body != "" || again.Headers["ETag"] != got.Headers["ETag"] {
		t.Errorf("again: %+v", again)
	}
	if other := send(t, h, visit("GET", "hello.qr", "if-none-match: "+got.Headers["ETag"])); other.StatusCode != 200 || other.Headers["ETag"] == got.Headers["ETag"] {
		t.Errorf("an SVG: %+v", other)
	}
	if len(queue.bodies) != 0 {
		t.Errorf("counted %v", queue.bodies)
	}
	event.QueryStringParameters = map[string]string{"color": "eeeeee", "size": "1"}
	got = send(t, h, event)
	if got.StatusCode != 400 || !strings.HasPrefix(got.Headers["Content-Type"], "text/plain") || !strings.Contains(got.Body, "size: Expected") {
		t.Errorf("%d %v %s", got.StatusCode, got.Headers, got.Body)
	}
	event.Headers["accept"] = "application/json"
	var problem struct{ Errors []struct{ Field string } }
	got = send(t, h, event)
	if err := json.Unmarshal([]byte(got.Body), &problem); err != nil || got.StatusCode != 400 || len(problem.Errors) != 1 || problem.Errors[0].Field != "size" {
		t.Errorf("%v, %d %s", err, got.StatusCode, got.Body)
	}
}

// A visit from a QR code says so.
func TestScan(t *testing.T) {
	for query, want := range map[string]bool{"": false, "qr": true, "a=b&qr": true, "q=qr": false} {
		var queue sent
		event := visit("GET", "hello")
		event.RawQueryString = query
		if got := send(t, newHandler(&queue), event); got.StatusCode != 302 || len(queue.bodies) != 1 || strings.Contains(queue.bodies[0], `"scan":true`) != want {
			t.Errorf("%q: %d, %v", query, got.StatusCode, queue.bodies)
		}
	}
}
