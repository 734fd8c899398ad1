package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/minim-dev/minim/client"
	"github.com/minim-dev/minim/client/api"
)

func (a *app) stats() *cobra.Command {
	var top int
	var csv, compare bool
	cmd := &cobra.Command{
		Use: "stats CODE", Short: "Show a link's statistics",
		Long: `Shows a link's clicks over time, and where visitors come from: the last 30 days unless other times are given.
Times and units are those of the time zone --tz.`,
		Example: `  minim stats spring
  minim stats spring --unit hour --from 2026-11-20 --tz Europe/Berlin
  minim stats spring --unit month --csv >spring.csv`,
		Args: one("code"),
		RunE: func(cmd *cobra.Command, args []string) error {
			fields := map[string]any{"top": top}
			for _, flag := range []string{"from", "to", "unit", "tz"} {
				if cmd.Flags().Changed(flag) {
					fields[flag] = cmd.Flags().Lookup(flag).Value.String()
				}
			}
			if compare {
				fields["compare"] = "previous"
			}
			params, err := body[api.GetLinkStatsParams](fields)
			if err != nil {
				return err
			}
			c, err := a.client()
			if err != nil {
				return err
			}
			var editors []api.RequestEditorFn
			if csv {
				editors = append(editors, accept("text/csv"))
			}
			response, err := c.GetLinkStatsWithResponse(cmd.Context(), args[0], &params, editors...)
			if err != nil {
				return err
			}
			if csv {
				_, err := a.out.Write(response.Body)
				return err
			}
			if a.json {
				return a.print(response.Body)
			}
			stats, err := client.Body(response.JSON200, nil)
			if err != nil {
				return err
			}
			return a.showStats(args[0], stats)
		},
		ValidArgsFunction: a.completeCode,
	}
	flags := cmd.Flags()
	flags.String("from", "", "from this `date` or time")
	flags.String("to", "", "up to and including this `date`, or up to this time; default: now")
	flags.String("unit", "day", "`unit` of the series: minute, hour, day, week or month")
	flags.String("tz", "UTC", "time `zone`, such as Europe/Berlin")
	flags.IntVar(&top, "top", 5, "the `number` of names in each list")
	flags.BoolVar(&compare, "compare", false, "compare with the previous period of the same length")
	flags.BoolVar(&csv, "csv", false, "print it as CSV")
	_ = cmd.RegisterFlagCompletionFunc("unit", cobra.FixedCompletions([]string{"minute", "hour", "day", "week", "month"}, cobra.ShellCompDirectiveNoFileComp)) // the flag exists
	return cmd
}

// accept asks for an answer of a media type.
func accept(kind string) api.RequestEditorFn {
	return func(_ context.Context, r *http.Request) error {
		r.Header.Set("Accept", kind)
		return nil
	}
}

func (a *app) showStats(code string, s *api.Stats) error {
	if a.quiet {
		_, err := fmt.Fprintln(a.out, s.Total)
		return err
	}
	zone, err := time.LoadLocation(s.Tz)
	if err != nil {
		zone = time.UTC // this machine knows fewer zones than the service
	}
	at := func(t time.Time) string { return t.In(zone).Format("2006-01-02 15:04") }
	values := make([]int, len(s.Series))
	for i, moment := range s.Series {
		values[i] = moment.Clicks
	}
	var out strings.Builder
	fmt.Fprintf(&out, "%s  %s\n", a.styled(bold, code), a.styled(dim, fmt.Sprintf("%s to %s, %s", at(s.From), at(s.To), s.Tz)))
	fmt.Fprintf(&out, "\n%s\n", sparkline(squeezed(values, max(a.width, 20))))
	fmt.Fprintf(&out, "%s\n", a.styled(dim, fmt.Sprintf("clicks per %s, at most %s", s.Unit, number(most(values)))))
	previous := func(func(*api.Stats_Previous) int) string { return "" }
	if s.Previous != nil {
		previous = func(of func(*api.Stats_Previous) int) string {
			return a.styled(dim, ", before "+number(of(s.Previous)))
		}
	}
	fmt.Fprintf(&out, "\nclicks    %s%s\n", a.styled(bold, number(s.Total)), previous(func(p *api.Stats_Previous) int { return p.Total }))
	fmt.Fprintf(&out, "visitors  %s%s\n", number(s.Visitors), previous(func(p *api.Stats_Previous) int { return p.Visitors }))
	fmt.Fprintf(&out, "QR scans  %s%s\n", number(s.Scans), previous(func(p *api.Stats_Previous) int { return p.Scans }))
	fmt.Fprintf(&out, "bots      %s%s\n", number(s.BotClicks), previous(func(p *api.Stats_Previous) int { return p.BotClicks }))
	for _, list := range []struct {
		name   string
		counts api.Counts
	}{
		{"Countries", s.Countries}, {"Cities", s.Cities}, {"Referrers", s.Referrers}, {"Browsers", s.Browsers}, {"Systems", s.Systems},
		{"Devices", s.Devices}, {"Languages", s.Languages}, {"Destinations", s.Destinations}, {"Bots", s.Bots},
	} {
		a.bars(&out, list.name, list.counts)
	}
	_, err = fmt.Fprint(a.out, out.String())
	return err
}

// bars writes counts, each with a bar of its share.
func (a *app) bars(out *strings.Builder, name string, counts api.Counts) {
	if len(counts) == 0 {
		return
	}
	const longest, names = 20, 28
	largest, widest := 1, 0
	for _, count := range counts {
		largest = max(largest, count.Clicks)
		widest = max(widest, min(width(count.Name), names))
	}
	fmt.Fprintf(out, "\n%s\n", a.styled(bold, name))
	for _, count := range counts {
		label := cut(visible(count.Name), names)
		bar := strings.Repeat("▇", max(count.Clicks*longest/largest, 1))
		fmt.Fprintf(out, "  %s%s  %s %s\n", label, strings.Repeat(" ", widest-width(label)), a.styled(green, bar), number(count.Clicks))
	}
}

// sparkline draws values as bars of one character each.
func sparkline(values []int) string {
	const levels = "▁▂▃▄▅▆▇█"
	bars := []rune(levels)
	largest := max(most(values), 1)
	var out strings.Builder
	for _, value := range values {
		level := value * (len(bars) - 1) / largest
		if value > 0 && level == 0 {
			level = 1 // not nothing
		}
		out.WriteRune(bars[level])
	}
	return out.String()
}

// squeezed sums neighbours up until the values fit into a width.
func squeezed(values []int, width int) []int {
	step := (len(values) + width - 1) / width
	if step <= 1 {
		return values
	}
	out := make([]int, (len(values)+step-1)/step)
	for i, value := range values {
		out[i/step] += value
	}
	return out
}

func most(values []int) (largest int) {
	for _, value := range values {
		largest = max(largest, value)
	}
	return largest
}
