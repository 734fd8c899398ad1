package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
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

func ways(p sample) []way {
	out := []way{{ours, false}, {ours, true}, {direct, false}, {direct, true}, {"sharp", false}, {"sharp", true}}
	if p.jpeg() {
		out = append(out, way{decoder, false})
	}
	return out
}

// results are the best of one photo's measurements, and the worst of its peaks.
type results struct {
	sample sample
	of     map[way]measurement
	psnr   map[string][]float64 // of 1280, 640 and 320, by way
}

// bench measures everything and writes the page.
func bench(dir, out string, rounds int, timeout time.Duration) error {
	if err := generate(dir); err != nil {
		return err
	}
	var all []results
	var idleWait idleWait
	for _, p := range photos(dir) {
		r := results{sample: p, of: map[way]measurement{}, psnr: map[string][]float64{}}
		for round := range rounds {
			for _, w := range ways(p) {
				fmt.Fprintf(os.Stderr, "\r\033[K%s, round %d of %d: %s", p.name, round+1, rounds, w.name)
				idleWait.wait(timeout)
				m, err := w.run(p.file, "")
				if err != nil {
					return err
				}
				r.add(w, m)
			}
		}
		if p.kind != alpha {
			if err := r.compare(dir); err != nil {
				return err
			}
		}
		fmt.Fprintf(os.Stderr, "\r\033[K%s: %.0f ms, %.0f on two cores; sharp %.0f, %.0f\n", p.name,
			r.one(ours).Ms, r.two(ours).Ms, r.one("sharp").Ms, r.two("sharp").Ms)
		all = append(all, r)
	}
	return os.WriteFile(out, []byte(page(all, rounds, idleWait)), 0o644)
}

func (r *results) add(w way, m measurement) {
	if before, ok := r.of[w]; ok {
		m.Ms, m.CPU, m.RSS = min(m.Ms, before.Ms), min(m.CPU, before.CPU), max(m.RSS, before.RSS)
	}
	r.of[w] = m
}

// compare measures how far each way is from the image as imaging resizes it.
func (r *results) compare(dir string) error {
	reference, err := references(r.sample.file)
	if err != nil {
		return err
	}
	for _, name := range []string{ours, best, direct, "sharp"} {
		folder := filepath.Join(dir, "out-"+strings.ReplaceAll(name, " ", "-"))
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		if _, err := (way{name: name}).run(r.sample.file, folder); err != nil {
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
