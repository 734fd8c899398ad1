package jpeg

// several returns what decodes a row of MCUs of a file with several scans. All
// scans go through the row at once, each from where it stopped in the file, so
// only the coefficients of this row are ever kept; the image is complete row
// by row, as that of a single scan is.
func (d *decoder) several() (func(row int) error, error) {
	g := &passes{decoder: d}
	var used []int
	for _, l := range d.lanes {
		used = append(used, l.size)
		n := d.columns() * l.h * l.v
		g.rows = append(g.rows, coefficients{columns: d.columns() * l.h, blocks: make([]block, n), known: make([]uint64, n)})
	}
	for _, s := range d.header.needed(used, &d.order) {
		p, ok := d.pass(s)
		if !ok {
			return nil, ErrCorrupt
		}
		g.passes = append(g.passes, p)
	}
	return g.row, nil
}

// passes decodes several scans side by side.
type passes struct {
	*decoder
	passes []*pass
	rows   []coefficients // of each component
}

// coefficients are those of a component in one row of MCUs, multiplied already.
type coefficients struct {
	columns int
	blocks  []block
	known   []uint64 // which coefficients of a block are not zero, a bit each, in the order of the stream
}

func (g *passes) row(row int) error {
	for i, l := range g.lanes {
		for at := range g.rows[i].blocks {
			b := &g.rows[i].blocks[at]
			for y := 0; y < 8*l.size; y += 8 {
				clear(b[y : y+l.size])
			}
		}
		clear(g.rows[i].known)
	}
	for _, p := range g.passes {
		if err := p.row(g, row); err != nil {
			return err
		}
	}
	for i, l := range g.lanes {
		c := g.rows[i]
		for y := range l.v {
			at := (row*l.v + y) * l.size * l.plane.Stride
			for x := range c.columns {
				n := y*c.columns + x
				l.inverse(&c.blocks[n], c.known[n]&^1 == 0, l.plane.Pix[at:], l.plane.Stride)
				at += l.size
			}
		}
	}
	return nil
}

// pass is a scan and its position.
type pass struct {
	scan
	in     stream
	coders []coder // of its components
	order  *[128]byte
	take   func(p *pass, c *coder, b *block, known *uint64) bool // decodes a block
	done   int                                                   // MCUs
	skip   int                                                   // blocks without coefficients, T.81's EOBRUN
}

func (d *decoder) pass(s scan) (*pass, bool) {
	p := &pass{scan: s, in: stream{data: s.body}, order: &d.order}
	switch {
	case !d.header.progressive:
		p.take = (*pass).full
	case s.first == 0 && s.refines:
		p.take = (*pass).refineFirst
	case s.first == 0:
		p.take = (*pass).beginFirst
	case s.refines:
		p.take = (*pass).refine
	default:
		p.take = (*pass).begin
	}
	for _, part := range s.parts {
		c, ok := d.coder(part, s.low)
		if !ok {
			return nil, false
		}
		p.coders = append(p.coders, c)
	}
	return p, true
}

// row decodes what the scan says of a row of MCUs of the image. A scan of one
// component has MCUs of its own, of one block, and none beyond the image:
// T.81, A.2.
func (p *pass) row(g *passes, row int) error {
	if len(p.parts) > 1 {
		for column := range g.columns() {
			if err := p.begins(); err != nil {
				return err
			}
			for i, part := range p.parts {
				l := &g.lanes[part.component]
				for y := range l.v {
					for x := range l.h {
						if !p.block(g, i, y, column*l.h+x) {
							return p.in.failure()
						}
					}
				}
			}
			if p.in.exhausted() {
				return ErrTruncated
			}
		}
		return nil
	}
	l := &g.lanes[p.parts[0].component]
	columns, rows := ceil(l.plane.Width, l.size), ceil(l.plane.Height, l.size)
	for y := range min(l.v, rows-row*l.v) {
		for x := range columns {
			if err := p.begins(); err != nil {
				return err
			}
			if !p.block(g, 0, y, x) {
				return p.in.failure()
			}
		}
		if p.in.exhausted() {
			return ErrTruncated
		}
	}
	return nil
}

// begins goes to the next restart marker where one is due.
func (p *pass) begins() error {
	due := p.restart > 0 && p.done > 0 && p.done%p.restart == 0
	p.done++
	if !due {
		return nil
	}
	for i := range p.coders {
		p.coders[i].previous = 0
	}
	p.skip = 0
	return p.in.restart((p.done-1)/p.restart - 1)
}

func (p *pass) block(g *passes, part, y, x int) bool {
	c := &g.rows[p.parts[part].component]
	at := y*c.columns + x
	return p.take(p, &p.coders[part], &c.blocks[at], &c.known[at])
}
