package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// answer is the answer to a request or an invocation.
type answer struct {
	status   int
	statuses map[int]int // of a request sent several times
	header   http.Header
	body     []byte
}

// asked is a request as described by the lines of its case.
type asked struct {
	method, url string
	header      http.Header
	body        string
	bytes       []byte // the body if it is an image
	times       int
	within      time.Duration
	lasting     time.Duration
	checks      []line
}

// again is the pause before a case repeats its request.
const again = 250 * time.Millisecond

func (r *run) request(s step) error {
	a, err := r.read(s)
	if err != nil {
		return err
	}
	if err := r.hold(a, func() (answer, error) { return r.sendAll(a) }); err != nil {
		return err
	}
	return r.head(a)
}

// head repeats a visitor's GET as HEAD: its answer must match the contract too.
func (r *run) head(a asked) error {
	path := strings.TrimPrefix(a.url, r.base)
	if a.method != http.MethodGet || path == a.url || strings.Count(path, "/") != 1 {
		return nil
	}
	a.method = http.MethodHead
	_, err := r.sendOnce(a)
	return err
}

// hold repeats a case until every check passes, and then for as long as they must.
func (r *run) hold(a asked, look func() (answer, error)) error {
	began := time.Now()
	for {
		failed := r.checkAll(a.checks, look)
		passed := time.Since(began)
		switch {
		case failed == nil && passed >= a.lasting:
			return nil
		case failed != nil && passed >= a.within:
			return failed
		}
		time.Sleep(again)
	}
}

