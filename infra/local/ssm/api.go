package ssm

import (
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/minim-dev/minim/infra/local/awsjson"
)

// request has the parameters of all supported requests.
type request struct {
	Name, Value, Type, Description, AllowedPattern, DataType, Tier string
	Names                                                          []string
	Path                                                           string
	Overwrite, WithDecryption, Recursive                           bool
	MaxResults                                                     int
	NextToken                                                      string
	ParameterFilters, Filters                                      []filter
}

// filter is a filter of DescribeParameters.
type filter struct {
	Key, Option string
	Values      []string
}

// described is a parameter in the API. Times are in seconds.
type described struct {
	Name             string
	ARN              string `json:",omitempty"`
	Type             string
	Value            string `json:",omitempty"`
	Version          int
	Selector         string `json:",omitempty"`
	LastModifiedDate float64
	LastModifiedUser string `json:",omitempty"`
	Description      string `json:",omitempty"`
	AllowedPattern   string `json:",omitempty"`
	Tier             string `json:",omitempty"`
	DataType         string
}

// ServeHTTP implements http.Handler: the API of the service.
func (s *Store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	awsjson.Handler("AmazonSSM", s.call).ServeHTTP(w, r)
}

func (s *Store) call(operation string, q request) (any, error) {
	operations := map[string]func(request) (any, error){
		"PutParameter": s.put, "GetParameter": s.get, "GetParameters": s.getAll, "GetParametersByPath": s.below,
		"GetParameterHistory": s.history, "DeleteParameter": s.remove, "DeleteParameters": s.removeAll, "DescribeParameters": s.describe,
	}
	do, ok := operations[operation]
	if !ok {
		return nil, awsjson.Fault("UnknownOperationException", "The local cloud's Systems Manager has parameters only, and does not know %q.", operation)
	}
	answer, err := s.locked(do, q)
	if failed := s.write(); failed != nil && err == nil {
		return nil, failed
	}
	return answer, err
}

func (s *Store) locked(do func(request) (any, error), q request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return do(q)
}

func (s *Store) put(q request) (any, error) {
	v, err := s.add(q.Name, version{
		Type: q.Type, Value: q.Value, Description: q.Description, AllowedPattern: q.AllowedPattern, DataType: q.DataType, Tier: q.Tier,
	}, q.Overwrite, "arn:aws:iam::"+s.o.Account+":root")
	if err != nil {
		return nil, err
	}
	return map[string]any{"Version": v.Number, "Tier": v.Tier}, s.save()
}

func (s *Store) get(q request) (any, error) {
	name, v, err := s.find(q.Name)
	if err != nil {
		return nil, err
	}
	return map[string]any{"Parameter": s.show(name, q.Name, v, q.WithDecryption)}, nil
}

func (s *Store) getAll(q request) (any, error) {
	if len(q.Names) == 0 || len(q.Names) > maxNames {
		return nil, invalid("1 validation error detected: Value at 'names' failed to satisfy constraint: Member must have length between 1 and %d", maxNames)
	}
	found, missing := []described{}, []string{}
	for _, given := range q.Names {
		if name, v, err := s.find(given); err == nil {
			found = append(found, s.show(name, given, v, q.WithDecryption))
		} else {
			missing = append(missing, given)
		}
	}
	return map[string]any{"Parameters": found, "InvalidParameters": missing}, nil
}

func (s *Store) below(q request) (any, error) {
	if !strings.HasPrefix(q.Path, "/") {
		return nil, invalid("The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash \"/\".")
	}
	if len(q.ParameterFilters) > 0 {
		return nil, awsjson.Fault("InvalidFilterKey", "The local cloud's GetParametersByPath has no filters.")
	}
	path := strings.TrimSuffix(q.Path, "/") + "/"
	var all []described
	for _, name := range slices.Sorted(maps.Keys(s.parameters)) {
		rest, ok := strings.CutPrefix(name, path)
		if ok && (q.Recursive || !strings.Contains(rest, "/")) {
			all = append(all, s.show(name, name, s.parameters[name].latest(), q.WithDecryption))
		}
	}
	return page(all, q, maxPerPath)
}

