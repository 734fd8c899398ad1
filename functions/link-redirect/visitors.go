package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/web"
)

type saltStore interface {
	Of(ctx context.Context, day string) ([]byte, error)
}

const (
	// saltTimeout is how long a visitor may wait for the day's salt, once a day in each environment.
	saltTimeout = 100 * time.Millisecond
	// saltInterval is how long the table is left alone after a read that failed.
	saltInterval = 5 * time.Second
)

// visitors names visitors. It has the salt of one day, the latest.
type visitors struct {
	salts saltStore
	log   *slog.Logger

	mu    sync.Mutex
	day   string
	salt  []byte
	pause time.Time // until then the table is not read
}

func newVisitors(salts saltStore, log *slog.Logger) *visitors {
	return &visitors{salts: salts, log: log}
}

// ID names the visitor of a day, or returns "" if the salt is not available: such a click counts,
// but not its visitor.
func (v *visitors) ID(ctx context.Context, r web.Request, at time.Time) string {
	salt := v.of(ctx, at.UTC())
	if salt == nil {
		return ""
	}
	return click.VisitorID(salt, address(r), r.Header("user-agent"))
}

func (v *visitors) of(ctx context.Context, at time.Time) []byte {
	v.mu.Lock()
	defer v.mu.Unlock()
	day := at.Format(time.DateOnly)
	if day == v.day {
		return v.salt
	}
	if at.Before(v.pause) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, saltTimeout)
	defer cancel()
	salt, err := v.salts.Of(ctx, day)
	if err != nil {
		v.pause = at.Add(saltInterval)
		v.log.WarnContext(ctx, "visitors are not recognised", "error", err)
		return nil
	}
	v.day, v.salt = day, salt
	return salt
}
