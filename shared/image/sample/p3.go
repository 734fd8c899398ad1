package sample

import (
	"encoding/binary"
	"unicode/utf16"
)

// DisplayP3 returns an ICC profile of Display P3, as telephones put it into
// their images: its three colours, D50 for white, and the curve of sRGB.
func DisplayP3() []byte {
	curve := []float64{2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045}
	tags := []struct{ name, body string }{
		{"desc", text("Display P3")},
		{"cprt", text("CC0")},
		{"wtpt", numbers("XYZ \x00\x00\x00\x00", 0.9642, 1, 0.8249)},
		{"rXYZ", numbers("XYZ \x00\x00\x00\x00", 0.51512, 0.2412, -0.00105)},
		{"gXYZ", numbers("XYZ \x00\x00\x00\x00", 0.29198, 0.69225, 0.04189)},
		{"bXYZ", numbers("XYZ \x00\x00\x00\x00", 0.1571, 0.06657, 0.78407)},
		{"rTRC", numbers("para\x00\x00\x00\x00\x00\x03\x00\x00", curve...)},
		{"gTRC", numbers("para\x00\x00\x00\x00\x00\x03\x00\x00", curve...)},
		{"bTRC", numbers("para\x00\x00\x00\x00\x00\x03\x00\x00", curve...)},
	}
	const header = 128
	table := binary.BigEndian.AppendUint32(nil, uint32(len(tags)))
	var bodies []byte
	for _, tag := range tags {
		table = append(table, tag.name...)
		table = binary.BigEndian.AppendUint32(table, uint32(header+4+12*len(tags)+len(bodies)))
		table = binary.BigEndian.AppendUint32(table, uint32(len(tag.body)))
		bodies = append(bodies, tag.body...)
	}
	out := append(append(make([]byte, header), table...), bodies...)
	binary.BigEndian.PutUint32(out, uint32(len(out)))
	copy(out[8:], "\x04\x00\x00\x00mntrRGB XYZ \x07\xE1\x00\x07\x00\x07\x00\x0D\x00\x16\x00\x20acsp")
	copy(out[68:], numbers("", 0.9642, 1, 0.8249))
	return out
}

// numbers appends numbers of 16 bits before and 16 behind the point.
func numbers(body string, values ...float64) string {
	out := []byte(body)
	for _, v := range values {
		out = binary.BigEndian.AppendUint32(out, uint32(int32(v*(1<<16))))
	}
	return string(out)
}

// text returns the body of a tag with an English text.
func text(s string) string {
	out := []byte("mluc\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x0CenUS")
	letters := utf16.Encode([]rune(s))
	out = binary.BigEndian.AppendUint32(out, uint32(2*len(letters)))
	out = binary.BigEndian.AppendUint32(out, 28)
	for _, letter := range letters {
		out = binary.BigEndian.AppendUint16(out, letter)
	}
	for len(out)%4 != 0 {
		out = append(out, 0)
	}
	return string(out)
}
