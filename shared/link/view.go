package link

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

const timeFormat = "2006-01-02T15:04:05.000Z"

// View is a link as the API shows it to its owner.
type View struct {
	ID        string   `json:"id"`
	Code      string   `json:"code"`
	Aliases   []string `json:"aliases"`
	ShortURL  string   `json:"shortUrl"`
	URL       string   `json:"url"`
	Title     string   `json:"title"`
	Note      string   `json:"note"`
	Tags      []string `json:"tags"`
	CreatedAt string   `json:"createdAt"`
	UpdatedAt string   `json:"updatedAt"`
	ExpiresAt *string  `json:"expiresAt"` // null: never
	DeletedAt *string  `json:"deletedAt,omitempty"`
	Redirect  int      `json:"redirect"`
	Private   bool     `json:"private"`
	Disabled  bool     `json:"disabled"`
	TakenDown *string  `json:"takenDown"` // null: it is not
	Status    Status   `json:"status"`
	Clicks    int64    `json:"clicks"`
	ViewOptions
	version int
}

// View shows the link at a moment, with its clicks so far.
func (l Link) View(site Site, clicks int64, now time.Time) View {
	return View{
		ID: l.ID, Code: l.Code, Aliases: list(l.Aliases), ShortURL: site.ShortURL(l.Code), URL: l.URL, Title: l.Title, Note: l.Note,
		Tags:      list(l.Tags),
		CreatedAt: l.CreatedAt.UTC().Format(timeFormat), UpdatedAt: l.UpdatedAt.UTC().Format(timeFormat),
		Redirect: l.Redirect, Private: l.Private, Disabled: l.Disabled, TakenDown: nullable(l.TakenDown), Status: l.Status(now), Clicks: clicks, ExpiresAt: moment(l.ExpiresAt), DeletedAt: moment(l.DeletedAt), version: l.Version,
		ViewOptions: l.Options.view(),
	}
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

// Seen reports whether an If-Match header contains an entity tag of the link's version.
// Clicks that came since then do not matter.
func (l Link) Seen(ifMatch string) bool {
	for tag := range strings.SplitSeq(ifMatch, ",") {
		tag = strings.Trim(strings.TrimPrefix(strings.TrimSpace(tag), "W/"), `"`)
		version, _, _ := strings.Cut(tag, "-")
		if tag == "*" || version == strconv.Itoa(l.Version) {
			return true
		}
	}
	return false
}

// VersionTag is an entity tag of the link's version, for If-Match.
func (l Link) VersionTag() string { return strconv.Quote(strconv.Itoa(l.Version)) }
