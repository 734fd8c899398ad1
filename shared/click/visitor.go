package click

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"

	"github.com/axiomhq/hyperloglog"
)

// precision makes sketches of 4,096 registers: with more visitors than some 1,300, an
// estimate has a standard error of 1.04/√4096, which is 1.6 %. Fewer are counted almost exactly.
const precision = 12

// visitorDigits is the length of a VisitorID.
const visitorDigits = 16

// VisitorID is an untraceable name for a visitor: an HMAC of address and User-Agent with
// the day's salt, which is deleted after the day.
func VisitorID(salt []byte, address, agent string) string {
	sum := hmac.New(sha256.New, salt)
	sum.Write([]byte(address + "\x00" + agent)) // no header has a zero byte
	return hex.EncodeToString(sum.Sum(nil)[:visitorDigits/2])
}

// visitor returns the click's visitor as a hash.
func (c Click) visitor() (hash uint64, ok bool) {
	hash, err := strconv.ParseUint(c.Visitor, 16, 64)
	return hash, err == nil && len(c.Visitor) == visitorDigits
}

// Visitors is the encoded sketch (HyperLogLog) of a set of visitors: it counts them without
// listing them. Equal sets have equal encodings. Nil is the empty set.
type Visitors []byte

func newVisitors(hashes []uint64) Visitors {
	if len(hashes) == 0 {
		return nil
	}
	sketch := newSketch()
	for _, hash := range hashes {
		sketch.InsertHash(hash)
	}
	return encode(sketch)
}

// Merge returns the union of two sets.
func (v Visitors) Merge(more Visitors) (Visitors, error) {
	switch {
	case len(more) == 0:
		return v, nil
	case len(v) == 0:
		return more, nil
	}
	sketch, err := union(v, more)
	if err != nil {
		return nil, err
	}
	return encode(sketch), nil
}

// Distinct estimates how many visitors are in the union of sets.
func Distinct(sets ...Visitors) (int64, error) {
	sketch, err := union(sets...)
	if err != nil {
		return 0, err
	}
	return int64(sketch.Estimate()), nil
}

func union(sets ...Visitors) (*hyperloglog.Sketch, error) {
	all := newSketch()
	for _, set := range sets {
		if len(set) == 0 {
			continue
		}
		var sketch hyperloglog.Sketch
		if err := sketch.UnmarshalBinary(set); err != nil {
			return nil, fmt.Errorf("decode visitors: %w", err)
		}
		if err := all.Merge(&sketch); err != nil {
			return nil, fmt.Errorf("merge visitors: %w", err)
		}
	}
	return all, nil
}

func newSketch() *hyperloglog.Sketch {
	sketch, err := hyperloglog.NewSketch(precision, true)
	if err != nil {
		panic(err) // the precision is possible
	}
	return sketch
}

// encode compacts a sketch first: otherwise its encoding depends on the order of insertion.
func encode(sketch *hyperloglog.Sketch) Visitors {
	sketch.Estimate()
	encoded, err := sketch.MarshalBinary()
	if err != nil {
		panic(err) // a sketch with a precision has an encoding
	}
	return encoded
}

// DestinationName is the name under which a destination is counted: the URL, or of a long one
// its beginning and a digest.
func DestinationName(url string) string {
	name := clean(url)
	if name == url {
		return name
	}
	sum := sha256.Sum256([]byte(url))
	const mark = "…" // three bytes
	end := min(len(name), maxName-len(mark)-8)
	return clean(name[:end] + mark + strconv.FormatUint(uint64(binary.BigEndian.Uint32(sum[:])), 16))
}
