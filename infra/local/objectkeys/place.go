package objectkeys

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// encodes reports whether a bucket has encoded keys.
func (p *Proxy) encodes(bucket string) bool {
	_, err := os.Stat(filepath.Join(p.o.Folder, bucket, area))
	return err == nil
}

// find returns the key under which versitygw stores an object, or would look for it.
func (p *Proxy) find(bucket, key string) string {
	code := encode(key)
	if !plain(key) {
		return code
	}
	if _, err := os.Lstat(filepath.Join(p.o.Folder, bucket, code)); err == nil {
		return code
	}
	return key
}

// findUpload returns the key of an upload in parts.
func (p *Proxy) findUpload(bucket, key, id string) string {
	code := encode(key)
	if !plain(key) {
		return code
	}
	if !filepath.IsLocal(id) || strings.Contains(id, "/") {
		return key
	}
	folder := fmt.Sprintf("%x", sha256.Sum256([]byte(code)))
	if _, err := os.Lstat(filepath.Join(p.o.Folder, bucket, uploads, "multipart", folder, id)); err == nil {
		return code
	}
	return key
}

// reserve returns the key under which to store an object. It is not the object's own if that would be a folder
// of other objects, or below an object: files can't be folders. The caller calls release after the object is stored.
func (p *Proxy) reserve(bucket, key string) (stored string, release func()) {
	stored = p.find(bucket, key)
	if stored != key {
		return stored, func() {}
	}
	name := bucket + "/" + strings.TrimSuffix(key, "/")
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.taken(bucket, key) || p.contested(name) {
		return encode(key), func() {}
	}
	p.writing[name]++
	return key, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.writing[name]--; p.writing[name] == 0 {
			delete(p.writing, name)
		}
	}
}

// taken reports whether an object's path is a folder, or has a file among its folders.
func (p *Proxy) taken(bucket, key string) bool {
	info, err := os.Lstat(filepath.Join(p.o.Folder, bucket, strings.TrimSuffix(key, "/")))
	if err != nil {
		return errors.Is(err, syscall.ENOTDIR)
	}
	return info.IsDir() != strings.HasSuffix(key, "/")
}

// contested reports whether an object above or below this one is being stored. The caller holds mu.
func (p *Proxy) contested(name string) bool {
	for other := range p.writing {
		if strings.HasPrefix(other, name+"/") || strings.HasPrefix(name, other+"/") {
			return true
		}
	}
	return false
}
