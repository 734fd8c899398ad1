package hostile

import (
	"bytes"
	"fmt"
	goimage "image"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "golang.org/x/image/webp"

	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/image/sample"
)

// memoryMB is that of image-resize.
const memoryMB = 1769

// accepted means that a file was not refused.
const accepted image.Reason = ""

// worst is what the hungriest files took.
type worst struct {
	took, peak     verdict
	slow, hungry   string
	files, refused int
}

// judge gives a file to the process and reports what must never be: an end, a
// fault, too much time or memory, a variant that is no image or tells a secret.
func (w *worst) judge(t *testing.T, p *prey, name string, file []byte) verdict {
	t.Helper()
	v := p.feed(t, file)
	for try := 1; try < 3 && v.Work > maxWork; try++ { // other work on the machine only adds to it
		if again := p.feed(t, file); again.Work < v.Work {
			v = again
		}
	}
	problem := v.Fault
	switch {
	case problem != "":
	case v.Work > maxWork:
		problem = fmt.Sprintf("it took %s, as long as %.1f decodes of the reference", v.Took, v.Work)
	case v.Peak > maxMemory:
		problem = "it took " + strconv.Itoa(v.Peak>>10) + " MiB"
	}
	for _, variant := range v.Variants {
		if _, _, err := goimage.Decode(bytes.NewReader(variant)); err != nil {
			problem = "a variant cannot be decoded: " + err.Error()
		}
		if bytes.Contains(variant, []byte(sample.Secret)) || bytes.Contains(variant, []byte("<script")) {
			problem = "a variant carries what the file hid"
		}
	}
	if problem != "" {
		kept := filepath.Join(os.TempDir(), "hostile-"+strings.ReplaceAll(name, "/", "-"))
		_ = os.WriteFile(kept, file, 0o600)
		t.Errorf("%s: %s (kept as %s)", name, problem, kept)
	}
	if w.files++; v.Refusal != accepted {
		w.refused++
	}
	if v.Took > w.took.Took {
		w.took, w.slow = v, name
	}
	if v.Peak > w.peak.Peak {
		w.peak, w.hungry = v, name
	}
	return v
}

func (w *worst) tell(t *testing.T) {
	t.Helper()
	t.Logf("%d files, %d refused; the slowest took %s, as long as %.1f decodes of the reference (%s); the hungriest %d MiB (%s)",
		w.files, w.refused, w.took.Took.Round(time.Millisecond), w.took.Work, w.slow, w.peak.Peak>>10, w.hungry)
}

func newPrey(t *testing.T) (*prey, *worst) {
	t.Helper()
	p, w := &prey{}, &worst{}
	t.Cleanup(func() { p.stop(); w.tell(t) })
	return p, w
}

// TestMemory holds memoryMB to what is deployed.
func TestMemory(t *testing.T) {
	text, err := os.ReadFile("../../functions/image-resize/function.yml")
	if err != nil {
		t.Fatal(err)
	}
	if found := regexp.MustCompile(`memorySize: (\d+)`).FindStringSubmatch(string(text)); found == nil || found[1] != strconv.Itoa(memoryMB) {
		t.Errorf("image-resize has %v", found)
	}
}

// TestRefusals: what is no image, asks for too much, or contradicts itself.
func TestRefusals(t *testing.T) {
	p, w := newPrey(t)
	jpeg, png := sample.JPEG(img(32, 24)), sample.PNG(img(32, 24))
	for name, c := range map[string]struct {
		file []byte
		want image.Reason
	}{
		"nothing":                     {nil, image.Empty},
		"a byte":                      {[]byte{0xFF}, image.Unknown},
		"zeros":                       {make([]byte, 1<<20), image.Unknown},
		"text":                        {[]byte("hello"), image.Unknown},
		"HTML":                        {[]byte("<!doctype html><script>alert(1)</script>"), image.Unknown},
		"SVG":                         {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), image.Unknown},
		"PDF":                         {[]byte("%PDF-1.7\n"), image.Unknown},
		"ZIP":                         {[]byte("PK\x03\x04\x14\x00"), image.Unknown},
		"program":                     {[]byte("\x7fELF\x02\x01\x01"), image.Unknown},
		"TIFF":                        {[]byte("II*\x00\x08\x00\x00\x00"), image.Unknown},
		"BMP":                         {[]byte("BM\x46\x00\x00\x00\x00\x00\x00\x00"), image.Unknown},
		"AVIF":                        {[]byte("\x00\x00\x00\x20ftypavif\x00\x00\x00\x00"), image.Unknown},
		"HEIC":                        {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), image.Unknown},
		"text before a JPEG":          {append([]byte("hello"), jpeg...), image.Unknown},
		"more than 25 MB":             {append(jpeg, make([]byte, image.MaxBytes)...), image.TooBig},
		"a PNG of 4 gigapixels":       {claims(65_535, 65_535), image.TooWide},
		"a PNG of 2^31 pixels a side": {claims(1<<31-1, 1<<31-1), image.TooWide},
		"a PNG of no width":           {claims(0, 10), image.Corrupt},
		"a PNG a line long":           {claims(20_001, 1), image.TooWide},
		"a PNG of 26 megapixels":      {claims(13_000, 2_000), image.TooManyPixels},
		"a PNG with little in it":     {claims(100, 100), image.Corrupt},
		"a JPEG of 65 scans":          {progressive(64, 64, 1, 65), image.TooManyScans},
		"a JPEG of 4 gigapixels":      {sample.ProgressiveHeader(65_535, 65_535, 1), image.TooWide},
		"a progressive JPEG too far":  {progressive(6_000, 4_500, 1, 2), image.TooManyPixels},
		"a PNG of a million chunks":   {sample.PNG(img(8, 8), bytes.Repeat(sample.Chunk("tEXt", "a\x00b"), 1_000_000)), image.Unsupported},
		"a PNG without its end":       {png[:len(png)-12], image.Truncated},
		"a JPEG half gone":            {jpeg[:len(jpeg)/2], image.Truncated},
		"only the start of a JPEG":    {[]byte("\xFF\xD8\xFF"), image.Truncated},
		"a JPEG that ends at once":    {[]byte("\xFF\xD8\xFF\xD9"), image.Corrupt},
	} {
		if v := w.judge(t, p, name, c.file); v.Refusal != c.want {
			t.Errorf("%s: refused as %q, want %q", name, v.Refusal, c.want)
		}
	}
}

