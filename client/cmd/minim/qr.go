package main

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/minim-dev/minim/client"
	"github.com/minim-dev/minim/client/api"
)

func (a *app) qr() *cobra.Command {
	var svg, picture string
	var invert bool
	fields := map[string]any{}
	cmd := &cobra.Command{
		Use: "qr CODE", Short: "Draw a link's QR code", Long: "Draws a link's QR code in the terminal, or into files; - is the standard output.",
		Example: `  minim qr spring
  minim qr spring --svg spring.svg --color '#204080' --level H`,
		Args: one("code"),
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, flag := range []string{"size", "margin"} {
				if n, err := cmd.Flags().GetInt(flag); err == nil && cmd.Flags().Changed(flag) {
					fields[flag] = n
				}
			}
			for _, flag := range []string{"level", "color", "background", "logo"} {
				if cmd.Flags().Changed(flag) {
					fields[flag] = strings.TrimPrefix(cmd.Flags().Lookup(flag).Value.String(), "#")
				}
			}
			c, err := a.client()
			if err != nil {
				return err
			}
			draw := func(format string) ([]byte, error) { return drawn(cmd, c, args[0], fields, format) }
			if svg == "" && picture == "" {
				return a.drawHere(draw, fields, invert)
			}
			for _, file := range []struct{ name, format string }{{svg, "svg"}, {picture, "png"}} {
				if file.name == "" {
					continue
				}
				drawing, err := draw(file.format)
				if err != nil {
					return err
				}
				if err := a.save(file.name, drawing); err != nil {
					return err
				}
			}
			return nil
		},
		ValidArgsFunction: a.completeCode,
	}
	flags := cmd.Flags()
	flags.StringVar(&svg, "svg", "", "into this SVG `file`")
	flags.StringVar(&picture, "png", "", "into this PNG `file`")
	flags.Int("size", 512, "the side of the file in `pixels`")
	flags.Int("margin", 4, "the margin in `modules`")
	flags.String("level", "M", "error `correction`: L, M, Q or H")
	flags.String("color", "000000", "the `colour` of the file")
	flags.String("background", "ffffff", "its background `colour`")
	flags.String("logo", "", "the `ID` of an image of yours for its middle")
	flags.BoolVar(&invert, "invert", false, "for a terminal without colours that is dark on light")
	_ = cmd.RegisterFlagCompletionFunc("level", cobra.FixedCompletions([]string{"L", "M", "Q", "H"}, cobra.ShellCompDirectiveNoFileComp)) // the flag exists
	return cmd
}

// drawn fetches a drawing of a QR code.
func drawn(cmd *cobra.Command, c *client.Client, code string, fields map[string]any, format string) ([]byte, error) {
	fields["format"] = format
	params, err := body[api.GetLinkQRParams](fields)
	if err != nil {
		return nil, err
	}
	kind := map[string]string{"svg": "image/svg+xml", "png": "image/png"}[format]
	response, err := c.GetLinkQRWithResponse(cmd.Context(), code, &params, accept(kind))
	if err != nil {
		return nil, err
	}
	return response.Body, nil
}

// drawHere draws a QR code with half blocks: a character is two modules, one above the other.
func (a *app) drawHere(draw func(string) ([]byte, error), fields map[string]any, invert bool) error {
	for _, name := range []string{"size", "color", "background", "logo"} {
		if fields[name] != nil {
			return usagef("--%s is for --svg and --png", name)
		}
	}
	const largest = 2048 // has several pixels for each module of any code
	fields["size"] = largest
	picture, err := draw("png")
	if err != nil {
		return err
	}
	margin := 4
	if n, ok := fields["margin"].(int); ok {
		margin = n
	}
	modules, err := modulesOf(picture, margin)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(a.out, a.halfBlocks(modules, invert))
	return err
}

// modulesOf reads which modules of a drawn QR code are dark, with its margin. A finder pattern, seven modules wide, is in
// its upper left corner.
func modulesOf(drawing []byte, margin int) ([][]bool, error) {
	picture, err := png.Decode(bytes.NewReader(drawing))
	if err != nil {
		return nil, fmt.Errorf("read the QR code: %w", err)
	}
	bounds := picture.Bounds()
	first := image.Pt(-1, -1)
	end, last := 0, 0
	for y := bounds.Min.Y; y < bounds.Max.Y && first.X < 0; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			switch isDark := dark(picture, x, y); {
			case isDark && first.X < 0:
				first = image.Pt(x, y)
				fallthrough
			case isDark:
				last = x
			case first.X >= 0 && end == 0:
				end = x
			}
		}
	}
	const finder = 7
	module := (end - first.X) / finder
	if first.X < 0 || module < 1 {
		return nil, fmt.Errorf("the server did not return a QR code")
	}
	side := (last - first.X + 1) / module
	rows := make([][]bool, side+2*margin)
	for y := range rows {
		rows[y] = make([]bool, side+2*margin)
		for x := range rows[y] {
			inside := x >= margin && y >= margin && x < side+margin && y < side+margin
			rows[y][x] = inside && dark(picture, first.X+(x-margin)*module+module/2, first.Y+(y-margin)*module+module/2)
		}
	}
	return rows, nil
}

func dark(picture image.Image, x, y int) bool {
	r, g, b, _ := picture.At(x, y).RGBA()
	return r+g+b < 3*0x8000
}

// halfBlocks draws modules. With colours they are black on white in every terminal; without, the light ones are drawn,
// unless the terminal is inverted.
func (a *app) halfBlocks(rows [][]bool, invert bool) string {
	drawn := func(x, y int) bool { return y < len(rows) && rows[y][x] != !(a.color || invert) }
	var out strings.Builder
	for y := 0; y < len(rows); y += 2 {
		if a.color {
			out.WriteString("\x1b[38;5;16;48;5;231m")
		}
		for x := range rows[y] {
			out.WriteString([]string{" ", "▀", "▄", "█"}[bit(drawn(x, y))+2*bit(drawn(x, y+1))])
		}
		if a.color {
			out.WriteString("\x1b[0m")
		}
		out.WriteString("\n")
	}
	return out.String()
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// save writes a file; - is the standard output.
func (a *app) save(name string, data []byte) error {
	if name == "-" {
		_, err := a.out.Write(data)
		return err
	}
	return os.WriteFile(name, data, 0o644)
}
