package key

// Scope is something that a key permits.
type Scope string

// The scopes.
const (
	LinksRead  Scope = "links:read"
	LinksWrite Scope = "links:write"
	Admin      Scope = "admin"
)

// Scopes returns all scopes in order.
func Scopes() []Scope {
	return []Scope{LinksRead, LinksWrite, Admin}
}
