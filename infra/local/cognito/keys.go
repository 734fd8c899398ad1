package cognito

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// A pool signs ID tokens and access tokens with two different keys, as AWS does.
const keyBits = 2048

// overlap is how long a replaced key is still published: longer than the lifetime of any token.
const overlap = 25 * time.Hour

// signingKey is stored as PEM.
type signingKey struct {
	ID       string    `json:"id"`
	PEM      string    `json:"pem"`
	Replaced time.Time `json:"replaced,omitzero"`

	parsed *rsa.PrivateKey
}

func newSigningKey() (*signingKey, error) {
	private, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return nil, fmt.Errorf("make a signing key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, fmt.Errorf("make a signing key: %w", err)
	}
	id := make([]byte, 32)
	rand.Read(id) // never fails
	text := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	return &signingKey{ID: base64.StdEncoding.EncodeToString(id), PEM: string(text), parsed: private}, nil
}

func (k *signingKey) private() (*rsa.PrivateKey, error) {
	if k.parsed != nil {
		return k.parsed, nil
	}
	block, _ := pem.Decode([]byte(k.PEM))
	if block == nil {
		return nil, errors.New("the signing key is damaged")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("read the signing key: %w", err)
	}
	private, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("the signing key is not an RSA key")
	}
	k.parsed = private
	return private, nil
}

// ensureKeys creates the keys of the pool on first use, because that takes about as long as a start.
func (v *provider) ensureKeys() error {
	v.making.Lock()
	defer v.making.Unlock()
	missing := false
	err := v.read(func(s *state) error {
		missing = len(s.Identity) == 0 || len(s.Access) == 0
		return nil
	})
	if err != nil || !missing {
		return err
	}
	return v.rotate()
}

// Rotate replaces a pool's keys. The old keys are published until the tokens that they have signed expire.
func (p *Pools) Rotate(pool string) error {
	v, ok := p.pools[pool], p.pools[pool] != nil
	if !ok {
		return fmt.Errorf("there is no user pool %s", pool)
	}
	v.making.Lock()
	defer v.making.Unlock()
	return v.rotate()
}

// rotate creates keys. The caller holds making.
func (v *provider) rotate() error {
	identity, err := newSigningKey()
	if err != nil {
		return err
	}
	access, err := newSigningKey()
	if err != nil {
		return err
	}
	return v.change(func(s *state) error {
		s.Identity = replaceKey(s.Identity, identity, v.now())
		s.Access = replaceKey(s.Access, access, v.now())
		return nil
	})
}

func replaceKey(all []*signingKey, next *signingKey, now time.Time) []*signingKey {
	kept := []*signingKey{next}
	for _, k := range all {
		if k.Replaced.IsZero() {
			k.Replaced = now
		}
		if now.Sub(k.Replaced) < overlap {
			kept = append(kept, k)
		}
	}
	return kept
}

// published returns the public keys.
func (v *provider) published() (set jose.JSONWebKeySet, err error) {
	if err := v.ensureKeys(); err != nil {
		return set, err
	}
	err = v.read(func(s *state) error {
		for _, keys := range [][]*signingKey{s.Identity, s.Access} {
			for _, k := range keys {
				private, err := k.private()
				if err != nil {
					return err
				}
				if k.Replaced.IsZero() || v.now().Sub(k.Replaced) < overlap {
					set.Keys = append(set.Keys, jose.JSONWebKey{KeyID: k.ID, Algorithm: string(jose.RS256), Use: "sig", Key: private.Public()})
				}
			}
		}
		return nil
	})
	return set, err
}

// sign returns a token with claims, signed with the newest key of the list that of returns.
func (v *provider) sign(claims map[string]any, of func(*state) []*signingKey) (string, error) {
	if err := v.ensureKeys(); err != nil {
		return "", err
	}
	var id string
	var private *rsa.PrivateKey
	err := v.read(func(s *state) (err error) {
		key := of(s)[0]
		id = key.ID
		private, err = key.private()
		return err
	})
	if err != nil {
		return "", err
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: private, KeyID: id}}, nil)
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	return signed.CompactSerialize()
}

// identityKeys returns the keys for ID tokens.
func identityKeys(s *state) []*signingKey { return s.Identity }

// accessKeys returns the keys for access tokens.
func accessKeys(s *state) []*signingKey { return s.Access }

// verify returns the claims of a token. It returns an error if the pool has not signed it or it has expired.
func (v *provider) verify(token string) (map[string]any, error) {
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil || len(signed.Signatures) != 1 {
		return nil, errors.New("the token is malformed")
	}
	set, err := v.published()
	if err != nil {
		return nil, err
	}
	for _, key := range set.Key(signed.Signatures[0].Header.KeyID) {
		payload, err := signed.Verify(key)
		if err != nil {
			continue
		}
		var claims map[string]any
		if err := json.Unmarshal(payload, &claims); err != nil {
			return nil, errors.New("the token is malformed")
		}
		if over, ok := claims["exp"].(float64); !ok || v.now().Unix() >= int64(over) {
			return nil, errors.New("the token has expired")
		}
		return claims, nil
	}
	return nil, errors.New("the token is not signed by this pool")
}