// TestBombs: files within all limits that cost as much as they can. What they
// become is not the question, only what it takes.
func TestBombs(t *testing.T) {
	p, w := newPrey(t)
	jpeg := sample.JPEG(img(32, 24))
	inflating := zeros(256 << 20)
	comments := append([]byte("\xFF\xD8"), bytes.Repeat(sample.Segment(0xFE, strings.Repeat("x", 65_000)), 380)...)
	for name, file := range map[string][]byte{
		"25 megapixels of PNG in kilobytes":       bigPNG(5_000, 5_000),
		"20,000 pixels in a row":                  bigPNG(20_000, 1_250),
		"20,000 rows of pixels":                   bigPNG(1_250, 20_000),
		"25 megapixels in 64 scans":               progressive(5_000, 5_000, 1, 64),
		"25 megapixels in colours in 64 scans":    progressive(5_000, 5_000, 3, 64),
		"20 MB of noise in a JPEG":                sample.JPEG(noise(4_800, 3_600)),
		"24 MB of noise in a PNG":                 sample.PNG(noise(2_800, 2_800)),
		"a row of 20,000 in 64 scans":             progressive(20_000, 1_250, 3, 64),
		"an inflating profile":                    sample.PNG(img(8, 8), sample.Chunk("iCCP", "x\x00\x00"+inflating)),
		"inflating text":                          sample.PNG(img(8, 8), sample.Chunk("zTXt", "x\x00\x00"+inflating)),
		"pixels after the last row":               append(bigPNG(10, 10), sample.Chunk("IDAT", inflating)...),
		"10,000 frames of GIF":                    film(8, 8, 10_000),
		"25 megapixels of GIF":                    film(5_000, 5_000, 1),
		"25 megapixels of WebP":                   sample.WebP(goimage.NewNRGBA(goimage.Rect(0, 0, 5_000, 5_000))),
		"25 MB of comments":                       append(comments, jpeg[2:]...),
		"25 MB of fill bytes":                     slices.Concat(jpeg[:2], bytes.Repeat([]byte{0xFF}, 24<<20), jpeg[2:]),
		"25 MB of restart markers":                slices.Concat(jpeg[:len(jpeg)-2], bytes.Repeat([]byte{0xFF, 0xD0}, 12<<20), jpeg[len(jpeg)-2:]),
		"25 MB of starts":                         slices.Concat(bytes.Repeat([]byte{0xFF, 0xD8}, 12<<20), jpeg[2:]),
		"50 megapixels of baseline JPEG":          sample.JPEG(goimage.NewYCbCr(goimage.Rect(0, 0, 8_000, 6_250), goimage.YCbCrSubsampleRatio420)),
		"20,000 pixels in a row of baseline JPEG": sample.JPEG(goimage.NewYCbCr(goimage.Rect(0, 0, 20_000, 2_500), goimage.YCbCrSubsampleRatio420)),
		"99,000 chunks":                           sample.PNG(img(8, 8), bytes.Repeat(sample.Chunk("tEXt", "a\x00b"), 99_000)),
	} {
		v := w.judge(t, p, name, file)
		t.Logf("%-42s %8d bytes %-14s %6s %5.1f decodes %4d MiB", name, len(file), cmpReason(v), v.Took.Round(time.Millisecond), v.Work, v.Peak>>10)
	}
}

