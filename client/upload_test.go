package client_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/minim-dev/minim/client"
	"github.com/minim-dev/minim/client/api"
	"github.com/minim-dev/minim/client/internal/apitest"
)

func TestUpload(t *testing.T) {
	file := filepath.Join(t.TempDir(), "dot.png")
	content := "\x89PNG\r\n\x1a\n" + strings.Repeat("x", 1000)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	const id = "k5xqmzr3vt7ynwb2dfghj4pc6l"
	var server *apitest.Server
	puts := 0
	server = apitest.New(t, func(r apitest.Request, before int) apitest.Answer {
		switch {
		case r.Method == http.MethodPost:
			return apitest.Answer{Status: 201, Body: `{"id": "` + id + `", "status": "pending", "upload": {"method": "PUT", "url": "` + server.URL + `/bucket/key",
				"headers": {"Content-Type": "image/png"}, "expiresAt": "2026-11-21T03:15:00.000Z"}}`}
		case r.Method == http.MethodPut:
			if puts++; puts == 1 {
				return apitest.Answer{Status: 503, Type: "application/xml", Body: "<Error/>"}
			}
			if r.Body != content || r.Header.Get("Content-Type") != "image/png" || r.Header.Get("Authorization") != "" {
				t.Errorf("sent %v", r)
			}
			return apitest.Answer{Status: 200}
		case before < 4:
			return apitest.Answer{Status: 200, Header: map[string]string{"ETag": `"1"`}, Body: image(id, "processing")}
		case before < 5:
			if r.Header.Get("If-None-Match") != `"1"` {
				t.Errorf("asked again without the ETag: %v", r)
			}
			return apitest.Answer{Status: 304}
		}
		return apitest.Answer{Status: 200, Body: image(id, "ready")}
	})
	c := newClient(t, server.URL)
	var sent int64
	got, err := c.Upload(t.Context(), client.Upload{File: file, Alt: "A dot", Sent: func(n, of int64) {
		if sent = n; of != int64(len(content)) {
			t.Errorf("%d of %d", n, of)
		}
	}})
	if err != nil || got != id || sent != int64(len(content)) {
		t.Fatalf("%s, %d sent, %v", got, sent, err)
	}
	done, err := c.WaitForImage(t.Context(), id)
	if err != nil || done.Status != api.ImageStatusReady {
		t.Errorf("%v, %v", done, err)
	}
	if body := server.Requests()[0].Body; !strings.Contains(body, `"bytes":1008`) || !strings.Contains(body, `"alt":"A dot"`) {
		t.Errorf("announced %s", body)
	}
}

func image(id, status string) string {
	return `{"id": "` + id + `", "status": "` + status + `", "filename": "dot.png", "contentType": "image/png", "bytes": 1008, "alt": "A dot",
		"focus": {"x": 0.5, "y": 0.5}, "variants": [], "createdAt": "2026-11-21T03:00:00.000Z"}`
}

func TestUploadRefusesOtherFiles(t *testing.T) {
	c := newClient(t, "http://127.0.0.1:1")
	text := filepath.Join(t.TempDir(), "a.txt")
	if err := os.WriteFile(text, []byte("no image"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{text, filepath.Join(t.TempDir(), "missing")} {
		if _, err := c.Upload(t.Context(), client.Upload{File: name}); err == nil || client.StatusOf(err) != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRefusedImage(t *testing.T) {
	server := apitest.New(t, func(apitest.Request, int) apitest.Answer {
		return apitest.Answer{Status: 200, Body: strings.Replace(image("k5xqmzr3vt7ynwb2dfghj4pc6l", "failed"), `"filename"`,
			`"error": {"code": "corrupt", "message": "The file is damaged."}, "filename"`, 1)}
	})
	got, err := newClient(t, server.URL).WaitForImage(t.Context(), "k5xqmzr3vt7ynwb2dfghj4pc6l")
	if refused, ok := err.(*client.Refused); !ok || refused.Error() != "The file is damaged." || got == nil {
		t.Errorf("%v, %v", got, err)
	}
}
