package png

import (
	"bytes"
	"encoding/binary"
)

// Strip returns a PNG that has been decoded without fault, with the same image
// and nothing else in it but the ICC profile, which may be nil. It returns nil
// when the file does not end as it should.
func Strip(data, profile []byte) ([]byte, error) {
	const signature, frame = 8, 12
	var out bytes.Buffer
	out.Write(data[:signature])
	for rest := data[signature:]; len(rest) >= frame; {
		length := int64(binary.BigEndian.Uint32(rest)) + frame
		if length > int64(len(rest)) {
			break
		}
		name := string(rest[4:8])
		switch name {
		case "IHDR", "PLTE", "tRNS", "IDAT", "IEND":
			out.Write(rest[:length])
		}
		if name == "IHDR" {
			if err := writeProfile(&out, profile); err != nil {
				return nil, err
			}
		}
		if name == "IEND" {
			return out.Bytes(), nil
		}
		rest = rest[length:]
	}
	return nil, nil
}
