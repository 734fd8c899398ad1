package jpeg

import (
	"bytes"
	"slices"
)

// maxScans is how many scans a file may have. Each is a pass over the whole
// image, which a few bytes can ask for; usual files have ten.
const maxScans = 64

// scan is one pass over some or all components: T.81, B.2.3.
type scan struct {
	parts       []part
	first, last int  // coefficients, in the order of the stream
	refines     bool // what earlier scans began
	low         int  // how many bits of the coefficients are left for later scans
	restart     int  // MCUs between restart markers, 0 for none
	body        []byte
}

// part is a component of a scan.
type part struct {
	component int
	dc, ac    spec // with nil counts when the scan needs none
}

// scan reads the header of a scan.
func (h *header) scan(segment []byte) (s scan, ok bool) {
	if len(segment) < 1 {
		return s, false
	}
	count := int(segment[0])
	if count < 1 || count > len(h.components) || len(segment) != 1+2*count+3 {
		return s, false
	}
	tail := segment[1+2*count:]
	s = scan{first: int(tail[0]), last: int(tail[1]), refines: tail[2]>>4 != 0, low: int(tail[2] & 15), restart: h.restart}
	if !h.progressive {
		s.first, s.last, s.refines, s.low = 0, 63, false, 0 // some writers leave them out
	} else if !s.plausible(count, int(tail[2]>>4)) {
		return s, false
	}
	for i := range count {
		p, ok := h.part(segment[1+2*i], segment[2+2*i], &s)
		if !ok || i > 0 && p.component <= s.parts[i-1].component {
			return s, false
		}
		s.parts = append(s.parts, p)
	}
	return s, true
}

// plausible checks what a progressive scan may hold: T.81, G.1.1.1.
func (s *scan) plausible(components, high int) bool {
	if s.first == 0 && s.last != 0 || s.first > 0 && components > 1 {
		return false
	}
	return s.first <= s.last && s.last < 64 && s.low <= 13 && (high == 0 || high == s.low+1)
}

// part finds a component of a scan by its name, and its tables.
func (h *header) part(id, tables byte, s *scan) (part, bool) {
	for i, c := range h.components {
		if c.id != id {
			continue
		}
		p := part{component: i}
		if tables>>4 > 3 || tables&15 > 3 || h.quants[c.quant] == nil {
			return p, false
		}
		if s.first == 0 && !s.refines {
			p.dc = h.huffman[0][tables>>4]
			if p.dc.counts == nil {
				return p, false
			}
		}
		if s.last > 0 {
			p.ac = h.huffman[1][tables&15]
			if p.ac.counts == nil {
				return p, false
			}
		}
		return p, true
	}
	return part{}, false
}

// single reports that the first scan is all there is, so that each block can be
// turned into samples as it comes.
func (h *header) single() bool {
	return !h.progressive && len(h.scans[0].parts) == len(h.components)
}

// dataLength is how many bytes of data belong to a scan: up to the next marker
// that is not one of a restart.
func dataLength(data []byte) int {
	for at := 0; ; at += 2 {
		next := bytes.IndexByte(data[at:], 0xFF)
		if next < 0 {
			return len(data)
		}
		at += next
		for at+1 < len(data) && data[at+1] == 0xFF { // fill byte
			at++
		}
		if at+1 >= len(data) {
			return len(data)
		}
		if marker := data[at+1]; marker != 0 && (marker < markerRST0 || marker >= markerRST0+8) {
			return at
		}
	}
}

// whole reports whether the scans give every bit of every coefficient, as those
// of a complete file do.
func (h *header) whole() bool {
	for i := range h.components {
		var left [64]int
		for k := range left {
			left[k] = -1
		}
		for _, s := range h.scans {
			for _, p := range s.parts {
				if p.component != i {
					continue
				}
				for k := s.first; k <= s.last; k++ {
					left[k] = s.low
				}
			}
		}
		if left != [64]int{} {
			return false
		}
	}
	return true
}

// needed returns the scans without which some of the coefficients that are kept
// of each component would be wrong. used is how many rows and columns of a
// block are kept. A scan that refines tells neighbours apart by what earlier
// scans contained for them, so it needs those too.
func (h *header) needed(used []int, order *[128]byte) []scan {
	keep := make([]uint64, len(h.components))
	for i, n := range used {
		for k := range 64 {
			if int(order[k]>>3) < n && int(order[k]&7) < n {
				keep[i] |= 1 << k
			}
		}
	}
	var out []scan
	for n := len(h.scans) - 1; n >= 0; n-- {
		s, wanted := h.scans[n], false
		band := ^uint64(0) >> (63 - s.last) &^ (1<<s.first - 1)
		for _, p := range s.parts {
			if keep[p.component]&band == 0 {
				continue
			}
			wanted = true
			if s.refines {
				keep[p.component] |= band
			}
		}
		if wanted {
			out = append(out, s)
		}
	}
	slices.Reverse(out)
	return out
}
