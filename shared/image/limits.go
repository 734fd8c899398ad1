package image

import "fmt"

// Limits bound the resources that a file may use in the function that processes it. They are
// checked on the file's structure, before any pixel is decoded, because
// decoders allocate what a header claims.
type Limits struct {
	Bytes          int64 // of the file
	BaselinePixels int64 // of a baseline JPEG
	Pixels         int64 // of anything else: decoding costs more a pixel
	Side           int64 // width or height
	Scans          int64 // of a JPEG: each is a pass over all of it
	Memory         int64 // bytes that decoding and resizing may need
}

// LimitsFor returns the limits of a function with the given memory in MB.
func LimitsFor(memoryMB int) Limits {
	return Limits{
		Bytes:          MaxBytes,
		BaselinePixels: 50_000_000,
		Pixels:         25_000_000,
		Side:           20_000,
		Scans:          64,
		Memory:         int64(memoryMB) << 20 / 100 * 60,
	}
}

// Inspect returns the structure of a file, if it is safe to decode. Its error is a
// *Refusal.
func (l Limits) Inspect(data []byte) (Info, error) {
	if len(data) == 0 {
		return Info{}, refuse(Empty, 1, 0, "The file is empty.")
	}
	if size := int64(len(data)); size > l.Bytes {
		return Info{}, RefuseSize(l.Bytes, size)
	}
	info, err := walk(data)
	if err != nil {
		return Info{}, err
	}
	if refusal := l.check(info, int64(len(data))); refusal != nil {
		return Info{}, refusal
	}
	return info, nil
}

func (l Limits) check(info Info, size int64) *Refusal {
	width, height := int64(info.Width), int64(info.Height)
	if width < 1 || height < 1 {
		return RefuseCorrupt()
	}
	if side := max(width, height); side > l.Side {
		return refuse(TooWide, l.Side, side, fmt.Sprintf("The image is %d × %d pixels; no side may have more than %d.", width, height, l.Side))
	}
	limit := l.Pixels
	if info.Type == JPEG && !info.Progressive {
		limit = l.BaselinePixels
	}
	if pixels := width * height; pixels > limit {
		return refuse(TooManyPixels, limit, pixels, fmt.Sprintf("The image has %s; at most %s are taken for this kind of file.", megapixels(pixels), megapixels(limit)))
	}
	if scans := int64(info.Scans); scans > l.Scans {
		return refuse(TooManyScans, l.Scans, scans, fmt.Sprintf("The file is built of %d scans; at most %d are taken.", scans, l.Scans))
	}
	if memory := size + width*height*info.bytesPerPixel(); memory > l.Memory {
		return refuse(TooHungry, l.Memory, memory, fmt.Sprintf("The image would need %s of memory; at most %s are available.", megabytes(memory), megabytes(l.Memory)))
	}
	return nil
}

// bytesPerPixel estimates what a pixel costs at the peak: the decoder's own
// planes, their copy in the resizer's form where one is made, and twice four
// bytes for the resizer's intermediate and the turned image, neither of which
// is ever larger than the source.
func (i Info) bytesPerPixel() int64 {
	const copied, resized = 4, 8
	switch i.Type {
	case JPEG:
		decoded := int64(i.Components)
		if i.Progressive {
			decoded *= 5 // a 32-bit coefficient a sample besides
		}
		if i.Components == 3 {
			return decoded + resized
		}
		return decoded + copied + resized
	case PNG:
		decoded := int64(4)
		if i.Depth == 16 {
			decoded = 8
		}
		if i.Progressive {
			decoded *= 2 // the passes of an interlaced file
		}
		return decoded + copied + resized
	case WebP:
		return 8 + copied + resized
	default:
		return 1 + copied + resized
	}
}
