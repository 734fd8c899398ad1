package main

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/minim-dev/minim/shared/click"
)

// days is the number of days with clicks; busiest is the maximum of clicks that the
// first link gets on a working day.
const (
	days    = 30
	busiest = 60
)

// links are the links of the demo, the most popular one first. Their targets are permanent.
func links() []newLink {
	return []newLink{
		{"go-tour", "https://go.dev/tour/", "A Tour of Go", []string{"go", "learning"}},
		{"newsletter", "https://example.com/newsletter?utm_source=minim", "Our newsletter", []string{"marketing"}},
		{"spring-menu", "https://example.com/menu/spring.pdf", "The spring menu", []string{"print", "marketing"}},
		{"rfc-9457", "https://www.rfc-editor.org/rfc/rfc9457.html", "Problem Details for HTTP APIs", []string{"learning"}},
		{"lambda-go", "https://github.com/aws/aws-lambda-go", "aws-lambda-go", []string{"go"}},
		{"meetup", "https://example.com/events/meetup", "The next meetup", []string{"events"}},
		{"survey", "https://example.com/survey", "Tell us what you think", []string{"marketing"}},
		{"wifi", "https://example.com/guests/wifi", "Wireless for guests", []string{"print"}},
	}
}

// clicksOf returns the clicks of a day (UTC) up to a moment. ids contains the links' IDs by code. The clicks of a day
// and their IDs are always the same, so that sending them again changes nothing.
func clicksOf(day, until time.Time, owner string, ids map[string]string) []click.Click {
	day = day.UTC().Truncate(24 * time.Hour)
	var all []click.Click
	for rank, l := range links() {
		if ids[l.Code] == "" {
			continue
		}
		digest := sha256.Sum256([]byte(owner + " " + l.Code + day.Format(" 2006-01-02")))
		source := rand.New(rand.NewPCG(binary.BigEndian.Uint64(digest[:8]), binary.BigEndian.Uint64(digest[8:16])))
		for n := range visits(source, rank, day.Weekday()) {
			at := day.Add(hour(source) + time.Duration(source.IntN(int(time.Hour/time.Millisecond)))*time.Millisecond)
			c := click.Click{
				ID: id(digest, n, at), Link: ids[l.Code], Code: l.Code, Owner: owner, At: at,
				Browser: pick(source, "Chrome", "Safari", "Firefox", "Edge"), Referrer: pick(source, click.Direct, "news.ycombinator.com", "google.com", "mastodon.social", "github.com"),
			}
			c.System, c.Device = "Windows", "desktop"
			if source.IntN(5) < 3 {
				c.System, c.Device = pick(source, "Android", "iOS"), "mobile"
			}
			c.Country, c.City = home(source)
			c.Language = languages()[c.Country]
			c.Scan = slices.Contains(l.Tags, "print") && c.Device == "mobile"
			c.Visitor = id(digest, n*2/3, day)[16:] // some visitors return
			if at.Before(until) {
				all = append(all, c)
			}
		}
	}
	slices.SortFunc(all, func(a, b click.Click) int { return a.At.Compare(b.At) })
	return all
}

// visits returns the number of visits of a link on a day: the second link gets half as
// many as the first, the third a third (Zipf), and all get fewer on weekends.
func visits(source *rand.Rand, rank int, day time.Weekday) int {
	most := busiest / (rank + 1)
	if day == time.Saturday || day == time.Sunday {
		most /= 2
	}
	return most/2 + source.IntN(most/2+1)
}

// hour returns a random hour, most likely one of the daytime: the sum of four random numbers.
func hour(source *rand.Rand) time.Duration {
	sum := 0
	for range 4 {
		sum += source.IntN(7)
	}
	return time.Duration(min(sum, 23)) * time.Hour
}

// id returns an ID which is sorted by time, like those of click.NewID, but always the same.
func id(digest [32]byte, n int, at time.Time) string {
	var bytes [16]byte
	binary.BigEndian.PutUint64(bytes[:8], uint64(at.UnixMilli())<<16)
	tail := sha256.Sum256(binary.BigEndian.AppendUint32(digest[:], uint32(n)))
	copy(bytes[6:], tail[:])
	return hex.EncodeToString(bytes[:])
}

// pick returns a value, most often the first and least often the last.
func pick(source *rand.Rand, names ...string) string {
	return names[min(source.IntN(len(names)), source.IntN(len(names)))]
}

// languages are the preferred languages in the countries of home.
func languages() map[string]string {
	return map[string]string{"DE": "de", "US": "en", "FR": "fr", "GB": "en", "JP": "ja", "BR": "pt", "IN": "en"}
}

func home(source *rand.Rand) (country, city string) {
	at := min(source.IntN(7), source.IntN(7))
	return []string{"DE", "US", "FR", "GB", "JP", "BR", "IN"}[at],
		[]string{"Berlin", "Portland", "Lyon", "Leeds", "Osaka", "Recife", "Pune"}[at]
}
