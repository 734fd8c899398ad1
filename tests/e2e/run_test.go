package e2e

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/minim-dev/minim/shared/session"
)

// run is a running script.
type run struct {
	t          *testing.T
	base       string
	cloud      *cloud // nil against a live stage
	variables  map[string]string
	files      map[string][]byte
	background sync.WaitGroup
}

// step runs one case, or fails the script with the line and the error.
func (r *run) step(s step) {
	r.t.Helper()
	began := time.Now()
	var err error
	switch s.words[0] {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
		err = r.request(s)
	case "owner":
		err = r.owner(s)
	case "person":
		err = r.person(s)
	case "mail":
		err = r.mail(s)
	case "invoke":
		err = r.invoke(s)
	case "time":
		err = r.moment(s)
	case "photo":
		err = r.photo(s)
	case "file":
		err = r.file(s)
	case "send":
		err = r.send(s)
	case "visit":
		err = r.visit(s)
	case "minim":
		err = r.command(s)
	case "kill":
		err = r.kill(s)
	case "put":
		err = r.put(s)
	case "message":
		err = r.message(s)
	case "schedule":
		err = r.schedule(s)
	case "log":
		err = r.log(s)
	case "refusals":
		err = r.refusals(s)
	default:
		err = fmt.Errorf("there is no command %q", s.words[0])
	}
	if err != nil {
		r.t.Fatalf("%s: %s\n%v", s.place, expand(s.text, r.variables), err)
	}
	r.t.Logf("%s: %s (%s)", s.place, expand(s.text, r.variables), time.Since(began).Round(time.Millisecond))
}

// needsCloud skips the script where it cannot be run.
func (r *run) needsCloud(command string) {
	if r.cloud == nil {
		r.t.Skipf("the command %q needs a local cloud, not the stage at BASE_URL", command)
	}
}

func (r *run) owner(s step) error {
	r.needsCloud("owner")
	scopes := "links:read,links:write,images:read,images:write,reports:read,reports:write,keys:read,keys:write"
	if len(s.words) > 2 {
		scopes = s.words[2]
	}
	key, err := r.cloud.key(r.t.Context(), s.words[1], scopes)
	r.variables["key:"+s.words[1]] = key
	return err
}

// person NAME signs NAME@example.com up and in; ${NAME.id} is their ID.
func (r *run) person(s step) error {
	r.needsCloud("person")
	name := s.words[1]
	b, address := newBrowser(r.t, r.cloud), name+"@example.com"
	b.signUp(address)
	var me struct{ Person, Email string }
	got := b.send(http.MethodGet, "/api/session", nil, "")
	if err := json.Unmarshal(got.body, &me); err != nil || me.Email != address {
		return fmt.Errorf("signed in with %d %s, %v", got.status, got.body, err)
	}
	for _, cookie := range b.cookies() {
		if cookie.Name == session.Cookie {
			r.variables["session:"+name] = cookie.Name + "=" + cookie.Value
		}
	}
	r.variables[name+".id"] = me.Person
	return nil
}

// mail NAME PATTERN waits for a mail, and sets NAME to what the pattern's group matches in it.
func (r *run) mail(s step) error {
	r.needsCloud("mail")
	r.variables[s.words[1]] = r.cloud.mailed(r.t, strings.Join(s.words[2:], " "))
	return nil
}

func (r *run) invoke(s step) error {
	r.needsCloud("invoke")
	endpoints, err := r.cloud.endpoints()
	if err != nil {
		return err
	}
	client := lambda.New(lambda.Options{
		Region:       endpoints["AWS_REGION"],
		BaseEndpoint: aws.String(endpoints["AWS_ENDPOINT_URL_LAMBDA"]),
		Credentials:  credentials.NewStaticCredentialsProvider("local", "local", ""),
	})
	payload := strings.TrimSpace(strings.TrimPrefix(s.text, "invoke "+s.words[1]))
	out, err := client.Invoke(r.t.Context(), &lambda.InvokeInput{
		FunctionName: aws.String("minim-local-" + s.words[1]),
		Payload:      []byte(expand(payload, r.variables)),
	})
	if err != nil {
		return err
	}
	got := answer{status: http.StatusOK, body: out.Payload}
	if out.FunctionError != nil {
		got.status = http.StatusInternalServerError
	}
	for _, l := range s.lines {
		if err := r.check(l, got); err != nil {
			return err
		}
	}
	return nil
}

// time NAME 3s
func (r *run) moment(s step) error {
	ahead, err := time.ParseDuration(s.words[2])
	r.variables[s.words[1]] = time.Now().Add(ahead).UTC().Format("2006-01-02T15:04:05.000Z")
	return err
}

// photo NAME 4000x3000 orientation 6 [broken]
func (r *run) photo(s step) error {
	var width, height, orientation int
	if _, err := fmt.Sscanf(strings.Join(s.words[2:], " "), "%dx%d orientation %d", &width, &height, &orientation); err != nil {
		return err
	}
	img := photo(width, height, orientation)
	if strings.HasSuffix(s.text, " broken") {
		img = broken(img)
	}
	r.keep(s.words[1], img)
	return nil
}

