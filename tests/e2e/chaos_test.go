package e2e

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// The chaos experiment: make chaos.
var (
	chaosClicks    = flag.Int("clicks", 200, "clicks of the chaos experiment")
	chaosUploads   = flag.Int("uploads", 4, "uploads of the chaos experiment")
	chaosShare     = flag.Float64("chaos", 0.05, "share of invocations whose environment is killed")
	chaosDuplicate = flag.Float64("duplicate", 0.3, "share of messages and events that are delivered twice")
	chaosHang      = flag.Duration("hang", 0, "how long each component hangs, and the disk is full; 0 leaves components and disk alone")
)

// calm limits the time until the chaos experiment has processed everything. A killed
// batch of clicks is redelivered after half a minute; a killed image is retried after
// one minute, and after two more.
const calm = 6 * time.Minute

// chaos is a running experiment.
type chaos struct {
	t     *testing.T
	cloud *cloud
	key   string

	mu       sync.Mutex
	answered map[string]bool // requests by their referrer: true if the visitor was redirected
	failed   atomic.Int64    // requests of all kinds that were answered with 5xx
	clicked  atomic.Int64    // visitors so far
	uploaded []string        // IDs of images
	troubles map[string]int  // how often each component or the disk was disturbed
	done     atomic.Int64    // how many of the first images are ready
}

// TestChaos lets visitors click and owners upload while environments are killed
// during their work, and messages and events arrive twice. With -hang, components also
// hang and are killed, and the disk is full for a while (trouble). A visitor whose
// request fails tries again, as people do. In the end:
//
//   - each request that was redirected is counted exactly once;
//   - each request that failed is counted at most once: it was killed before or
//     after it was counted;
//   - the counters are the sums of the raw clicks;
//   - every image is ready, and all dead-letter queues are empty. This is not
//     certain: an S3 event has three attempts, and the probability that all attempts
//     of one of 65 events are killed is slightly below 1 %. A click has five.
func TestChaos(t *testing.T) {
	if testing.Short() || os.Getenv("BASE_URL") != "" {
		t.Skip("needs a local cloud of its own: make test")
	}
	t.Parallel()
	if *chaosHang == 0 {
		experiment(t, t.TempDir(), nil)
		return
	}
	withSmallDisk(t, 256+4**chaosUploads, experiment)
}

// experiment runs in a state folder. fill fills the disk of the state; it is nil if the
// state is on the machine's own disk.
func experiment(t *testing.T, state string, fill func() (free func())) {
	began := time.Now()
	c := newChaos(t, state, map[string]string{"CHAOS": fmt.Sprint(*chaosShare), "DUPLICATE": fmt.Sprint(*chaosDuplicate)})
	stop := c.progress()
	var all sync.WaitGroup
	troubled := make(chan struct{})
	c.visitors(&all, 10, troubled)
	c.owners(&all, 2)
	c.trouble(fill)
	close(troubled)
	all.Wait()
	active := time.Since(began)
	c.awaitComplete()
	stop()
	c.verdict(active, time.Since(began))
}

// newChaos starts a local cloud and creates the link that visitors follow.
func newChaos(t *testing.T, state string, switches map[string]string) *chaos {
	t.Helper()
	c := &chaos{t: t, answered: map[string]bool{}, troubles: map[string]int{}}
	c.cloud = start(t, state, switches)
	var err error
	if c.key, err = c.cloud.key(t.Context(), "", ""); err != nil {
		t.Fatal(err)
	}
	c.api(http.MethodPost, "/api/links", `{"url":"https://example.com/","code":"chaos"}`, nil)
	return c
}

// visitors click, with a limited concurrency. After all clicks, more follow at a low rate
// until the trouble is over.
func (c *chaos) visitors(all *sync.WaitGroup, clients int, troubled <-chan struct{}) {
	var next atomic.Int64
	for range clients {
		all.Go(func() {
			for number := next.Add(1); ; number = next.Add(1) {
				if number > int64(*chaosClicks) {
					select {
					case <-troubled:
						return
					case <-time.After(again):
					}
				}
				for try := 0; !c.visit(fmt.Sprintf("r%d-%d.example", number, try)); try++ {
					time.Sleep(again)
				}
				c.clicked.Add(1)
			}
		})
	}
}

