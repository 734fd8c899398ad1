package account

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/minim-dev/minim/infra/local/awsjson"
)

const maxEvents = 10_000

// logsRequest has the fields of all requests of CloudWatch Logs.
type logsRequest struct {
	LogGroupName        string   `json:"logGroupName"`
	LogGroupIdentifier  string   `json:"logGroupIdentifier"`
	LogGroupNamePrefix  string   `json:"logGroupNamePrefix"`
	LogGroupNamePattern string   `json:"logGroupNamePattern"`
	LogStreamName       string   `json:"logStreamName"`
	LogStreamNames      []string `json:"logStreamNames"`
	FilterPattern       string   `json:"filterPattern"`
	StartTime           int64    `json:"startTime"`
	EndTime             int64    `json:"endTime"`
	Limit               int      `json:"limit"`
	NextToken           string   `json:"nextToken"`
}

type logEvent struct {
	Stream    string `json:"logStreamName"`
	Timestamp int64  `json:"timestamp"`
	Ingestion int64  `json:"ingestionTime"`
	Message   string `json:"message"`
	ID        string `json:"eventId"`
}

func (s *Server) logs() http.Handler {
	return awsjson.Handler("Logs_20140328", func(operation string, q logsRequest) (any, error) {
		switch operation {
		case "FilterLogEvents":
			return s.filter(q)
		case "GetLogEvents":
			q.LogStreamNames = []string{q.LogStreamName}
			found, err := s.filter(q)
			if err != nil {
				return nil, err
			}
			found["nextForwardToken"], found["nextBackwardToken"] = "f/end", "b/end"
			delete(found, "nextToken")
			return found, nil
		case "DescribeLogGroups":
			return s.describeGroups(q), nil
		case "DescribeLogStreams":
			return s.describeStreams(q)
		}
		return nil, awsjson.Fault("UnknownOperationException", "the local cloud has no %s of CloudWatch Logs", operation)
	})
}

func (s *Server) group(q logsRequest) ([]line, error) {
	name := cmp.Or(q.LogGroupName, q.LogGroupIdentifier)
	if _, rest, found := strings.Cut(name, ":log-group:"); found {
		name = strings.TrimSuffix(rest, ":*")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	lines, ok := s.groups[name]
	if !ok {
		return nil, awsjson.Fault("ResourceNotFoundException", "The specified log group does not exist.")
	}
	return slices.Clone(lines), nil
}

// filter returns the lines after the position of the token.
func (s *Server) filter(q logsRequest) (map[string]any, error) {
	lines, err := s.group(q)
	if err != nil {
		return nil, err
	}
	after, _ := strconv.ParseInt(q.NextToken, 10, 64) // without a token: from the first line
	limit := cmp.Or(q.Limit, maxEvents)
	found := map[string]any{"searchedLogStreams": []any{}}
	events := []logEvent{}
	for _, l := range lines {
		at := l.at.UnixMilli()
		outside := l.number <= after || at < q.StartTime || q.EndTime > 0 && at >= q.EndTime
		if outside || len(q.LogStreamNames) > 0 && !slices.Contains(q.LogStreamNames, l.stream) || !contains(l.text, q.FilterPattern) {
			continue
		}
		if len(events) == limit {
			found["nextToken"] = strconv.FormatInt(after, 10)
			break
		}
		after = l.number
		events = append(events, logEvent{l.stream, at, at, l.text, fmt.Sprintf("%056d", l.number)})
	}
	found["events"] = events
	return found, nil
}

// contains reports whether a text contains all words of a pattern. Other filters are not supported.
func contains(text, pattern string) bool {
	for word := range strings.FieldsSeq(pattern) {
		if !strings.Contains(text, strings.Trim(word, `"`)) {
			return false
		}
	}
	return true
}

func (s *Server) describeGroups(q logsRequest) any {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(s.groups)) {
		if strings.HasPrefix(name, q.LogGroupNamePrefix) && strings.Contains(name, q.LogGroupNamePattern) {
			arn := "arn:aws:logs:" + s.o.Region + ":" + s.o.Account + ":log-group:" + name
			all = append(all, map[string]any{"logGroupName": name, "arn": arn + ":*", "logGroupArn": arn, "creationTime": s.created.UnixMilli(), "storedBytes": 0})
		}
	}
	return map[string]any{"logGroups": all}
}

func (s *Server) describeStreams(q logsRequest) (any, error) {
	lines, err := s.group(q)
	if err != nil {
		return nil, err
	}
	last := map[string]int64{}
	for _, l := range lines {
		last[l.stream] = l.at.UnixMilli()
	}
	all := []map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(last)) {
		all = append(all, map[string]any{"logStreamName": name, "lastEventTimestamp": last[name]})
	}
	return map[string]any{"logStreams": all}, nil
}
