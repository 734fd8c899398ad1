package qr

import (
	"fmt"
	"image/color"
	"math"
	"strconv"
	"strings"

	"github.com/minim-dev/minim/shared/fault"
)

// Format is that of the file.
type Format string

// The formats.
const (
	SVG Format = "svg"
	PNG Format = "png"
)

// Level is how much of a code may be damaged.
type Level string

// The levels, of about 7, 15, 25 and 30 percent.
const (
	Low      Level = "L"
	Medium   Level = "M"
	Quartile Level = "Q"
	High     Level = "H"
)

// Limits of the options.
const (
	MinSize   = 64   // pixels
	MaxSize   = 2048 // pixels
	MaxMargin = 20   // modules

	// minContrast is the least ratio of the colours' luminances, by the formula of WCAG.
	minContrast = 4
	// minModule is the least size of a module of a PNG, in pixels.
	minModule = 2
)

// Options define the appearance of a code.
type Options struct {
	Format      Format
	Size        int // the side with the margin, in pixels
	Margin      int // in modules
	Level       Level
	Dark, Light color.RGBA
	LogoID      string // of an image, empty: none
	Logo        *Logo  // nil: none; the caller reads it by LogoID
}

// Parse reads options from the parameters of a query; query returns "" for one that is
// absent. The error is an Invalid fault that lists every mistake.
func Parse(query func(name string) string) (Options, error) {
	o := Options{Format: SVG, Size: 512, Margin: 4, Level: Medium, LogoID: query("logo"), Light: color.RGBA{255, 255, 255, 255}, Dark: color.RGBA{A: 255}}
	if o.LogoID != "" {
		o.Level = High
	}
	var mistakes []fault.Field
	read := func(name string, parse func(text string) bool, expected string) {
		if text := query(name); text != "" && !parse(text) {
			mistakes = append(mistakes, fault.Field{Name: name, Message: "Expected " + expected + "."})
		}
	}
	read("format", func(text string) bool { o.Format = Format(text); return o.Format == SVG || o.Format == PNG }, "svg or png")
	read("size", number(&o.Size, MinSize, MaxSize), fmt.Sprintf("a whole number of pixels from %d to %d", MinSize, MaxSize))
	read("margin", number(&o.Margin, 0, MaxMargin), fmt.Sprintf("a whole number of modules from 0 to %d", MaxMargin))
	read("level", func(text string) bool {
		o.Level = Level(text)
		return len(text) == 1 && strings.Contains("LMQH", text)
	}, "L, M, Q or H")
	if o.LogoID != "" && (o.Level == Low || o.Level == Medium) {
		mistakes = append(mistakes, fault.Field{Name: "level", Message: "A code with a logo needs the level Q or H."})
	}
	const colour = "a colour of six hexadecimal digits, such as 1f5f5b"
	read("color", hex(&o.Dark), colour)
	read("background", hex(&o.Light), colour)
	if len(mistakes) == 0 {
		if dark, light := luminance(o.Dark), luminance(o.Light); (light+0.05)/(dark+0.05) < minContrast {
			mistakes = append(mistakes, fault.Field{Name: "color",
				Message: "Cameras could not read this code. Choose a darker color, or a lighter background."})
		}
	}
	return o, fault.Fields(mistakes...)
}

func number(into *int, least, most int) func(text string) bool {
	return func(text string) bool {
		n, err := strconv.Atoi(text)
		*into = n
		return err == nil && n >= least && n <= most
	}
}

func hex(into *color.RGBA) func(text string) bool {
	return func(text string) bool {
		text = strings.TrimPrefix(text, "#")
		n, err := strconv.ParseUint(text, 16, 24)
		*into = color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 255}
		return err == nil && len(text) == 6
	}
}

// luminance is the relative luminance of WCAG.
func luminance(c color.RGBA) float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}
