package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	goimage "image"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/disintegration/imaging"

	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/image/render"
)

// measurement is what one process found out.
type measurement struct {
	Ms    float64 `json:"ms"`
	CPU   float64 `json:"cpu"` // ms of processors, the garbage collector's too
	RSS   float64 `json:"rss"` // MiB, the most that the process ever held
	Bytes int     `json:"bytes"`
}

// The names of the ways.
const (
	ours    = "minim"
	best    = "minim at quality 100" // to see resizing without compression
	direct  = "imaging"
	decoder = "jpeg.Decode"
)

func recipe(quality int) image.Recipe {
	return image.Recipe{Codec: image.Fast, Widths: []int{320, 640, 1280}, Quality: quality}
}

// measureHere makes the variants of a file a few times and tells the median.
func measureHere(way, file, save string, out io.Writer) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var m measurement
	var times, work []float64
	for range 4 {
		started, before := time.Now(), processorTime()
		variants, err := make3(context.Background(), way, data)
		if err != nil {
			return err
		}
		times = append(times, float64(time.Since(started).Microseconds())/1000)
		work = append(work, float64((processorTime()-before).Microseconds())/1000)
		m.Bytes = 0
		for i, variant := range variants {
			m.Bytes += len(variant)
			if save != "" {
				if err := os.WriteFile(filepath.Join(save, fmt.Sprintf("%d.jpg", 1280>>i)), variant, 0o644); err != nil {
					return err
				}
			}
		}
	}
	m.Ms, m.CPU = median(times[1:]), median(work[1:]) // the first warms up
	m.RSS = peak()
	return json.NewEncoder(out).Encode(m)
}

// make3 makes the three variants, the largest first.
func make3(ctx context.Context, way string, data []byte) ([][]byte, error) {
	switch way {
	case decoder:
		_, err := jpeg.Decode(bytes.NewReader(data))
		return nil, err
	case direct:
		return byImaging(data)
	}
	quality := 80
	if way == best {
		quality = 100
	}
	info, err := image.LimitsFor(3008).Inspect(data)
	if err != nil {
		return nil, err
	}
	result, err := render.Render(ctx, data, info, recipe(quality))
	var out [][]byte
	for _, file := range result.Files {
		out = append(out, file.Body)
	}
	return out, err
}

// byImaging does what the library's manual shows.
func byImaging(data []byte) (out [][]byte, err error) {
	var img goimage.Image
	opaque := image.Sniff(data) == image.JPEG
	if opaque {
		img, err = jpeg.Decode(bytes.NewReader(data))
	} else if img, err = png.Decode(bytes.NewReader(data)); err == nil {
		judge, known := img.(interface{ Opaque() bool })
		opaque = known && judge.Opaque()
	}
	if err != nil {
		return nil, err
	}
	for _, width := range []int{1280, 640, 320} {
		var body bytes.Buffer
		format := imaging.PNG
		if opaque {
			format = imaging.JPEG
		}
		if err := imaging.Encode(&body, imaging.Resize(img, width, 0, imaging.Lanczos), format, imaging.JPEGQuality(80)); err != nil {
			return nil, err
		}
		out = append(out, body.Bytes())
	}
	return out, nil
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// processorTime is what this process has used.
func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// peak is VmHWM of this process in MiB, 0 where there is no /proc.
func peak() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		var kb float64
		if n, _ := fmt.Sscanf(line, "VmHWM: %f kB", &kb); n == 1 {
			return kb / 1024
		}
	}
	return 0
}
