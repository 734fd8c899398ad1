package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"gopkg.in/yaml.v3"
)

// priced is the list of prices.
type priced struct {
	Date   string           `yaml:"date"`
	Region string           `yaml:"region"`
	Prices map[string]price `yaml:"prices"`
	Plans  map[string]plan  `yaml:"plans"`
}

type price struct {
	Unit    string  `yaml:"unit"`
	Price   float64 `yaml:"price"`
	Free    float64 `yaml:"free"`
	InPlans bool    `yaml:"inPlans"` // of CloudFront
	Source  string  `yaml:"source"`
	Lever   string  `yaml:"lever"` // how to reduce the amount
}

// plan is a flat-rate plan of CloudFront.
type plan struct {
	Price    float64 `yaml:"price"`    // dollars a month
	Requests float64 `yaml:"requests"` // millions a month
	Transfer float64 `yaml:"transfer"` // GB a month
	Source   string  `yaml:"source"`
}

// sizes are the bytes of typical items, as DynamoDB counts them: names and values.
type sizes struct {
	Click        float64 `yaml:"click"`
	Total        float64 `yaml:"total"`
	DayEntry     float64 `yaml:"dayEntry"` // the entry of a day in byOwnerDay
	Link         float64 `yaml:"link"`
	Idempotency  float64 `yaml:"idempotency"`
	ImagePending float64 `yaml:"imagePending"` // before its file is processed
	Image        float64 `yaml:"image"`
	Content      float64 `yaml:"content"`
}

// measured contains the durations of the functions: the median that Lambda would bill.
type measured struct {
	Note      string          `yaml:"note"`
	Functions map[string]took `yaml:"functions"`
}

type took struct {
	Milliseconds float64 `yaml:"milliseconds"`
	Memory       int     `yaml:"memory"`
	Of           int     `yaml:"of"`
}

func read(path string, into any) error {
	text, err := os.ReadFile(path)
	if err == nil {
		err = yaml.Unmarshal(text, into)
	}
	return err
}

// measuredFunctions are the functions whose durations the model needs.
var measuredFunctions = [...]string{"click-count", "health", "image-resize", "image-upload", "link-redirect", "link-shorten"}

// measure reads the last 50 invocations of each function from a local cloud.
func measure(ctx context.Context, base string, on time.Time) (measured, error) {
	m := measured{Note: "Median milliseconds billed in a local run, " + on.Format(time.DateOnly) + "; see docs/cost.md", Functions: map[string]took{}}
	for _, name := range measuredFunctions {
		var all []struct {
			BilledMs float64 `json:"billedMs"`
			MemoryMb int     `json:"memoryMb"`
		}
		if err := ask(ctx, base+"/_local/invocations?function=minim-local-"+name, &all); err != nil {
			return measured{}, fmt.Errorf("read the durations of %s: %w", name, err)
		}
		if len(all) == 0 {
			return measured{}, fmt.Errorf("%s has not run; run make seed and follow a link", name)
		}
		var times []float64
		for _, one := range all {
			times = append(times, one.BilledMs)
		}
		slices.Sort(times)
		m.Functions[name] = took{times[len(times)/2], all[0].MemoryMb, len(times)}
	}
	return m, nil
}

func ask(ctx context.Context, url string, into any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Accept", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %s", url, response.Status)
	}
	return json.NewDecoder(response.Body).Decode(into)
}

// write writes the measurement to measured.yml.
func (m measured) write(folder string) error {
	text, err := yaml.Marshal(m)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "measured.yml"), text, 0o644)
}
