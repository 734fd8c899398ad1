package key

import (
	"fmt"
	"time"

	"github.com/minim-dev/minim/shared/fault"
)

const (
	// Overlap is how long a secret works after its rotation unless the request says otherwise.
	Overlap = 24 * time.Hour
	// MaxOverlap is the longest time that it can say.
	MaxOverlap = 30 * 24 * time.Hour

	maxFormer = 5 // secrets of a key that work beside the current one
)

// Rotation is how a key's secret is to be replaced.
type Rotation struct {
	OverlapHours *int `json:"overlapHours"`
}

// Rotate returns the key with a new secret, and its token. The secret before works until the overlap ends; without an
// overlap, no earlier one works. A key has few secrets at the same time: beyond that, it is a Conflict fault.
func (r Rotation) Rotate(k Key, now time.Time) (rotated Key, token string, err error) {
	overlap := Overlap
	if r.OverlapHours != nil {
		overlap = time.Duration(*r.OverlapHours) * time.Hour
		if most := int(MaxOverlap.Hours()); *r.OverlapHours < 0 || *r.OverlapHours > most {
			return Key{}, "", fault.Fields(fault.Field{Name: "overlapHours", Message: fmt.Sprintf("Expected a whole number from 0 to %d.", most)})
		}
	}
	now = now.UTC().Truncate(time.Millisecond)
	if overlap == 0 {
		k.Former = nil
	} else {
		k.Former = append(k.active(now), Former{k.Digest, now.Add(overlap)})
	}
	if len(k.Former) > maxFormer {
		return Key{}, "", fault.New(fault.Conflict, fmt.Sprintf("The key has %d secrets that work. Wait until one of them has expired, or revoke the key.", maxFormer+1))
	}
	token = k.renew()
	return k, token, nil
}

// FormerUntil is when the last secret from before a rotation stops to work, zero if none works.
func (k Key) FormerUntil(now time.Time) (until time.Time) {
	for _, former := range k.active(now) {
		if former.Until.After(until) {
			until = former.Until
		}
	}
	return until
}

// active are the secrets from before a rotation that still work.
func (k Key) active(now time.Time) (all []Former) {
	for _, former := range k.Former {
		if now.Before(former.Until) {
			all = append(all, former)
		}
	}
	return all
}
