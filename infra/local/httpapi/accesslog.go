package httpapi

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

const defaultFormat = `{"requestId":"$context.requestId","ip":"$context.identity.sourceIp",` +
	`"requestTime":"$context.requestTime","httpMethod":"$context.httpMethod","path":"$context.path",` +
	`"routeKey":"$context.routeKey","status":"$context.status","protocol":"$context.protocol",` +
	`"responseLength":"$context.responseLength","responseLatency":"$context.responseLatency",` +
	`"integrationLatency":"$context.integrationLatency","error":"$context.integrationErrorMessage"}`

var logVariable = regexp.MustCompile(`\$context\.[A-Za-z]+(\.[A-Za-z]+)*`)

// logLine fills in the format of the access log. Values are escaped for JSON;
// missing values become "-".
func (x *exchange) logLine(a *answer, length int) string {
	format := x.g.AccessLogFormat
	if format == "" {
		format = defaultFormat
	}
	outcome := map[string]string{
		"status":          strconv.Itoa(a.status),
		"error.message":   a.message,
		"responseLength":  strconv.Itoa(length),
		"responseLatency": strconv.FormatInt(x.g.Now().Sub(x.at).Milliseconds(), 10),
	}
	return logVariable.ReplaceAllStringFunc(format, func(found string) string {
		name := strings.TrimPrefix(found, "$context.")
		v := outcome[name]
		if v == "" {
			v = x.variable(name)
		}
		if v == "" {
			v = "-"
		}
		quoted := marshal(v)
		return string(quoted[1 : len(quoted)-1])
	})
}

// variable returns the value of $context.NAME, or "" if it has none.
func (x *exchange) variable(name string) string {
	if claim, ok := strings.CutPrefix(name, "authorizer."); ok {
		if of, ok := strings.CutPrefix(claim, "claims."); ok && x.token != nil {
			return x.token.Claims[of]
		}
		if v := x.claims[claim]; v != nil {
			return fmt.Sprint(v)
		}
		return ""
	}
	switch name {
	case "accountId":
		return x.g.AccountID
	case "apiId":
		return x.g.APIID
	case "stage":
		return x.g.Stage
	case "domainName":
		return x.g.Domain
	case "domainPrefix":
		prefix, _, _ := strings.Cut(x.g.Domain, ".")
		return prefix
	case "requestId", "extendedRequestId":
		return x.id
	case "requestTime":
		return x.at.UTC().Format(clf)
	case "requestTimeEpoch":
		return strconv.FormatInt(x.at.Unix(), 10)
	case "httpMethod":
		return x.Method
	case "path":
		return x.URL.Path
	case "protocol":
		return x.Proto
	case "routeKey":
		if x.route != nil {
			return x.route.Key
		}
	case "identity.sourceIp":
		return x.source
	case "identity.userAgent":
		return x.UserAgent()
	case "integrationLatency", "integration.latency":
		if x.took > 0 {
			return strconv.FormatInt(x.took.Milliseconds(), 10)
		}
	case "integration.status":
		if x.returned > 0 {
			return strconv.Itoa(x.returned)
		}
	case "integrationErrorMessage", "integration.error":
		return x.problem
	}
	return ""
}

// lineWriter serialises the log lines of concurrent requests.
type lineWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lineWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}
