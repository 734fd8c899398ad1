package main

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"os"
	"strings"

	"github.com/minim-dev/minim/infra/local/template"
)

// described answers the calls of Lambda's API that only look, and leaves the
// others to next.
func (s *site) described(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rest, ok := strings.CutPrefix(r.URL.Path, "/2015-03-31/functions")
		name, part, _ := strings.Cut(strings.Trim(rest, "/"), "/")
		if !ok || r.Method != http.MethodGet || part != "" && part != "configuration" {
			next.ServeHTTP(w, r)
			return
		}
		list := []map[string]any{}
		for _, f := range template.Of[template.Function](s.stack) {
			if name == "" || named(name, f.FunctionName) {
				list = append(list, s.configuration(f))
			}
		}
		w.Header().Set("X-Amzn-Requestid", rand.Text())
		w.Header().Set("Content-Type", "application/json")
		var answer any
		switch {
		case name == "":
			answer = map[string]any{"Functions": list}
		case len(list) == 0:
			w.Header().Set("X-Amzn-Errortype", "ResourceNotFoundException")
			w.WriteHeader(http.StatusNotFound)
			answer = map[string]string{"Type": "User", "Message": "Function not found: arn:aws:lambda:" + region + ":" + account + ":function:" + name}
		case part == "configuration":
			answer = list[0]
		default:
			answer = map[string]any{"Configuration": list[0], "Code": map[string]string{"RepositoryType": "S3"}}
		}
		_ = json.NewEncoder(w).Encode(answer)
	})
}

// configuration is a function as the API shows it.
func (s *site) configuration(f *template.Function) map[string]any {
	all := map[string]any{
		"FunctionName": f.FunctionName, "FunctionArn": f.ARN(), "Runtime": f.Runtime, "Role": f.Role, "Handler": f.Handler,
		"Timeout": f.Timeout, "MemorySize": f.MemorySize, "Version": "$LATEST", "PackageType": "Zip",
		"State": "Active", "LastUpdateStatus": "Successful",
	}
	if len(f.Environment.Variables) > 0 {
		all["Environment"] = map[string]any{"Variables": f.Environment.Variables}
	}
	if info, err := os.Stat(s.binary(f)); err == nil {
		all["CodeSize"], all["LastModified"] = info.Size(), info.ModTime().UTC().Format("2006-01-02T15:04:05.000+0000")
	}
	return all
}
