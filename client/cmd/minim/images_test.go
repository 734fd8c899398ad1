package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/minim-dev/minim/client/internal/apitest"
)

const imageID = "k5xqmzr3vt7ynwb2dfghj4pc6l"

func imageBody(status, more string) string {
	return `{"id": "` + imageID + `", "status": "` + status + `", "filename": "dot.png", "contentType": "image/png", "bytes": 1008, "alt": "A \"dot\"",
		"focus": {"x": 0.5, "y": 0.5}, "createdAt": "2026-11-21T03:00:00.000Z", ` + more + `}`
}

// storage is a server that takes an upload and then has an image.
func storage(t *testing.T, image string) (server *apitest.Server) {
	t.Helper()
	server = apitest.New(t, func(r apitest.Request, _ int) apitest.Answer {
		switch r.Method {
		case "POST":
			return apitest.Answer{Status: 201, Body: `{"id": "` + imageID + `", "status": "pending", "upload": {"method": "PUT", "url": "` + server.URL + `/b/k",
				"headers": {}, "expiresAt": "2026-11-21T03:15:00.000Z"}}`}
		case "PUT":
			return apitest.Answer{Status: 200}
		}
		return apitest.Answer{Status: 200, Body: image}
	})
	return server
}

func TestUpload(t *testing.T) {
	file := filepath.Join(t.TempDir(), "dot.png")
	if err := os.WriteFile(file, []byte("\x89PNG\r\n\x1a\nx"), 0o600); err != nil {
		t.Fatal(err)
	}
	ready := imageBody("ready", `"srcset": "https://go.example.com/i/a.png 640w", "sizes": "100vw", "shortUrl": "https://go.example.com/dot", "variants": [
		{"name": "w320", "width": 320, "height": 240, "contentType": "image/png", "bytes": 1, "url": "https://go.example.com/i/b.png"},
		{"name": "w640", "width": 640, "height": 480, "contentType": "image/png", "bytes": 1, "url": "https://go.example.com/i/a.png"}]`)
	failed := imageBody("failed", `"error": {"code": "corrupt", "message": "The file is damaged."}, "variants": []`)
	const html = `<img src="https://go.example.com/i/a.png" srcset="https://go.example.com/i/a.png 640w" sizes="100vw" width="640" height="480" alt="A &#34;dot&#34;">` + "\n"
	for name, test := range map[string]struct {
		args      []string
		tty       bool
		image     string
		code      int
		out, err  string
		announced string
	}{
		"snippet":    {[]string{file, "--alt", `A "dot"`, "--code", "dot"}, false, ready, 0, html, "short link: https://go.example.com/dot\n", `"alt":"A \"dot\"","bytes":9,"code":"dot"`},
		"quiet":      {[]string{"-q", file}, false, ready, 0, "https://go.example.com/i/a.png\n", "", `"bytes":9`},
		"no waiting": {[]string{file, "--no-wait"}, false, ready, 0, imageID + "\n", "", ""},
		"progress":   {[]string{"-q", file}, true, ready, 0, "https://go.example.com/i/a.png\n", "\r\x1b[Kdot.png  1 KB of 1 KB\r\x1b[Kdot.png  processing\r\x1b[K", ""},
		"refused":    {[]string{file}, false, failed, exitFailed, "", "minim: The file is damaged.\n", ""},
		"partly":     {[]string{"-q", file + "x", file}, false, ready, exitFailed, "https://go.example.com/i/a.png\n", "minim: " + file + "x: open " + file + "x: no such file or directory\n", ""},
		"no file":    {nil, false, "", exitUsage, "", "minim: which ones? Give at least one file\nRun 'minim image upload --help' for usage.\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			server := storage(t, test.image)
			got := invocation{args: append([]string{"image", "upload"}, test.args...), tty: test.tty, server: server}.run(t)
			if got != (result{test.out, test.err, test.code}) {
				t.Errorf("%+v", got)
			}
			if test.announced != "" && !strings.Contains(server.Requests()[0].Body, test.announced) {
				t.Errorf("announced %s", server.Requests()[0].Body)
			}
		})
	}
}

func TestImages(t *testing.T) {
	image := imageBody("processing", `"variants": []`)
	server := always(t, 200, `{"items": [`+image+`]}`)
	if got := (invocation{args: []string{"image", "list"}, server: server}).run(t); got.out != imageID+"\tprocessing\t\t2026-11-21T03:00:00.000Z\tdot.png\tA \"dot\"\n" {
		t.Errorf("%+v", got)
	}
	if got := (invocation{args: []string{"image", "list", "-q"}, server: server}).run(t); got.out != imageID+"\n" {
		t.Errorf("%+v", got)
	}
	server = always(t, 200, image)
	if got := (invocation{args: []string{"image", "get", imageID}, server: server}).run(t); got.code != exitFailed || !strings.Contains(got.err, "not ready") {
		t.Errorf("%+v", got)
	}
	server = always(t, 204, "")
	if got := (invocation{args: []string{"image", "delete", imageID, "-y"}, server: server}).run(t); got.out != imageID+"\n" || server.Requests()[0].Method != "DELETE" {
		t.Errorf("%+v", got)
	}
}
