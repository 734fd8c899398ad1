package httpapi

import (
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// What API Gateway does with the keys of an issuer.
const (
	keysAge   = 2 * time.Hour
	keysTime  = 1500 * time.Millisecond
	keysBytes = 150_000
	// keysPause is the shortest time between two requests to an issuer: unknown keys must not make one each.
	keysPause = time.Second
)

// keySet are the keys of an issuer. It is safe for concurrent use.
type keySet struct {
	issuer string
	client http.Client

	mu    sync.Mutex
	keys  []jose.JSONWebKey
	asked time.Time
	err   error // of the last request
}

func newKeySet(issuer string) *keySet {
	return &keySet{issuer: strings.TrimSuffix(issuer, "/"), client: http.Client{Timeout: keysTime}}
}

// find returns a key for a signature. Keys are asked for again when they are old, or when one is unknown.
func (k *keySet) find(id, algorithm string, now time.Time) (*rsa.PublicKey, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	age := now.Sub(k.asked)
	key := k.known(id, algorithm)
	if k.asked.IsZero() || age >= keysAge || key == nil && age >= keysPause {
		k.ask(now)
		key = k.known(id, algorithm)
	}
	if key == nil && k.err != nil {
		return nil, k.err
	}
	if key == nil {
		return nil, errors.New("unable to find key with kid " + fmt.Sprintf("%.64q", id))
	}
	return key, nil
}

// known is a key for a signature, or nil. The caller holds mu.
func (k *keySet) known(id, algorithm string) *rsa.PublicKey {
	for _, each := range k.keys {
		key, ok := each.Key.(*rsa.PublicKey)
		if ok && each.KeyID == id && (each.Algorithm == "" || each.Algorithm == algorithm) && (each.Use == "" || each.Use == "sig") {
			return key
		}
	}
	return nil
}

// ask gets the keys. If that fails, the former ones remain. The caller holds mu.
func (k *keySet) ask(now time.Time) {
	k.asked = now
	var document struct {
		Keys string `json:"jwks_uri"`
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if k.err = k.get(k.issuer+"/.well-known/openid-configuration", &document); k.err != nil {
		k.err = errors.New("OIDC discovery endpoint communication error")
		return
	}
	if k.err = k.get(document.Keys, &set); k.err != nil {
		k.err = errors.New("JWKS communication error")
		return
	}
	k.keys = nil
	for _, raw := range set.Keys {
		var key jose.JSONWebKey
		if json.Unmarshal(raw, &key) == nil { // a key of a kind that is not known hides no other
			k.keys = append(k.keys, key)
		}
	}
}

func (k *keySet) get(address string, into any) error {
	r, err := k.client.Get(address)
	if err != nil {
		return err
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", address, r.Status)
	}
	data, err := io.ReadAll(io.LimitReader(r.Body, keysBytes+1))
	if err != nil {
		return err
	}
	if len(data) > keysBytes {
		return fmt.Errorf("%s answers with more than %d bytes", address, keysBytes)
	}
	return json.Unmarshal(data, into)
}
