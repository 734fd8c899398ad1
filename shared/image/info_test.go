package image

import (
	"bytes"
	"encoding/binary"
	goimage "image"
	"image/color/palette"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/image/sample"
)

func TestWalk(t *testing.T) {
	quarters := sample.Quarters(40, 20)
	half := goimage.NewPaletted(goimage.Rect(0, 0, 40, 20), palette.Plan9)
	profile := sample.Profile(600)
	withCanvas := sample.WebP(quarters)
	plainWebP := append([]byte("RIFF\x00\x00\x00\x00WEBP"), withCanvas[12+18:]...)
	binary.LittleEndian.PutUint32(plainWebP[4:], uint32(len(plainWebP)-8))
	tests := []struct {
		name string
		file []byte
		want Info
	}{
		{"plain JPEG", sample.JPEG(quarters),
			Info{Type: JPEG, Width: 40, Height: 20, Orientation: 1, Depth: 8, Components: 3, Scans: 1, Frames: 1}},
		{"JPEG with EXIF", sample.JPEG(quarters, sample.ExifSegment(6)),
			Info{Type: JPEG, Width: 40, Height: 20, Orientation: 6, Depth: 8, Components: 3, Scans: 1, Frames: 1}},
		{"JPEG with XMP before EXIF", sample.JPEG(quarters, sample.XMPSegment(), sample.ExifSegment(8)),
			Info{Type: JPEG, Width: 40, Height: 20, Orientation: 8, Depth: 8, Components: 3, Scans: 1, Frames: 1}},
		{"JPEG with a profile in two parts, in the wrong order", sample.JPEG(quarters,
			sample.Segment(0xE2, "ICC_PROFILE\x00\x02\x02"+string(profile[300:])),
			sample.Segment(0xE2, "ICC_PROFILE\x00\x01\x02"+string(profile[:300]))),
			Info{Type: JPEG, Width: 40, Height: 20, Orientation: 1, Depth: 8, Components: 3, Scans: 1, Frames: 1, Profile: profile}},
		{"JPEG with half a profile", sample.JPEG(quarters, sample.Segment(0xE2, "ICC_PROFILE\x00\x01\x02"+string(profile[:300]))),
			Info{Type: JPEG, Width: 40, Height: 20, Orientation: 1, Depth: 8, Components: 3, Scans: 1, Frames: 1}},
		{"JPEG with a nonsense orientation", sample.JPEG(quarters, sample.ExifSegment(9)),
			Info{Type: JPEG, Width: 40, Height: 20, Orientation: 1, Depth: 8, Components: 3, Scans: 1, Frames: 1}},
		{"progressive JPEG", sample.ProgressiveHeader(300, 200, 10),
			Info{Type: JPEG, Width: 300, Height: 200, Orientation: 1, Depth: 8, Components: 1, Progressive: true, Scans: 10, Frames: 1}},
		{"JPEG with bytes after its end", append(sample.JPEG(quarters), "PK\x03\x04"...),
			Info{Type: JPEG, Width: 40, Height: 20, Orientation: 1, Depth: 8, Components: 3, Scans: 1, Frames: 1}},
		{"PNG with eXIf", sample.PNG(quarters, sample.Chunk("eXIf", string(sample.Exif(binary.LittleEndian, 5)))),
			Info{Type: PNG, Width: 40, Height: 20, Orientation: 5, Depth: 8, Frames: 1}},
		{"PNG with a profile", sample.PNG(quarters, sample.ProfileChunk(profile)),
			Info{Type: PNG, Width: 40, Height: 20, Orientation: 1, Depth: 8, Frames: 1, Profile: profile}},
		{"PNG with a profile that is too large", sample.PNG(quarters, sample.ProfileChunk(sample.Profile(MaxProfile+1))),
			Info{Type: PNG, Width: 40, Height: 20, Orientation: 1, Depth: 8, Frames: 1}},
		{"PNG with clear pixels", sample.PNG(goimage.NewNRGBA(goimage.Rect(0, 0, 7, 5))),
			Info{Type: PNG, Width: 7, Height: 5, Orientation: 1, Depth: 8, Frames: 1, Alpha: true}},
		{"PNG of 16 bits", sample.PNG(goimage.NewGray16(goimage.Rect(0, 0, 7, 5))),
			Info{Type: PNG, Width: 7, Height: 5, Orientation: 1, Depth: 16, Frames: 1}},
		{"WebP with EXIF and a profile", sample.WebP(quarters, sample.RIFF("EXIF", "Exif\x00\x00"+string(sample.Exif(binary.LittleEndian, 7))), sample.RIFF("ICCP", string(profile))),
			Info{Type: WebP, Width: 40, Height: 20, Orientation: 7, Depth: 8, Frames: 1, Profile: profile}},
		{"animated WebP", sample.AnimatedWebP(quarters, quarters, quarters),
			Info{Type: WebP, Width: 80, Height: 40, Orientation: 1, Depth: 8, Frames: 3, Alpha: true, Still: &Still{X: 40, Y: 20, File: plainWebP}}},
		{"GIF", sample.GIF(half),
			Info{Type: GIF, Width: 40, Height: 20, Orientation: 1, Depth: 8, Frames: 1}},
		{"GIF without its trailer", sample.GIF(half)[:len(sample.GIF(half))-1],
			Info{Type: GIF, Width: 40, Height: 20, Orientation: 1, Depth: 8, Frames: 1}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := walk(test.file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Every file that is cut anywhere is refused as a truncated one, but a JPEG
// that ends in its pixels, which is reported separately.
func TestWalkTruncated(t *testing.T) {
	quarters := sample.Quarters(40, 20)
	files := map[string][]byte{
		"JPEG": sample.JPEG(quarters, sample.ExifSegment(6)),
		"PNG":  sample.PNG(quarters),
		"WebP": sample.WebP(quarters),
		"GIF":  sample.GIF(quarters)[:len(sample.GIF(quarters))-1],
	}
	for name, file := range files {
		for cut := 12; cut < len(file); cut++ {
			info, err := walk(file[:cut])
			if name == "JPEG" && info.Truncated && info.Orientation == 6 && cut > bytes.LastIndex(file, []byte{0xFF, 0xDA}) {
				continue
			}
			refusal, ok := err.(*Refusal)
			if !ok || refusal.Code != Truncated {
				t.Errorf("%s cut to %d of %d bytes: %v", name, cut, len(file), err)
			}
		}
	}
}

func TestSniff(t *testing.T) {
	tests := map[string]Type{
		"\xFF\xD8\xFF\xE0":              JPEG,
		pngSignature:                    PNG,
		"RIFF\x00\x00\x00\x00WEBPVP8 ":  WebP,
		"GIF87a":                        GIF,
		"GIF89a":                        GIF,
		"RIFF\x00\x00\x00\x00WAVE":      "",
		"II*\x00\x08\x00\x00\x00":       "", // TIFF
		"BM\x00\x00":                    "",
		"<svg xmlns='...'/>":            "",
		"<!doctype html><title>x":       "",
		"":                              "",
		"\xFF\xD8":                      "",
		strings.Repeat(" ", 3) + "GIF8": "",
	}
	for file, want := range tests {
		if got := Sniff([]byte(file)); got != want {
			t.Errorf("Sniff(%q) = %q, want %q", file, got, want)
		}
	}
}

func TestOrientationOfDamagedExif(t *testing.T) {
	exif := sample.Exif(binary.BigEndian, 6)
	for cut := range 28 { // the orientation's entry ends later
		if got := orientation(exif[:cut]); got != 0 {
			t.Errorf("cut to %d bytes: %d", cut, got)
		}
	}
	far := append([]byte{}, exif...)
	binary.BigEndian.PutUint32(far[4:], 0xFFFFFFFF)
	if got := orientation(far); got != 0 {
		t.Errorf("directory out of reach: %d", got)
	}
}

func FuzzInspect(f *testing.F) {
	quarters := sample.Quarters(9, 5)
	f.Add(sample.JPEG(quarters, sample.XMPSegment(), sample.ExifSegment(6)))
	f.Add(sample.PNG(quarters, sample.ProfileChunk(sample.Profile(200)), sample.Chunk("eXIf", string(sample.Exif(binary.LittleEndian, 3)))))
	f.Add(sample.WebP(quarters, sample.RIFF("EXIF", string(sample.Exif(binary.BigEndian, 8)))))
	f.Add(sample.AnimatedWebP(quarters, quarters))
	f.Add(sample.GIF(quarters))
	f.Add(sample.ProgressiveHeader(100, 100, 5))
	limits := LimitsFor(1769)
	f.Fuzz(func(t *testing.T, file []byte) {
		info, err := limits.Inspect(file)
		if err != nil {
			refusal, ok := err.(*Refusal)
			if !ok || refusal.Message == "" || refusal.Code == "" {
				t.Fatalf("not a refusal that a person understands: %#v", err)
			}
			return
		}
		width, height := info.Upright()
		if info.Type != Sniff(file) || width < 1 || height < 1 || info.Orientation < 1 || info.Orientation > 8 || len(info.Profile) > MaxProfile {
			t.Fatalf("accepted %+v", info)
		}
	})
}