func (r *run) checkAll(checks []line, look func() (answer, error)) error {
	got, err := look()
	if err != nil {
		return err
	}
	for _, check := range checks {
		if err := r.check(check, got); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) read(s step) (asked, error) {
	a := asked{method: s.words[0], url: expand(s.words[1], r.variables), header: http.Header{}, times: 1}
	if strings.HasPrefix(a.url, "/") {
		a.url = r.base + a.url
	}
	key := r.variables["KEY"]
	for _, l := range s.lines {
		kind, rest, _ := strings.Cut(l.text, " ")
		text := expand(rest, r.variables)
		var err error
		switch kind {
		case ">":
			name, value, _ := strings.Cut(text, ":")
			a.header.Set(name, strings.TrimSpace(value))
		case "<":
			if name, isFile := strings.CutPrefix(text, "@"); isFile {
				a.bytes = r.files[name]
				continue
			}
			a.body += text
		case "as":
			key = r.variables["key:"+rest]
			cookie := r.variables["session:"+rest]
			switch {
			case cookie != "": // as a page of the site
				a.header.Set("Cookie", cookie)
				a.header.Set("Sec-Fetch-Site", "same-origin")
			case key == "" && rest != "nobody":
				err = fmt.Errorf("there is no owner %s", rest)
			}
		case "times":
			a.times, err = strconv.Atoi(text)
		case "within":
			a.within, err = time.ParseDuration(text)
		case "for":
			a.lasting, err = time.ParseDuration(text)
		default:
			a.checks = append(a.checks, l)
		}
		if err != nil {
			return a, fmt.Errorf("%s: %w", l.place, err)
		}
	}
	if key != "" && strings.HasPrefix(a.url, r.base+"/api/") && a.header.Get("Authorization") == "" {
		a.header.Set("Authorization", "Bearer "+key)
	}
	if a.body != "" && a.header.Get("Content-Type") == "" {
		a.header.Set("Content-Type", "application/json")
	}
	return a, nil
}

// sendOnce sends the request of a case without repeating it for within or for.
func (r *run) sendOnce(a asked) (answer, error) {
	body := []byte(a.body)
	if a.bytes != nil {
		body = a.bytes
	}
	request, err := http.NewRequestWithContext(r.t.Context(), a.method, a.url, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	request.Header = a.header.Clone()
	return exchangePatiently(request)
}

// exchangePatiently sends a request, and retries while the answer is 503 with Retry-After:
// on a busy machine a service may take longer than the timeout of a call.
func exchangePatiently(request *http.Request) (answer, error) {
	for try := 0; ; try++ {
		attempt := request.Clone(request.Context())
		if request.GetBody != nil {
			attempt.Body, _ = request.GetBody() // a reader in memory, which can't fail
		}
		got, err := exchange(attempt)
		if err != nil || got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") == "" || try == 10 {
			return got, err
		}
		time.Sleep(5 * time.Second)
	}
}

// sendAll sends all requests of the case at once, and returns the last answer.
func (r *run) sendAll(a asked) (answer, error) {
	type outcome struct {
		answer
		err error
	}
	outcomes := make(chan outcome, a.times)
	for range a.times {
		go func() {
			got, err := r.sendOnce(a)
			outcomes <- outcome{got, err}
		}()
	}
	statuses := map[int]int{}
	var last answer
	for range a.times {
		o := <-outcomes
		if o.err != nil {
			return answer{}, o.err
		}
		statuses[o.status]++
		last = o.answer
	}
	last.statuses = statuses
	return last, nil
}

// check compares an answer with one line of the script.
func (r *run) check(l line, got answer) error {
	words := strings.SplitN(l.text, " ", 2)
	if len(words) < 2 {
		return fmt.Errorf("%s: %q is not a check", l.place, l.text)
	}
	if words[0] == "set" {
		name, what, _ := strings.Cut(words[1], " ")
		what, pattern, picks := strings.Cut(what, " ~ ")
		value, err := find(what, got)
		if err == nil && picks {
			value, err = group(value, pattern)
		}
		r.variables[name] = value
		return place(l, err)
	}
	match := comparison.FindStringSubmatch(l.text)
	if match == nil {
		return fmt.Errorf("%s: %q is not a check", l.place, l.text)
	}
	actual, err := find(match[1], got)
	if err != nil {
		return place(l, err)
	}
	want := strings.TrimSpace(expand(match[3], r.variables))
	holds, err := compare(actual, match[2], want)
	if err == nil && !holds {
		err = fmt.Errorf("%s: it is %q\nstatus %d, body: %.600s", l.text, actual, got.status, got.body)
	}
	return place(l, err)
}

// group returns the match of a pattern's first group.
func group(value, pattern string) (string, error) {
	re, err := regexp.Compile(pattern)
	if err != nil {
		return "", err
	}
	match := re.FindStringSubmatch(value)
	if len(match) < 2 {
		return "", fmt.Errorf("nothing matches a group of %s in %.600s", pattern, value)
	}
	return match[1], nil
}

func place(l line, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", l.place, err)
}

var comparison = regexp.MustCompile(`^(.+?) (==|!=|~|!~|<|>)( .*)?$`)

// find returns the value that a check compares, as text.
func find(what string, got answer) (string, error) {
	kind, rest, _ := strings.Cut(what, " ")
	switch kind {
	case "status":
		return strconv.Itoa(got.status), nil
	case "statuses":
		return tally(got.statuses), nil
	case "header":
		return got.header.Get(rest), nil
	case "body":
		return string(got.body), nil
	case "image":
		return describe(got.body)
	case "qr":
		return scan(got.body)
	case "json":
		return pick(got.body, rest)
	}
	return "", fmt.Errorf("%q is not a value that can be checked", what)
}

func tally(statuses map[int]int) string {
	var parts []string
	for status, times := range statuses {
		parts = append(parts, fmt.Sprintf("%d×%d", status, times))
	}
	slices.Sort(parts)
	return strings.Join(parts, " ")
}

// pick returns the value at a path such as .items.0.url in JSON; .# is a length, and a
// missing member is "".
func pick(body []byte, path string) (string, error) {
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return "", fmt.Errorf("not JSON: %w: %.300s", err, body)
	}
	for _, name := range strings.FieldsFunc(path, func(c rune) bool { return c == '.' }) {
		switch v := value.(type) {
		case map[string]any:
			value = v[name]
		case []any:
			i, err := strconv.Atoi(name)
			switch {
			case name == "#":
				value = len(v)
			case err != nil || i >= len(v):
				return "", nil
			default:
				value = v[i]
			}
		default:
			return "", nil
		}
	}
	switch v := value.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	}
	text, err := json.Marshal(value)
	return string(text), err
}

func compare(actual, operator, want string) (bool, error) {
	switch operator {
	case "==":
		return actual == want, nil
	case "!=":
		return actual != want, nil
	case "~", "!~":
		pattern, err := regexp.Compile(want)
		if err != nil {
			return false, err
		}
		return pattern.MatchString(actual) == (operator == "~"), nil
	}
	a, aErr := strconv.ParseFloat(actual, 64)
	b, bErr := strconv.ParseFloat(want, 64)
	if err := errors.Join(aErr, bErr); err != nil {
		return false, err
	}
	return operator == "<" && a < b || operator == ">" && a > b, nil
}
