package jpeg

// single returns what decodes a row of MCUs of a file with one scan. Each block
// goes right into its plane.
func (d *decoder) single() (func(row int) error, error) {
	s := d.header.scans[0]
	p := &onePass{decoder: d, in: stream{data: s.body}, restart: s.restart}
	for _, part := range s.parts {
		c, ok := d.coder(part, 0)
		if !ok {
			return nil, ErrCorrupt
		}
		p.coders = append(p.coders, c)
	}
	return p.row, nil
}

// onePass decodes the only scan of a file.
type onePass struct {
	*decoder
	in      stream
	restart int
	coders  []coder // a component each
	block   block
}

func (p *onePass) row(row int) error {
	columns := p.columns()
	for column := range columns {
		if p.restart > 0 {
			if mcu := row*columns + column; mcu > 0 && mcu%p.restart == 0 {
				if err := p.in.restart(mcu/p.restart - 1); err != nil {
					return err
				}
				for i := range p.coders {
					p.coders[i].previous = 0
				}
			}
		}
		for i := range p.lanes {
			if !p.mcu(i, row, column) {
				return p.in.failure()
			}
		}
		if p.in.exhausted() {
			return ErrTruncated
		}
	}
	return nil
}

// mcu decodes the blocks of a component in one MCU.
func (p *onePass) mcu(component, row, column int) bool {
	l, c := &p.lanes[component], &p.coders[component]
	for y := range l.v {
		at := (row*l.v+y)*l.size*l.plane.Stride + column*l.h*l.size
		for range l.h {
			last := c.decode(&p.in, &p.block)
			if last < 0 {
				return false
			}
			l.inverse(&p.block, last == 0, l.plane.Pix[at:], l.plane.Stride)
			at += l.size
		}
	}
	return true
}
