package html

import (
	"math"
	"time"

	"github.com/minim-dev/minim/shared/report"
)

// The chart's own units; it is stretched to the width of the page, so labels
// are text beside it and not in it.
const (
	chartWidth  = 720
	chartHeight = 160
	barShare    = 0.72 // of an hour's width
)

// chart is the day as 24 bars.
type chart struct {
	Width, Height int
	Top           int64 // the value at the upper edge
	Bars          []bar
	Sentence      string // the chart in words
}

type bar struct {
	X, Y, Width, Height float64
	Label               string // 14:00
	Clicks              int64
	Peak                bool
}

func newChart(hours []report.Hour) chart {
	c := chart{Width: chartWidth, Height: chartHeight}
	var peak int
	for i, hour := range hours {
		if hour.Clicks > hours[peak].Clicks {
			peak = i
		}
	}
	if len(hours) == 0 || hours[peak].Clicks == 0 {
		return c
	}
	c.Top = ceiling(hours[peak].Clicks)
	slot := float64(chartWidth) / float64(len(hours))
	for i, hour := range hours {
		height := math.Round(float64(hour.Clicks)/float64(c.Top)*chartHeight*10) / 10
		if hour.Clicks > 0 {
			height = max(height, 1.5)
		}
		c.Bars = append(c.Bars, bar{
			X: float64(i)*slot + slot*(1-barShare)/2, Y: chartHeight - height,
			Width: slot * barShare, Height: height,
			Label: clock(hour.At), Clicks: hour.Clicks, Peak: i == peak,
		})
	}
	c.Sentence = "The busiest hour began at " + c.Bars[peak].Label + " UTC and had " + clicks(hours[peak].Clicks) + "."
	return c
}

// ceiling is the next round number that the chart's upper edge may stand for.
func ceiling(n int64) int64 {
	power := int64(1)
	for power*10 < n {
		power *= 10
	}
	for _, tenths := range []int64{10, 12, 15, 20, 25, 30, 40, 50, 60, 80} {
		if round := tenths * power / 10; round >= n {
			return round
		}
	}
	return 10 * power
}

func clock(at string) string { return reformat(time.RFC3339, at, "15:04") }
