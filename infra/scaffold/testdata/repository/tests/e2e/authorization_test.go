package e2e

import "github.com/minim-dev/minim/shared/key"

// accesses describes the access to all operations of the contract.
func accesses() map[string]access {
	return map[string]access{
		"getLink":   {scope: key.LinksRead},
		"getHealth": {public: true},
	}
}
