package conformance

import (
	"fmt"
	"strings"
	"time"
)

// Refuse returns an error for production stages.
func Refuse(stage string) error {
	if stage == "" || strings.Contains(strings.ToLower(stage), "prod") {
		return fmt.Errorf("STAGE=%q: name a stage that is not production; the check creates and deletes queues, tables and parameters", stage)
	}
	return nil
}

// Report returns the text of the file about a run.
func Report(at time.Time, region string, differences []Difference) string {
	var out strings.Builder
	fmt.Fprintf(&out, "# AWS against the local cloud's cases, %s, %s\n\n%d cases, %d differences.\n", at.UTC().Format(time.DateOnly), region, len(Cases()), len(differences))
	for _, d := range differences {
		fmt.Fprintf(&out, "\n- **%s** ([source](%s)): expected `%s`, got `%s`\n", d.Name, d.Source, d.Want, d.Got)
	}
	return out.String()
}
