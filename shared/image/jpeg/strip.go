package jpeg

// Strip returns a file that Open takes with the same image and nothing else
// in it but the ICC profile, which may be nil: no metadata, no comments, nothing
// behind its end. It returns nil when the file does not end as it should.
func Strip(data, profile []byte) []byte {
	out := append(make([]byte, 0, len(data)), data[:2]...)
	for rest := data[2:]; ; {
		for len(rest) > 1 && rest[0] == 0xFF && rest[1] == 0xFF { // fill byte
			rest = rest[1:]
		}
		if len(rest) > 1 && rest[1] == markerEOI {
			return WithProfile(append(out, 0xFF, markerEOI), profile)
		}
		marker, body, after := next(rest)
		if after == nil {
			return nil
		}
		rest = after
		switch marker {
		case markerSOS:
			n := dataLength(rest)
			out = append(segment(out, marker, body), rest[:n]...)
			rest = rest[n:]
		case markerSOF0, markerSOF1, markerSOF2, markerDHT, markerDQT, markerDRI:
			out = segment(out, marker, body)
		}
	}
}
