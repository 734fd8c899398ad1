package e2e

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/minim-dev/minim/shared/blob"
)

// put NAME to BUCKET KEY
func (r *run) put(s step) error {
	r.needsCloud("put")
	endpoints, err := r.cloud.endpoints()
	if err != nil {
		return err
	}
	client := blob.Client(aws.Config{
		Region:       endpoints["AWS_REGION"],
		BaseEndpoint: aws.String(endpoints["AWS_ENDPOINT_URL_S3"]),
		Credentials:  credentials.NewStaticCredentialsProvider(endpoints["AWS_ACCESS_KEY_ID"], endpoints["AWS_SECRET_ACCESS_KEY"], ""),
	})
	key := strings.TrimSpace(strings.TrimPrefix(s.text, strings.Join(s.words[:4], " ")))
	bucket := blob.NewBucket(client, "minim-local-"+s.words[3]+"-000000000000")
	return bucket.Put(r.t.Context(), blob.Object{Key: expand(key, r.variables), ContentType: "application/octet-stream", Body: r.files[s.words[1]]})
}

// message QUEUE {…}
func (r *run) message(s step) error {
	r.needsCloud("message")
	body := strings.TrimSpace(strings.TrimPrefix(s.text, "message "+s.words[1]))
	return r.console("queues/minim-local-"+s.words[1]+"/send", url.Values{"body": {expand(body, r.variables)}})
}

// schedule FN
func (r *run) schedule(s step) error {
	r.needsCloud("schedule")
	response, err := http.Get(r.base + "/_local/schedules")
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var all []struct{ Name, Target string }
	if err := json.NewDecoder(response.Body).Decode(&all); err != nil {
		return err
	}
	due := slices.DeleteFunc(all, func(each struct{ Name, Target string }) bool { return each.Target != "minim-local-"+s.words[1] })
	if len(due) == 0 {
		return fmt.Errorf("no schedule starts %s", s.words[1])
	}
	for _, each := range due {
		err = cmp.Or(err, r.console("schedules/"+url.PathEscape(each.Name)+"/run", nil))
	}
	return err
}

// console presses a button of the console.
func (r *run) console(path string, form url.Values) error {
	response, err := http.PostForm(r.base+"/_local/"+path, form)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("the console answers %s for %s", response.Status, path)
	}
	return nil
}

// log FN: the body of the answer is the function's log so far.
func (r *run) log(s step) error {
	r.needsCloud("log")
	a, err := r.read(s)
	if err != nil {
		return err
	}
	return r.hold(a, func() (answer, error) {
		var logged strings.Builder
		for line := range strings.Lines(r.cloud.output()) {
			if strings.HasPrefix(line, s.words[1]+" ") {
				logged.WriteString(line)
			}
		}
		return answer{status: http.StatusOK, body: []byte(logged.String())}, nil
	})
}
