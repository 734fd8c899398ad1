package image

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/fault"
)

func TestUploadCheck(t *testing.T) {
	good := Upload{Filename: "cat.jpg", ContentType: "image/jpeg", Bytes: 10, SHA256: strings.Repeat("AB", 32), Alt: "A cat"}
	checked, err := good.Check()
	if err != nil || checked.SHA256 != strings.Repeat("ab", 32) {
		t.Fatalf("%+v, %v", checked, err)
	}
	tests := []struct {
		name   string
		change func(*Upload)
		code   fault.Code
		field  string
	}{
		{"no name", func(u *Upload) { u.Filename = "" }, fault.Invalid, "filename"},
		{"name with a line end", func(u *Upload) { u.Filename = "a\r\nb" }, fault.Invalid, "filename"},
		{"long name", func(u *Upload) { u.Filename = strings.Repeat("x", 256) }, fault.Invalid, "filename"},
		{"no type", func(u *Upload) { u.ContentType = "" }, fault.Invalid, "contentType"},
		{"SVG", func(u *Upload) { u.ContentType = "image/svg+xml" }, fault.Invalid, "contentType"},
		{"no bytes", func(u *Upload) { u.Bytes = 0 }, fault.Invalid, "bytes"},
		{"negative", func(u *Upload) { u.Bytes = -1 }, fault.Invalid, "bytes"},
		{"too large", func(u *Upload) { u.Bytes = MaxBytes + 1 }, fault.TooLarge, ""},
		{"short hash", func(u *Upload) { u.SHA256 = "abcd" }, fault.Invalid, "sha256"},
		{"hash in base64", func(u *Upload) { u.SHA256 = strings.Repeat("+/==", 16) }, fault.Invalid, "sha256"},
		{"long alternative text", func(u *Upload) { u.Alt = strings.Repeat("ä", 501) }, fault.Invalid, "alt"},
		{"broken text", func(u *Upload) { u.Alt = "\xFF" }, fault.Invalid, "alt"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			upload := good
			test.change(&upload)
			_, err := upload.Check()
			f := fault.Of(err)
			if err == nil || f.Code != test.code {
				t.Fatalf("got %v, want %s", err, test.code)
			}
			if test.field != "" && (len(f.Fields) != 1 || f.Fields[0].Name != test.field) {
				t.Errorf("got fields %v, want %s alone", f.Fields, test.field)
			}
		})
	}
}

func TestIDs(t *testing.T) {
	id := NewID()
	if got, ok := IDOfUpload(UploadKey(id)); !ok || got != id {
		t.Errorf("got %q, %v", got, ok)
	}
	for _, key := range []string{"", id, "uploads/", "uploads/" + id + "/x", "uploads/../" + id, "uploads/content#ab#cd", "uploads/" + strings.ToUpper(id), "i/" + id} {
		if _, ok := IDOfUpload(key); ok {
			t.Errorf("%q is taken for an upload", key)
		}
	}
}

func TestAt(t *testing.T) {
	start := time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)
	late := start.Add(UploadTimeout + time.Millisecond)
	tests := []struct {
		name   string
		status Status
		now    time.Time
		want   Status
	}{
		{"waiting", Pending, start.Add(UploadTimeout), Pending},
		{"waited too long", Pending, late, Failed},
		{"processed too long", Processing, late, Failed},
		{"ready stays", Ready, late, Ready},
		{"failed stays", Failed, late, Failed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := Image{Status: test.status, Created: start, Modified: start}.At(test.now)
			if got.Status != test.want {
				t.Errorf("got %s, want %s", got.Status, test.want)
			}
			if expired := test.status != test.want; expired != (got.Refusal != nil) {
				t.Errorf("refusal %+v", got.Refusal)
			}
		})
	}
}

