package image

import "fmt"

// Reason is why a file is refused, for programs.
type Reason string

// The reasons. All are permanent: the same bytes will be refused again.
const (
	Empty         Reason = "empty"       // no bytes
	Unknown       Reason = "type"        // not a JPEG, PNG, WebP or GIF
	Unsupported   Reason = "unsupported" // one of those, in a kind that is not taken
	TooBig        Reason = "bytes"
	TooWide       Reason = "side"
	TooManyPixels Reason = "pixels"
	TooManyScans  Reason = "scans"
	TooHungry     Reason = "memory"
	Truncated     Reason = "truncated" // the file ends too early
	Corrupt       Reason = "corrupt"   // the file contradicts its format
	Mismatch      Reason = "mismatch"  // not the file that was declared
	Expired       Reason = "expired"   // nothing became of it in time
)

// Refusal is the permanent no to a file: a reason for programs, a sentence for
// a person, and the limit and the actual value where there are such.
type Refusal struct {
	Code    Reason `json:"code"`
	Message string `json:"message"`
	Limit   int64  `json:"limit,omitempty"`
	Actual  int64  `json:"actual,omitempty"`
}

// Error makes a refusal an error, so that it can be told from a passing fault.
func (r *Refusal) Error() string { return fmt.Sprintf("image refused: %s: %s", r.Code, r.Message) }

func refuse(code Reason, limit, actual int64, message string) *Refusal {
	return &Refusal{Code: code, Limit: limit, Actual: actual, Message: message}
}

// RefuseTruncated is the refusal of a file that ends too early.
func RefuseTruncated() *Refusal {
	return refuse(Truncated, 0, 0, "The file is incomplete: it ends in the middle of the picture. Please upload it again.")
}

// RefuseCorrupt is the refusal of a file that contradicts its format.
func RefuseCorrupt() *Refusal {
	return refuse(Corrupt, 0, 0, "The file is damaged and cannot be read as a picture.")
}

// RefuseUnsupported is the refusal of a rare kind of a known format.
func RefuseUnsupported(what string) *Refusal {
	return refuse(Unsupported, 0, 0, "This kind of picture is not supported: "+what+". Please save it again as an ordinary JPEG or PNG.")
}

// RefuseSize is the refusal of a file of more than limit bytes.
func RefuseSize(limit, actual int64) *Refusal {
	return refuse(TooBig, limit, actual, fmt.Sprintf("The file has %s; at most %s are taken.", megabytes(actual), megabytes(limit)))
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/(1<<20)) }

func megapixels(n int64) string { return fmt.Sprintf("%.1f megapixels", float64(n)/1e6) }
