package httpapi

import (
	"net/http"
	"strings"
)

// Stages returns a handler for all stages of an API. A request goes to the stage with whose name its path begins,
// otherwise to $default.
func Stages(byName map[string]http.Handler) http.Handler {
	if len(byName) == 1 {
		for _, only := range byName {
			return only
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		stage, ok := byName[name]
		if !ok {
			stage, ok = byName["$default"]
		}
		if !ok {
			refuse(http.StatusNotFound, "Not Found").send(w, r.Method == http.MethodHead)
			return
		}
		stage.ServeHTTP(w, r)
	})
}
