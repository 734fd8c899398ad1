package render

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	goimage "image"
	stdjpeg "image/jpeg"
	"image/png"

	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/image/jpeg"
)

// encoder writes variants: JPEG where nothing is transparent, else PNG. The
// standard encoders write no metadata; only the ICC profile is put in.
type encoder struct {
	opaque  bool
	quality int
	profile []byte // may be nil
}

func (e encoder) encode(picture *goimage.NRGBA) (File, error) {
	file := File{Type: image.JPEG, Width: picture.Rect.Dx(), Height: picture.Rect.Dy()}
	var out bytes.Buffer
	if !e.opaque {
		file.Type = image.PNG
		if err := png.Encode(&out, picture); err != nil {
			return File{}, fmt.Errorf("encode PNG: %w", err)
		}
		file.Body = withPNGProfile(out.Bytes(), e.profile)
		return file, nil
	}
	// Opaque pixels are the same premultiplied, and for RGBA the JPEG encoder
	// has a fast path.
	rgba := &goimage.RGBA{Pix: picture.Pix, Stride: picture.Stride, Rect: picture.Rect}
	if err := stdjpeg.Encode(&out, rgba, &stdjpeg.Options{Quality: e.quality}); err != nil {
		return File{}, fmt.Errorf("encode JPEG: %w", err)
	}
	file.Body = jpeg.WithProfile(out.Bytes(), e.profile)
	return file, nil
}

// withPNGProfile inserts the profile as the chunk after the header.
func withPNGProfile(file, profile []byte) []byte {
	if profile == nil {
		return file
	}
	const header = 8 + 12 + 13 // signature, frame and body of IHDR
	var packed bytes.Buffer
	packer := zlib.NewWriter(&packed)
	packer.Write(profile) // a buffer takes everything
	packer.Close()
	chunk := append([]byte("iCCPicc\x00\x00"), packed.Bytes()...)
	out := append([]byte{}, file[:header]...)
	out = binary.BigEndian.AppendUint32(out, uint32(len(chunk)-4))
	out = append(out, chunk...)
	out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(chunk))
	return append(out, file[header:]...)
}
