package guard

import (
	"encoding/json"
	"hash/crc32"
	"maps"
	"net/http"
	"net/http/httputil"
	"slices"
	"strconv"
	"strings"

	"github.com/minim-dev/minim/infra/local/iam"
)

// dynamoDB maps calls of DynamoDB to actions.
type dynamoDB struct {
	arn string // of the tables, without their names
}

// DynamoDB returns a handler that guards the DynamoDB at upstream, which requires a Host header.
// Signatures are for another Host, but upstream does not check them.
func (g *Guard) DynamoDB(upstream, host string) (http.Handler, error) {
	next, err := forward(upstream)
	if err != nil {
		return nil, err
	}
	target := next.Rewrite
	next.Rewrite = func(r *httputil.ProxyRequest) {
		target(r)
		r.Out.Host = host
	}
	next.ModifyResponse = committed(upstream, next.Transport)
	s := dynamoDB{arn: "arn:aws:dynamodb:" + g.o.Region + ":" + g.o.Account + ":table/"}
	return &filter{guard: g, service: s, next: next}, nil
}

// tableRequest has the common fields of requests about tables.
type tableRequest struct {
	TableName, IndexName string
	RequestItems         map[string]json.RawMessage
	TransactItems        []map[string]struct{ TableName string }
}

func (d dynamoDB) needs(r *http.Request) ([]iam.Request, error) {
	version, operation, ok := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	if !ok || !strings.HasPrefix(version, "DynamoDB_") {
		return nil, unknown("The local cloud does not know which permissions %q needs.", r.Header.Get("X-Amz-Target"))
	}
	data, err := body(r, maxBody)
	if err != nil {
		return nil, err
	}
	var q tableRequest
	if err := json.Unmarshal(data, &q); err != nil {
		return nil, nil // the service reports the error
	}
	switch operation {
	case "BatchGetItem", "BatchWriteItem": // need their own permission for each table
		return d.each(operation, slices.Sorted(maps.Keys(q.RequestItems))), nil
	case "TransactGetItems", "TransactWriteItems": // need the permissions of the actions in them
		return d.transaction(q)
	case "Query", "Scan":
		if q.IndexName != "" {
			return []iam.Request{{Action: "dynamodb:" + operation, Resource: d.table(q.TableName) + "/index/" + q.IndexName}}, nil
		}
	case "ListTables", "DescribeLimits", "DescribeEndpoints":
		return []iam.Request{{Action: "dynamodb:" + operation, Resource: "*"}}, nil
	}
	if q.TableName == "" {
		return nil, unknown("The local cloud does not know which permissions %s needs.", operation)
	}
	return d.each(operation, []string{q.TableName}), nil
}

func (d dynamoDB) each(operation string, tables []string) (all []iam.Request) {
	for _, name := range tables {
		all = append(all, iam.Request{Action: "dynamodb:" + operation, Resource: d.table(name)})
	}
	return all
}

func (d dynamoDB) transaction(q tableRequest) (all []iam.Request, err error) {
	actions := map[string]string{
		"Get": "GetItem", "Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem",
	}
	for _, item := range q.TransactItems {
		for kind, at := range item {
			action, ok := actions[kind]
			if !ok {
				return nil, unknown("The local cloud does not know which permissions %s in a transaction needs.", kind)
			}
			need := iam.Request{Action: "dynamodb:" + action, Resource: d.table(at.TableName)}
			if !slices.ContainsFunc(all, func(n iam.Request) bool { return n.Action == need.Action && n.Resource == need.Resource }) {
				all = append(all, need)
			}
		}
	}
	return all, nil
}

// table returns the ARN of a table, given its name or ARN.
func (d dynamoDB) table(name string) string {
	if strings.HasPrefix(name, "arn:") {
		return name
	}
	return d.arn + name
}

func (dynamoDB) refuse(w http.ResponseWriter, r *http.Request, x *refusal) {
	drain(r)
	text, _ := json.Marshal(map[string]string{"__type": "com.amazon.coral.service#" + x.code(), "Message": x.Error()}) // cannot fail: only strings
	w.Header().Set("X-Amz-Crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE(append(text, '\n'))), 10))
	answerJSON(w, "application/x-amz-json-1.0", http.StatusBadRequest, json.RawMessage(text))
}