func (r *run) file(s step) error {
	r.keep(s.words[1], []byte(strings.Join(s.words[2:], " ")))
	return nil
}

func (r *run) keep(name string, data []byte) {
	sum := sha256.Sum256(data)
	r.files[name] = data
	r.variables[name+".bytes"] = strconv.Itoa(len(data))
	r.variables[name+".sha256"] = hex.EncodeToString(sum[:])
}

// send NAME to VAR
func (r *run) send(s step) error {
	var upload struct {
		Method, URL string
		Headers     map[string]string
	}
	if err := json.Unmarshal([]byte(r.variables[s.words[3]]), &upload); err != nil {
		return fmt.Errorf("%s is not an upload: %w", s.words[3], err)
	}
	request, err := http.NewRequestWithContext(r.t.Context(), upload.Method, upload.URL, bytes.NewReader(r.files[s.words[1]]))
	if err != nil {
		return err
	}
	for name, value := range upload.Headers {
		request.Header.Set(name, value)
	}
	got, err := exchange(request)
	if err != nil {
		return err
	}
	if len(s.lines) == 0 && got.status != http.StatusOK {
		return fmt.Errorf("the upload was answered with %d: %s", got.status, got.body)
	}
	for _, l := range s.lines {
		if err := r.check(l, got); err != nil {
			return err
		}
	}
	return nil
}

// visit 300 by 20 PATH with noise
func (r *run) visit(s step) error {
	count, _ := strconv.Atoi(s.words[1])
	clients, _ := strconv.Atoi(s.words[3])
	url := r.base + expand(s.words[4], r.variables)
	noise := strings.HasSuffix(s.text, " with noise")
	numbers := make(chan int)
	failures := make(chan error, clients)
	var visitors sync.WaitGroup
	for range clients {
		visitors.Go(func() {
			for number := range numbers {
				if err := look(r.t.Context(), url, number, noise); err != nil {
					failures <- err
					return
				}
			}
		})
	}
	go func() {
		defer close(numbers)
		for number := range count {
			select {
			case numbers <- number:
			case <-r.t.Context().Done():
				return
			}
		}
	}()
	done := make(chan struct{})
	go func() { visitors.Wait(); close(done) }()
	select {
	case err := <-failures:
		return err
	case <-done:
		return nil
	}
}

// look visits once as a person and, with noise, once more as a client that is not counted.
func look(ctx context.Context, url string, number int, noise bool) error {
	kinds := []http.Header{{"User-Agent": {"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}}}
	methods := []string{http.MethodGet}
	if noise {
		uncounted := []http.Header{
			{"User-Agent": kinds[0]["User-Agent"], "Sec-Purpose": {"prefetch;prerender"}},
			{"User-Agent": {"Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"}},
			{"User-Agent": {"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}},
			{"User-Agent": kinds[0]["User-Agent"]}, // this one sends HEAD
		}
		kinds = append(kinds, uncounted[number%4])
		methods = append(methods, map[bool]string{true: http.MethodHead, false: http.MethodGet}[number%4 == 3])
	}
	for i, header := range kinds {
		request, err := http.NewRequestWithContext(ctx, methods[i], url, nil)
		if err != nil {
			return err
		}
		request.Header = header.Clone()
		got, err := exchangePatiently(request)
		if err != nil {
			return err
		}
		if got.status != http.StatusFound {
			return fmt.Errorf("visit %d was answered with %d: %s", number, got.status, got.body)
		}
	}
	return nil
}

// kill FN 5 every 200ms
func (r *run) kill(s step) error {
	r.needsCloud("kill")
	times, _ := strconv.Atoi(s.words[2])
	pause, err := time.ParseDuration(s.words[4])
	if err != nil {
		return err
	}
	r.background.Go(func() {
		ended := 0
		for attempt := 0; ended < times && attempt < 50*times; attempt++ {
			n, err := r.cloud.kill(s.words[1])
			if err != nil {
				r.t.Errorf("%s: %v", s.place, err)
				return
			}
			ended += n
			time.Sleep(pause)
		}
		if ended < times {
			r.t.Errorf("%s: only %d processes of %s could be ended", s.place, ended, s.words[1])
		}
		r.t.Logf("%s: ended %d processes of %s", s.place, ended, s.words[1])
	})
	return nil
}

// exchange sends a request. It follows no redirects, which the scripts check, and fails
// for answers of the API that do not match its contract.
func exchange(request *http.Request) (answer, error) {
	ctx, cancel := context.WithTimeout(request.Context(), 30*time.Second)
	defer cancel()
	// A client would refuse a Location that Go can't parse, although browsers can.
	response, err := http.DefaultTransport.RoundTrip(request.WithContext(ctx))
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	got := answer{status: response.StatusCode, header: response.Header, body: body}
	if err == nil {
		err = conforms(request, got)
	}
	return got, err
}
