package main

import "math"

// usage is a month's traffic, in millions, with the settings that cost money even without
// traffic, and assumptions about the visits: when they arrive, and how many clicks one
// transaction counts.
type usage struct {
	redirects, links, images float64
	alarms                   float64 // metrics that the stack's alarms watch
	busy                     float64 // all traffic arrives in one of so many hours, evenly
	window                   float64 // seconds in which a batch of clicks is collected
	together                 float64 // clicks of one link and day per transaction, if a batch has so many
	day                      float64 // KB of a link's counters per day: more with many referrers and cities
	traces, firewall, probe  bool
	plan                     string // of CloudFront; "" for pay-as-you-go
}

// Amounts per redirect, link and image, according to the code. sizes.yml contains the sizes of
// items. A transaction counts each write twice: of a click, and of its link's total, day and quarter hour.
const (
	biggestBatch     = 256.0 // functions/click-count/function.yml
	bytesPerRedirect = 1_200 // headers and a tiny page
	bytesALog        = 300   // an access line of the API
	bytesAnInvoke    = 500   // platform.start and platform.report, with what CloudWatch adds to a line
	keptMonths       = 3.0   // raw clicks
	bytesAQuarter    = 450.0 // of a link with few clicks
	keptIdempotency  = 1 / 30.4
	entriesPerLink   = 12.0 // of the links' index: words, tags, host
	bytesPerEntry    = 130.0
	bytesPerImage    = 4e6 // the original
	bytesVariants    = 1.2e6
	variantsPerImage = 6.0
	viewsPerImage    = 10.0
	bytesPerView     = 150e3
	secondsAMonth    = 2.628e6
	emptyPolls       = 5 * 3 * 60 * 24 * 30.4 / 1e6 // millions: five concurrent polls of 20 seconds
	secrets          = 2.0
	keys             = 1.0 // of the alerts topic
	metrics          = 8.0 // custom metrics, some by code or version
	firewallRules    = 4.0
	probes           = 6.0 / 30 // a second: two checkers in each of three regions (infra/probe.js)
	itemOverhead     = 100.0    // bytes that DynamoDB adds to an item, and to an entry of an index, when it bills storage
)

// demand is a month's amount of each priced item, in its unit.
type demand map[string]float64

// need calculates the demand of a usage from the durations of functions and the sizes of items.
func need(u usage, m measured, items sizes) demand {
	d := demand{}
	batch := u.batch()
	batches, transactions := u.redirects/batch, u.redirects/min(u.together, batch)
	for name, millions := range map[string]float64{
		"link-redirect": u.redirects, "click-count": batches,
		"link-shorten": u.links, "image-upload": u.images, "image-resize": u.images,
	} {
		d.call(name, millions, m)
		d.add("traces", u.traced(millions))
	}
	requests := u.redirects + u.links + u.images
	if u.probe {
		asked := probes * secondsAMonth / 1e6
		d.add("probe", 1)
		d.call("health", asked, m)
		d.add("traces", u.traced(asked))
		requests += asked
	}
	visits := requests + u.images*viewsPerImage
	d.add("api", requests)
	d.add("edge-requests", visits)
	d.add("edge-functions", u.redirects)
	d.add("edge-transfer", u.redirects*bytesPerRedirect/1e3+u.images*viewsPerImage*bytesPerView/1e3)
	d.add("logs", requests*bytesALog/1e3+d["lambda-requests"]*bytesAnInvoke/1e3)
	d.tables(u, transactions, items)
	d.add("queue", u.redirects*(1+2/min(batch, 10))+emptyPolls) // sent, and received and deleted up to ten at a time
	d.add("storage", u.images*(bytesPerImage+bytesVariants)/1e3)
	d.add("storage-writes", u.images*(1+variantsPerImage))
	d.add("storage-reads", u.images*(1+variantsPerImage))
	d.add("alarms", u.alarms)
	d.add("secrets", secrets)
	d.add("keys", keys)
	d.add("metrics", metrics)
	if u.firewall {
		d.add("firewall", 1)
		d.add("firewall-rules", firewallRules)
		d.add("firewall-requests", visits)
	}
	return d
}