func TestView(t *testing.T) {
	start := time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)
	i := Image{
		ID: "1", Owner: "me", Status: Ready, Created: start,
		Upload: Upload{Filename: "cat.jpg", ContentType: "image/jpeg", Bytes: 10, Alt: "A cat"},
		Content: Content{Type: PNG, Width: 400, Height: 300, Color: "#112233", Placeholder: "L0", ThumbHash: "3/cJ",
			Variants: []Variant{
				{Name: "w640", Key: "i/ab/cd/w640.png", Type: PNG, Width: 640, Height: 480, Bytes: 7},
				{Name: "square", Key: "i/ab/cd/square.png", Type: PNG, Width: 320, Height: 320, Bytes: 6},
				{Name: "w320", Key: "i/ab/cd/w320.png", Type: PNG, Width: 320, Height: 240, Bytes: 5},
			}},
		Focus: Focus{X: -25, Y: 50},
		Crops: Crops{Recipe: "ef", Variants: []Variant{{Name: "square", Key: "i/ab/ef/square.png", Type: PNG, Width: 320, Height: 320, Bytes: 8}}},
	}
	want := View{
		ID: "1", Status: Ready, Filename: "cat.jpg", ContentType: "image/png", Bytes: 10, Width: 400, Height: 300,
		Color: "#112233", Placeholder: "L0", ThumbHash: "3/cJ", Alt: "A cat", CreatedAt: "2026-11-21T03:00:00.000Z",
		Focus:  Point{X: 0.25, Y: 1},
		SrcSet: "http://localhost:8080/i/ab/cd/w320.png 320w, http://localhost:8080/i/ab/cd/w640.png 640w",
		Sizes:  "(max-width: 640px) 100vw, 640px",
		Variants: []VariantView{
			{Name: "w640", Width: 640, Height: 480, ContentType: PNG, Bytes: 7, URL: "http://localhost:8080/i/ab/cd/w640.png"},
			{Name: "square", Width: 320, Height: 320, ContentType: PNG, Bytes: 8, URL: "http://localhost:8080/i/ab/ef/square.png"},
			{Name: "w320", Width: 320, Height: 240, ContentType: PNG, Bytes: 5, URL: "http://localhost:8080/i/ab/cd/w320.png"},
		},
	}
	if diff := cmp.Diff(want, i.View("http://localhost:8080", start)); diff != "" {
		t.Error(diff)
	}
}

// An image has its short link for as long as the link may lead to it.
func TestShortURL(t *testing.T) {
	start := time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		status  Status
		refusal *Refusal
		want    string
	}{
		"pending":    {Pending, nil, "http://localhost:8080/cat"},
		"processing": {Processing, nil, "http://localhost:8080/cat"},
		"ready":      {Ready, nil, "http://localhost:8080/cat"},
		"expired":    {Failed, RefuseExpired(), "http://localhost:8080/cat"},
		"refused":    {Failed, RefuseCorrupt(), ""},
	} {
		i := Image{Status: test.status, Refusal: test.refusal, Upload: Upload{Code: "cat"}, Created: start, Modified: start}
		if got := i.View("http://localhost:8080", start).ShortURL; got != test.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestDueAndFinal(t *testing.T) {
	start := time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)
	tests := []struct {
		name    string
		image   Image
		changed time.Duration // after the start
		due     time.Duration // after the start; 0 is never
		final   bool
	}{
		{"pending", Image{Status: Pending}, 0, time.Hour, false},
		{"processing", Image{Status: Processing}, 2 * time.Hour, 2*time.Hour + Attempts, false},
		{"ready", Image{Status: Ready}, time.Minute, 0, true},
		{"refused", Image{Status: Failed, Refusal: RefuseCorrupt()}, time.Minute, 0, true},
		{"expired", Image{Status: Failed, Refusal: RefuseExpired()}, time.Hour, 0, false},
		{"unprocessed", Image{Status: Failed, Refusal: RefuseUnprocessed()}, time.Hour, 0, false},
		{"deleted early", Image{Status: Deleted}, time.Minute, time.Hour, true},
		{"deleted late", Image{Status: Deleted}, 5 * time.Hour, 5 * time.Hour, true},
	}
	for _, test := range tests {
		test.image.Created, test.image.Modified = start, start.Add(test.changed)
		want := time.Time{}
		if test.due > 0 {
			want = start.Add(test.due)
		}
		if due := test.image.Due(); !due.Equal(want) || test.image.Final() != test.final {
			t.Errorf("%s: due %v, final %t", test.name, due, test.image.Final())
		}
	}
}