func (s *Store) history(q request) (any, error) {
	name, _, err := s.find(q.Name)
	if err != nil {
		return nil, err
	}
	var all []described
	for _, v := range s.parameters[name].Versions {
		d := s.metadata(name, v)
		d.Value = v.shown(q.WithDecryption)
		all = append(all, d)
	}
	return page(all, q, maxDescribed)
}

func (s *Store) remove(q request) (any, error) {
	name, _, err := s.find(q.Name)
	if err != nil {
		return nil, err
	}
	delete(s.parameters, name)
	return struct{}{}, s.save()
}

func (s *Store) removeAll(q request) (any, error) {
	gone, missing := []string{}, []string{}
	for _, given := range q.Names {
		if name, _, err := s.find(given); err == nil {
			delete(s.parameters, name)
			gone = append(gone, given)
		} else {
			missing = append(missing, given)
		}
	}
	return map[string]any{"DeletedParameters": gone, "InvalidParameters": missing}, s.save()
}

func (s *Store) describe(q request) (any, error) {
	var all []described
	for _, name := range slices.Sorted(maps.Keys(s.parameters)) {
		d := s.metadata(name, s.parameters[name].latest())
		chosen := true
		for _, f := range append(q.ParameterFilters, q.Filters...) {
			ok, err := f.matches(d)
			if err != nil {
				return nil, err
			}
			chosen = chosen && ok
		}
		if chosen {
			all = append(all, d)
		}
	}
	return page(all, q, maxDescribed)
}

func (f filter) matches(d described) (bool, error) {
	value, ok := map[string]string{"Name": d.Name, "Type": d.Type, "Tier": d.Tier, "DataType": d.DataType}[f.Key]
	if !ok {
		return false, awsjson.Fault("InvalidFilterKey", "The local cloud filters parameters by Name, Type, Tier and DataType, not by %q.", f.Key)
	}
	return slices.ContainsFunc(f.Values, func(wanted string) bool {
		switch f.Option {
		case "BeginsWith":
			return strings.HasPrefix(value, wanted)
		case "Contains":
			return strings.Contains(value, wanted)
		}
		return value == wanted
	}), nil
}

// page returns one page of a list. A token is the number of entries before the page.
func page(all []described, q request, most int) (any, error) {
	from, err := 0, error(nil)
	if q.NextToken != "" {
		from, err = strconv.Atoi(q.NextToken)
	}
	if err != nil || from < 0 || from > len(all) {
		return nil, awsjson.Fault("InvalidNextToken", "The specified token isn't valid.")
	}
	if q.MaxResults < 0 || q.MaxResults > most {
		return nil, invalid("1 validation error detected: Value '%d' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to %d", q.MaxResults, most)
	}
	if q.MaxResults == 0 {
		q.MaxResults = most
	}
	to := min(len(all), from+q.MaxResults)
	answer := map[string]any{"Parameters": append([]described{}, all[from:to]...)}
	if to < len(all) {
		answer["NextToken"] = strconv.Itoa(to)
	}
	return answer, nil
}

// show returns a version in the form of calls that return values.
func (s *Store) show(name, given string, v version, decrypted bool) described {
	d := described{
		Name: name, ARN: s.arn(name), Type: v.Type, Value: v.shown(decrypted), Version: v.Number, DataType: v.DataType,
		LastModifiedDate: seconds(v),
	}
	if at := strings.LastIndex(given, ":"); at >= 0 && given != d.ARN {
		d.Selector = given[at:]
	}
	return d
}

// metadata returns a version without its value.
func (s *Store) metadata(name string, v version) described {
	return described{
		Name: name, ARN: s.arn(name), Type: v.Type, Version: v.Number, DataType: v.DataType, LastModifiedDate: seconds(v),
		LastModifiedUser: v.By, Description: v.Description, AllowedPattern: v.AllowedPattern, Tier: v.Tier,
	}
}

func seconds(v version) float64 { return float64(v.At.UnixMilli()) / 1000 }

// shown returns the value or, for an undecrypted SecureString, a placeholder for the ciphertext.
func (v version) shown(decrypted bool) string {
	if v.Type != secure || decrypted {
		return v.Value
	}
	sum := sha256.Sum256([]byte(strconv.Itoa(v.Number) + v.Value))
	return "AQICAH" + base64.StdEncoding.EncodeToString(sum[:])
}
