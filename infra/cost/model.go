package main

// usage is what a month sees, in millions; alarms are counted one by one.
type usage struct{ redirects, links, images, alarms float64 }

// What one of each takes, by the code and the sizes of the data. A transaction
// writes each item twice over; a click is its own item and counters in two or three
// others, which a batch of SQS shares among clicks of the same link and hour.
const (
	clicksABatch     = 20.0  // of the same link, when links are followed at all often
	countersABatch   = 4.0   // total, hour, day, and their transaction's token
	writesAClick     = 2.0   // one item in a transaction
	bytesARedirect   = 1_200 // headers and a tiny page
	bytesALog        = 300   // an access line of the API
	bytesAPicture    = 4e6   // the original
	bytesVariants    = 1.2e6 // six of them
	viewsAPicture    = 10.0
	bytesAView       = 150e3
	variantsAPicture = 6.0
)

// demand is what a month takes of each priced thing, in its unit.
type demand map[string]float64

// need works out a demand from a usage and what the functions took.
func need(u usage, m measured) demand {
	d := demand{}
	batches := u.redirects / clicksABatch
	d.call("link-redirect", u.redirects, m)
	d.call("click-count", batches, m)
	d.call("link-shorten", u.links, m)
	d.call("image-upload", u.images, m)
	d.call("image-resize", u.images, m)
	requests := u.redirects + u.links + u.images
	d.add("api", requests)
	d.add("edge-requests", requests+u.images*viewsAPicture)
	d.add("edge-transfer", u.redirects*1e6*bytesARedirect/1e9+u.images*1e6*viewsAPicture*bytesAView/1e9)
	d.add("logs", requests*1e6*bytesALog/1e9)
	d.add("table-reads", u.redirects/2+u.links/2)
	d.add("table-writes", u.redirects*writesAClick+batches*countersABatch*2+u.links*2+u.images*6)
	d.add("table-storage", (u.redirects*0.3+u.links*0.5+u.images*2)*1e6*1e3/1e9)
	d.add("queue", u.redirects+2*batches)
	d.add("storage", u.images*1e6*(bytesAPicture+bytesVariants)/1e9)
	d.add("storage-writes", u.images*(1+variantsAPicture))
	d.add("storage-reads", u.images*(1+variantsAPicture))
	d.add("alarms", u.alarms)
	return d
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
