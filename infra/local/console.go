package main

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"

	"github.com/minim-dev/minim/infra/local/schedule"
)

// console is what the local cloud tells of itself below /_local/. Pages of other
// sites can read nothing of it and change nothing with it.
func (s *site) console() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_local/health", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	mux.HandleFunc("GET /_local/functions", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, s.platform.Functions())
	})
	mux.HandleFunc("GET /_local/schedules", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, s.runner.States())
	})
	mux.HandleFunc("POST /_local/schedules/{name}/run", func(w http.ResponseWriter, r *http.Request) {
		id, err := s.runner.Run(r.Context(), r.PathValue("name"))
		switch {
		case errors.Is(err, schedule.ErrUnknown):
			reply(w, http.StatusNotFound, map[string]string{"message": err.Error()})
		case err != nil:
			reply(w, http.StatusInternalServerError, map[string]string{"message": err.Error()})
		default:
			reply(w, http.StatusAccepted, map[string]string{"executionId": id})
		}
	})
	mux.HandleFunc("GET /_local/queues", s.showQueues)
	mux.HandleFunc("GET /_local/{$}", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, map[string][]string{"see": {
			"/_local/health", "/_local/functions", "/_local/queues", "/_local/schedules",
		}})
	})
	return ownName(http.NewCrossOriginProtection().Handler(mux))
}

// ownName refuses requests that call this machine by another name: a page of
// another site could have its name lead here, and read what we tell.
func ownName(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if host = strings.Trim(host, "[]"); host != "localhost" && host != "127.0.0.1" && host != "::1" {
			reply(w, http.StatusMisdirectedRequest, map[string]string{"message": "The local cloud answers at localhost only."})
			return
		}
		next.ServeHTTP(w, r)
	})
}

// showQueues passes on how many messages the queues have.
func (s *site) showQueues(w http.ResponseWriter, r *http.Request) {
	request, err := http.NewRequestWithContext(r.Context(), http.MethodGet, s.parts.SQS+"/_fauxqs/queues", nil)
	if err != nil {
		reply(w, http.StatusInternalServerError, map[string]string{"message": err.Error()})
		return
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		reply(w, http.StatusBadGateway, map[string]string{"message": err.Error()})
		return
	}
	defer response.Body.Close()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(response.StatusCode)
	_, _ = io.Copy(w, response.Body)
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
