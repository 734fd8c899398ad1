package secrets

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// request is what the requests have in common that are understood.
type request struct {
	SecretId, SecretString, ClientRequestToken, VersionId, VersionStage string
}

const (
	maxBody  = 1 << 20
	current  = "AWSCURRENT"
	previous = "AWSPREVIOUS"
)

// ServeHTTP answers one call in the JSON protocol of AWS SDKs.
func (s *Store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	operation, _ := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "secretsmanager.")
	var q request
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&q)
	var answer any
	if err != nil {
		err = fault("SerializationException", "the request is not the JSON of %s: %v", operation, err)
	} else {
		answer, err = s.call(operation, q)
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.Header().Set("X-Amzn-Requestid", rand.Text())
	if err == nil {
		_ = json.NewEncoder(w).Encode(answer)
		return
	}
	status, shown := http.StatusBadRequest, &apiError{}
	if !errors.As(err, &shown) {
		status, shown = http.StatusInternalServerError, &apiError{"InternalServiceError", err.Error()}
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"__type": shown.code, "message": shown.message})
}

func (s *Store) call(operation string, q request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name, found, err := s.find(q.SecretId)
	switch {
	case operation != "GetSecretValue" && operation != "PutSecretValue" && operation != "DescribeSecret":
		return nil, fault("UnknownOperationException", "The local cloud's Secrets Manager does not know %q.", operation)
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
	return nil, fault("ResourceNotFoundException", "Secrets Manager can't find the specified secret value for staging label: %s", cmp.Or(q.VersionStage, current))
}

func (s *Store) putValue(name string, found *secret, q request) (any, error) {
	if q.SecretString == "" {
		return nil, fault("InvalidRequestException", "You must provide either SecretString or SecretBinary.")
	}
	id := cmp.Or(q.ClientRequestToken, newID())
	if known := found.Versions[0]; known.ID != id {
		s.put(found, id, q.SecretString)
	} else if known.Value != q.SecretString {
		return nil, fault("ResourceExistsException", "A resource with the ID you requested already exists.")
	}
	answer := map[string]any{"ARN": ARN(s.o.Region, s.o.Account, name), "Name": name, "VersionId": id, "VersionStages": []string{current}}
	return answer, s.save()
}

// stage is the label of a version.
func stage(index int) string {
	if index == 0 {
		return current
	}
	return previous
}

// apiError is an error of the API.
type apiError struct{ code, message string }

// Error implements error.
func (e *apiError) Error() string { return e.message }

func fault(code, format string, args ...any) error {
	return &apiError{code, fmt.Sprintf(format, args...)}
}
