package rules

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// number is a number in a document and its source in the code. Both patterns have one
// group, the number in digits or as a word. unit converts the source's unit to the
// document's; 0 means 1.
type number struct {
	document, text string
	source, value  string
	unit           float64
}

const (
	architecture  = "docs/architecture.md"
	configuration = "docs/configuration.md"
	runbook       = "docs/runbook.md"
	security      = "docs/security.md"
	secrets       = "docs/decisions/secrets.md"
	openapi       = "docs/openapi.yaml"

	queues   = "infra/queues.yml"
	redirect = "functions/link-redirect/"
	tries    = `  ClicksQueue:(?s:.*?)maxReceiveCount: (\d+)`
	day      = 1.0 / 86400 // days in a second
)

// numbers are the numbers that readers rely on: limits, timeouts, retention, settings.
var numbers = []number{
	{architecture, `from its (\w+)-second cache`, redirect + "cache.go", `keepCached = (\d+) \* time\.Second`, 0},
	{runbook, `caches keep it for (\w+) seconds`, redirect + "cache.go", `keepCached = (\d+) \* time\.Second`, 0},
	{architecture, `takes longer than (\d+) ms`, redirect + "click.go", `\bvisitorTimeout = (\d+) \* time\.Millisecond`, 0},
	{"docs/decisions/limits.md", `(\w+) attempts a minute`, "shared/table/attempts.go", `maxAttempts += (\d+)`, 0},
	{security, `(\w+) attempts a minute per address`, "shared/table/attempts.go", `maxAttempts += (\d+)`, 0},
	{architecture, `clicks -. "after (\w+) failed attempts"`, queues, tries, 0},
	{architecture, `After (\w+) failed attempts`, queues, tries, 0},
	{architecture, `it alone fails, (\w+) times`, queues, tries, 0},
	{security, `It fails alone, (\w+) times`, queues, tries, 0},
	{architecture, `sweepClock\(\((\d+) minutes\)\)`, "functions/image-sweep/function.yml", `rate\((\d+) minutes\)`, 0},
	{architecture, `Every (\w+) minutes .image-sweep.`, "functions/image-sweep/function.yml", `rate\((\d+) minutes\)`, 0},
	{architecture, `no result (\w+) minutes after`, "shared/image/image.go", `Attempts = (\d+) \* time\.Minute`, 0},
	{architecture, "invokes `report-run` at (\\d+):00", "functions/report-run/function.yml", `cron\(0 (\d+) \* \* \? \*\)`, 0},

	{configuration, `Default (\d+)\. Must be at least`, "functions/click-count/main.go", `CLICK_RETENTION_DAYS" default:"(\d+)"`, 0},
	{configuration, `Must be at least (\d+), or`, "functions/click-count/main.go", `minRetention = (\d+)`, 0},
	{configuration, `after (\d+) days in the queue`, queues, `  ClicksQueue:(?s:.*?)MessageRetentionPeriod: (\d+)`, day},
	{configuration, `and (\d+) in the dead-letter queue`, queues, `  ClicksDeadQueue:(?s:.*?)MessageRetentionPeriod: (\d+)`, day},
	{runbook, `is deleted\s+after (\d+) days`, queues, `  FailuresQueue:(?s:.*?)MessageRetentionPeriod: (\d+)`, day},
	{configuration, `share of its timeout \(([\d.]+)\)`, "infra/alarms.js", `duration = ([\d.]+) \}`, 0},

	{security, `\| (\d+) KB, \d+ items`, "shared/web/request.go", `MaxBody = (\d+) << 10`, 0},
	{security, `KB, (\d+) items, a year`, "shared/web/page.go", `maxLimit += (\d+)`, 0},
	{security, `a year, (\d+) names a day`, "shared/click/count.go", `NamesADay = (\d+)`, 0},
	{security, `beyond (\d+) a\s+day`, "shared/click/count.go", `NamesADay = (\d+)`, 0},
	{openapi, `bytes: \{type: integer, minimum: 1, maximum: (\d+)\}`, "shared/image/upload.go", `MaxBytes += (\d+) << 20`, 1 << 20},
	{openapi, `without a key, for (\w+) minutes`, "functions/report-get/handler.go", `shared += (\d+) \* time\.Minute`, 0},
	{"README.md", `one file of at most (\d+) lines`, "tests/rules/style_test.go", `handlerLines += (\d+)`, 0},
	{"CONTRIBUTING.md", "`handler.go` up to (\\d+)", "tests/rules/style_test.go", `handlerLines += (\d+)`, 0},
	{"docs/cost.md", `one more, (\d+) at most`, "functions/click-count/function.yml", `batchSize: (\d+)`, 0},
	{"docs/scale.md", `(\d+) clicks of one link are one transaction`, "shared/table/clicks.go", `ClickGroup = (\d+)`, 0},
	{"docs/scale.md", `Four full ones make a batch of (\d+)`, "functions/click-count/function.yml", `batchSize: (\d+)`, 0},

	{secrets, `tries again (\w+) seconds after`, "functions/authorize/origin.go", `readInterval = (\d+) \* time\.Second`, 0},
	{secrets, `at most one read per (\w+) seconds`, "functions/authorize/origin.go", `readInterval = (\d+) \* time\.Second`, 0},
	{secrets, `gives up on a\s+read after (\w+) seconds`, "functions/authorize/origin.go", `readTimeout = (\d+) \* time\.Second`, 0},
}

