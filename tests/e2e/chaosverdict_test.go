package e2e

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// progress prints a line at intervals until the returned function is called.
func (c *chaos) progress() (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		ticker := time.NewTicker(10 * time.Second)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
				c.mu.Lock()
				uploaded := len(c.uploaded)
				c.mu.Unlock()
				c.t.Logf("%d of %d visitors redirected, %d of %d images uploaded and %d ready, %d requests failed, %d environments killed",
					c.clicked.Load(), *chaosClicks, uploaded, *chaosUploads, c.done.Load(), c.failed.Load(), sum(c.kills()))
			}
		}
	}()
	return func() { close(done); <-ended }
}

// compare checks that each redirected visit is counted once and each failed one at
// most once. It returns how many visits were redirected, how many failed, and how
// many of the failed ones are counted.
func (c *chaos) compare() (answered, failed, failedCounted int) {
	counted := c.counted()
	for referrer, redirected := range c.answered {
		times := counted[referrer]
		delete(counted, referrer)
		switch {
		case redirected && times != 1:
			c.t.Errorf("%s was redirected, but is counted %d times", referrer, times)
		case times > 1:
			c.t.Errorf("%s failed, but is counted %d times", referrer, times)
		}
		if redirected {
			answered++
		} else {
			failed++
			failedCounted += times
		}
	}
	for referrer, times := range counted {
		c.t.Errorf("%s sent no request, but is counted %d times", referrer, times)
	}
	return answered, failed, failedCounted
}

// verdict compares the requests with the clicks and images that were stored.
func (c *chaos) verdict(active, whole time.Duration) {
	answered, failed, failedCounted := c.compare()
	total, series := c.total()
	if want := answered + failedCounted; total != want || series != want {
		c.t.Errorf("the total is %d and the sum of the days %d; %d clicks were counted", total, series, want)
	}
	if visitors := int(c.clicked.Load()); answered != visitors || visitors < *chaosClicks {
		c.t.Errorf("%d visitors were redirected of %d; want at least %d visitors", answered, visitors, *chaosClicks)
	}
	ready := c.ready()
	if ready != *chaosUploads {
		c.t.Errorf("%d images are ready, want %d", ready, *chaosUploads)
	}
	contents := c.checkImages()
	if contents != contentOf(*chaosUploads) {
		c.t.Errorf("the images have %d contents, want %d", contents, contentOf(*chaosUploads))
	}
	dead, failures := c.waiting("minim-local-clicks-dead"), c.waiting("minim-local-failures")
	if dead+failures > 0 {
		c.t.Errorf("dead letters: %d clicks, %d events", dead, failures)
	}
	kills := c.kills()
	if sum(kills) == 0 && *chaosShare > 0 && *chaosClicks >= 100 {
		c.t.Error("nothing was killed")
	}
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	row := func(name string, value any) { fmt.Fprintf(w, "%s\t%v\n", name, value) }
	row("visitors redirected", answered)
	row("visits that failed and were tried again", failed)
	row("  of these counted before they failed", failedCounted)
	row("clicks counted", total)
	row("images uploaded", len(c.uploaded))
	row("images ready", ready)
	row("  of so many different files", contents)
	row("dead letters", dead+failures)
	row("environments killed", sum(kills))
	for name, n := range kills {
		row("  "+strings.TrimPrefix(name, "minim-local-"), n)
	}
	for _, what := range slices.Sorted(maps.Keys(c.troubles)) {
		row(what, c.troubles[what])
	}
	row("time of clicks and uploads", active.Round(time.Second))
	row("time until all was done", whole.Round(time.Second))
	w.Flush()
	c.t.Logf("CHAOS=%v DUPLICATE=%v\n%s", *chaosShare, *chaosDuplicate, &table)
}

// counted returns the number of raw clicks of people by referrer.
func (c *chaos) counted() map[string]int {
	found := map[string]int{}
	endpoints := c.endpoints()
	client := dynamodb.New(dynamodb.Options{Region: endpoints["AWS_REGION"], BaseEndpoint: aws.String(endpoints["AWS_ENDPOINT_URL_DYNAMODB"]),
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", "")})
	pages := dynamodb.NewScanPaginator(client, &dynamodb.ScanInput{TableName: aws.String("minim-local-clicks"), ConsistentRead: aws.Bool(true)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(c.t.Context())
		if err != nil {
			c.t.Fatal(err)
		}
		for _, item := range page.Items {
			if item["bot"] != nil {
				continue // counted separately from people
			}
			referrer, _ := item["referrer"].(*types.AttributeValueMemberS)
			if referrer == nil {
				c.t.Fatalf("a click without referrer: %v", item)
			}
			found[referrer.Value]++
		}
	}
	return found
}

// total returns the owner's statistics: the total, and the clicks of each day.
func (c *chaos) total() (total, series int) {
	var stats struct {
		Total  int
		Series []struct{ Clicks int }
	}
	c.api(http.MethodGet, "/api/links/chaos/stats", "", &stats)
	for _, day := range stats.Series {
		series += day.Clicks
	}
	return stats.Total, series
}

// waiting counts the messages in a queue, including those in flight.
func (c *chaos) waiting(queue string) (n int) {
	endpoints := c.endpoints()
	client := sqs.New(sqs.Options{Region: endpoints["AWS_REGION"], BaseEndpoint: aws.String(endpoints["AWS_ENDPOINT_URL_SQS"]),
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", "")})
	url := endpoints["AWS_ENDPOINT_URL_SQS"] + "/000000000000/" + queue
	out, err := client.GetQueueAttributes(c.t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: []sqstypes.QueueAttributeName{sqstypes.QueueAttributeNameAll}})
	if err != nil {
		c.t.Fatal(err)
	}
	for _, name := range []string{"ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"} {
		count, _ := strconv.Atoi(out.Attributes[name])
		n += count
	}
	return n
}

// kills returns the number of killed environments by function.
func (c *chaos) kills() map[string]int {
	kills := map[string]int{}
	functions, err := c.cloud.functions()
	if err != nil {
		c.t.Error(err)
	}
	for _, f := range functions {
		if f.Kills > 0 {
			kills[f.Name] = f.Kills
		}
	}
	return kills
}

func sum(counts map[string]int) (n int) {
	for _, count := range counts {
		n += count
	}
	return n
}

func (c *chaos) endpoints() map[string]string {
	endpoints, err := c.cloud.endpoints()
	if err != nil {
		c.t.Fatal(err)
	}
	return endpoints
}
