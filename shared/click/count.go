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
	Bot      = "bot"
)

// Names that are counted in place of one.
const (
	Unknown = "unknown" // the click has no name in this dimension
	Other   = "other"   // names outside a list, or above NamesADay
)

// NamesADay is how many cities, referrers and bots one link counts a day. It keeps a
// counter item small whatever visitors send.
const NamesADay = 200

// Dimensions returns the names of all dimensions.
func Dimensions() []string { return []string{Country, City, Referrer, Browser, System, Device, Bot} }

// Names are clicks by name, by dimension. Each dimension other than Bot adds up to the
// clicks of people.
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
	Hours  [24]int64 // of these clicks
	Names  Names
}

// Bots returns the clicks of bots.
func (n Names) Bots() (clicks int64) {
	for _, bot := range n[Bot] {
		clicks += bot
	}
	return clicks
}

// Merge adds other clicks of the same link and day.
func (d *DayCount) Merge(more DayCount) {
	d.Clicks += more.Clicks
	for hour, clicks := range more.Hours {
		d.Hours[hour] += clicks
	}
	d.Names.Merge(more.Names)
}

// Sum adds up clicks of one link and day, at least one.
func Sum(clicks []Click) DayCount {
	first := clicks[0]
	day := DayCount{Link: first.Link, Code: first.Code, Owner: first.Owner, Day: first.At.UTC().Truncate(24 * time.Hour), Names: Names{}}
	for _, c := range clicks {
		if c.Bot != "" {
			day.Names.Add(Bot, c.Bot, 1)
			continue
		}
		day.Clicks++
		day.Hours[c.At.UTC().Hour()]++
		for dimension, name := range map[string]string{
			Country: c.Country, City: c.City, Referrer: c.Referrer,
			Browser: c.Browser, System: c.System, Device: c.Device,
		} {
			day.Names.Add(dimension, cmp.Or(name, Unknown), 1)
		}
	}
	return day
}

// Limit makes the day obey NamesADay when it is added to what is known of that
// day: names that are new and one too many become Other; those with most
// clicks come first. It returns how many new names are left.
func (d DayCount) Limit(known Names) int {
	added := 0
	for _, dimension := range []string{City, Referrer, Bot} {
		fresh := d.fresh(dimension, known[dimension])
		room := max(0, NamesADay-invented(known[dimension]))
		for _, name := range fresh[min(room, len(fresh)):] {
			d.Names.Add(dimension, Other, d.Names[dimension][name])
			delete(d.Names[dimension], name)
		}
		added += min(room, len(fresh))
	}
	return added
}

// fresh returns the day's names that are not known, most clicks first.
func (d DayCount) fresh(dimension string, known map[string]int64) []string {
	clicks := d.Names[dimension]
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

// Groups splits clicks into groups of one link and one day each, of at most size
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
		day := c.At.UTC().Truncate(24 * time.Hour)
		byLink[c.Link][day] = append(byLink[c.Link][day], c)
	}
	groups := map[string][][]Click{}
	for link, days := range byLink {
		for _, day := range slices.SortedFunc(maps.Keys(days), time.Time.Compare) {
			groups[link] = slices.AppendSeq(groups[link], slices.Chunk(days[day], size))
		}
	}
	return groups
}
