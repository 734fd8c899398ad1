package secrets

import (
	"cmp"
	"maps"
	"net/http"
	"slices"

	"github.com/minim-dev/minim/infra/local/awsjson"
)

// request has the parameters of all supported requests.
type request struct {
	SecretId, SecretString, ClientRequestToken, VersionId, VersionStage string
}

const (
	current  = "AWSCURRENT"
	previous = "AWSPREVIOUS"
)

// ServeHTTP implements http.Handler: the API of the service.
func (s *Store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	awsjson.Handler("secretsmanager", s.call).ServeHTTP(w, r)
}

func (s *Store) call(operation string, q request) (any, error) {
	answer, err := s.do(operation, q)
	if failed := s.write(); failed != nil && err == nil {
		return nil, failed
	}
	return answer, err
}

func (s *Store) do(operation string, q request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if operation == "ListSecrets" {
		return s.list(), nil
	}
	name, found, err := s.find(q.SecretId)
	switch {
	case operation != "GetSecretValue" && operation != "PutSecretValue" && operation != "DescribeSecret":
		return nil, awsjson.Fault("UnknownOperationException", "The local cloud's Secrets Manager does not know %q.", operation)
	case err != nil:
		return nil, err
	case operation == "PutSecretValue":
		return s.putValue(name, found, q)
	case operation == "DescribeSecret":
		stages := map[string][]string{}
		for i, v := range found.Versions {
			stages[v.ID] = []string{stage(i)}
		}
		return map[string]any{"ARN": ARN(s.o.Region, s.o.Account, name), "Name": name, "VersionIdsToStages": stages}, nil
	}
	for i, v := range found.Versions {
		if (q.VersionId == "" || q.VersionId == v.ID) && (q.VersionId != "" && q.VersionStage == "" || cmp.Or(q.VersionStage, current) == stage(i)) {
			return map[string]any{
				"ARN": ARN(s.o.Region, s.o.Account, name), "Name": name, "VersionId": v.ID, "SecretString": v.Value,
				"VersionStages": []string{stage(i)}, "CreatedDate": float64(v.At.UnixMilli()) / 1000,
			}, nil
		}
	}
	return nil, awsjson.Fault("ResourceNotFoundException", "Secrets Manager can't find the specified secret value for staging label: %s", cmp.Or(q.VersionStage, current))
}

// list returns all secrets, without their values. The caller holds mu.
func (s *Store) list() any {
	all := []map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(s.secrets)) {
		all = append(all, map[string]any{
			"ARN": ARN(s.o.Region, s.o.Account, name), "Name": name, "LastChangedDate": float64(s.secrets[name].Versions[0].At.UnixMilli()) / 1000,
		})
	}
	return map[string]any{"SecretList": all}
}

func (s *Store) putValue(name string, found *secret, q request) (any, error) {
	if q.SecretString == "" {
		return nil, awsjson.Fault("InvalidRequestException", "You must provide either SecretString or SecretBinary.")
	}
	id := cmp.Or(q.ClientRequestToken, newID())
	if known := found.Versions[0]; known.ID != id {
		s.put(found, id, q.SecretString)
	} else if known.Value != q.SecretString {
		return nil, awsjson.Fault("ResourceExistsException", "A resource with the ID you requested already exists.")
	}
	answer := map[string]any{"ARN": ARN(s.o.Region, s.o.Account, name), "Name": name, "VersionId": id, "VersionStages": []string{current}}
	return answer, s.save()
}

// stage returns the label of a version.
func stage(index int) string {
	if index == 0 {
		return current
	}
	return previous
}
