package link

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"
)

const timeFormat = "2006-01-02T15:04:05.000Z"

// View is a link as the API shows it to its owner.
type View struct {
	ID        string   `json:"id"`
	Code      string   `json:"code"`
	ShortURL  string   `json:"shortUrl"`
	URL       string   `json:"url"`
	Title     string   `json:"title"`
	Tags      []string `json:"tags"`
	CreatedAt string   `json:"createdAt"`
	UpdatedAt string   `json:"updatedAt"`
	ExpiresAt *string  `json:"expiresAt"` // null: never
	DeletedAt *string  `json:"deletedAt,omitempty"`
	Redirect  int      `json:"redirect"`
	Private   bool     `json:"private"`
	Status    Status   `json:"status"`
	Clicks    int64    `json:"clicks"`
	version   int
}

// View shows the link at a moment, with its clicks so far.
func (l Link) View(site Site, clicks int64, now time.Time) View {
	v := View{
		ID: l.ID, Code: l.Code, ShortURL: site.ShortURL(l.Code), URL: l.URL, Title: l.Title,
		Tags:      append([]string{}, l.Tags...), // [] rather than null
		CreatedAt: l.CreatedAt.UTC().Format(timeFormat), UpdatedAt: l.UpdatedAt.UTC().Format(timeFormat),
		Redirect: l.Redirect, Private: l.Private, Status: l.Status(now), Clicks: clicks, version: l.Version,
	}
	if !l.ExpiresAt.IsZero() {
		at := l.ExpiresAt.UTC().Format(timeFormat)
		v.ExpiresAt = &at
	}
	if !l.DeletedAt.IsZero() {
		at := l.DeletedAt.UTC().Format(timeFormat)
		v.DeletedAt = &at
	}
	return v
}

// ETag is `"version-digest"`: the digest changes with all that the view shows,
// clicks included; an edit need compare only the version.
func (v View) ETag() (string, error) {
	encoded, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("entity tag: %w", err)
	}
	digest := sha256.Sum256(encoded)
	return fmt.Sprintf(`"%d-%x"`, v.version, digest[:6]), nil
}
