package jpeg

import "context"

// Part is the part of an image to take, in its pixels, and how to mirror it.
type Part struct {
	Left, Top, Width, Height float64
	FlipX, FlipY             bool
}

// Whole is the part that is all of an image.
func (p *Image) Whole() Part { return Part{Width: float64(p.Width), Height: float64(p.Height)} }

// Resize begins to make an image of the given size of a part of p by Lanczos's
// filter, with colours at half the size each way, as they are encoded. It returns
// at once, and goes on in a goroutine of its own: where p is still coming, rows
// are made as soon as what they need is there, and those who use the new image
// wait for its rows in the same way. Its error is that of p, or the context's.
func Resize(ctx context.Context, p *Image, width, height int, part Part) *Image {
	out := &Image{Width: width, Height: height, arrival: newArrival()}
	var jobs []*job
	for i, from := range p.Planes {
		step := min(i+1, 2)
		to := newPlane(width, height, step, step)
		out.Planes = append(out.Planes, to)
		j := &job{from: from, to: to, flip: part.FlipY}
		if i == 2 && from.like(p.Planes[1]) { // both colours are made alike
			other := jobs[1]
			j.rows, j.columns, j.copies = other.rows, other.columns, other.copies
		} else {
			x := newAxis(part.Left, part.Width, width, from.StepX, step, part.FlipX)
			y := newAxis(part.Top, part.Height, height, from.StepY, step, part.FlipY)
			j.rows, j.columns = y.lanczos(from.Height, to.Height), x.lanczos(from.Width, to.Width)
			j.copies = x.same(from.Width, to.Width) && y.same(from.Height, to.Height)
		}
		j.prepare()
		jobs = append(jobs, j)
	}
	go func() {
		var err error
		defer func() {
			if recover() != nil {
				err = ErrCorrupt
			}
			out.arrival.end(false, err)
		}()
		err = run(ctx, p, out, jobs)
	}()
	return out
}

// run makes all planes, band by band, so that none lags behind the decoder.
func run(ctx context.Context, from, to *Image, jobs []*job) error {
	const band = 32 // rows of brightness; an even number of rows of colour
	for at := 0; at < to.Height; at += band {
		if err := ctx.Err(); err != nil {
			return err
		}
		for i, j := range jobs {
			first, last := at, at+band
			if i > 0 {
				first, last = first/2, last/2
			}
			last = min(last, j.to.Height)
			if first >= last {
				continue
			}
			if err := from.await(j.needs(last-1) * j.from.StepY); err != nil {
				return err
			}
			for row := first; row < last; row += 2 {
				j.pair(row, min(row+1, last-1))
			}
		}
		if !jobs[0].flip {
			to.arrival.reach(min(at+band, to.Height))
		}
	}
	return nil
}
