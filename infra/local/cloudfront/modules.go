package cloudfront

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"net/url"
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja_nodejs/buffer"
	"github.com/dop251/goja_nodejs/require"
)

// prelude removes what CloudFront's runtime does not have: code generation at run time.
const prelude = `(function () {
  const refuse = function () { throw new TypeError('code generation from strings is not allowed'); };
  refuse.prototype = Function.prototype;
  for (const f of [function () {}, function* () {}, async function () {}]) {
    Object.defineProperty(Object.getPrototypeOf(f), 'constructor', { value: refuse });
  }
  globalThis.Function = refuse;
  globalThis.eval = refuse;
})();`

// modules adds Buffer to a runtime, and require for the modules buffer, crypto and querystring.
func modules(vm *goja.Runtime) {
	registry := require.NewRegistry(require.WithLoader(func(string) ([]byte, error) { return nil, require.ModuleFileDoesNotExistError }))
	registry.RegisterNativeModule("crypto", cryptoModule)
	registry.RegisterNativeModule("querystring", queryModule)
	registry.Enable(vm)
	buffer.Enable(vm)
}

func cryptoModule(vm *goja.Runtime, module *goja.Object) {
	exports := module.Get("exports").(*goja.Object)
	algorithm := func(name string) func() hash.Hash {
		make, ok := map[string]func() hash.Hash{"md5": md5.New, "sha1": sha1.New, "sha256": sha256.New}[name]
		if !ok {
			panic(vm.NewGoError(fmt.Errorf("not supported algorithm: %q", name)))
		}
		return make
	}
	must(exports.Set("createHash", func(name string) *goja.Object { return hashObject(vm, algorithm(name)()) }))
	must(exports.Set("createHmac", func(name string, key goja.Value) *goja.Object {
		return hashObject(vm, hmac.New(algorithm(name), bytesOf(vm, key)))
	}))
}

// hashObject returns an object with the methods update and digest.
func hashObject(vm *goja.Runtime, h hash.Hash) *goja.Object {
	o := vm.NewObject()
	done := false
	use := func() {
		if done {
			panic(vm.NewGoError(errors.New("digest was already called")))
		}
	}
	must(o.Set("update", func(data goja.Value) *goja.Object {
		use()
		h.Write(bytesOf(vm, data)) // never fails
		return o
	}))
	must(o.Set("digest", func(encoding string) goja.Value {
		use()
		done = true
		switch sum := h.Sum(nil); encoding {
		case "hex":
			return vm.ToValue(hex.EncodeToString(sum))
		case "base64":
			return vm.ToValue(base64.StdEncoding.EncodeToString(sum))
		case "base64url":
			return vm.ToValue(base64.RawURLEncoding.EncodeToString(sum))
		default:
			return buffer.WrapBytes(vm, sum)
		}
	}))
	return o
}

func bytesOf(vm *goja.Runtime, v goja.Value) []byte {
	return buffer.DecodeBytes(vm, v, goja.Undefined())
}

func queryModule(vm *goja.Runtime, module *goja.Object) {
	exports := module.Get("exports").(*goja.Object)
	must(exports.Set("escape", escapeQuery))
	must(exports.Set("unescape", unescapeQuery))
	must(exports.Set("parse", func(text string) *goja.Object {
		o := vm.NewObject()
		for pair := range strings.SplitSeq(text, "&") {
			name, value, _ := strings.Cut(pair, "=")
			if pair == "" {
				continue
			}
			name, value = unescapeQuery(name), unescapeQuery(value)
			switch known := o.Get(name); known := known.(type) {
			case nil:
				must(o.Set(name, value))
			case *goja.Object:
				var list []string
				must(vm.ExportTo(known, &list))
				must(o.Set(name, append(list, value)))
			default:
				must(o.Set(name, []string{known.String(), value}))
			}
		}
		return o
	}))
	must(exports.Set("stringify", func(o *goja.Object) string {
		var pairs []string
		for _, name := range o.Keys() {
			var list []string
			if value := o.Get(name); vm.ExportTo(value, &list) != nil || list == nil {
				list = []string{value.String()}
			}
			for _, value := range list {
				pairs = append(pairs, escapeQuery(name)+"="+escapeQuery(value))
			}
		}
		return strings.Join(pairs, "&")
	}))
}

func escapeQuery(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }

func unescapeQuery(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

// must panics on an error. It is for calls that fail only if this file has a bug.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// disallowed reports whether a header is inaccessible: functions may not see, add or change it.
func disallowed(name string) bool {
	for _, prefix := range []string{"x-amz-cf-", "x-edge-", "x-accel-"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	switch name {
	case "connection", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "trailer", "upgrade",
		"x-cache", "x-forwarded-proto", "x-real-ip":
		return true
	}
	return false
}

// readOnly reports whether functions may see a header of a request, but not change it.
func readOnly(name string) bool {
	return name == "content-length" || name == "host" || name == "transfer-encoding" || name == "via"
}

// checkHeaders returns an error if a function has changed a header that it may not change.
func checkHeaders(before, after items) error {
	for name, i := range after.by {
		lower := strings.ToLower(name)
		old, known := before.by[lower]
		same := known && old.Value == i.Value
		if !same && (disallowed(lower) || readOnly(lower)) {
			return fmt.Errorf("the function changed the header %s, which CloudFront does not allow", lower)
		}
	}
	for name := range before.by {
		if _, kept := after.by[name]; !kept && readOnly(name) {
			return fmt.Errorf("the function removed the header %s, which CloudFront does not allow", name)
		}
	}
	return nil
}
