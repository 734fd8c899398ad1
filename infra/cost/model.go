package main

// usage is what a month sees, in millions, and what costs while nobody comes. What is
// assumed of the visits can be set: how they come, and how many clicks one
// transaction counts.
type usage struct {
	redirects, links, images float64
	alarms                   float64 // of the stack
	busy                     float64 // all comes in one of so many hours, evenly
	window                   float64 // seconds in which a batch of clicks gathers
	together                 float64 // clicks of one link and day in a transaction, if a batch has so many
	traces, firewall         bool
}

// What one of each takes, by the code and the sizes of the data. A transaction
// writes each item twice: a click, and the total and the day of its link. A day
// has up to 1 KB unless its link is followed by many, who then share transactions.
const (
	writesAClick       = 2.0
	writesATransaction = 2*2.0 + 1 // and an entry in the index, at most
	readsATransaction  = 1.0       // the day
	biggestBatch       = 270.0     // functions/click-count/function.yml
	bytesARedirect     = 1_200     // headers and a tiny page
	bytesALog          = 300       // an access line of the API
	bytesAClick        = 400
	bytesADay          = 300 // of a link, with its index
	bytesALink         = 500
	bytesAnImage       = 2e3
	keptMonths         = 3.0 // raw clicks
	bytesAPicture      = 4e6 // the original
	bytesVariants      = 1.2e6
	variantsAPicture   = 6.0
	viewsAPicture      = 10.0
	bytesAView         = 150e3
	secondsAMonth      = 2.628e6
	emptyPolls         = 5 * 3 * 60 * 24 * 30.4 / 1e6 // millions: five at once, of 20 seconds
	secrets            = 2.0
	keys               = 1.0 // of the alerts topic
	metrics            = 7.0 // of our own, some by code or version
	firewallRules      = 4.0
)

// demand is what a month takes of each priced thing, in its unit.
type demand map[string]float64

// need works out a demand from a usage and what the functions took.
func need(u usage, m measured) demand {
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
	visits := requests + u.images*viewsAPicture
	d.add("api", requests)
	d.add("edge-requests", visits)
	d.add("edge-transfer", u.redirects*bytesARedirect/1e3+u.images*viewsAPicture*bytesAView/1e3)
	d.add("logs", requests*bytesALog/1e3)
	d.add("table-reads", u.redirects/2+u.links/2+transactions*readsATransaction)
	d.add("table-writes", u.redirects*writesAClick+transactions*writesATransaction+u.links*2+u.images*6)
	stored := (u.redirects*bytesAClick*keptMonths + transactions*bytesADay + u.links*bytesALink + u.images*bytesAnImage) / 1e3
	d.add("table-storage", stored)
	d.add("table-backups", stored)
	d.add("queue", u.redirects*(1+2/min(batch, 10))+emptyPolls) // sent, and received and deleted up to ten at a time
	d.add("storage", u.images*(bytesAPicture+bytesVariants)/1e3)
	d.add("storage-writes", u.images*(1+variantsAPicture))
	d.add("storage-reads", u.images*(1+variantsAPicture))
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

// batch is how many clicks one invocation of click-count gets: the first, and those of
// the window in which more are waited for.
func (u usage) batch() float64 {
	return min(1+u.redirects*1e6/secondsAMonth*u.busy*u.window, biggestBatch)
}

// traced is how many of so many millions of calls X-Ray records, at most: the first
// of each second and a twentieth of the others. It cannot be set for Lambda.
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

// cost is what a demand costs, with or without what is free each month.
func (p priced) cost(d demand, free bool) map[string]float64 {
	all := map[string]float64{}
	for what, units := range d {
		price := p.Prices[what]
		if free {
			units = max(0, units-price.Free)
		}
		all[what] = units * price.Price
	}
	return all
}
