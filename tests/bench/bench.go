package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// way is one way of making the variants, on one processor or two.
type way struct {
	name string
	two  bool
}

// command returns the process that measures a way.
func (w way) command(file, save string) *exec.Cmd {
	if w.name == "sharp" {
		mode := "one"
		if w.two {
			mode = "two"
		}
		args := []string{"tests/bench/sharp.mjs", mode, file}
		if save != "" {
			args = append(args, save)
		}
		return exec.Command("node", args...)
	}
	cmd := exec.Command(os.Args[0], "-child", w.name, "-file", file, "-save", save)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	if w.two {
		cmd.Env = append(os.Environ(), "GOMAXPROCS=2")
	}
	return cmd
}

func (w way) run(file, save string) (m measurement, err error) {
	out, err := w.command(file, save).Output()
	if err != nil {
		if failed, ok := errors.AsType[*exec.ExitError](err); ok {
			return m, fmt.Errorf("%s, %s: %w: %s", w.name, file, err, failed.Stderr)
		}
		return m, err
	}
	return m, json.Unmarshal(out, &m)
}

func ways(p picture) []way {
	out := []way{{ours, false}, {ours, true}, {direct, false}, {direct, true}, {"sharp", false}, {"sharp", true}}
	if p.jpeg {
		out = append(out, way{decoder, false})
	}
	return out
}

// results are the medians of one picture's measurements.
type results struct {
	picture picture
	of      map[way]measurement
	psnr    map[string][]float64 // of 1280, 640 and 320, by way
}

// bench measures everything and writes the page.
func bench(dir, out string, rounds int) error {
	if err := generate(dir); err != nil {
		return err
	}
	var all []results
	for _, p := range pictures(dir) {
		fmt.Fprintln(os.Stderr, "measuring", p.name)
		r := results{picture: p, of: map[way]measurement{}, psnr: map[string][]float64{}}
		taken := map[way][]measurement{}
		for range rounds {
			for _, w := range ways(p) {
				m, err := w.run(p.file, "")
				if err != nil {
					return err
				}
				taken[w] = append(taken[w], m)
			}
		}
		for w, list := range taken {
			slices.SortFunc(list, func(a, b measurement) int { return int(1000*a.Ms) - int(1000*b.Ms) })
			m := list[len(list)/2]
			for _, other := range list {
				m.RSS = max(m.RSS, other.RSS)
			}
			r.of[w] = m
		}
		if !p.alpha {
			if err := r.compare(dir); err != nil {
				return err
			}
		}
		all = append(all, r)
	}
	return os.WriteFile(out, []byte(page(all, rounds)), 0o644)
}

// compare measures how far each way is from the picture as imaging resizes it.
func (r *results) compare(dir string) error {
	reference, err := references(r.picture.file)
	if err != nil {
		return err
	}
	for _, name := range []string{ours, best, direct, "sharp"} {
		folder := filepath.Join(dir, "out-"+strings.ReplaceAll(name, " ", "-"))
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		if _, err := (way{name: name}).run(r.picture.file, folder); err != nil {
			return err
		}
		for i, width := range []int{1280, 640, 320} {
			db, err := distance(filepath.Join(folder, fmt.Sprintf("%d.jpg", width)), reference[i])
			if err != nil {
				return err
			}
			r.psnr[name] = append(r.psnr[name], db)
		}
	}
	return nil
}
