package ses

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/minim-dev/minim/infra/local/disk"
)

// Outbox is a folder of messages, one per file. They are never sent.
type Outbox struct{ Folder string }

// put writes a message atomically. The names of the files sort by time.
func (o Outbox) put(id string, at time.Time, message []byte) error {
	if err := os.MkdirAll(o.Folder, 0o700); err != nil {
		return fmt.Errorf("make the outbox: %w", err)
	}
	name := at.UTC().Format("20060102T150405.000Z") + "-" + id + ".eml"
	if err := disk.Replace(filepath.Join(o.Folder, name), message); err != nil {
		return fmt.Errorf("write a message: %w", err)
	}
	return nil
}

// newID returns a message ID in SES's format.
func newID(at time.Time) string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return fmt.Sprintf("0100%012x-%x-%x-%x-%x-%x-000000", at.UnixMilli(), b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