// stageNumbers are the numbers in the table of stage settings: a row of docs/configuration.md
// and the same setting in infra/stages. The cell's pattern has the group.
var stageNumbers = []struct{ setting, cell, value string }{
	{"logRetention", `(\d+)`, `(?m)^logRetention: (\d+)`},
	{"counters", `(\d+)`, `(?m)^counters: (\d+)`},
	{"clickRetention", `(\d+)`, `(?m)^clickRetention: (\d+)`},
	{"throttle", `([\d,]+), [\d,]+, (?:yes|no)`, `throttle: \{rate: (\d+)`},
	{"throttle", `[\d,]+, ([\d,]+), (?:yes|no)`, `throttle: \{rate: \d+, burst: (\d+)`},
}

// TestNumbersInDocuments: the numbers in documents are those of the code. If you rewrite a
// sentence, adapt its pattern here.
func TestNumbersInDocuments(t *testing.T) {
	all := numbers
	for _, s := range stageNumbers {
		columns := "\\| `" + s.setting + "` \\|[^|]*"
		for _, stage := range []string{"local", "dev", "prod"} {
			all = append(all, number{configuration, columns + `\| ` + s.cell + ` \|`, "infra/stages/" + stage + ".yml", s.value, 0})
			columns += `\|[^|]*`
		}
	}
	f := rule(t, "numbers in documents")
	for _, n := range all {
		reported, real := numberIn(t, n.document, n.text), numberIn(t, n.source, n.value)
		if n.unit != 0 {
			real *= n.unit
		}
		if math.Abs(reported-real) > 1e-9 {
			f.add(n.document, "%s: the document has %v, %s has %v", n.text, reported, n.source, real)
		}
	}
}

// numberIn returns the number at the only place of a file that matches the pattern.
func numberIn(t *testing.T, file, pattern string) float64 {
	t.Helper()
	found := regexp.MustCompile(pattern).FindAllStringSubmatch(read(t, file), -1)
	if len(found) != 1 {
		t.Errorf("%s: %d places match %s, not one; correct the pattern in numbers_test.go", file, len(found), pattern)
		return math.NaN()
	}
	text := strings.NewReplacer(",", "", "_", "").Replace(found[0][1])
	for n, word := range []string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"} {
		if text == word {
			return float64(n)
		}
	}
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Errorf("%s: %q is not a number", file, found[0][1])
		return math.NaN()
	}
	return value
}
