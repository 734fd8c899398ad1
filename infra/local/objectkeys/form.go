package objectkeys

import (
	"bytes"
	"context"
	"crypto/hmac"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
)

// maxFields is the maximum size of the fields before the file of a form, in bytes.
const maxFields = 64 << 10

// field is a field of a form, in the order of the form.
type field struct{ name, value, changed string }

type fields []field

func (f fields) get(name string) string {
	if i := slices.IndexFunc(f, func(one field) bool { return one.name == name }); i >= 0 {
		return f[i].changed
	}
	return ""
}

func (f fields) set(name, value string) {
	if i := slices.IndexFunc(f, func(one field) bool { return one.name == name }); i >= 0 {
		f[i].changed = value
	}
}

// form forwards an upload by a form (a presigned POST). It replaces ${filename} in the key with the name of the file,
// and then the key by the one under which the object is stored. The policy limits the key; if it allows the key of
// the client, the proxy signs a policy that allows the stored one.
func (p *Proxy) form(w http.ResponseWriter, r *http.Request, bucket string) {
	var read bytes.Buffer
	found, file, ok := p.fields(r, io.TeeReader(io.LimitReader(r.Body, maxFields), &read))
	out := r.Clone(r.Context())
	out.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(&read, r.Body), r.Body}
	if !ok || found.get("key") == "" {
		p.forward.ServeHTTP(w, out)
		return
	}
	key := strings.ReplaceAll(found.get("key"), "${filename}", file[strings.LastIndexAny(file, `/\`)+1:])
	found.set("key", key)
	stored, release := p.reserve(bucket, key)
	defer release()
	if stored != key && len(key) <= maxKey && p.permit(found, key, stored) {
		found.set("key", stored)
		out = out.WithContext(context.WithValue(r.Context(), pairsKey{}, pairs{stored: key}))
	}
	text, rest, ok := found.write(read.Bytes())
	if ok {
		out.ContentLength += int64(len(text) - (read.Len() - len(rest)))
		out.Header.Del("Content-Length")
		out.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(append(text, rest...)), r.Body), r.Body}
	}
	p.forward.ServeHTTP(w, out)
}

// fields reads the fields before the file, and the name of the file.
func (p *Proxy) fields(r *http.Request, body io.Reader) (all fields, file string, ok bool) {
	_, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || parameters["boundary"] == "" {
		return nil, "", false
	}
	for reader := multipart.NewReader(body, parameters["boundary"]); ; {
		part, err := reader.NextRawPart()
		if err != nil {
			return nil, "", false
		}
		name := strings.ToLower(part.FormName())
		if name == "file" {
			_, disposition, _ := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
			return all, disposition["filename"], true
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return nil, "", false
		}
		all = append(all, field{name, string(value), string(value)})
	}
}

// write returns the fields with their changed values, and the rest of the text after them.
func (f fields) write(text []byte) (changed, rest []byte, ok bool) {
	rest = text
	for _, one := range f {
		at := bytes.Index(rest, []byte("\r\n\r\n"))
		if at < 0 || !bytes.HasPrefix(rest[at+4:], []byte(one.value)) {
			return nil, nil, false
		}
		changed = append(append(changed, rest[:at+4]...), one.changed...)
		rest = rest[at+4+len(one.value):]
	}
	return changed, rest, true
}

// permit replaces a form's policy by one that allows the stored key instead of the key of the client. It returns false
// if the policy or its signature is wrong, or the policy does not allow the key: versitygw then rejects the form.
func (p *Proxy) permit(f fields, key, stored string) bool {
	accessKey, scope, _ := strings.Cut(f.get("x-amz-credential"), "/")
	if accessKey == "" {
		return f.get("policy") == "" // a form without a signature
	}
	secret, known := p.o.Secrets[accessKey]
	sign := func(policy string) string { return hex.EncodeToString(mac(signingKey(secret, scope), policy)) }
	if !known || !hmac.Equal([]byte(sign(f.get("policy"))), []byte(f.get("x-amz-signature"))) {
		return false
	}
	text, err := base64.StdEncoding.DecodeString(f.get("policy"))
	var policy struct {
		Expiration json.RawMessage   `json:"expiration"`
		Conditions []json.RawMessage `json:"conditions"`
	}
	if err != nil || json.Unmarshal(text, &policy) != nil {
		return false
	}
	limited := false
	for i, condition := range policy.Conditions {
		operator, value, ok := keyCondition(condition)
		if !ok {
			continue
		}
		if operator == "eq" && key != value || operator == "starts-with" && !strings.HasPrefix(key, value) {
			return false
		}
		limited = true
		if policy.Conditions[i], err = json.Marshal([]string{"eq", "$key", stored}); err != nil {
			return false
		}
	}
	if text, err = json.Marshal(policy); err != nil || !limited {
		return false
	}
	f.set("policy", base64.StdEncoding.EncodeToString(text))
	f.set("x-amz-signature", sign(f.get("policy")))
	return true
}

// keyCondition returns the operator and value of a condition on the key: {"key": V}, ["eq", "$key", V] or
// ["starts-with", "$key", V].
func keyCondition(text json.RawMessage) (operator, value string, ok bool) {
	var exact map[string]string
	if json.Unmarshal(text, &exact) == nil {
		value, ok = exact["key"]
		return "eq", value, ok
	}
	var list []string
	if json.Unmarshal(text, &list) != nil || len(list) != 3 || !strings.EqualFold(list[1], "$key") {
		return "", "", false
	}
	operator = strings.ToLower(list[0])
	return operator, list[2], operator == "eq" || operator == "starts-with"
}