// tables adds the demand of the tables and their indexes. A unit writes 1 KB, in a transaction half of that;
// a unit reads 4 KB. An index with all attributes writes the whole item for each change of it, and stores
// it once more; transactions do not double that.
func (d demand) tables(u usage, transactions float64, items sizes) {
	kb := func(bytes float64) float64 { return math.Ceil(bytes / 1024) }
	day := max(1, math.Ceil(u.day))
	link, record := kb(items.Link), kb(items.Idempotency)
	pending, ready, content := kb(items.ImagePending), kb(items.Image), kb(items.Content)

	click := 2 * kb(items.Click)
	// At most, a link's first click of a day also writes an entry in byOwnerDay and the link's rank, which replaces an
	// entry in two indexes.
	count := 2*kb(items.Total) + 2*day + 2*kb(bytesAQuarter) + 1 + 5
	shorten := 2*link + link + 2*record + entriesPerLink // the link, byOwner, its idempotency record, its index
	// The image is created, begun and finished, in transactions, each time in the table and in byOwner. Then the claim on the
	// content and, in transactions, its result and its use. byDue gets and loses four entries: of the image and of the content.
	image := (2*pending + pending) + (2*pending + pending) + (2*ready + ready) + content + 2*content + 2*content + 8
	d.add("table-writes", u.redirects*click+transactions*count+u.links*shorten+u.images*image)
	// A link is read consistently, and so are its day and quarter hour before clicks are added.
	d.add("table-reads", u.redirects+transactions*(math.Ceil(day/4)+1)+u.links/2)

	gb := func(millions, bytes float64) float64 { return millions * (bytes + itemOverhead) / 1e3 }
	tables := gb(u.redirects*keptMonths, items.Click) + gb(transactions, items.Total) + gb(transactions, day*1024) + gb(transactions, bytesAQuarter) + gb(u.links, items.Link) +
		gb(u.links*keptIdempotency, items.Idempotency) + gb(u.links*entriesPerLink, bytesPerEntry) + gb(u.images, items.Image) + gb(u.images, items.Content)
	indexes := gb(transactions, items.DayEntry) + gb(u.links, items.Link) + gb(u.images, items.Image)
	d.add("table-storage", tables+indexes)
	d.add("table-backups", tables) // backups contain no indexes
}

// batch returns the number of clicks per invocation of click-count: the first one, and those that
// arrive in the batch window.
func (u usage) batch() float64 {
	return min(1+u.redirects*1e6/secondsAMonth*u.busy*u.window, biggestBatch)
}

// traced returns how many of these calls X-Ray records at most: the first of each second
// and a twentieth of the others. Lambda's sampling rate cannot be set.
func (u usage) traced(millions float64) float64 {
	if !u.traces {
		return 0
	}
	first := min(millions, secondsAMonth/u.busy/1e6)
	return first + (millions-first)/20
}

func (d demand) add(what string, units float64) { d[what] += units }

// call adds so many millions of calls of a function.
func (d demand) call(function string, millions float64, m measured) {
	took := m.Functions[function]
	d.add("lambda-requests", millions)
	d.add("lambda-time", millions*1e6*took.Milliseconds/1e3*float64(took.Memory)/1024)
}

// cost returns the cost of a demand, with or without the monthly free tier. A plan of CloudFront replaces
// the prices of everything it includes.
func (p priced) cost(d demand, free bool, plan string) map[string]float64 {
	all := map[string]float64{}
	for what, units := range d {
		price := p.Prices[what]
		if free {
			units = max(0, units-price.Free)
		}
		if plan != "" && price.InPlans {
			units = 0
		}
		all[what] = units * price.Price
	}
	if plan != "" {
		all["edge-plan"] = p.Plans[plan].Price
	}
	return all
}