func cmpReason(v verdict) string {
	if v.Refusal == accepted {
		return "accepted"
	}
	return string(v.Refusal)
}

// TestPolyglots: files that are images and something else. The image is taken,
// the rest never comes out.
func TestPolyglots(t *testing.T) {
	p, w := newPrey(t)
	const script = "<script>alert(1)</script>"
	jpeg, png, film := sample.JPEG(img(64, 48)), sample.PNG(img(64, 48)), sample.GIF(img(64, 48))
	for name, file := range map[string][]byte{
		"a script in a comment of a JPEG": slices.Concat(jpeg[:2], sample.Segment(0xFE, script), jpeg[2:]),
		"a script after a JPEG":           append(slices.Clone(jpeg), script...),
		"an archive after a JPEG":         append(slices.Clone(jpeg), "PK\x03\x04"+script...),
		"a script in the text of a PNG":   sample.PNG(img(64, 48), sample.Chunk("tEXt", "Comment\x00"+script)),
		"a script after a PNG":            append(slices.Clone(png), script...),
		"a script after a GIF":            append(slices.Clone(film), script...),
		"a script in a profile":           sample.PNG(img(64, 48), sample.ProfileChunk(append(sample.Profile(300), script...))),
	} {
		if v := w.judge(t, p, name, file); v.Refusal != accepted && v.Refusal != image.Corrupt {
			t.Errorf("%s: refused as %q", name, v.Refusal)
		}
	}
}

// TestTruncations cuts small files at every byte, and so at every marker too.
func TestTruncations(t *testing.T) {
	p, w := newPrey(t)
	files := valid()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		file := files[name]
		if v := w.judge(t, p, name, file); v.Refusal != accepted {
			t.Errorf("%s, whole: refused as %q", name, v.Refusal)
		}
		for end := range len(file) {
			v := w.judge(t, p, name+"-"+strconv.Itoa(end), file[:end])
			switch {
			case end == 0 && v.Refusal == image.Empty, end < 12 && v.Refusal == image.Unknown:
			case v.Refusal == image.Truncated, v.Refusal == image.Corrupt:
			case v.Refusal == accepted && end > len(file)*3/4: // enough of it is there
			default:
				t.Errorf("%s, %d of %d bytes: %s", name, end, len(file), cmpReason(v))
			}
		}
	}
}

// TestMutations changes valid files in 10,000 ways, the same ones each time.
func TestMutations(t *testing.T) {
	p, w := newPrey(t)
	files := valid()
	names := slices.Sorted(maps.Keys(files))
	source := rand.New(rand.NewPCG(9457, 81))
	for n := range 10_000 {
		name := names[n%len(names)]
		other := files[names[source.IntN(len(names))]]
		w.judge(t, p, name+"-"+strconv.Itoa(n), mutate(source, slices.Clone(files[name]), other))
	}
	if w.refused < 1_000 || w.refused == w.files {
		t.Errorf("%d of %d were refused: these are no mutations", w.refused, w.files)
	}
}

// mutate changes a file one to eight times.
func mutate(source *rand.Rand, file, other []byte) []byte {
	for range 1 + source.IntN(8) {
		at := source.IntN(len(file))
		to := min(len(file), at+1+source.IntN(32))
		switch source.IntN(6) {
		case 0:
			file[at] ^= 1 << source.IntN(8)
		case 1:
			file[at] = byte(source.IntN(256))
		case 2: // lengths and sizes
			file[at] = []byte{0, 1, 0x7F, 0x80, 0xFF}[source.IntN(5)]
		case 3:
			file = slices.Delete(file, at, min(to, len(file)-1))
		case 4:
			file = slices.Insert(file, at, file[at:to]...)
		default:
			from := source.IntN(len(other))
			file = slices.Insert(file, at, other[from:min(len(other), from+32)]...)
		}
	}
	return file
}

// TestFlat: an environment that has made a thousand images holds no more memory
// than one that has made some.
func TestFlat(t *testing.T) {
	p := &prey{}
	t.Cleanup(p.stop)
	var files [][]byte
	for n := range 20 {
		files = append(files, sample.JPEG(img(700+37*n, 900-23*n)))
	}
	files = append(files, sample.PNG(img(500, 400)), sample.GIF(img(400, 300)), sample.WebP(img(300, 300)))
	early, late := 0, 0
	for n := range 1_000 {
		v := p.feed(t, files[n%len(files)])
		if v.Refusal != accepted || v.Fault != "" {
			t.Fatalf("image %d: %q %s", n, v.Refusal, v.Fault)
		}
		switch {
		case n < 200:
			early = max(early, v.Peak)
		case n >= 800:
			late = max(late, v.Peak)
		}
	}
	t.Logf("%d MiB at most in the first 200 images, %d MiB in the last 200", early>>10, late>>10)
	if late > early*5/4 {
		t.Errorf("memory grew from %d to %d KB", early, late)
	}
}
