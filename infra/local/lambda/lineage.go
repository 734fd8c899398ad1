package lambda

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// maxRecursion is the maximum number of invocations of a function in one chain of events. AWS documents "approximately 16 times".
const maxRecursion = 16

// lineageField is the part of a trace header that counts each function's invocations in the chain:
// "…;Lineage=1f2e3d4c:2|…". SDKs in functions send the header with their calls, and SQS stores it with messages.
const lineageField = "Lineage="

// depth returns the number of invocations of a function in the chain of a trace header.
func depth(trace, function string) int {
	_, lineage := cutLineage(trace)
	return lineage[functionHash(function)]
}

// descend returns the trace header with one more invocation of a function.
func descend(trace, function string) string {
	rest, lineage := cutLineage(trace)
	hash := functionHash(function)
	lineage[hash]++
	order := []string{}
	for _, each := range strings.Split(field(trace), "|") {
		if name, _, ok := strings.Cut(each, ":"); ok && name != hash {
			order = append(order, name)
		}
	}
	var parts []string
	for _, name := range append(order, hash) {
		parts = append(parts, fmt.Sprintf("%s:%d", name, lineage[name]))
	}
	return rest + ";" + lineageField + strings.Join(parts, "|")
}

func functionHash(function string) string {
	sum := sha256.Sum256([]byte(function))
	return hex.EncodeToString(sum[:4])
}

func field(trace string) string {
	for part := range strings.SplitSeq(trace, ";") {
		if value, ok := strings.CutPrefix(strings.TrimSpace(part), lineageField); ok {
			return value
		}
	}
	return ""
}

// cutLineage splits a trace header into its other fields and the number of invocations by function.
func cutLineage(trace string) (rest string, counts map[string]int) {
	counts = map[string]int{}
	var others []string
	for part := range strings.SplitSeq(trace, ";") {
		if !strings.HasPrefix(strings.TrimSpace(part), lineageField) {
			others = append(others, part)
		}
	}
	for each := range strings.SplitSeq(field(trace), "|") {
		name, text, ok := strings.Cut(each, ":")
		if n, err := strconv.Atoi(text); ok && err == nil {
			counts[name] = n
		}
	}
	return strings.Join(others, ";"), counts
}

// recursive returns an error if a chain of events has reached the maximum number of invocations of a function.
func (p *Platform) recursive(trace, name string) error {
	if depth(trace, name) < maxRecursion {
		return nil
	}
	p.console.line(name, fmt.Appendf(nil, "RecursiveInvocationsDropped: %s was invoked %d times in one chain of events; this invocation is dropped", name, maxRecursion))
	return &Error{Status: http.StatusBadRequest, Type: "RecursiveInvocationException",
		Message: "Lambda has detected your function being invoked in a recursive loop with other AWS resources and stopped your function's invocation."}
}