// visit follows the link once, with a unique referrer that identifies the click, and
// reports whether it got an answer.
func (c *chaos) visit(referrer string) bool {
	status, _ := c.send(http.MethodGet, c.cloud.base+"/chaos", nil, http.Header{
		"User-Agent": {"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"},
		"Referer":    {"https://" + referrer + "/"},
	})
	if status != http.StatusFound && status < 500 {
		c.t.Errorf("a visit was answered with %d", status)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answered[referrer] = status == http.StatusFound
	return status != 0 && status < 500
}

// contentOf returns the number of an upload's file: every fifth upload has the file of the one before it.
func contentOf(number int) int { return number - number/5 }

// owners upload images.
func (c *chaos) owners(all *sync.WaitGroup, clients int) {
	var next atomic.Int64
	for range clients {
		all.Go(func() {
			for number := int(next.Add(1)); number <= *chaosUploads; number = int(next.Add(1)) {
				content := contentOf(number)
				img := photo(1600+content, 1200, content%8+1)
				sum := sha256.Sum256(img)
				var made struct {
					ID     string
					Upload struct {
						Method, URL string
						Headers     map[string]string
					}
				}
				c.api(http.MethodPost, "/api/images", fmt.Sprintf(`{"filename":"%d.jpg","contentType":"image/jpeg","bytes":%d,"sha256":"%s"}`,
					number, len(img), hex.EncodeToString(sum[:])), &made)
				header := http.Header{}
				for name, value := range made.Upload.Headers {
					header.Set(name, value)
				}
				c.upload(made.Upload.Method, made.Upload.URL, img, header)
				c.mu.Lock()
				c.uploaded = append(c.uploaded, made.ID)
				c.mu.Unlock()
			}
		})
	}
}

// upload sends a file until it is stored.
func (c *chaos) upload(method, url string, file []byte, header http.Header) {
	for range attempts {
		switch status, body := c.send(method, url, file, header); {
		case status == http.StatusOK:
			return
		case status != 0 && status < 500:
			c.t.Errorf("an upload was answered with %d: %s", status, body)
			return
		}
		time.Sleep(again)
	}
	c.t.Error("an upload failed too often")
}

// attempts is the number of a client's attempts, with a pause of again between them. They
// last longer than any trouble.
const attempts = 500

// api calls the API until it answers, and reads the answer.
func (c *chaos) api(method, path, body string, into any) {
	for range attempts {
		status, answer := c.send(method, c.cloud.base+path, []byte(body), http.Header{
			"Authorization": {"Bearer " + c.key}, "Content-Type": {"application/json"}})
		switch {
		case status == 0 || status >= 500:
			time.Sleep(again)
			continue
		case status >= 400 && !(status == http.StatusConflict && path == "/api/links"): // created by an attempt that was killed afterwards
			c.t.Errorf("%s %s: %d %s", method, path, status, answer)
		case into != nil:
			if err := json.Unmarshal(answer, into); err != nil {
				c.t.Errorf("%s %s: %v", method, path, err)
			}
		}
		return
	}
	c.t.Errorf("%s %s failed too often", method, path)
}

// send returns status 0 if there was no answer.
func (c *chaos) send(method, url string, body []byte, header http.Header) (status int, answer []byte) {
	request, err := http.NewRequestWithContext(c.t.Context(), method, url, bytes.NewReader(body))
	if err != nil {
		c.t.Error(err)
		return http.StatusBadRequest, nil
	}
	request.Header = header
	response, err := http.DefaultTransport.RoundTrip(request)
	if err == nil {
		defer response.Body.Close()
		status = response.StatusCode
		answer, err = io.ReadAll(response.Body)
	}
	if err != nil && c.t.Context().Err() != nil {
		return http.StatusBadRequest, nil
	}
	if err != nil || status >= 500 {
		c.failed.Add(1)
	}
	return status, answer
}

// awaitComplete waits until all messages are counted and all images are processed.
func (c *chaos) awaitComplete() {
	quiet := 0
	for end := time.Now().Add(calm); quiet < 8 && time.Now().Before(end); time.Sleep(again) {
		quiet++
		if c.waiting("minim-local-clicks") > 0 || c.ready() < len(c.uploaded) && c.waiting("minim-local-failures") == 0 {
			quiet = 0
			time.Sleep(again)
		}
	}
}

// ready counts the images that are ready. It does not request an image again that was ready once.
func (c *chaos) ready() int {
	for int(c.done.Load()) < len(c.uploaded) {
		var image struct{ Status string }
		if c.api(http.MethodGet, "/api/images/"+c.uploaded[c.done.Load()], "", &image); image.Status != "ready" {
			break
		}
		c.done.Add(1)
	}
	return int(c.done.Load())
}
