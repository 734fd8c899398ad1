package report

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/minim-dev/minim/shared/click"
)

// Limits keep a report readable and a saved Builder small, however many links
// and names a day has.
const (
	maxLinks  = 20   // links in a report: the most followed
	maxListed = 10   // names in each list of a report
	maxNames  = 1000 // names in each list of a builder; later ones count as other
)

// Builder adds up a day, link by link. Its exported fields are its whole
// state, so that it can be saved as JSON and continued elsewhere; do not set
// them directly.
type Builder struct {
	Owner  string      `json:"owner"`
	Date   string      `json:"date"`
	Clicks int64       `json:"clicks"`
	Before int64       `json:"before"`
	Active int64       `json:"active"`
	Hours  [24]int64   `json:"hours"`
	Top    []Link      `json:"top"` // at most maxLinks, most clicks first
	Names  click.Names `json:"names"`
}

// NewBuilder begins the report of an owner's day.
func NewBuilder(owner, date string) *Builder {
	return &Builder{Owner: owner, Date: date, Names: click.Names{}}
}

// Day is when the reported day begins. An invalid date, which Request.Check
// rejects, is the year 1, for which nothing is counted.
func (b *Builder) Day() time.Time { return midnight(b.Date) }

// Previous is when the day before begins.
func (b *Builder) Previous() time.Time { return b.Day().AddDate(0, 0, -1) }

func midnight(date string) time.Time {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return time.Time{}
	}
	return day
}

// AddLink adds a link's day. Each link may be added once.
func (b *Builder) AddLink(day click.DayCount) {
	if day.Clicks <= 0 {
		return
	}
	b.Clicks += day.Clicks
	b.Active++
	b.addHours(day.Hours)
	b.rank(Link{ID: day.Link, Code: day.Code, Clicks: day.Clicks})
	b.addNames(day.Names)
}

// AddBefore adds clicks of the day before.
func (b *Builder) AddBefore(clicks int64) { b.Before += clicks }

// Merge adds another builder's day, of other links, to this one.
func (b *Builder) Merge(other *Builder) {
	b.Clicks += other.Clicks
	b.Before += other.Before
	b.Active += other.Active
	b.addHours(other.Hours)
	for _, link := range other.Top {
		b.rank(link)
	}
	b.addNames(other.Names)
}

// rank inserts a link among the most followed, if it is one of them. Links with equal
// clicks are sorted by ID, so that the result does not depend on their order.
func (b *Builder) rank(link Link) {
	at, _ := slices.BinarySearchFunc(b.Top, link, func(x, y Link) int {
		return cmp.Or(cmp.Compare(y.Clicks, x.Clicks), cmp.Compare(x.ID, y.ID))
	})
	if at < maxLinks {
		b.Top = slices.Insert(b.Top, at, link)
		b.Top = b.Top[:min(len(b.Top), maxLinks)]
	}
}

func (b *Builder) addHours(added [24]int64) {
	for hour, clicks := range added {
		b.Hours[hour] += clicks
	}
}

func (b *Builder) addNames(added click.Names) {
	for _, dimension := range []string{click.Referrer, click.Country, click.City, click.Device, click.Browser, click.System} {
		for _, count := range sorted(added[dimension]) {
			name := count.Name
			if _, known := b.Names[dimension][name]; !known && len(b.Names[dimension]) >= maxNames {
				name = click.Other
			}
			b.Names.Add(dimension, name, count.Clicks)
		}
	}
}

// Context has the parts of a report that are not counters.
type Context struct {
	Now  time.Time
	Site string // where short links live, without a slash at the end
	// Link returns a link as it is now, all empty for one that has gone.
	Link func(id string) (code, url, title string)
}

// Report returns the report of what was added so far.
func (b *Builder) Report(c Context) Report {
	day := b.Day()
	return Report{
		ID:          ID(Daily, b.Date, b.Owner),
		Period:      Daily,
		Date:        b.Date,
		Owner:       b.Owner,
		Zone:        Zone,
		GeneratedAt: c.Now.UTC().Format(timeFormat),
		Complete:    !c.Now.Before(day.AddDate(0, 0, 1)),
		Totals:      Totals{Clicks: b.Clicks, Before: b.Before, Links: b.Active},
		Hours:       b.hours(day),
		Links:       b.links(c),
		Breakdown: Breakdown{
			Referrers: listed(b.Names[click.Referrer]),
			Countries: listed(b.Names[click.Country]),
			Cities:    listed(b.Names[click.City]),
			Devices:   listed(b.Names[click.Device]),
			Browsers:  listed(b.Names[click.Browser]),
			Systems:   listed(b.Names[click.System]),
		},
	}
}

func (b *Builder) hours(day time.Time) []Hour {
	hours := make([]Hour, len(b.Hours))
	for i, clicks := range b.Hours {
		hours[i] = Hour{At: day.Add(time.Duration(i) * time.Hour).Format(timeFormat), Clicks: clicks}
	}
	return hours
}

func (b *Builder) links(c Context) []Link {
	links := make([]Link, len(b.Top))
	for i, link := range b.Top {
		var code string
		code, link.URL, link.Title = c.Link(link.ID)
		link.Code = cmp.Or(code, link.Code)
		link.ShortURL = c.Site + "/" + link.Code
		links[i] = link
	}
	return links
}

// listed returns the names with most clicks and sums the rest up as click.Other.
func listed(counts map[string]int64) []Count {
	rest := counts[click.Other]
	counts = maps.Clone(counts)
	delete(counts, click.Other)
	list := sorted(counts)
	for _, count := range list[min(len(list), maxListed):] {
		rest += count.Clicks
	}
	list = list[:min(len(list), maxListed)]
	if rest > 0 {
		list = append(list, Count{click.Other, rest})
	}
	return list
}

// sorted returns the counts, most clicks first, equals by name.
func sorted(counts map[string]int64) []Count {
	list := make([]Count, 0, len(counts))
	for name, clicks := range counts {
		list = append(list, Count{name, clicks})
	}
	slices.SortFunc(list, func(x, y Count) int {
		return cmp.Or(cmp.Compare(y.Clicks, x.Clicks), cmp.Compare(x.Name, y.Name))
	})
	return list
}
