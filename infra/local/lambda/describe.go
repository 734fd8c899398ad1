package lambda

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"time"
)

// list answers ListFunctions.
func (p *Platform) list(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	var specs []Function
	for _, name := range slices.Sorted(maps.Keys(p.functions)) {
		specs = append(specs, p.functions[name].spec)
	}
	p.mu.Unlock()
	all := []map[string]any{}
	for _, f := range specs {
		all = append(all, p.configuration(f))
	}
	writeJSON(w, map[string]any{"Functions": all})
}

// Mapping is an event source mapping in the form of the API.
type Mapping struct {
	UUID, EventSourceArn, FunctionArn, State string
	BatchSize                                int
}

// MappingID returns the UUID of a mapping. It is the same after each start.
func MappingID(source, function string) string {
	b := sha256.Sum256([]byte(source + " " + function))
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// listMappings answers ListEventSourceMappings.
func (p *Platform) listMappings(w http.ResponseWriter, r *http.Request) {
	source, function := r.URL.Query().Get("EventSourceArn"), r.URL.Query().Get("FunctionName")
	if function != "" {
		name, err := p.resolve(function, "")
		if err != nil {
			writeError(w, newUUID(), err)
			return
		}
		function = p.options.arn(name)
	}
	all := []Mapping{}
	for _, m := range p.options.Mappings {
		if (source == "" || m.EventSourceArn == source) && (function == "" || m.FunctionArn == function) {
			all = append(all, m)
		}
	}
	writeJSON(w, map[string]any{"EventSourceMappings": all})
}

// get answers GetFunction.
func (p *Platform) get(w http.ResponseWriter, r *http.Request) {
	if all, ok := p.described(w, r); ok {
		writeJSON(w, map[string]any{"Configuration": all, "Code": map[string]string{"RepositoryType": "S3"}})
	}
}

// getConfiguration answers GetFunctionConfiguration.
func (p *Platform) getConfiguration(w http.ResponseWriter, r *http.Request) {
	if all, ok := p.described(w, r); ok {
		writeJSON(w, all)
	}
}

// described returns the configuration of the function that a request names. If there is no such function, it answers
// the request and returns false.
func (p *Platform) described(w http.ResponseWriter, r *http.Request) (map[string]any, bool) {
	name, err := p.resolve(r.PathValue("name"), r.URL.Query().Get("Qualifier"))
	if err != nil {
		writeError(w, newUUID(), err)
		return nil, false
	}
	f, ok := p.Settings(name)
	if !ok {
		writeError(w, newUUID(), notFound(p.options.arn(name)))
		return nil, false
	}
	return p.configuration(f), true
}

// configuration returns a function in the form of the API.
func (p *Platform) configuration(f Function) map[string]any {
	all := map[string]any{
		"FunctionName": f.Name, "FunctionArn": p.options.arn(f.Name), "Runtime": f.Runtime, "Role": f.Role, "Handler": f.Handler,
		"Timeout": int(f.Timeout / time.Second), "MemorySize": f.MemoryMB, "Version": latest, "PackageType": "Zip",
		"State": "Active", "LastUpdateStatus": "Successful",
	}
	if len(f.Env) > 0 {
		all["Environment"] = map[string]any{"Variables": f.Env}
	}
	if info, err := os.Stat(f.Binary); err == nil {
		all["CodeSize"], all["LastModified"] = info.Size(), info.ModTime().UTC().Format("2006-01-02T15:04:05.000+0000")
	}
	return all
}

func writeJSON(w http.ResponseWriter, answer any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amzn-Requestid", newUUID())
	_ = json.NewEncoder(w).Encode(answer)
}
