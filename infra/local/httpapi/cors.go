package httpapi

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// preflight answers a preflight request, even if no route matches it. It returns nil for
// all other requests. If the origin is not allowed, the answer has no CORS headers.
func (c *CORS) preflight(r *http.Request) *answer {
	origin := r.Header.Get("Origin")
	if c == nil || r.Method != http.MethodOptions || origin == "" || r.Header.Get("Access-Control-Request-Method") == "" {
		return nil
	}
	h := http.Header{}
	if c.allowed(origin) != "" {
		set(h, "Access-Control-Allow-Methods", strings.Join(c.AllowMethods, ","))
		set(h, "Access-Control-Allow-Headers", strings.Join(c.AllowHeaders, ","))
		if c.MaxAge > 0 {
			h.Set("Access-Control-Max-Age", strconv.Itoa(int(c.MaxAge.Seconds())))
		}
	}
	return &answer{status: http.StatusNoContent, header: h}
}

// decorate replaces a function's CORS headers with those of the API.
func (c *CORS) decorate(origin string, h http.Header) {
	if c == nil {
		return
	}
	for _, name := range []string{"Allow-Origin", "Allow-Credentials", "Expose-Headers"} {
		h.Del("Access-Control-" + name)
	}
	allowed := c.allowed(origin)
	if allowed == "" {
		return
	}
	h.Set("Access-Control-Allow-Origin", allowed)
	set(h, "Access-Control-Expose-Headers", strings.Join(c.ExposeHeaders, ","))
	if c.AllowCredentials {
		h.Set("Access-Control-Allow-Credentials", "true")
	}
}

// allowed returns the value of Access-Control-Allow-Origin, or "".
func (c *CORS) allowed(origin string) string {
	if origin == "" {
		return ""
	}
	if slices.Contains(c.AllowOrigins, "*") {
		return "*"
	}
	for _, o := range c.AllowOrigins {
		scheme, every := strings.CutSuffix(o, "*")
		if o == origin || every && strings.HasPrefix(origin, scheme) {
			return origin
		}
	}
	return ""
}

func set(h http.Header, name, value string) {
	if value != "" {
		h.Set(name, value)
	}
}
