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

// How API Gateway caches the keys of an issuer.
const (
	keysAge   = 2 * time.Hour
	keysTime  = 1500 * time.Millisecond
	keysBytes = 150_000
	// keysPause is the minimum time between two requests to an issuer, so tokens with unknown keys do not cause one each.
	keysPause = time.Second
)

// keySet is the set of an issuer's keys. It is safe for concurrent use.
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

// find returns the key for a signature. It requests the keys again if they are old or the key is unknown.
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

// known returns the stored key for a signature, or nil. The caller holds mu.
func (k *keySet) known(id, algorithm string) *rsa.PublicKey {
	for _, each := range k.keys {
		key, ok := each.Key.(*rsa.PublicKey)
		if ok && each.KeyID == id && (each.Algorithm == "" || each.Algorithm == algorithm) && (each.Use == "" || each.Use == "sig") {
			return key
		}
	}
	return nil
}

// ask requests the keys. If the request fails, the old keys remain. The caller holds mu.
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
		if json.Unmarshal(raw, &key) == nil { // skips keys of unknown types
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
		return fmt.Errorf("%s returned %s", address, r.Status)
	}
	data, err := io.ReadAll(io.LimitReader(r.Body, keysBytes+1))
	if err != nil {
		return err
	}
	if len(data) > keysBytes {
		return fmt.Errorf("%s returned more than %d bytes", address, keysBytes)
	}
	return json.Unmarshal(data, into)
}
