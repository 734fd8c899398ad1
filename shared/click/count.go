package click

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// The dimensions that clicks are broken down by. Those of bots are in Bot only, and
// those of people in all others.
const (
	Country  = "country"
	City     = "city"
	Referrer = "referrer"
	Browser  = "browser"
	System   = "system"
	Device   = "device"
	Language = "language"
	// Destination is where a rule of the link, or none of them, has led the visitor. Clicks of links
	// without rules are not in it.
	Destination = "destination"
	Bot         = "bot"
)

// Names that are counted in place of one.
const (
	Unknown = "unknown" // the click has no name in this dimension
	Other   = "other"   // names outside a list, or above NamesADay
)

// NamesADay is how many cities, referrers, languages, destinations and bots one link counts
// a day, and a quarter hour. It keeps a counter item small whatever visitors send.
const NamesADay = 200

// Dimensions returns the names of all dimensions.
func Dimensions() []string {
	return []string{Country, City, Referrer, Browser, System, Device, Language, Destination, Bot}
}

// Names are clicks by name, by dimension. Each dimension other than Destination and Bot adds
// up to the clicks of people.
type Names map[string]map[string]int64

// Add adds n clicks to a name.
func (n Names) Add(dimension, name string, clicks int64) {
	if n[dimension] == nil {
		n[dimension] = map[string]int64{}
	}
	n[dimension][name] += clicks
}

// Merge adds all of more.
func (n Names) Merge(more Names) {
	for dimension, names := range more {
		for name, clicks := range names {
			n.Add(dimension, name, clicks)
		}
	}
}

// DayCount is one link's clicks of one day.
type DayCount struct {
	Link   string // the ID of the link
	Code   string // of the link when it was last counted
	Owner  string
	Day    time.Time // midnight, UTC
	Clicks int64     // of people
	Scans  int64     // of these clicks, from QR codes
	Hours  [24]int64 // of these clicks
	// Quarters are the clicks by quarter hour. Clicks that older versions counted are only in Hours.
	Quarters [QuartersADay]int64
	Names    Names
	Visitors Visitors
}

// Quarter is the shortest time of which names and visitors are counted. All time zones of our
// time differ from UTC by a multiple of it.
const Quarter = 15 * time.Minute

// QuartersADay is how many quarter hours a day of UTC has.
const QuartersADay = 96

// QuarterCount is one link's clicks of one quarter hour.
type QuarterCount struct {
	At       time.Time // when it begins
	Clicks   int64     // of people
	Scans    int64     // of these clicks, from QR codes
	Minutes  [15]int64 // of these clicks
	Names    Names
	Visitors Visitors
}

// Bots returns the clicks of bots.
func (n Names) Bots() (clicks int64) {
	for _, bot := range n[Bot] {
		clicks += bot
	}
	return clicks
}

// Merge adds other clicks of the same link and day.
func (d *DayCount) Merge(more DayCount) error {
	d.Clicks += more.Clicks
	d.Scans += more.Scans
	for hour, clicks := range more.Hours {
		d.Hours[hour] += clicks
	}
	for quarter, clicks := range more.Quarters {
		d.Quarters[quarter] += clicks
	}
	d.Names.Merge(more.Names)
	var err error
	d.Visitors, err = d.Visitors.Merge(more.Visitors)
	return err
}

// Sum adds up clicks of one link and quarter hour, at least one, as clicks of that quarter
// hour and of its day.
func Sum(clicks []Click) (DayCount, QuarterCount) {
	first := clicks[0]
	at := first.At.UTC().Truncate(Quarter)
	quarter := QuarterCount{At: at, Names: Names{}}
	var visitors []uint64
	for _, c := range clicks {
		if c.Bot != "" {
			quarter.Names.Add(Bot, c.Bot, 1)
			continue
		}
		quarter.Clicks++
		quarter.Minutes[c.At.UTC().Minute()%len(quarter.Minutes)]++
		if c.Scan {
			quarter.Scans++
		}
		quarter.Names.of(c)
		if visitor, ok := c.visitor(); ok {
			visitors = append(visitors, visitor)
		}
	}
	quarter.Visitors = newVisitors(visitors)
	day := DayCount{
		Link: first.Link, Code: first.Code, Owner: first.Owner, Day: at.Truncate(24 * time.Hour),
		Clicks: quarter.Clicks, Scans: quarter.Scans, Names: Names{}, Visitors: quarter.Visitors,
	}
	day.Hours[at.Hour()] = quarter.Clicks
	day.Quarters[at.Hour()*4+at.Minute()/15] = quarter.Clicks
	day.Names.Merge(quarter.Names)
	return day, quarter
}

// of adds the names of a person's click.
func (n Names) of(c Click) {
	for dimension, name := range map[string]string{
		Country: c.Country, City: c.City, Referrer: c.Referrer,
		Browser: c.Browser, System: c.System, Device: c.Device, Language: c.Language,
	} {
		n.Add(dimension, cmp.Or(name, Unknown), 1)
	}
	if c.Destination != "" {
		n.Add(Destination, c.Destination, 1)
	}
}

// Limit makes the names obey NamesADay when they are added to those that are known of
// the same time: names that are new and one too many become Other; those with most
// clicks come first. It returns how many new names are left.
func (n Names) Limit(known Names) int {
	added := 0
	for _, dimension := range []string{City, Referrer, Language, Destination, Bot} {
		fresh := n.fresh(dimension, known[dimension])
		room := max(0, NamesADay-invented(known[dimension]))
		for _, name := range fresh[min(room, len(fresh)):] {
			n.Add(dimension, Other, n[dimension][name])
			delete(n[dimension], name)
		}
		added += min(room, len(fresh))
	}
	return added
}

// fresh returns the names that are not known, most clicks first.
func (n Names) fresh(dimension string, known map[string]int64) []string {
	clicks := n[dimension]
	names := slices.DeleteFunc(slices.Collect(maps.Keys(clicks)), func(name string) bool {
		_, old := known[name]
		return old || reserved(name)
	})
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(clicks[b], clicks[a]), cmp.Compare(a, b))
	})
	return names
}

// invented counts the names that came from visitors.
func invented(names map[string]int64) int {
	n := 0
	for name := range names {
		if !reserved(name) {
			n++
		}
	}
	return n
}

func reserved(name string) bool { return name == Unknown || name == Other || name == Direct }

// Groups splits clicks into groups of one link and one quarter hour each, of at most size
// clicks, by the link's ID. A click that is there twice, by its id, is taken once.
func Groups(clicks []Click, size int) map[string][][]Click {
	seen := map[string]bool{}
	byLink := map[string]map[time.Time][]Click{}
	for _, c := range clicks {
		if seen[c.ID] {
			continue
		}
		seen[c.ID] = true
		if byLink[c.Link] == nil {
			byLink[c.Link] = map[time.Time][]Click{}
		}
		quarter := c.At.UTC().Truncate(Quarter)
		byLink[c.Link][quarter] = append(byLink[c.Link][quarter], c)
	}
	groups := map[string][][]Click{}
	for link, quarters := range byLink {
		for _, at := range slices.SortedFunc(maps.Keys(quarters), time.Time.Compare) {
			groups[link] = slices.AppendSeq(groups[link], slices.Chunk(quarters[at], size))
		}
	}
	return groups
}
