package image

import "fmt"

// Reason is the machine-readable reason why a file is rejected.
type Reason string

// The reasons. All but the last two are permanent: the same bytes would be
// rejected again.
const (
	Empty         Reason = "empty"       // no bytes
	Unknown       Reason = "type"        // not a JPEG, PNG, WebP or GIF
	Unsupported   Reason = "unsupported" // one of those, in an unsupported variety
	TooBig        Reason = "bytes"
	TooWide       Reason = "side"
	TooManyPixels Reason = "pixels"
	TooManyScans  Reason = "scans"
	TooHungry     Reason = "memory"
	Truncated     Reason = "truncated"   // the file ends too early
	Corrupt       Reason = "corrupt"     // the file contradicts its format
	Mismatch      Reason = "mismatch"    // not the file that was declared
	Expired       Reason = "expired"     // the file did not arrive in time
	Unprocessed   Reason = "unprocessed" // every attempt failed, but the file is not the cause
)

// Refusal is the rejection of a file: a reason for programs, a sentence for people, and
// the limit and the actual value if they apply.
type Refusal struct {
	Code    Reason `json:"code"`
	Message string `json:"message"`
	Limit   int64  `json:"limit,omitempty"`
	Actual  int64  `json:"actual,omitempty"`
}

// Error makes a refusal an error, distinguishable from temporary failures.
func (r *Refusal) Error() string { return fmt.Sprintf("image refused: %s: %s", r.Code, r.Message) }

// Passing reports whether the file may still be accepted when it arrives or is
// retried.
func (r *Refusal) Passing() bool { return r != nil && (r.Code == Expired || r.Code == Unprocessed) }

func refuse(code Reason, limit, actual int64, message string) *Refusal {
	return &Refusal{Code: code, Limit: limit, Actual: actual, Message: message}
}

// RefuseExpired is the refusal of an image whose file did not arrive.
func RefuseExpired() *Refusal {
	return refuse(Expired, 0, 0, "The file did not arrive within an hour. Please upload it again.")
}

// RefuseUnprocessed is the refusal of an image that could not be processed.
func RefuseUnprocessed() *Refusal {
	return refuse(Unprocessed, 0, 0, "The image could not be processed, but the file is not the cause. Please upload it again later.")
}

// RefuseTruncated is the refusal of a file that ends too early.
func RefuseTruncated() *Refusal {
	return refuse(Truncated, 0, 0, "The file is incomplete: it ends in the middle of the image. Please upload it again.")
}

// RefuseCorrupt is the refusal of a file that contradicts its format.
func RefuseCorrupt() *Refusal {
	return refuse(Corrupt, 0, 0, "The file is damaged and cannot be read as an image.")
}

// RefuseUnsupported is the refusal of a rare kind of a known format.
func RefuseUnsupported(what string) *Refusal {
	return refuse(Unsupported, 0, 0, "This kind of image is not supported: "+what+". Please save it again as an ordinary JPEG or PNG.")
}

// RefuseSize is the refusal of a file of more than limit bytes.
func RefuseSize(limit, actual int64) *Refusal {
	return refuse(TooBig, limit, actual, fmt.Sprintf("The file has %s; at most %s are taken.", megabytes(actual), megabytes(limit)))
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/(1<<20)) }

func megapixels(n int64) string { return fmt.Sprintf("%.1f megapixels", float64(n)/1e6) }
