package logs

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// taken records the unpacked events of functions.
type taken struct {
	t  *testing.T
	mu sync.Mutex
	// all are "FUNCTION JSON".
	all []string
}

func (k *taken) invoke(function string, payload []byte) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	var outer struct {
		AWSLogs struct{ Data []byte } `json:"awslogs"`
	}
	if err := json.Unmarshal(payload, &outer); err != nil {
		k.t.Error(err)
	}
	if len(payload) > 1<<20 {
		k.t.Errorf("an event of %d bytes", len(payload))
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(outer.AWSLogs.Data))
	if err != nil {
		k.t.Error(err)
		return nil
	}
	text, err := io.ReadAll(unpacked)
	if err != nil {
		k.t.Error(err)
	}
	k.all = append(k.all, function+" "+string(text))
	return nil
}

func deliver(t *testing.T, lines func(*Deliverer), subscriptions ...Subscription) []string {
	t.Helper()
	k := &taken{t: t}
	d := New(subscriptions, Options{Owner: "000000000000", InvokeAsync: k.invoke, Logger: slog.New(slog.DiscardHandler)})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); d.Serve(ctx) }()
	lines(d)
	cancel()
	<-ended
	return k.all
}

func filter(t *testing.T, pattern string) *Filter {
	t.Helper()
	f, err := ParseFilter(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestEvent checks all fields of the event for a function.
func TestEvent(t *testing.T) {
	at := time.UnixMilli(1795241679491)
	got := deliver(t, func(d *Deliverer) {
		d.Line("shop", "stream", at, []byte("START RequestId: 1"))
		d.Line("other", "stream", at, []byte("START RequestId: 2"))
		d.Line("shop", "stream", at.Add(time.Second), []byte("ERROR <x>"))
	}, Subscription{Name: "all", Group: "/aws/lambda/shop", From: "shop", To: "watch", Filter: filter(t, ""), Newline: true},
		Subscription{Name: "errors", Group: "/aws/lambda/shop", From: "shop", To: "alarm", Filter: filter(t, "ERROR")})
	const event = `{"messageType":"DATA_MESSAGE","owner":"000000000000","logGroup":"/aws/lambda/shop","logStream":"stream","subscriptionFilters":["%s"],"logEvents":[%s]}`
	const id = `"id":"31795241679491000000000000000000000000000000000000000001","timestamp":1795241679491`
	want := []string{
		"watch " + fmt.Sprintf(event, "all", `{`+id+`,"message":"START RequestId: 1\n"},`+
			`{"id":"31795241680491000000000000000000000000000000000000000002","timestamp":1795241680491,"message":"ERROR \u003cx\u003e\n"}`),
		"alarm " + fmt.Sprintf(event, "errors", `{"id":"31795241680491000000000000000000000000000000000000000003","timestamp":1795241680491,"message":"ERROR \u003cx\u003e"}`),
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

// TestLarge: lines that are too much for one event are split, and the order of a stream is preserved.
func TestLarge(t *testing.T) {
	line := strings.Repeat("x", 200<<10)
	got := deliver(t, func(d *Deliverer) {
		for i := range 10 {
			d.Line("shop", fmt.Sprint("stream", i%2), time.Now(), fmt.Appendf(nil, "%d %s", i/2, line))
		}
	}, Subscription{From: "shop", To: "watch", Filter: filter(t, "")})
	if len(got) < 6 {
		t.Errorf("%d events", len(got))
	}
	last := map[string]string{}
	for _, text := range got {
		var data struct {
			LogStream string
			LogEvents []struct{ Message string }
		}
		if err := json.Unmarshal([]byte(strings.TrimPrefix(text, "watch ")), &data); err != nil {
			t.Fatal(err)
		}
		for _, e := range data.LogEvents {
			number, _, _ := strings.Cut(e.Message, " ")
			if number < last[data.LogStream] {
				t.Errorf("%s after %s", number, last[data.LogStream])
			}
			last[data.LogStream] = number
		}
	}
	if d := cmp.Diff(map[string]string{"stream0": "4", "stream1": "4"}, last); d != "" {
		t.Error(d)
	}
}
