package jpeg

import (
	"context"
	"errors"
)

// Scale is by how much an image is made smaller while it is decoded: 1, 2, 4
// or 8, for brightness and for colour. An image whose colours are stored at
// half the size each way needs the same for both; of one that stores all of
// them, the half is enough where small JPEGs are made.
type Scale struct{ Luma, Chroma int }

// Reader is a file whose headers have been read.
type Reader struct{ header *header }

// Open reads the headers of a file. It allocates nothing that they claim.
func Open(data []byte) (*Reader, error) {
	h, err := parse(data)
	if err != nil {
		return nil, err
	}
	if (h.cut || !h.progressive && !h.single()) && !h.whole() {
		return nil, ErrTruncated // scans are missing
	}
	return &Reader{h}, nil
}

// Size returns the width and height of the image.
func (r *Reader) Size() (width, height int) { return r.header.width, r.header.height }

// ScaleFor returns the scale that makes the fewest samples which are still
// enough for an image of the given size with colours at half of it.
func (r *Reader) ScaleFor(width, height int) Scale {
	h := r.header
	enough := func(stepX, stepY, width, height int) int {
		scale := 8
		for scale > 1 && (ceil(h.width, scale*stepX) < width || ceil(h.height, scale*stepY) < height) {
			scale /= 2
		}
		return scale
	}
	out := Scale{Luma: enough(1, 1, width, height), Chroma: 1}
	if len(h.components) == 3 {
		c := h.components[1]
		out.Chroma = enough(h.maxH/c.h, h.maxV/c.v, ceil(width, 2), ceil(height, 2))
	}
	return out
}

// Decode begins to decode and returns the image at once; Resize and
// Image.Wait wait for its rows. Decoding goes on in a goroutine until it is
// done or the context is. Planes are allocated as large as the headers say:
// the caller has compared that with what it can afford.
func (r *Reader) Decode(ctx context.Context, scale Scale) (*Image, error) {
	d := &decoder{header: r.header, order: natural()}
	img := &Image{Width: r.header.width, Height: r.header.height, arrival: newArrival()}
	for i, c := range r.header.components {
		shrink := scale.Luma
		if i > 0 {
			shrink = scale.Chroma
		}
		stepX, stepY := shrink*d.header.maxH/c.h, shrink*d.header.maxV/c.v
		l := lane{h: c.h, v: c.v, size: 8 / shrink, inverse: inverseOf(shrink)}
		l.multiple = multiples(r.header.quants[c.quant], shrink, &d.order)
		// Room for whole MCUs: what lies beyond the image is decoded and ignored.
		room := newPlane(d.columns()*c.h*l.size, d.rows()*c.v*l.size, 1, 1)
		room.Width, room.Height = ceil(img.Width, stepX), ceil(img.Height, stepY)
		room.StepX, room.StepY = stepX, stepY
		l.plane = room
		d.lanes = append(d.lanes, l)
		img.Planes = append(img.Planes, room)
	}
	row := d.single
	if !r.header.single() {
		row = d.several
	}
	next, err := row()
	if err != nil {
		return nil, err
	}
	go d.run(ctx, next, img.arrival)
	return img, nil
}

// decoder decodes a file, one row of MCUs after the other.
type decoder struct {
	header *header
	order  [128]byte
	lanes  []lane
}

// lane is one component on its way into its plane.
type lane struct {
	h, v     int // blocks of an MCU
	size     int // of a decoded block, and how many rows and columns of coefficients it takes
	multiple *[128]int32
	inverse  inverse
	plane    Plane
}

// The minimum units of coding that a row and a column of the image take.
func (d *decoder) columns() int { return ceil(d.header.width, 8*d.header.maxH) }
func (d *decoder) rows() int    { return ceil(d.header.height, 8*d.header.maxV) }

// publishRows is the number of rows between notifications of waiters, few enough that
// they cost nothing compared with decoding.
const publishRows = 64

// run decodes all rows with the given function, and publishes its progress.
func (d *decoder) run(ctx context.Context, row func(int) error, arrival *arrival) {
	var err error
	done, reported, rows := 0, 0, d.rows()
	defer func() {
		if recovered := recover(); recovered != nil {
			err = ErrCorrupt
		}
		truncated := errors.Is(err, ErrTruncated)
		if truncated && done > 0 && done*100 >= rows*95 && d.header.whole() {
			d.extend(done)
			err = nil
		}
		arrival.end(truncated && err == nil, err)
	}()
	for ; done < rows; done++ {
		if err = ctx.Err(); err != nil {
			return
		}
		if err = row(done); err != nil {
			return
		}
		if at := (done + 1) * 8 * d.header.maxV; at-reported >= publishRows {
			arrival.reach(min(at, d.header.height))
			reported = at
		}
	}
}

// extend fills what is missing below the given number of rows of MCUs with the
// last row above.
func (d *decoder) extend(rows int) {
	for _, l := range d.lanes {
		p := l.plane
		first := rows * l.v * l.size
		for y := first; y < p.Height; y++ {
			copy(p.Pix[y*p.Stride:(y+1)*p.Stride], p.Pix[(first-1)*p.Stride:])
		}
	}
}
