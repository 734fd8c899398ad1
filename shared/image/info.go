package image

import (
	"bytes"
	"encoding/binary"
)

// Type is a media type.
type Type string

// The accepted types; the first two are also written.
const (
	JPEG Type = "image/jpeg"
	PNG  Type = "image/png"
	WebP Type = "image/webp"
	GIF  Type = "image/gif"
)

func (t Type) known() bool { return t == JPEG || t == PNG || t == WebP || t == GIF }

// Sniff returns the type of a file according to its first bytes, "" if it is not
// supported. It ignores names and declared types, which can be wrong.
func Sniff(data []byte) Type {
	switch {
	case bytes.HasPrefix(data, []byte("\xFF\xD8\xFF")):
		return JPEG
	case bytes.HasPrefix(data, []byte(pngSignature)):
		return PNG
	case len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return WebP
	case bytes.HasPrefix(data, []byte("GIF87a")), bytes.HasPrefix(data, []byte("GIF89a")):
		return GIF
	default:
		return ""
	}
}

// Info describes a file's structure.
type Info struct {
	Type        Type
	Width       int // as stored, before the orientation is applied
	Height      int
	Orientation int    // as in EXIF, 1 to 8; 1 when the file does not say
	Profile     []byte // an ICC profile that can be kept, else nil
	Depth       int    // bits a sample
	Components  int    // samples a pixel of a JPEG
	Progressive bool   // a progressive JPEG or an interlaced PNG
	Scans       int    // of a JPEG
	Frames      int    // more than 1 when animated
	Alpha       bool   // pixels may be transparent
	Still       *Still // of an animated WebP
	Truncated   bool   // a JPEG that ends in its pixels; most of them may be there
}

// Upright returns width and height after the orientation is applied.
func (i Info) Upright() (width, height int) {
	if i.Orientation >= 5 {
		return i.Height, i.Width
	}
	return i.Width, i.Height
}

// walk reads the structure of a file from the first to the last block. Its
// time is linear in the size, and it does not trust sizes in headers.
func walk(data []byte) (Info, error) {
	var info Info
	var refusal *Refusal
	switch Sniff(data) {
	case JPEG:
		info, refusal = walkJPEG(data)
	case PNG:
		info, refusal = walkPNG(data)
	case WebP:
		info, refusal = walkWebP(data)
	case GIF:
		info, refusal = walkGIF(data)
	default:
		refusal = refuse(Unknown, 0, 0, "The file is not a JPEG, PNG, WebP or GIF image, whatever its name says.")
	}
	if refusal != nil {
		return Info{}, refusal
	}
	if info.Orientation == 0 {
		info.Orientation = 1
	}
	return info, nil
}

// orientation finds the orientation in EXIF data, which is a small TIFF file;
// 0 when it is missing or nonsense. A leading "Exif\0\0", which some writers
// put where the format does not want it, is skipped.
func orientation(exif []byte) int {
	exif = bytes.TrimPrefix(exif, []byte("Exif\x00\x00"))
	if len(exif) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch string(exif[:4]) {
	case "II*\x00":
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 0
	}
	directory := int64(order.Uint32(exif[4:]))
	if directory+2 > int64(len(exif)) {
		return 0
	}
	entries := exif[directory+2:]
	for range order.Uint16(exif[directory:]) {
		if len(entries) < 12 {
			return 0
		}
		if order.Uint16(entries) == 0x0112 {
			return orientationValue(order, entries)
		}
		entries = entries[12:]
	}
	return 0
}

func orientationValue(order binary.ByteOrder, entry []byte) int {
	const short, long = 3, 4
	var value uint32
	switch order.Uint16(entry[2:]) {
	case short:
		value = uint32(order.Uint16(entry[8:]))
	case long:
		value = order.Uint32(entry[8:])
	}
	if value < 1 || value > 8 {
		return 0
	}
	return int(value)
}

// MaxProfile is the largest ICC profile in bytes that is kept.
const MaxProfile = 16 << 10

// usable returns an ICC profile if it can be put into an RGB file as it is,
// else nil: profiles of CMYK and grey describe samples that are not written.
func usable(profile []byte) []byte {
	const header = 128
	if len(profile) < header || len(profile) > MaxProfile ||
		binary.BigEndian.Uint32(profile) != uint32(len(profile)) ||
		string(profile[16:20]) != "RGB " || string(profile[36:40]) != "acsp" {
		return nil
	}
	return profile
}
