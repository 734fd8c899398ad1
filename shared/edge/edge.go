// Package edge defines the key that the edge sends with each request to the API. It
// proves that a request did not bypass the edge.
package edge

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
)

// Header carries the key, in lower case as API Gateway writes it.
const Header = "x-origin-key"

// Keys are the keys that the API accepts. Their JSON is the secret.
type Keys struct {
	Current string `json:"current"`
	// Previous is the key that the edge may still send during a rotation, else empty.
	Previous string `json:"previous"`
	// Deployed is set if CloudFormation did not read the current key when it changed the edge:
	// it is the key that CloudFormation sends to the edge with its next change.
	Deployed string `json:"deployed,omitempty"`
}

// Parse reads the secret.
func Parse(secret string) (Keys, error) {
	var k Keys
	if err := json.Unmarshal([]byte(secret), &k); err != nil || k.Current == "" {
		return Keys{}, errors.New("the edge's secret is not an object with a current key") // the cause could quote it
	}
	return k, nil
}

// String is the secret, as Parse reads it.
func (k Keys) String() string {
	text, _ := json.Marshal(k) // texts always marshal
	return string(text)
}

// Open reports whether a request with this key has come through the edge.
func (k Keys) Open(key string) bool {
	equal := func(known string) bool {
		return known != "" && subtle.ConstantTimeCompare([]byte(known), []byte(key)) == 1
	}
	return equal(k.Current) || equal(k.Previous) || equal(k.Deployed)
}

// Rotating reports whether the edge may still be sending the previous key.
func (k Keys) Rotating() bool { return k.Previous != "" }

// Next makes a new key the current one, and keeps those that the edge may send.
func (k Keys) Next(key string) Keys {
	return Keys{Current: key, Previous: k.Current, Deployed: k.Deployed}
}

// Corrected are the keys while the edge, which CloudFormation has given the key sent, is given the
// current one without it.
func (k Keys) Corrected(sent string) Keys {
	return Keys{Current: k.Current, Previous: sent, Deployed: sent}
}

// Completed are the keys once the edge sends the current one everywhere. Unless it was corrected,
// CloudFormation has read that key.
func (k Keys) Completed() Keys {
	if k.Previous == k.Deployed {
		return Keys{Current: k.Current, Deployed: k.Deployed}
	}
	return Keys{Current: k.Current}
}
