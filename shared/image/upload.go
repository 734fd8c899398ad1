package image

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
)

// The limits of what can be declared.
const (
	MaxBytes    = 25 << 20 // of a file
	maxAlt      = 500      // characters
	maxFilename = 255      // characters
)

// Upload is what an owner declares before sending a file. Its length, type and
// hash become part of the permission to upload.
type Upload struct {
	Filename    string `json:"filename"`
	ContentType string `json:"contentType"`
	Bytes       int64  `json:"bytes"`
	SHA256      string `json:"sha256"` // 64 hexadecimal digits
	Alt         string `json:"alt"`
	Code        string `json:"code" web:"filled"` // of the short link to the image; "" for none
}

// Check returns the upload in its normal form, or a fault with every mistake.
func (u Upload) Check() (Upload, error) {
	u.SHA256 = strings.ToLower(u.SHA256)
	if u.Bytes > MaxBytes {
		return u, fault.New(fault.TooLarge, fmt.Sprintf("The file has %s; at most %s are taken.", megabytes(u.Bytes), megabytes(MaxBytes)))
	}
	var wrong []fault.Field
	refuse := func(field, message string) { wrong = append(wrong, fault.Field{Name: field, Message: message}) }
	if u.Filename == "" || !plain(u.Filename, maxFilename) {
		refuse("filename", "Expected 1 to 255 characters without control characters.")
	}
	if !Type(u.ContentType).known() {
		refuse("contentType", "Expected image/jpeg, image/png, image/webp or image/gif.")
	}
	if u.Bytes < 1 {
		refuse("bytes", "Expected the size of the file, at least 1.")
	}
	if digest, err := hex.DecodeString(u.SHA256); err != nil || len(digest) != 32 {
		refuse("sha256", "Expected the SHA-256 of the file as 64 hexadecimal digits.")
	}
	if u.Code != "" {
		if mistake := link.CheckAlias(u.Code); mistake != "" {
			refuse("code", mistake)
		}
	}
	if !plain(u.Alt, maxAlt) {
		wrong = append(wrong, altMistake())
	}
	return u, fault.Fields(wrong...)
}

func altMistake() fault.Field {
	return fault.Field{Name: "alt", Message: "Expected at most 500 characters without control characters."}
}

// Verify returns a *Refusal unless data is the declared file.
func (u Upload) Verify(data []byte) error {
	if len(data) == 0 {
		return refuse(Empty, 1, 0, "The file is empty.")
	}
	if size := int64(len(data)); size != u.Bytes {
		return refuse(Mismatch, u.Bytes, size, fmt.Sprintf("The file has %d bytes, but %d were announced. Please upload it again.", size, u.Bytes))
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != u.SHA256 {
		return refuse(Mismatch, 0, 0, "The file is not the one that was announced: its SHA-256 differs. Please upload it again.")
	}
	return nil
}

// plain reports whether s is valid text of at most limit characters, none of
// them a control character.
func plain(s string, limit int) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= limit && !strings.ContainsFunc(s, unicode.IsControl)
}
